"""Which settings of the recipe vary in a search, and between which values."""

from collections.abc import Sequence

from PySide6.QtCore import QObject, Signal, Slot

from cnngui.core.recipes.recipe import SETTINGS, Recipe
from cnngui.core.recipes.setting import SettingError, Value
from cnngui.core.search import space
from cnngui.core.search.space import Choice, Domain
from cnngui.gui.train.recipe.state import RecipeState


class VaryState(QObject):
    """What varies, without any widget. A setting that varies has its usual domain until the user gives another.

    is_on: whether the form asks for a search. changed: any of this.
    """

    changed = Signal()

    def __init__(self, recipe: RecipeState, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.is_on = False
        self._recipe = recipe
        self._domains: dict[str, Domain | None] = {}
        self._problems: dict[str, str] = {}
        self._possible: tuple[Recipe, ...] = ()
        recipe.changed.connect(self._compute)
        self._compute()

    def turn(self, is_on: bool) -> None:
        """Ask for a search, or for one training."""
        if is_on != self.is_on:
            self.is_on = is_on
            self._update()

    def varies(self, path: str) -> bool:
        """Whether the setting varies."""
        return self.is_on and path in self._domains

    def vary(self, path: str, is_varied: bool) -> None:
        """Let the setting vary between its usual values, or let it be."""
        self._problems.pop(path, None)
        if is_varied:
            self._domains[path] = None
        else:
            self._domains.pop(path, None)
        self._update()

    def give(self, path: str, text: str) -> None:
        """Let it vary as the text says, which is as :func:`cnngui.core.search.space.domain` reads it."""
        try:
            self._take(path, space.domain(path, text))
        except SettingError as error:
            self._problems[path] = str(error)
            self.changed.emit()

    def choose(self, path: str, values: Sequence[Value]) -> None:
        """Let it have one of these values."""
        if len(values) < 2:
            self._problems[path] = f"{SETTINGS[path].label} varies between at least two values. Choose them."
            self.changed.emit()
        else:
            self._take(path, Choice(tuple(values)))

    def is_usual(self, path: str) -> bool:
        """Whether nobody has given another domain than the usual one."""
        return self._domains.get(path) is None and path not in self._problems

    def domain(self, path: str) -> Domain:
        """Between which values it varies, or would vary; the last valid ones if there is a problem."""
        return self._domains.get(path) or space.usual(path, self._recipe.recipe)

    def problem(self, path: str) -> str:
        """Why it cannot vary as the user wants it; "" if it can."""
        return self._problems.get(path, "")

    def has_effect(self, path: str) -> bool:
        """Whether the setting changes anything for some values of those that vary."""
        return any(recipe.has_effect(path) for recipe in self._possible)

    @property
    def space(self) -> dict[str, Domain | None]:
        """What varies; None for the usual domain."""
        return {path: each for path, each in self._domains.items() if self.has_effect(path)}

    @property
    def first_problem(self) -> str:
        """Why there can be no search yet; "" if there can."""
        problems = [text for path, text in self._problems.items() if self.has_effect(path)]
        if problems:
            return problems[0]
        return "" if self.space else "Nothing varies yet. Turn on “vary” beside at least one setting."

    def _take(self, path: str, domain: Domain) -> None:
        self._problems.pop(path, None)
        self._domains[path] = domain
        self._update()

    def _update(self) -> None:
        self._compute()
        self.changed.emit()

    @Slot()
    def _compute(self) -> None:
        """Once for each change: every row of the form asks what has an effect."""
        recipe = self._recipe.recipe
        self._possible = (recipe,)
        if not self.is_on:
            return
        deciding = [path for path in self._domains if _decides(path)]
        values = [(path, value) for path in deciding for value in _values(path, self.domain(path))]
        one = [(path, _changed(recipe, path, value)) for path, value in values]
        two = [  # two changes are enough: no setting needs more
            _changed(changed, path, value)
            for number, (first, changed) in enumerate(one)
            for path, value in values[number + 1 :]
            if path != first and changed is not recipe
        ]
        self._possible = (recipe, *(changed for _, changed in one), *two)


def _decides(path: str) -> bool:
    """Whether other settings have an effect or none by this one."""
    part, _, name = path.rpartition(".")
    is_needed = any(each.needs and each.needs.name == name for other, each in SETTINGS.items() if part in other)
    return is_needed or path in ("network.begin", "network.trainable")


def _values(path: str, domain: Domain) -> tuple[Value, ...]:
    if isinstance(domain, Choice):
        return domain.values
    return tuple(SETTINGS[path].kind(end) for end in (domain.low, domain.high))


def _changed(recipe: Recipe, path: str, value: Value) -> Recipe:
    """The recipe with this value; the same one if it has it, or cannot have it: the search itself does not try that."""
    try:
        return recipe if recipe.value(path) == value else recipe.changed({path: value})
    except SettingError:
        return recipe
