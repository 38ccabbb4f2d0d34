"""Which values a trial has: each is asked for where it has an effect beside the others."""

import math
from typing import TYPE_CHECKING

from cnngui.core.recipes.recipe import SETTINGS, Recipe
from cnngui.core.recipes.setting import Value
from cnngui.core.search.plan import Plan
from cnngui.core.search.space import Choice, Domain

if TYPE_CHECKING:
    from optuna import Trial


def suggested(trial: "Trial", plan: Plan) -> Recipe:
    """The trial's recipe. A setting that has no effect beside the others keeps the value of the plan's recipe."""
    recipe = plan.recipe
    for path in _in_order(plan):
        if recipe.has_effect(path):
            recipe = recipe.changed({path: _value(trial, path, plan.space[path])})
    return recipe


def contains(domain: Domain, value: Value) -> bool:
    """Whether a search of the domain may try the value."""
    if isinstance(domain, Choice):
        return value in domain.values
    if isinstance(value, str) or not domain.low <= value <= domain.high:
        return False
    steps = (value - domain.low) / domain.step if domain.step else 0.0
    return math.isclose(steps, round(steps), abs_tol=1e-6)


def _in_order(plan: Plan) -> list[str]:
    """The paths of the settings that vary: those on which others depend come first."""
    first = [path for path in plan.space if path in ("network.begin", "network.trainable")]
    needed = {f"{path.rpartition('.')[0]}.{needs.name}" for path in plan.space if (needs := SETTINGS[path].needs)}
    return sorted(plan.space, key=lambda path: (path not in first, path not in needed, list(SETTINGS).index(path)))


def _value(trial: "Trial", path: str, domain: Domain) -> Value:
    if isinstance(domain, Choice):
        return trial.suggest_categorical(path, domain.values)  # type: ignore[return-value]  # as its values are
    log = domain.is_logarithmic
    if SETTINGS[path].kind is int:
        return trial.suggest_int(path, int(domain.low), int(domain.high), step=int(domain.step) or 1, log=log)
    return readable(trial.suggest_float(path, domain.low, domain.high, step=domain.step or None, log=log), domain)


def readable(value: Value, domain: Domain) -> Value:
    """The value with which a trial is trained: of a fraction three digits, as many as people can read and repeat.

    Values of a list, and the ends of the range, stay as they are.
    """
    if isinstance(domain, Choice) or not isinstance(value, float):
        return value
    return float(min(max(float(f"{value:.3g}"), domain.low), domain.high))
