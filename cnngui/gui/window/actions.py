"""Everything that can be done in the window, in one table: its name, key, menu, and when it is enabled."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from PySide6.QtGui import QKeySequence

from cnngui.gui.common.actions import Action
from cnngui.gui.common.settings import APPEARANCES, Settings
from cnngui.gui.common.style import TEXT_SIZES
from cnngui.gui.predict.panel import PredictPanel
from cnngui.gui.predict.picture_actions import PictureActions
from cnngui.gui.predict.samples import shipped_samples
from cnngui.gui.predict.state import PredictState
from cnngui.gui.predict.test_images import TestImages
from cnngui.gui.runs.panel import RunsPanel
from cnngui.gui.train.panel import TrainPanel
from cnngui.gui.train.phases import Phase
from cnngui.gui.train.plot.plot_files import PlotFiles
from cnngui.gui.train.state import TrainState
from cnngui.gui.window.places import Places

Key = QKeySequence.StandardKey


@dataclass(frozen=True)
class Parts:
    """What the actions act on, and what only the window can do."""

    settings: Settings
    places: Places
    predict_state: PredictState
    predict: PredictPanel
    pictures: PictureActions
    test_images: TestImages
    train_state: TrainState
    train: TrainPanel
    plot_files: PlotFiles
    runs: RunsPanel
    classify: Callable[[list[Path]], None]
    classify_test_image: Callable[[], None]
    classify_all_test_images: Callable[[], None]
    paste: Callable[[], None]
    choose_model: Callable[[], None]
    set_appearance: Callable[[str], None]
    set_text_size: Callable[[int], None]
    show_log: Callable[[], None]
    show_about: Callable[[], None]
    show_keys: Callable[[], None]
    show_readme: Callable[[], None]
    show_report: Callable[[], None]
    quit: Callable[[], object]


def table(parts: Parts) -> list[Action]:
    """All actions, in the order of the menus."""
    menus = {"File": _file, "Edit": _edit, "Train": _train, "View": _view, "Help": _help}
    return [
        action if action.menu else replace(action, menu=menu) for menu, make in menus.items() for action in make(parts)
    ]


def _in(parts: Parts, place: str, work: Callable[[], object]) -> Callable[[], None]:
    """Show the place, then do the work there."""

    def run() -> None:
        parts.places.show_place(place)
        work()

    return run


def _only_in(parts: Parts, place: str, condition: Callable[[], bool]) -> Callable[[], bool]:
    """The condition, while the place is shown: what cannot be seen is not changed or saved by a key."""
    return lambda: parts.places.current == place and condition()


def _file(parts: Parts) -> list[Action]:
    predict, pictures, state = parts.predict, parts.pictures, parts.predict_state
    shown = partial(_in, parts, "predict")

    def has_answers() -> bool:
        return state.counts.shown > 0 and state.counts.total > state.counts.waiting

    return [
        Action("open", "&Open pictures …", shown(predict.open_files), key=Key.Open, tip="Choose picture files"),
        Action(
            "open folder",
            "Open a &folder …",
            shown(predict.open_folder),
            key="Ctrl+Shift+F",
            tip="Choose a folder of pictures",
        ),
        *(
            Action(
                f"sample {path.stem}",
                path.stem,
                partial(parts.classify, [path]),
                menu="File/&Sample pictures",
                enabled=lambda: parts.test_images.suits_shipped_samples,
            )
            for path in shipped_samples()
        ),
        Action(
            "test image",
            "Random &test image",
            parts.classify_test_image,
            key="Ctrl+R",
            tip="Classify a random image of the model’s test data and compare with its label",
            enabled=lambda: parts.test_images.is_there,
        ),
        Action(
            "all test images",
            "&All test images",
            parts.classify_all_test_images,
            tip="Classify all images of the model’s test data, the misclassified ones first",
            enabled=lambda: parts.test_images.is_there,
        ),
        Action(
            "open model",
            "Open a &model …",
            parts.choose_model,
            key="Ctrl+Shift+O",
            tip="Choose a .keras file",
            separated=True,
        ),
        Action("save csv", "Save answers as &CSV …", pictures.save_csv, separated=True, enabled=has_answers),
        Action("save json", "Save answers as &JSON …", pictures.save_json, enabled=has_answers),
        Action(
            "save matrix png",
            "Save the confusion matrix as P&NG …",
            pictures.save_matrix_png,
            enabled=lambda: state.pictures.tally.answered > 1,
        ),
        Action(
            "save matrix csv",
            "Save the confusion matrix as CS&V …",
            pictures.save_matrix_csv,
            enabled=lambda: state.pictures.tally.answered > 1,
        ),
        Action(
            "save explanation",
            "Save explained &picture …",
            pictures.save_png,
            enabled=_only_in(parts, "predict", lambda: predict.has_answer_in_view),
        ),
        Action("quit", "&Quit", parts.quit, key="Ctrl+Q", separated=True),  # Qt's standard key is none on some systems
    ]


def _edit(parts: Parts) -> list[Action]:
    predict, state, pictures = parts.predict, parts.predict_state, parts.pictures
    shown = partial(_in, parts, "predict")

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
            enabled=_only_in(parts, "predict", lambda: state.counts.total > 0),
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
            enabled=_only_in(parts, "predict", lambda: state.can_cancel),
        ),
    ]


def _train(parts: Parts) -> list[Action]:
    state, train = parts.train_state, parts.train

    def start_text() -> str:
        return "&Start" if state.can_start else "&Stop and keep"

    def pause_text() -> str:
        return "&Go on" if state.phase == Phase.PAUSED else "&Pause"

    has_curves = _only_in(parts, "train", lambda: train.plot.has_curves)

    def hold_accuracy() -> None:
        parts.settings.holds_accuracy = not parts.settings.holds_accuracy
        train.plot.hold_accuracy(parts.settings.holds_accuracy)

    return [
        Action(
            "start",
            start_text,
            _in(parts, "train", train.start_or_stop),
            key="F5",
            tip="Start a training, or stop it and save the model as it is",
            enabled=lambda: state.can_start or state.can_stop,
        ),
        Action(
            "queue",
            "&Queue",
            _in(parts, "train", train.queue),
            key="Shift+F5",
            tip="Train what the form says once the running training has ended",
            enabled=lambda: state.is_busy,
        ),
        Action(
            "pause",
            pause_text,
            state.pause_or_resume,
            key="F6",
            tip="Wait between two batches, or go on; everything stays in memory",
            enabled=lambda: state.can_pause,
        ),
        Action(
            "longer",
            "Train &longer …",
            _in(parts, "train", train.ask_for_more_epochs),
            tip="Add epochs to the running training",
            enabled=lambda: state.can_pause,
        ),
        Action(
            "discard",
            "&Discard",
            _in(parts, "train", state.discard),
            tip="Stop the training and make no model of it; its run goes to the trash",
            enabled=lambda: state.can_stop,
        ),
        Action(
            "reset zoom",
            "Show the &whole curves",
            train.plot.reset_zoom,
            key="Ctrl+Shift+W",
            tip="Undo the zoom",
            separated=True,
            enabled=has_curves,
        ),
        Action(
            "hold accuracy",
            "&Accuracy from 0 to 100 %",
            hold_accuracy,
            tip="Let the axis of the accuracy always show 0–100 %",
            checked=lambda: parts.settings.holds_accuracy,
        ),
        Action(
            "save plot",
            "Save the &plot …",
            parts.plot_files.save_plot,
            key="Ctrl+S",
            tip="As PNG or SVG, by the name’s ending",
            separated=True,
            enabled=has_curves,
        ),
        Action(
            "save curves",
            "Save the curves as &CSV …",
            parts.plot_files.save_csv,
            key="Ctrl+Shift+S",
            enabled=has_curves,
        ),
        Action("show runs", "Show the runs’ &folder", parts.runs.commands.show_runs, separated=True),
    ]


def _view(parts: Parts) -> list[Action]:
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
        place("train", "&Train", "Ctrl+2", "Train a network"),
        place("runs", "&Runs", "Ctrl+3", "Show all runs and their models"),
        Action(
            "explain",
            "&Explain the answer",
            predict.explain,
            key="Ctrl+E",
            tip="Show which parts of the picture speak for a class; click a bar for another class",
            separated=True,
            enabled=_only_in(parts, "predict", lambda: predict.has_answer_in_view),
            checked=lambda: predict.is_explaining,
        ),
        Action(
            "reveal",
            "Show in &folder",
            parts.pictures.reveal,
            enabled=_only_in(parts, "predict", lambda: predict.has_file_in_view),
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


def _help(parts: Parts) -> list[Action]:
    return [
        Action("keys", "&Keys", parts.show_keys, key="F1", tip="Show all keys"),
        Action("readme", "&Read me", parts.show_readme),
        Action("report", "&Report a problem", parts.show_report, separated=True),
        Action("log", "Show the &log", parts.show_log),
        Action("about", "&About cnngui", parts.show_about),
    ]
