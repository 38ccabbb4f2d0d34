"""How a setting is defined: once, as a field of a part of the recipe.

The form, the file, the command line, the checks and the tables are made from these definitions.
"""

import math
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import Field, dataclass, field, fields
from typing import Any

from cnngui.core.errors import UserError

MOST_LETTERS = 10_000  # of a text: a path may be long
Value = bool | int | float | str
_KINDS: dict[type, str] = {bool: "true or false", int: "a whole number", float: "a number", str: "a text"}


class SettingError(UserError):
    """A setting that cannot be as it is. path: which, such as "optimization.epochs"; "" if it is none of them."""

    def __init__(self, path: str, sentence: str) -> None:
        super().__init__(sentence)
        self.path = path


@dataclass(frozen=True)
class Needs:
    """A setting has an effect only where another one of its part has one of these values."""

    name: str
    values: tuple[Value, ...]


@dataclass(frozen=True)
class Range:
    """The numbers from low to high, both included, that a search tries.

    step: between them; 0 for all numbers of the setting's kind. is_logarithmic: whether they differ by factors.
    """

    low: float
    high: float
    step: float = 0.0
    is_logarithmic: bool = False


@dataclass(frozen=True)
class Around:
    """The range that a search tries where none is given: from the recipe's value divided by ``factor`` to its product.

    least, most: its ends wherever the value lies. step: between two values, which differ by factors otherwise.
    """

    factor: float
    least: float = 0.0
    most: float = math.inf
    step: float = 0.0


@dataclass(frozen=True)
class Setting:
    """What is known of a setting besides its value.

    label, sentence: for people. kind: its type. default: its value where nobody chose one.
    minimum, maximum: both allowed, unless a flag says otherwise. They mean nothing for texts and switches.
    choices: for a text, what it may be, with a label for each.
    needs: where it has an effect; None for everywhere.
    is_basic: whether beginners see it. is_logarithmic: whether its values differ by factors.
    usual: what a search tries where nothing else is said; None for all it may be. is_searchable: whether it can vary
        in a search.
    """

    label: str
    sentence: str
    kind: type
    default: Value
    minimum: float = -math.inf
    maximum: float = math.inf
    above_minimum: bool = False
    below_maximum: bool = False
    choices: Mapping[str, str] | None = None
    needs: Needs | None = None
    is_basic: bool = False
    is_logarithmic: bool = False
    usual: Range | Around | None = None
    is_searchable: bool = True

    def checked(self, value: object, path: str) -> Value:
        """The value in the setting's type; whole numbers are numbers, too. Raises SettingError if it cannot be that."""
        if self.kind is float and type(value) is int and abs(value) < 2**53:
            value = float(value)
        if type(value) is not self.kind:
            raise SettingError(path, f"{self.label} must be {_KINDS[self.kind]}.")
        if self.choices is not None and value not in self.choices:
            raise SettingError(path, f"{self.label} must be one of: {', '.join(self.choices)}.")
        if isinstance(value, str) and len(value) > MOST_LETTERS:
            raise SettingError(path, f"{self.label} must have at most {MOST_LETTERS:,} letters.")
        if isinstance(value, int | float):
            low = self.minimum < value if self.above_minimum else self.minimum <= value
            high = value < self.maximum if self.below_maximum else value <= self.maximum
            if not (low and high):
                raise SettingError(path, f"{self.label} must be {self.bounds}.")
        return value  # type: ignore[return-value]

    def parse(self, text: str, path: str) -> Value:
        """The value that a text stands for, as people type it. Raises SettingError."""
        value: object = text.strip()
        if self.kind is bool:
            value = {"true": True, "yes": True, "on": True, "false": False, "no": False, "off": False}.get(
                text.strip().lower(), value
            )
        elif self.kind in (int, float):
            with suppress(ValueError):  # told by the check
                value = self.kind(text)
        return self.checked(value, path)

    @property
    def bounds(self) -> str:
        """Between which numbers it must be."""
        minimum, maximum = number(self.minimum), number(self.maximum)
        if not (self.above_minimum or self.below_maximum):
            return f"between {minimum} and {maximum}"
        low, high = "above" if self.above_minimum else "at least", "below" if self.below_maximum else "at most"
        return f"{low} {minimum} and {high} {maximum}"

    def write(self, value: Value) -> str:
        """The value as people read it."""
        if isinstance(value, bool):
            return "yes" if value else "no"
        if isinstance(value, str):
            return self.choices[value] if self.choices else value or "none"
        return number(value)


def setting(
    default: Value,
    label: str,
    sentence: str,
    *,
    bounds: tuple[float, float] | None = None,
    above_minimum: bool = False,
    below_maximum: bool = False,
    choices: Mapping[str, str] | None = None,
    needs: Needs | None = None,
    is_basic: bool = False,
    is_logarithmic: bool = False,
    usual: Range | Around | None = None,
    is_searchable: bool = True,
) -> Any:
    """The field of a setting, for a part."""
    minimum, maximum = bounds or (-math.inf, math.inf)
    made = Setting(
        label,
        sentence,
        type(default),
        default,
        minimum,
        maximum,
        above_minimum,
        below_maximum,
        choices,
        needs,
        is_basic,
        is_logarithmic,
        usual,
        is_searchable,
    )
    return field(default=default, metadata={"setting": made})


def setting_of(part_field: "Field[Any]") -> Setting | None:
    """The setting that a field is; None for other fields."""
    found: Setting | None = part_field.metadata.get("setting")
    return found


def settings_of(part: type) -> dict[str, Setting]:
    """The settings of a part by their names, in order."""
    found = ((each.name, setting_of(each)) for each in fields(part))
    return {name: each for name, each in found if each is not None}


def check(part: object, prefix: str) -> None:
    """Give each setting of a frozen part its type. Raises SettingError if one is out of its bounds."""
    for name, each in settings_of(type(part)).items():
        object.__setattr__(part, name, each.checked(getattr(part, name), f"{prefix}{name}"))


def has_effect(part: object, name: str) -> bool:
    """Whether the setting changes anything, as the part's other settings are."""
    needs = settings_of(type(part))[name].needs
    return needs is None or (getattr(part, needs.name) in needs.values and has_effect(part, needs.name))


def number(value: float) -> str:
    """With a comma for thousands and no trailing zeros: 10,000 and 0.000001."""
    if not math.isfinite(value):
        return str(value)
    return f"{value:,.6f}".rstrip("0").rstrip(".")
