"""Watches a search on which this window does not work."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, Signal, Slot

from cnngui.core.errors import UserError
from cnngui.core.progress import ShouldStop
from cnngui.core.search.following import Seen, follow
from cnngui.core.search.going_on import place_of
from cnngui.core.search.storage import Place
from cnngui.gui.common.worker import Deliver, Task

Where = Callable[[], tuple[Place, str]]
"""Where a search is noted, and its name. It may read a folder: call it in a worker."""


class Follower(QObject):
    """Reads a search every few seconds, beside the window.

    seen: a Seen, whenever it has changed. failed: a UserError; nothing is followed any more. changed: what is followed.
    """

    seen = Signal(object)
    failed = Signal(object)
    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.title = ""  # of what is followed; "" for nothing
        self.folder: Path | None = None  # of the search, if it is in a folder
        self._wanted: Where | None = None
        self._task = Task(self)
        self._task.finished.connect(self._begin)

    def follow_folder(self, folder: Path, known_server: str) -> None:
        """Follow the search in a folder, in place of the one before; on a server only if it is this one."""
        self._follow(folder.name, folder, lambda: place_of(folder, known_server))

    def follow_server(self, place: Place, name: str) -> None:
        """Follow the search of this name on a server, in place of the one before."""
        self._follow(f"{name} on {place.shown}", None, lambda: (place, name))

    @Slot()
    def end(self) -> None:
        """Follow nothing any more."""
        self._wanted, self.title, self.folder = None, "", None
        self._task.abandon()
        self.changed.emit()

    def stop(self) -> None:
        """Wait until nothing is read: the window closes."""
        self._wanted = None
        self._task.leave()

    def _follow(self, title: str, folder: Path | None, where: Where) -> None:
        self._wanted, self.title, self.folder = where, title, folder
        self._task.abandon()
        self.changed.emit()
        self._begin()

    @Slot()
    def _begin(self) -> None:
        if self._wanted is None or self._task.is_running:
            return
        where, self._wanted = self._wanted, None

        def work(report: Deliver, should_stop: ShouldStop) -> None:
            import pyqtgraph  # noqa: F401  # the plot needs it; imported here, it does not hold up the window

            follow(*where(), seen=report, should_stop=should_stop)

        self._task.start(work, progressed=self._take, failed=self._fail)

    def _take(self, value: Seen) -> None:
        self.seen.emit(value)

    def _fail(self, error: UserError) -> None:
        self.end()
        self.failed.emit(error)
