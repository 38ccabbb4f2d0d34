"""What a person wants of a search, besides what varies: how long it may take, and what it aims at."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from PySide6.QtCore import QObject, Signal

from cnngui.core.recipes.recipe import Recipe
from cnngui.core.search.plan import Aim, Pruner, Request, Sampler
from cnngui.core.search.space import Domain
from cnngui.core.search.worker import Budget
from cnngui.core.sentences import counted

MOST = 99_999  # trials, minutes or hours


class Unit(StrEnum):
    """What a budget is counted in."""

    TRIALS = "trials"
    MINUTES = "minutes"
    HOURS = "hours"
    NONE = "until stopped"


@dataclass(frozen=True)
class Limit:
    """A budget as people say it: 20 trials, 90 minutes. number: 1 to :data:`MOST`; without a unit it means nothing."""

    number: int = 20
    unit: Unit = Unit.TRIALS

    @property
    def budget(self) -> Budget:
        """The same for a search."""
        match self.unit:
            case Unit.TRIALS:
                return Budget(trials=self.number)
            case Unit.MINUTES:
                return Budget(seconds=60 * self.number)
            case Unit.HOURS:
                return Budget(seconds=3600 * self.number)
        return Budget()

    @property
    def words(self) -> str:
        """In words: "1 trial", "90 minutes", "until stopped"."""
        return self.unit.value if self.unit == Unit.NONE else counted(self.number, self.unit.value.removesuffix("s"))


class Wishes(QObject):
    """The wishes, without any widget. changed: any of them."""

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.limit = Limit()
        self.aim, self.pruner, self.sampler = Aim.ACCURACY, Pruner.MEDIAN, Sampler.TPE

    def want(self, wish: Limit | Aim | Pruner | Sampler) -> None:
        """Take this wish in place of the one of its kind."""
        match wish:
            case Limit():
                self.limit = wish
            case Aim():
                self.aim = wish
            case Pruner():
                self.pruner = wish
            case Sampler():
                self.sampler = wish
        self.changed.emit()

    def request(self, recipe: Recipe, space: Mapping[str, Domain | None], fit: tuple[str, ...]) -> Request:
        """The search for this recipe. space, fit: as :class:`Request` has them."""
        return Request(recipe, space, fit, self.aim, self.pruner, self.sampler)
