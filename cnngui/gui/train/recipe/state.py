"""The recipe that the form says: a preset or an own recipe, and what is changed of it."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from cnngui import paths
from cnngui.core.recipes import library
from cnngui.core.recipes.fitting import FITTED, fitted
from cnngui.core.recipes.layers import Layer
from cnngui.core.recipes.presets import PRESETS
from cnngui.core.recipes.recipe import SETTINGS, Recipe
from cnngui.core.recipes.setting import Value
from cnngui.core.recipes.toml_file import read_recipe, write_recipe

FIRST = "standard"


class RecipeState(QObject):
    """What is chosen, without any widget.

    changed: the recipe, or what it is compared with. recipes_changed: which recipes there are.
    """

    changed = Signal()
    recipes_changed = Signal()

    def __init__(self, chosen: str, folder: Path | None = None, parent: QObject | None = None) -> None:
        """chosen: a recipe's name; the standard recipe if there is none of it. folder: of the own recipes."""
        super().__init__(parent)
        self.folder = folder or paths.recipes_dir()
        self._own = library.own_recipes(self.folder)
        self._training_images: int | None = None
        self._base = self.recipes.get(chosen, PRESETS[FIRST])
        self._values: dict[str, Value] = {}
        self._layers: tuple[Layer, ...] | None = None

    @property
    def recipes(self) -> dict[str, Recipe]:
        """All that can be chosen, by their names."""
        return PRESETS | self._own

    @property
    def name(self) -> str:
        """The name of the chosen recipe."""
        return self._base.name

    @property
    def is_own(self) -> bool:
        """Whether the chosen recipe is the user's own."""
        return self.name in self._own

    @property
    def original(self) -> Recipe:
        """The chosen recipe before any change. A preset is fitted to the number of training images, if it is known."""
        if self.is_own or self._training_images is None:
            return self._base
        return fitted(self._base, self._training_images)

    @property
    def recipe(self) -> Recipe:
        """The chosen recipe with all changes."""
        recipe = self.original.changed(self._values)
        if self._layers is None:
            return recipe
        return replace(recipe, network=replace(recipe.network, layers=self._layers))

    @property
    def is_edited(self) -> bool:
        """Whether anything is changed."""
        return self.recipe != self.original

    @property
    def title(self) -> str:
        """The name, and that it is edited."""
        return f"{self.name}, edited" if self.is_edited else self.name

    def is_changed(self, path: str) -> bool:
        """Whether this setting is changed."""
        return self.recipe.value(path) != self.original.value(path)

    @property
    def to_fit(self) -> tuple[str, ...]:
        """The settings that follow the number of images, once it is known: those of a preset that are not changed."""
        return () if self.is_own else tuple(path for path in FITTED if not self.is_changed(path))

    def choose(self, name: str) -> None:
        """Choose another recipe; what was changed is forgotten."""
        self._base, self._values, self._layers = self.recipes[name], {}, None
        self.changed.emit()

    def use(self, recipe: Recipe) -> None:
        """Say this recipe, as a change of the one of its name, or of the chosen one."""
        if recipe.name in self.recipes:
            self._base = self.recipes[recipe.name]
        original = self.original
        self._values = {path: recipe.value(path) for path in SETTINGS if recipe.value(path) != original.value(path)}
        self._layers = recipe.network.layers if recipe.network.layers != original.network.layers else None
        self.changed.emit()

    def set(self, path: str, value: Value) -> None:
        """Change one setting. Raises SettingError if it cannot have this value."""
        if self.recipe.changed({path: value}) != self.recipe:
            self._values[path] = value
            self.changed.emit()

    def set_layers(self, layers: Sequence[Layer]) -> None:
        """Train a network of these layers."""
        self._values["network.shape"] = "layers"
        self._layers = tuple(layers)
        self.changed.emit()

    def reset(self, path: str) -> None:
        """Take back the change of one setting."""
        if self._values.pop(path, None) is not None:
            self.changed.emit()

    def reset_all(self) -> None:
        """Take back all changes."""
        self.choose(self.name)

    def fit(self, training_images: int | None) -> None:
        """Fit a preset to so many training images, None if unknown. What the user has changed stays."""
        before = self.recipe, self.original
        self._training_images = training_images
        if (self.recipe, self.original) != before:
            self.changed.emit()

    def save_as(self, name: str) -> None:
        """Keep the recipe, as it is now, as one of the user's own, and choose it. Raises UserError."""
        library.save_recipe(replace(self.recipe, name=name), self.folder)
        self._read(name)

    def remove(self) -> None:
        """Remove the chosen recipe, which is the user's own. Raises UserError."""
        library.remove_recipe(self.name, self.folder)
        self._read(FIRST)

    def add_file(self, path: Path) -> None:
        """Keep the recipe in a file as one of the user's own, and choose it. A preset is said as it is in the file.

        Raises UserError.
        """
        recipe = read_recipe(path)
        if recipe.name in PRESETS:
            self.use(recipe)
        else:
            library.save_recipe(recipe, self.folder)
            self._read(recipe.name)

    def write_file(self, path: Path) -> None:
        """Write the recipe, as it is now, to a file. Raises OSError."""
        name = self.name if self.name not in PRESETS or not self.is_edited else path.stem
        write_recipe(replace(self.recipe, name=name), path)

    def _read(self, name: str) -> None:
        self._own = library.own_recipes(self.folder)
        self.recipes_changed.emit()
        self.choose(name if name in self.recipes else FIRST)
