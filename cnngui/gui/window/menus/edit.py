"""The Edit menu."""

from functools import partial

from PySide6.QtGui import QKeySequence

from cnngui.gui.common.actions import Action
from cnngui.gui.window.menus.parts import Parts, in_place, only_in

Key = QKeySequence.StandardKey


def edit_menu(parts: Parts) -> list[Action]:
    """The actions of the Edit menu, in its order."""
    predict, state, pictures = parts.predict, parts.predict_state, parts.pictures
    shown = partial(in_place, parts, "predict")

    changer = parts.runs.changer

    def is_selected() -> bool:
        return predict.has_selection

    def is_in_runs() -> bool:
        return parts.places.current == "runs"

    def undo() -> None:
        if is_in_runs():
            changer.undo()
        else:
            shown(state.undo)()

    def undo_text() -> str:
        return "&Undo delete" if is_in_runs() else "&Undo remove"

    def can_undo() -> bool:
        return changer.can_undo if is_in_runs() else state.can_undo

    return [
        Action("undo", undo_text, undo, key=Key.Undo, enabled=can_undo),
        Action("copy", "&Copy answers", pictures.copy, key=Key.Copy, separated=True, enabled=is_selected),
        Action(
            "paste",
            "&Paste",
            parts.paste,
            key=Key.Paste,
            tip="Classify the picture or the files on the clipboard",
        ),
        Action("remove", "&Remove from list", pictures.remove, key=Key.Delete, enabled=is_selected),
        Action(
            "clear",
            "C&lear list",
            state.clear,
            key="Ctrl+L",
            tip="Remove all pictures from the list; their files stay",
            enabled=only_in(parts, "predict", lambda: state.counts.total > 0),
        ),
        Action(
            "find",
            "&Find by name",
            shown(predict.find_by_name),
            key="Ctrl+F",
            separated=True,
            enabled=lambda: state.counts.total > 1,
        ),
        Action(
            "unreadable",
            "&Show unreadable pictures",
            shown(predict.show_unreadable),
            enabled=lambda: state.counts.unreadable > 0,
        ),
        Action(
            "cancel",
            "C&ancel classification",
            state.cancel,
            key="Esc",
            tip="Remove the pictures that still wait",
            enabled=only_in(parts, "predict", lambda: state.can_cancel),
        ),
    ]
