"""A folder that is dropped on the Train half: the data, if it has classes."""

from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from cnngui.core.data import image_folder
from cnngui.core.errors import UserError
from cnngui.core.progress import ShouldStop
from cnngui.gui.common.worker import Deliver, LatestTask


class DroppedFolder(QObject):
    """Counts the classes of a folder, in the background; no picture is read.

    found: the folder and the number of its classes, 0 if it is no data set.
    """

    found = Signal(object, int)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._task = LatestTask(self)

    def look_at(self, folder: Path) -> None:
        """Count the classes of this folder. What was asked for before is given up."""
        self._task.do(partial(_count, folder), lambda count: self.found.emit(folder, count))

    def stop(self) -> None:
        """Give up, and wait until nothing runs."""
        self._task.stop()


def _count(folder: Path, _report: Deliver, should_stop: ShouldStop) -> int:
    try:
        return len(image_folder.layout_of(image_folder.listing(folder, should_stop)).classes)
    except UserError:
        return 0
