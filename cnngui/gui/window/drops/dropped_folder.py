"""A folder that is dropped on the window: a run, a search, a model, data to train on, or pictures."""

from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from cnngui.core.data import image_folder
from cnngui.core.errors import UserError
from cnngui.core.models.opening.other_kinds import model_in
from cnngui.core.progress import ShouldStop
from cnngui.core.runs.folder import is_run
from cnngui.core.search.folder import is_search
from cnngui.gui.common.worker import Deliver, LatestTask


@dataclass(frozen=True)
class FolderContent:
    """What a folder holds. classes: how many it has as a data set, 0 if it is none or nobody wants to know.

    model: the model that it holds, or that it is: a SavedModel, which only other programs open.
    """

    is_run: bool = False
    classes: int = 0
    is_search: bool = False
    model: Path | None = None


class DroppedFolder(QObject):
    """Looks into a folder, in the background; no picture is read. found: the folder and its FolderContent."""

    found = Signal(object, object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._task = LatestTask(self)

    def look_at(self, folder: Path, *, as_data: bool) -> None:
        """Look into this folder. What was asked for before is given up. as_data: whether to count its classes."""
        self._task.do(partial(_look, folder, as_data), lambda content: self.found.emit(folder, content))

    def stop(self) -> None:
        """Give up, and wait until nothing runs."""
        self._task.stop()


def _look(folder: Path, as_data: bool, _report: Deliver, should_stop: ShouldStop) -> FolderContent:
    if is_search(folder):
        return FolderContent(is_search=True)
    if is_run(folder):
        return FolderContent(is_run=True)
    with suppress(OSError):
        if (model := model_in(folder)) is not None:
            return FolderContent(model=model)
    if not as_data:
        return FolderContent()
    try:
        return FolderContent(classes=len(image_folder.layout_of(image_folder.listing(folder, should_stop)).classes))
    except UserError:
        return FolderContent()
