"""The Classes menu."""

from collections.abc import Callable
from functools import partial

from PySide6.QtGui import QKeySequence

from cnngui.gui.classes.webcam import qt_camera
from cnngui.gui.common.actions import Action
from cnngui.gui.window.menus.checks import checks_menu
from cnngui.gui.window.menus.parts import Parts, in_place, only_in


def classes_menu(parts: Parts) -> list[Action]:
    """The actions of the Classes menu, in its order."""
    state, commands, settings = parts.classes_state, parts.classes.commands, parts.settings
    here = partial(only_in, parts, "classes")

    def shown(work: Callable[[], object]) -> Callable[[], None]:
        def run() -> None:
            parts.classes.show_classes()
            work()

        return in_place(parts, "classes", run)

    def exclude_text() -> str:
        return "Us&e for training again" if commands.includes else "&Exclude from training"

    webcam = Action(
        "webcam",
        "&Webcam …",
        shown(parts.classes.webcam.open),
        key="Ctrl+Shift+W",
        tip="Take pictures for this class with a camera",
    )
    return [
        Action(
            "new class",
            "&New class",
            shown(commands.name_class),
            key="Ctrl+Shift+N",
            tip="Type the name of a new class",
        ),
        Action(
            "rename class",
            "&Rename class",
            commands.rename_in_place,
            key="F2",
            tip="Change the name of the class",
            enabled=here(commands.may_change_classes),
        ),
        Action(
            "merge classes",
            "Mer&ge into …",
            commands.merge,
            key="Ctrl+G",
            tip="Give all pictures of the selected classes to another one",
            enabled=here(commands.may_change_classes),
        ),
        Action(
            "remove classes",
            "Remo&ve class",
            commands.remove_classes,
            key="Ctrl+Del",
            tip="Remove the selected classes with their pictures; that can be undone, and then they are in the trash",
            enabled=here(commands.may_change_classes),
        ),
        Action(
            "add pictures",
            "&Add pictures …",
            shown(commands.add_files),
            key="Ctrl+I",
            tip="Choose picture files for this class",
            separated=True,
        ),
        Action(
            "add folder",
            "Add a &folder …",
            shown(commands.add_folder),
            key="Ctrl+Shift+I",
            tip="Choose a folder of pictures for this class",
        ),
        *([webcam] if qt_camera.is_installed() else []),
        Action(
            "refer",
            "&Leave added files where they are",
            commands.toggle_reference,
            tip="Only note where added pictures lie, instead of copying them",
            checked=lambda: settings.refers_to_pictures,
        ),
        Action(
            "move pictures",
            "&Move to class …",
            commands.move,
            key="Ctrl+M",
            tip="Give the selected pictures to another class",
            separated=True,
            enabled=here(lambda: parts.classes.has_selection),
        ),
        Action(
            "exclude pictures",
            exclude_text,
            commands.exclude_or_include,
            key="Ctrl+Shift+E",
            tip="Leave the selected pictures out of trainings, or use them again",
            enabled=here(commands.may_exclude),
        ),
        Action(
            "remove pictures",
            "Remove &pictures",
            commands.remove_pictures,
            key=QKeySequence.StandardKey.Delete,
            tip="Remove the selected pictures; that can be undone, and then they are in the trash",
            enabled=here(lambda: parts.classes.has_selection),
        ),
        Action(
            "train on collection",
            "&Train on these",
            commands.train,
            key="Ctrl+T",
            tip="Choose these classes as the data of a training",
            separated=True,
            enabled=lambda: state.can_train,
        ),
        Action(
            "train again",
            "Train aga&in",
            commands.train_again,
            key="Ctrl+Shift+T",
            tip="Begin with the model of the last run on these classes, now that they are mended",
            enabled=lambda: state.can_train,
        ),
        *checks_menu(parts),
        Action(
            "new collection",
            "New &collection …",
            shown(commands.new_collection),
            key="Ctrl+N",
            tip="Begin a folder of classes",
            separated=True,
        ),
        Action(
            "open collection",
            "&Open a collection …",
            shown(commands.open_collection),
            key="Ctrl+Alt+O",
            tip="Choose a folder that has a folder of pictures for each class",
        ),
        Action(
            "show collection",
            "Show the collection’s fol&der",
            commands.show_folder,
            enabled=lambda: state.folder is not None,
        ),
    ]
