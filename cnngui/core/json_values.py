"""Values of a JSON file that may come from anyone, each checked for its type and its bounds.

Whatever is not as it should be raises ValueError or TypeError. A missing value raises KeyError where it is looked up.
"""

import json
import math
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from typing import Any, TypeVar

MOST_LETTERS = 1000  # of a name: folders have at most 255, the labels of a table may have more
MOST_TEXT = 100_000  # letters of a note, a path or a sentence
MOST_ITEMS = 100_000  # of a list
MOST_SECONDS = 1e10  # three centuries
MOST = 1e39  # above all that 32 bits hold, such as a loss
DAMAGE = (ValueError, KeyError, TypeError, AttributeError, OverflowError, RecursionError)
"""All that is raised for a file that is not what it should be."""

Value = TypeVar("Value")

_FIRST, _LAST = datetime(1970, 1, 2, tzinfo=UTC), datetime(9000, 1, 1, tzinfo=UTC)  # which each time zone can tell


def parsed(text: str | bytes) -> Any:
    """What the JSON says. Raises ValueError, also for NaN, infinity, and lists within lists without an end."""
    try:
        return json.loads(text, parse_constant=_refused)
    except RecursionError as error:
        raise ValueError("too deep") from error


def text(value: object, most: int = MOST_LETTERS) -> str:
    """A text of at most so many letters."""
    if not isinstance(value, str):
        raise TypeError("not a text")
    if len(value) > most:
        raise ValueError("too long")
    return value


def number(value: object, low: float = -MOST, high: float = MOST) -> float:
    """A finite number between the bounds, both allowed."""
    if type(value) not in (int, float):  # a switch is no number, although Python takes it for one
        raise TypeError("not a number")
    if not low <= value <= high:  # type: ignore[operator]
        raise ValueError("out of bounds")
    return float(value)  # type: ignore[arg-type]


def share(value: object) -> float:
    """A number between 0 and 1, or above that by no more than a sum of shares is rounded."""
    return number(value, 0, 1 + 1e-6)


def loss(value: object) -> float:
    """A cross-entropy, which is never negative but for its rounding."""
    return max(0.0, number(value, -1e-3))


def whole(value: object, low: int = 0, high: int = 10**9) -> int:
    """A whole number between the bounds, both allowed."""
    if type(value) is not int:
        raise TypeError("not a whole number")
    return int(number(value, low, high))


def switch(value: object) -> bool:
    """True or false."""
    if not isinstance(value, bool):
        raise TypeError("neither true nor false")
    return value


def moment(value: object) -> str:
    """A time as ISO 8601 writes it."""
    when = datetime.fromisoformat(text(value))
    if not _FIRST <= when.replace(tzinfo=when.tzinfo or UTC) <= _LAST:
        raise ValueError("out of bounds")
    return str(value)


def listed(value: object, each: Callable[[Any], Value]) -> tuple[Value, ...]:
    """A list of such values."""
    if not isinstance(value, list | tuple):
        raise TypeError("not a list")
    return tuple(map(each, _few(value)))


def distinct(names: tuple[str, ...]) -> tuple[str, ...]:
    """The names, each of which is another."""
    if len(set(names)) < len(names):
        raise ValueError("a name occurs twice")
    return names


def table(value: object, each: Callable[[Any], Value]) -> dict[str, Value]:
    """Names with such values."""
    if not isinstance(value, Mapping):
        raise TypeError("not a table")
    return {text(name): each(of_it) for name, of_it in _few(value.items())}


def maybe(value: object, check: Callable[[Any], Value]) -> Value | None:
    """None, or such a value."""
    return None if value is None else check(value)


def _few(values: Iterable[Any]) -> Iterable[Any]:
    values = list(values)
    if len(values) > MOST_ITEMS:
        raise ValueError("too many")
    return values


def _refused(constant: str) -> float:
    raise ValueError(f"{constant} is no number")


def finite(value: float | None) -> float | None:
    """The number to write, or None in place of one that JSON does not have."""
    return value if value is None or math.isfinite(value) else None
