"""Finds the searches on a server."""

from PySide6.QtCore import QObject, Signal

from cnngui.core.errors import UserError
from cnngui.core.progress import ShouldStop
from cnngui.core.search.following import searches_at
from cnngui.core.search.storage import Place, with_password
from cnngui.core.search.study import Named
from cnngui.gui.common.worker import Deliver, Task


class SearchFinder(QObject):
    """Asks one server at a time, beside the window. changed: whether it asks, or what it has found.

    place: of what it has found; its password is kept in memory alone. problem: why it has found nothing.
    """

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.place: Place | None = None
        self.searches: tuple[Named, ...] = ()
        self.problem = ""
        self._task = Task(self)
        self._task.finished.connect(self.changed)

    @property
    def is_asking(self) -> bool:
        """Whether a server has been asked and has not answered."""
        return self._task.is_running

    def ask(self, address: str, user: str, password: str) -> None:
        """Ask this server, unless one is being asked.

        user, password: "" for those of the address, or those that the computer has for it.
        """
        if self.is_asking:
            return
        self.place, self.searches, self.problem = None, (), ""

        def work(_report: Deliver, should_stop: ShouldStop) -> tuple[Place, tuple[Named, ...]]:
            place = with_password(address, user, password)
            return place, searches_at(place, should_stop)

        self._task.start(work, succeeded=self._take, failed=self._fail)
        self.changed.emit()

    def stop(self) -> None:
        """Ask no more, and wait until nothing runs or it hangs."""
        self._task.leave()

    def _take(self, found: tuple[Place, tuple[Named, ...]]) -> None:
        self.place, self.searches = found
        if not self.searches:
            self.problem = "There are no searches on this server yet."

    def _fail(self, error: UserError) -> None:
        self.problem = str(error)
