"""What varies in a search: a range of numbers or a list of values for each of some settings, also as people type it."""

import math
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from decimal import Decimal

from cnngui.core.recipes.parts import BACKBONES
from cnngui.core.recipes.recipe import SETTINGS, Recipe, find
from cnngui.core.recipes.setting import Around, Range, Setting, SettingError, Value, number

MOST_VALUES = 100  # of a list

_SCALES = {"log": True, "linear": False}


@dataclass(frozen=True)
class Choice:
    """A list of values that a search tries."""

    values: tuple[Value, ...]


Domain = Range | Choice
"""What a search tries for a setting."""

Space = Mapping[str, Domain]
"""What a search tries for each setting that varies, by the settings' paths."""


def searchable() -> tuple[str, ...]:
    """The paths of all settings that can vary, in the order of the recipe."""
    return tuple(path for path, setting in SETTINGS.items() if _can_vary(setting))


def parse(text: str) -> tuple[str, Domain | None]:
    """The path and the domain that a text stands for, as people type it; None for the usual domain.

    text: "network.dropout" for the usual range, "network.dropout=0:0.5", with a step or a scale behind
        ("network.width=16:128:8", "optimization.weight_decay=0.0001:0.1:log"), or a list
        ("optimization.optimizer=sgd,adamw").
    Raises SettingError if there is no such setting, or it cannot vary like this.
    """
    name, equals, given = text.partition("=")
    path = find(name.strip())
    _setting(path)
    return path, domain(path, given) if equals else None


def domain(path: str, text: str) -> Domain:
    """The domain that a text stands for: the part behind the equals sign of :func:`parse`. Raises SettingError."""
    setting = _setting(path)
    if ":" in text and setting.kind in (int, float):
        return _range(path, setting, text)
    values = tuple(dict.fromkeys(setting.parse(each, path) for each in text.split(",")))
    if len(values) < 2:
        raise SettingError(path, f"{setting.label} has only one value. Write at least two, as in {_example(setting)}.")
    if len(values) > MOST_VALUES:
        raise SettingError(path, f"{setting.label} has {len(values)} values; at most {MOST_VALUES} are possible.")
    return Choice(values)


def to_text(made: Domain) -> str:
    """The text of which :func:`domain` makes this domain."""
    if isinstance(made, Choice):
        return ",".join(str(value).lower() if isinstance(value, bool) else str(value) for value in made.values)
    ends = f"{made.low!r}:{made.high!r}"
    if made.step:
        return f"{ends}:{made.step!r}"
    return f"{ends}:{'log' if made.is_logarithmic else 'linear'}"


def describe(path: str, made: Domain) -> str:
    """The domain in words, for people: "0 to 0.5", "0.01 to 1, logarithmic", "SGD or AdamW"."""
    if isinstance(made, Choice):
        words = [SETTINGS[path].write(value) for value in made.values]
        return f"{', '.join(words[:-1])} or {words[-1]}"
    step = f" in steps of {number(made.step)}" if made.step else ""
    return f"{number(made.low)} to {number(made.high)}{step}{', logarithmic' if made.is_logarithmic else ''}"


def usual(path: str, recipe: Recipe) -> Domain:
    """The domain that the setting has where none is given. Raises SettingError if it cannot vary."""
    setting = _setting(path)
    if setting.kind is bool:
        return Choice((False, True))
    if setting.choices is not None:
        return Choice(_likely(path, setting, recipe))
    match setting.usual:
        case Range() as made:  # its numbers may be whole ones where the setting's are not
            return Range(setting.kind(made.low), setting.kind(made.high), setting.kind(made.step), made.is_logarithmic)
        case Around() as around:
            return _around(setting, around, recipe.value(path))
    return Range(*(setting.kind(end) for end in (setting.minimum, setting.maximum)))


def _likely(path: str, setting: Setting, recipe: Recipe) -> tuple[Value, ...]:
    """The choices of a text that any recipe can have: no layers, files or downloads that are not there."""
    assert setting.choices is not None  # the caller has looked
    unlikely = {"network.shape": {"layers"}, "network.begin": {"model", *BACKBONES} - {"efficientnet_lite0"}}
    value = recipe.value(path)
    return tuple(each for each in setting.choices if each == value or each not in unlikely.get(path, ()))


def _around(setting: Setting, around: Around, value: Value) -> Range:
    centre = float(value) or float(setting.default)  # a factor of nothing is nothing
    low = min(max(setting.minimum, around.least, centre / around.factor), centre)
    high = max(min(setting.maximum, around.most, centre * around.factor), centre)
    if around.step:
        low, high = (round(end / around.step) * around.step or around.step for end in (low, high))
        return Range(*(setting.kind(each) for each in (low, high, around.step)))
    if setting.kind is int:
        low, high = round(low), round(high)
    return Range(setting.kind(_short(low)), setting.kind(_short(high)), is_logarithmic=True)


def _short(value: float) -> float:
    return value if isinstance(value, int) else float(f"{value:.3g}")


def _range(path: str, setting: Setting, text: str) -> Range:
    ends = text.split(":")
    how = ends.pop().strip() if len(ends) == 3 else ""
    if len(ends) != 2:
        raise SettingError(path, f"{setting.label} varies from … to …, as in {_example(setting)}.")
    low, high = (setting.parse(end, path) for end in ends)
    assert not isinstance(low, str)  # it is a number
    assert not isinstance(high, str)
    if low >= high:
        raise SettingError(path, f"{setting.label} varies from a lower to a higher number, as in {_example(setting)}.")
    step = 0.0 if how in ("", *_SCALES) else _step(path, setting, how, high - low)
    is_logarithmic = _SCALES.get(how, setting.is_logarithmic and low > 0) and not step
    if is_logarithmic and low <= 0:
        raise SettingError(path, f"{setting.label} cannot have a logarithmic scale that begins at {number(low)}.")
    return Range(low, _last(low, high, step) if step else high, step, is_logarithmic)


def _last(low: float, high: float, step: float) -> float:
    """The highest number that steps from ``low`` come to, which may be below ``high``. Of the type of ``low``."""
    first, width = Decimal(str(low)), Decimal(str(step))
    return type(low)(first + (Decimal(str(high)) - first) // width * width)


def _step(path: str, setting: Setting, text: str, width: float) -> float:
    step = 0.0
    with suppress(ValueError):  # told below
        step = setting.kind(text)
    if not (math.isfinite(step) and 0 < step <= width):
        kind = "whole number" if setting.kind is int else "number"
        raise SettingError(
            path,
            f"“{text[:40]}” is no step of {setting.label}. Write log, linear, or a {kind} above 0 and at most "
            f"{number(width)}.",
        )
    return step


def _setting(path: str) -> Setting:
    setting = SETTINGS[find(path)]
    if not _can_vary(setting):
        raise SettingError(path, f"{setting.label} cannot vary in a search. Choose another setting.")
    return setting


def _can_vary(setting: Setting) -> bool:
    return setting.is_searchable and (setting.kind is not str or setting.choices is not None)


def _example(setting: Setting) -> str:
    if setting.choices is not None:
        return ",".join(list(setting.choices)[:2])
    return "true,false" if setting.kind is bool else "0.1:0.5"
