"""What can be done with the selected runs, in one table."""

from PySide6.QtGui import QKeySequence

from cnngui.gui.common.actions import Action
from cnngui.gui.runs.commands import RunCommands

MAIN = ("use", "continue", "train longer", "show curves", "delete")
"""The actions that have a button; the others are in the menu “More” and in the context menu."""


def table(commands: RunCommands) -> list[Action]:
    """The actions, in the order of the buttons and the menu."""

    def one() -> bool:
        return commands.current is not None

    def archive_text() -> str:
        return (
            "Bring &back" if commands.selected and all(run.notes.archived for run in commands.selected) else "&Archive"
        )

    def pin_text() -> str:
        return "Unpin the &baseline" if commands.is_baseline else "Pin as &baseline"

    return [
        Action(
            "use",
            "&Use",
            commands.use,
            key="Enter",
            other_keys=("Return",),
            tip="Predict with this model",
            enabled=commands.may_use,
        ),
        Action(
            "continue",
            "&Continue",
            commands.ask_to_continue,
            tip="Go on exactly from its newest checkpoint",
            enabled=lambda: commands.current is not None and commands.current.can_continue,
        ),
        Action(
            "train longer",
            "Train &longer …",
            commands.ask_to_train_longer,
            tip="Train it for more epochs",
            enabled=lambda: commands.current is not None and commands.current.can_train_longer,
        ),
        Action(
            "show curves",
            "&Show curves",
            commands.ask_for_curves,
            tip="Show loss and accuracy of its training in the Train half",
            enabled=lambda: (
                commands.current is not None and bool(commands.current.training and commands.current.history)
            ),
        ),
        Action(
            "report",
            "Save as a &page …",
            commands.ask_for_report,
            tip="Save its recipe, its curves and its result as one HTML page",
            enabled=lambda: commands.current is not None and commands.current.recipe is not None,
        ),
        Action(
            "export",
            "E&xport …",
            commands.ask_for_export,
            tip="Write the model for other programs: LiteRT, ONNX, SavedModel, Keras",
            enabled=commands.may_use,
        ),
        Action(
            "make default",
            "&Make default",
            commands.make_default,
            tip="Open this model at every start",
            enabled=commands.may_be_default,
        ),
        Action("pin", pin_text, commands.pin, tip="Compare the others with this run", enabled=one, separated=True),
        Action("archive", archive_text, commands.archive, tip="Hide it from the list", enabled=commands.may_change),
        Action("rename", "&Rename", commands.rename, key="F2", tip="Change its name", enabled=commands.may_rename),
        Action(
            "show folder",
            "Show in &folder",
            commands.show_folder,
            tip="Open its folder in the file manager",
            enabled=one,
        ),
        Action(
            "remove",
            "Re&move from the list",
            commands.remove_from_list,
            tip="List this run no more; its files stay",
            enabled=commands.may_remove,
        ),
        Action(
            "delete",
            "&Delete",
            commands.delete,
            key=QKeySequence.StandardKey.Delete,
            tip="Delete it; that can be undone, and then it is in the trash",
            enabled=commands.may_change,
            separated=True,
        ),
    ]
