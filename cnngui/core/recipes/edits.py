"""In words, how a recipe differs from what it was made from."""

from collections.abc import Collection

from cnngui.core.recipes.fitting import fitted
from cnngui.core.recipes.presets import PRESETS
from cnngui.core.recipes.recipe import SETTINGS, Recipe, find

MOST_TOLD = 3


def edits(recipe: Recipe, original: Recipe) -> tuple[str, ...]:
    """Each setting that has another value, as in "dropout 0.3" or "no horizontal flip"."""
    changed = [path for path in SETTINGS if recipe.value(path) != original.value(path)]
    words = [_words(recipe, path) for path in changed]
    if recipe.network.layers != original.network.layers and "network.shape" not in changed:
        words.append("other layers")
    return tuple(words)


def long_title(recipe: Recipe, original: Recipe) -> str:
    """The recipe's name and its edits, or that it is edited if there are many: "standard, dropout 0.3"."""
    found = edits(recipe, original)
    return ", ".join([recipe.name, *(found if len(found) <= MOST_TOLD else ["edited"])])


def title(recipe: Recipe, training_images: int, fit: Collection[str] = ()) -> str:
    """The recipe's name and, if it is an edited preset, that it is: "standard, edited".

    training_images: how many it was fitted to; 0 if unknown. fit: the settings that followed the data.
    """
    preset = PRESETS.get(recipe.name)
    if preset is None:
        return recipe.name
    plain = recipe.changed({path: preset.value(path) for path in map(find, fit)})
    originals = [preset, fitted(preset, training_images)] if training_images else [preset]
    is_edited = all(edits(each, original) for original in originals for each in (recipe, plain))
    return f"{recipe.name}, edited" if is_edited else recipe.name


def _words(recipe: Recipe, path: str) -> str:
    setting, value = SETTINGS[path], recipe.value(path)
    label = setting.label if any(letter.isupper() for letter in setting.label[1:]) else setting.label.lower()
    if isinstance(value, bool):
        return label if value else f"no {label}"
    written = setting.write(value)
    if setting.choices is None:
        return f"{label} {written}"
    return written if path == "network.shape" else f"{label} ({written})"
