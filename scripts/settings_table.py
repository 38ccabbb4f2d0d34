"""Prints the table of all settings in docs/recipes.md, from their definitions: python scripts/settings_table.py."""

from collections.abc import Iterator

from cnngui.core.recipes.layers import LAYERS
from cnngui.core.recipes.presets import STANDARD
from cnngui.core.recipes.recipe import SETTINGS
from cnngui.core.recipes.setting import Setting, settings_of
from cnngui.core.search import space


def table() -> str:
    """The table of the settings, as Markdown."""
    head = ["| setting | values | standard | varies in a search | what it is |", "|---|---|---|---|---|"]
    rows = (
        f"| `{path}` | {_values(setting)} | {setting.write(setting.default)} | {_usual(path)} | {setting.sentence} |"
        for path, setting in SETTINGS.items()
    )
    return "\n".join([*head, *rows])


def layer_table() -> str:
    """The table of the layers, as Markdown."""
    head = ["| kind | settings | what it does |", "|---|---|---|"]
    rows = (f"| `{kind}` | {', '.join(_of_layer(layer)) or '–'} | {layer.sentence} |" for kind, layer in LAYERS.items())
    return "\n".join([*head, *rows])


def _usual(path: str) -> str:
    return space.describe(path, space.usual(path, STANDARD)) if path in space.searchable() else "–"


def _values(setting: Setting) -> str:
    if setting.kind is bool:
        return "true, false"
    if setting.choices is not None:
        return ", ".join(f"`{choice}`" for choice in setting.choices)
    if setting.kind is str:
        return "a text"
    return setting.bounds


def _of_layer(layer: type) -> Iterator[str]:
    for name, setting in settings_of(layer).items():
        yield f"`{name}` ({_values(setting)})"


if __name__ == "__main__":
    print(table(), layer_table(), sep="\n\n")
