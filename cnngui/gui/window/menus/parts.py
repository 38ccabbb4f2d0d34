"""What the actions act on, and where they can be done."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from cnngui.core.device import Devices
from cnngui.gui.classes.audit.state import AuditState
from cnngui.gui.classes.panel import ClassesPanel
from cnngui.gui.classes.state import ClassesState
from cnngui.gui.common.settings import Settings
from cnngui.gui.predict.panel import PredictPanel
from cnngui.gui.predict.picture_actions import PictureActions
from cnngui.gui.predict.state import PredictState
from cnngui.gui.predict.test_images import TestImages
from cnngui.gui.runs.panel import RunsPanel
from cnngui.gui.train.panel import TrainPanel
from cnngui.gui.train.plot.plot_files import PlotFiles
from cnngui.gui.train.state import TrainState
from cnngui.gui.window.places import Places


@dataclass(frozen=True)
class Parts:
    """What the actions act on, and what only the window can do.

    gpus: how many there are; 0 until the first model is open.
    """

    settings: Settings
    places: Places
    predict_state: PredictState
    predict: PredictPanel
    pictures: PictureActions
    test_images: TestImages
    classes_state: ClassesState
    classes: ClassesPanel
    audit: AuditState
    train_state: TrainState
    train: TrainPanel
    plot_files: PlotFiles
    runs: RunsPanel
    classify: Callable[[list[Path]], None]
    classify_test_image: Callable[[], None]
    classify_all_test_images: Callable[[], None]
    add_to_class: Callable[[], None]
    paste: Callable[[], None]
    choose_model: Callable[[], None]
    export_model: Callable[[], None]
    has_model: Callable[[], bool]
    gpus: Callable[[], int]
    train_on: Callable[[Devices], None]
    set_appearance: Callable[[str], None]
    set_text_size: Callable[[int], None]
    show_log: Callable[[], None]
    show_about: Callable[[], None]
    show_keys: Callable[[], None]
    show_readme: Callable[[], None]
    show_report: Callable[[], None]
    quit: Callable[[], object]


def in_place(parts: Parts, place: str, work: Callable[[], object]) -> Callable[[], None]:
    """Show the place, then do the work there."""

    def run() -> None:
        parts.places.show_place(place)
        work()

    return run


def only_in(parts: Parts, place: str, condition: Callable[[], bool]) -> Callable[[], bool]:
    """The condition, while the place is shown: what cannot be seen is not changed or saved by a key."""
    return lambda: parts.places.current == place and condition()
