"""The user's own recipes, read and written beside the window."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

from PySide6.QtCore import QFile, QObject, Signal, Slot

from cnngui.core.errors import UserError
from cnngui.core.networks.recipe_files import read_trainable
from cnngui.core.recipes import library
from cnngui.core.recipes.presets import PRESETS
from cnngui.core.recipes.recipe import Recipe
from cnngui.gui.common.worker import Task

Choice = str | Recipe | None
"""What is chosen next: a recipe's name, or a recipe as a change of the one of its name; None for no other one."""


@dataclass(frozen=True)
class Found:
    """recipes: all of the user's own, by their names. choice: what was chosen by what was done.

    taken: the names of all files, in small letters; some may be no recipes.
    by_user: whether the user did something; else they were only read.
    """

    recipes: dict[str, Recipe]
    choice: Choice
    taken: frozenset[str]
    by_user: bool


class OwnRecipes(QObject):
    """Does one thing after the other. found: a Found, after each. failed: a sentence; nothing was changed then."""

    found = Signal(object)
    failed = Signal(str)

    def __init__(self, folder: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._folder = folder
        self._waiting: list[Callable[[], Choice] | None] = []
        self._task = Task(self)
        self._task.finished.connect(self._begin)

    def read(self) -> None:
        """Find out which there are."""
        self._do(None)

    def save(self, recipe: Recipe) -> None:
        """Keep a recipe under its name, and choose it."""

        def work() -> Choice:
            library.save_recipe(recipe, self._folder)
            return recipe.name

        self._do(work)

    def remove(self, name: str, instead: str) -> None:
        """Move a recipe to the trash, or remove it where there is none, and choose another one."""

        def work() -> Choice:
            if not QFile(str(library.recipe_path(name, self._folder))).moveToTrash():
                library.remove_recipe(name, self._folder)
            return instead

        self._do(work)

    def add_file(self, path: Path) -> None:
        """Keep the recipe in a file, and choose it; one of a preset's name is not kept.

        It gets another name if there is another recipe of its own.
        """

        def work() -> Choice:
            recipe = read_trainable(path)
            if recipe.name in PRESETS:
                return recipe
            name = library.free_name(recipe, self._folder)
            library.save_recipe(replace(recipe, name=name), self._folder)
            return name

        self._do(work)

    def stop(self) -> None:
        """Wait until all is written: the window closes."""
        self._task.wait()
        for work in self._waiting:
            with suppress(UserError):  # nobody is there to be told
                if work is not None:
                    work()
        self._waiting = []

    def _do(self, work: Callable[[], Choice] | None) -> None:
        self._waiting.append(work)
        self._begin()

    @Slot()
    def _begin(self) -> None:
        if self._task.is_running or not self._waiting:
            return
        work, folder = self._waiting.pop(0), self._folder

        def do(_report: object, _should_stop: object) -> Found:
            choice = work() if work is not None else None
            return Found(library.own_recipes(folder), choice, library.taken_names(folder), by_user=work is not None)

        self._task.start(do, succeeded=self.found.emit, failed=lambda error: self.failed.emit(str(error)))
