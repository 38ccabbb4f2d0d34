"""The recipe that the form says: a preset or an own recipe, and what is changed of it."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QObject, Signal, Slot

from cnngui import paths
from cnngui.core.networks.presets import layers_of
from cnngui.core.recipes.fitting import FITTED, fitted
from cnngui.core.recipes.layers import Layer
from cnngui.core.recipes.presets import PRESETS, beginning
from cnngui.core.recipes.recipe import SETTINGS, Recipe
from cnngui.core.recipes.setting import Value
from cnngui.core.recipes.toml_file import write_recipe
from cnngui.gui.train.recipe.own_recipes import Found, OwnRecipes

FIRST, OWN_PICTURES = "standard", "backbone"
BEGIN = "network.begin"
SHAPE, LAYERS = "network.shape", "layers"  # a network of the user's own layers


class RecipeState(QObject):
    """What is chosen, without any widget.

    changed: the recipe, or what it is compared with. recipes_changed: which recipes there are. kept: what was done with
    the user's own recipes has succeeded. failed: a sentence that says why it has not.
    """

    changed = Signal()
    recipes_changed = Signal()
    kept = Signal()
    failed = Signal(str)

    def __init__(self, chosen: str, folder: Path | None = None, parent: QObject | None = None) -> None:
        """chosen: a recipe's name; the standard recipe if there is none of it. folder: of the own recipes."""
        super().__init__(parent)
        self._own: dict[str, Recipe] = {}
        self._taken: Collection[str] = frozenset()
        self._last_chosen = chosen
        self._files = OwnRecipes(folder or paths.recipes_dir(), self)
        self._files.found.connect(self._take)
        self._files.failed.connect(self.failed)
        self._training_images: int | None = None
        self._base = PRESETS.get(chosen, PRESETS[FIRST])
        self._values: dict[str, Value] = {}
        self._layers: tuple[Layer, ...] | None = None
        self._compute()

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

    def is_taken(self, name: str) -> bool:
        """Whether another recipe of the user's own, or a file that is none, has this name, in any case."""
        return name.casefold() in self._taken and name != self.name

    @property
    def original(self) -> Recipe:
        """The chosen recipe before any change. A preset is fitted to the number of training images, if it is known."""
        return self._original

    @property
    def recipe(self) -> Recipe:
        """The chosen recipe with all changes."""
        return self._recipe

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
        self._update()

    def use(self, recipe: Recipe) -> None:
        """Say this recipe, as a change of the one of its name, or of the chosen one."""
        if recipe.name in self.recipes:
            self._base = self.recipes[recipe.name]
        self._values, self._layers = {}, None
        self._compute()
        original = self.original
        self._values = {path: recipe.value(path) for path in SETTINGS if recipe.value(path) != original.value(path)}
        self._layers = recipe.network.layers if recipe.network.layers != original.network.layers else None
        self._update()

    def set(self, path: str, value: Value) -> None:
        """Change one setting. Raises SettingError if it cannot have this value."""
        if self.recipe.changed({path: value}) == self.recipe:
            return
        if path == BEGIN:
            self.use(beginning(self.recipe, str(value)))
            return
        if path == SHAPE and value == LAYERS and not self.recipe.network.layers and self._layers is None:
            self._layers = layers_of(self.recipe.network)
        self._values[path] = value
        self._update()

    def set_layers(self, layers: Sequence[Layer]) -> None:
        """Train a network of these layers."""
        self._values[SHAPE] = LAYERS
        self._layers = tuple(layers)
        self._update()

    def reset(self, path: str) -> None:
        """Take back the change of one setting. The layers are taken back with the network's shape."""
        had_layers = path == SHAPE and self._layers is not None
        if had_layers:
            self._layers = None
        if self._values.pop(path, None) is not None or had_layers:
            self._update()

    def suit(self, *, own_pictures: bool) -> None:
        """Choose the preset for such data, unless the recipe suits it or the user has changed it.

        own_pictures: whether the data is a folder of pictures, and not one of the data sets that networks begin with.
        """
        suited = OWN_PICTURES if own_pictures else FIRST
        if not self.is_own and not self.is_edited and self.recipe.network.begins != own_pictures:
            self.choose(suited)

    def reset_all(self) -> None:
        """Take back all changes."""
        self.choose(self.name)

    def fit(self, training_images: int | None) -> None:
        """Fit a preset to so many training images, None if unknown. What the user has changed stays."""
        self._training_images = training_images
        before = self.recipe, self.original
        self._compute()
        if (self.recipe, self.original) != before:
            self.changed.emit()

    def read(self) -> None:
        """Find out which recipes of the user's own there are, and choose the one that was chosen last."""
        self._files.read()

    def save_as(self, name: str) -> None:
        """Keep the recipe, as it is now, as one of the user's own, and choose it."""
        self._files.save(replace(self.recipe, name=name))

    def remove(self) -> None:
        """Remove the chosen recipe, which is the user's own."""
        self._files.remove(self.name, FIRST)

    def add_file(self, path: Path) -> None:
        """Keep the recipe in a file as one of the user's own, and choose it. A preset is said as it is in the file."""
        self._files.add_file(path)

    def writer(self) -> Callable[[Path], None]:
        """A function that writes the recipe, as it is now, to a file. An edited preset is called as the file is."""
        recipe, keeps_name = self.recipe, self.is_own or not self.is_edited

        def write(path: Path) -> None:
            write_recipe(recipe if keeps_name else replace(recipe, name=path.stem), path)

        return write

    def stop(self) -> None:
        """Wait until all is written: the window closes."""
        self._files.stop()

    @Slot(object)
    def _take(self, found: Found) -> None:
        self._own, self._taken, choice = found.recipes, found.taken, found.choice
        if not found.by_user and self._last_chosen in self._own and not self.is_edited and self.name == FIRST:
            choice = self._last_chosen
        self.recipes_changed.emit()
        if isinstance(choice, Recipe):
            self.use(choice)
        elif choice is not None or self.name not in self.recipes:
            self.choose(choice if choice in self.recipes else FIRST)
        if found.by_user:
            self.kept.emit()

    def _update(self) -> None:
        self._compute()
        self.changed.emit()

    def _compute(self) -> None:
        """Once for each change: every row of the form looks at both."""
        images = self._training_images
        self._original = self._base if self.is_own or images is None else fitted(self._base, images)
        recipe = self._original.changed(self._values)
        if self._layers is not None and recipe.network.shape == LAYERS:  # else they wait until they are wanted again
            recipe = replace(recipe, network=replace(recipe.network, layers=self._layers))
        self._recipe = recipe
