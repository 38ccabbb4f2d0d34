"""The View menu."""

from collections.abc import Callable
from functools import partial

from cnngui.gui.common.actions import Action
from cnngui.gui.common.settings import APPEARANCES
from cnngui.gui.common.style import TEXT_SIZES
from cnngui.gui.window.menus.parts import Parts, only_in


def view_menu(parts: Parts) -> list[Action]:
    """The actions of the View menu, in its order."""
    predict, places, settings = parts.predict, parts.places, parts.settings

    def place(name: str, text: str, key: str, tip: str) -> Action:
        return Action(
            f"place {name}",
            text,
            partial(places.show_place, name),
            key=key,
            tip=tip,
            checked=lambda: places.current == name,
            group="places",
        )

    def appearance(name: str, text: str) -> Action:
        return Action(
            f"appearance {name}",
            text,
            partial(parts.set_appearance, name),
            separated=name == APPEARANCES[0],
            checked=lambda: settings.appearance == name,
            group="appearance",
        )

    def resize(by: int) -> Callable[[], None]:
        return lambda: parts.set_text_size(TEXT_SIZES[TEXT_SIZES.index(settings.text_size) + by])

    return [
        place("predict", "&Predict", "Ctrl+1", "Classify pictures"),
        place("classes", "&Classes", "Ctrl+2", "Collect pictures of your own"),
        place("train", "&Train", "Ctrl+3", "Train a network"),
        place("runs", "&Runs", "Ctrl+4", "Show all runs and their models"),
        Action(
            "explain",
            "&Explain the answer",
            predict.explain,
            key="Ctrl+E",
            tip="Show which parts of the picture speak for a class; click a bar for another class",
            separated=True,
            enabled=only_in(parts, "predict", lambda: predict.has_answer_in_view),
            checked=lambda: predict.is_explaining,
        ),
        Action(
            "reveal",
            "Show in &folder",
            parts.pictures.reveal,
            enabled=only_in(parts, "predict", lambda: predict.has_file_in_view),
        ),
        Action(
            "larger text",
            "Lar&ger text",
            resize(1),
            key="Ctrl++",
            other_keys=("Ctrl+=",),  # where + needs Shift
            separated=True,
            enabled=lambda: settings.text_size < TEXT_SIZES[-1],
        ),
        Action(
            "smaller text",
            "S&maller text",
            resize(-1),
            key="Ctrl+-",
            enabled=lambda: settings.text_size > TEXT_SIZES[0],
        ),
        Action(
            "normal text",
            "&Normal text size",
            partial(parts.set_text_size, 100),
            key="Ctrl+0",
            enabled=lambda: settings.text_size != 100,
        ),
        appearance("system", "&Same as system"),
        appearance("light", "&Light"),
        appearance("dark", "&Dark"),
    ]
