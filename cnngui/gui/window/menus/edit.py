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

    changer, classes, places = parts.runs.changer, parts.classes_state, parts.places
    checker = parts.audit.checker

    def is_selected() -> bool:
        return predict.has_selection

    def undo() -> None:
        match places.current:
            case "runs":
                changer.undo()
            case "classes":
                classes.undo()
            case _:
                shown(state.undo)()

    def undo_text() -> str:
        titles = {"runs": "delete", "classes": classes.undo_title}
        return f"&Undo {titles.get(places.current, 'remove')}".rstrip()

    def can_undo() -> bool:
        possible = {"runs": changer.can_undo, "classes": classes.can_undo}
        return possible.get(places.current, state.can_undo)

    def cancel() -> None:
        match places.current:
            case "classes" if classes.is_busy:
                classes.cancel()
            case "classes":
                checker.cancel()
            case _:
                state.cancel()

    def can_cancel() -> bool:
        is_checking = classes.is_busy or checker.is_running
        return {"classes": is_checking, "predict": state.can_cancel}.get(places.current, False)

    return [
        Action("undo", undo_text, undo, key=Key.Undo, enabled=can_undo),
        Action("copy", "&Copy answers", pictures.copy, key=Key.Copy, separated=True, enabled=is_selected),
        Action(
            "paste",
            "&Paste",
            parts.paste,
            key=Key.Paste,
            tip="Classify the picture or the files on the clipboard, or add them to the class that is shown",
        ),
        Action(
            "add to class",
            "Add to c&lass …",
            parts.add_to_class,
            key="Ctrl+K",
            tip="Put the selected pictures into a class of your own",
            enabled=is_selected,
        ),
        Action("remove", "&Remove from list", pictures.remove, key=Key.Delete, enabled=is_selected),
        Action(
            "clear",
            "Cl&ear list",
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
            "C&ancel",
            cancel,
            key="Esc",
            tip="Give up what is being classified or copied",
            enabled=can_cancel,
        ),
    ]
