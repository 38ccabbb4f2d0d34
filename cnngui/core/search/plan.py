"""What a search does: which recipe it begins with, what varies, and what it aims at. All its workers do the same."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from cnngui.core.data.datasets import RawData
from cnngui.core.data.summary import summarize
from cnngui.core.errors import UserError
from cnngui.core.json_values import DAMAGE, table, text
from cnngui.core.networks.recipe_files import check_layers
from cnngui.core.recipes.fitting import FITTED, fitted
from cnngui.core.recipes.recipe import Recipe
from cnngui.core.recipes.setting import Value
from cnngui.core.search.space import Domain, Space, domain, to_text, usual

MOST_DOMAIN = 100_000  # letters of a domain


class Aim(StrEnum):
    """What a search looks for."""

    ACCURACY = "accuracy"
    BOTH = "accuracy+time"  # and the time of an answer: the front of both


class Pruner(StrEnum):
    """Which trials end early: those below the median of the others, Hyperband's, or none."""

    MEDIAN = "median"
    HYPERBAND = "hyperband"
    NONE = "none"


class Sampler(StrEnum):
    """How a trial's values are chosen: from what was good so far, by a tree of Parzen estimators, or at random."""

    TPE = "tpe"
    RANDOM = "random"


@dataclass(frozen=True)
class Plan:
    """What a search does.

    recipe: what its trials have in common, and the first trial's. Its seed and validation fraction decide the
        validation images, which are the same for all trials. space: what varies.
    """

    recipe: Recipe
    space: Space
    aim: Aim = Aim.ACCURACY
    pruner: Pruner = Pruner.MEDIAN
    sampler: Sampler = Sampler.TPE

    def __post_init__(self) -> None:
        """Raises UserError if nothing varies, or the recipe's network cannot be built."""
        if not self.space:
            raise UserError("Nothing varies in this search. Choose at least one setting that does.")
        check_layers(self.recipe)

    @property
    def prunes(self) -> bool:
        """Whether trials may end early. Two aims cannot be compared within a training."""
        return self.pruner != Pruner.NONE and self.aim == Aim.ACCURACY

    def recipe_of(self, values: dict[str, Value]) -> Recipe:
        """The recipe of a trial with these values. Raises SettingError."""
        return self.recipe.changed(values)

    def to_dict(self) -> dict[str, Any]:
        """The plan as plain values, for JSON."""
        return {
            "recipe": self.recipe.to_dict(),
            "vary": {path: to_text(each) for path, each in sorted(self.space.items())},
            "aim": self.aim.value,
            "pruner": self.pruner.value,
            "sampler": self.sampler.value,
        }

    @classmethod
    def from_dict(cls, values: Any) -> "Plan":
        """The plan that :meth:`to_dict` turned into ``values``. Raises UserError if they are none."""
        try:
            vary = table(values["vary"], lambda each: text(each, MOST_DOMAIN))
            return cls(
                Recipe.from_dict(values["recipe"]),
                {path: domain(path, each) for path, each in vary.items()},
                Aim(text(values["aim"])),
                Pruner(text(values["pruner"])),
                Sampler(text(values["sampler"])),
            )
        except DAMAGE as error:
            raise UserError(
                "The search is damaged or from another version of cnngui. Update cnngui, or begin a new search."
            ) from error


@dataclass(frozen=True)
class Request:
    """What a person asks for, before the data is read.

    space: with None for a setting's usual range, which may follow the data. fit: the recipe's settings that follow the
    number of training images, as in ``Job``.
    """

    recipe: Recipe
    space: Mapping[str, Domain | None]
    fit: tuple[str, ...] = FITTED
    aim: Aim = Aim.ACCURACY
    pruner: Pruner = Pruner.MEDIAN
    sampler: Sampler = Sampler.TPE

    def plan(self, raw: RawData) -> Plan:
        """The search for this data. Raises UserError."""
        recipe = self.recipe
        images = summarize(raw, recipe.validation.fraction, recipe.seed).train
        suited = fitted(recipe, images)
        recipe = recipe.changed({path: suited.value(path) for path in self.fit})
        space = {path: each or usual(path, recipe) for path, each in self.space.items()}
        return Plan(recipe, space, self.aim, self.pruner, self.sampler)


def differences(plan: Plan, other: Plan) -> str:
    """In which way two searches differ, for a sentence: "recipe, optimization.momentum"; "" if they do the same."""
    mine, others = plan.to_dict(), other.to_dict()
    found = [name for name in ("recipe", "aim", "pruner", "sampler") if mine[name] != others[name]]
    names = mine["vary"].keys() | others["vary"].keys()
    found += sorted(name for name in names if mine["vary"].get(name) != others["vary"].get(name))
    return ", ".join(found)
