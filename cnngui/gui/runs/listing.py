"""Reads the list of runs beside the window, and again while any of them is being trained."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from cnngui import paths
from cnngui.core.errors import UserError
from cnngui.core.progress import ShouldStop
from cnngui.core.runs.folder import MODEL
from cnngui.core.runs.known import KnownRuns
from cnngui.core.runs.library import ListedRun, Status, describe, list_runs, model_name
from cnngui.gui.common.worker import LatestTask

REFRESH_MS = 2000


@dataclass(frozen=True)
class Listed:
    """The runs, and why the user's own cannot be listed, or ""."""

    runs: tuple[ListedRun, ...]
    problem: str


class Listing(QObject):
    """Reads when it is asked to. others: the models and runs outside the user's folder that are listed, too.

    read: a Listed. While one of the runs is being trained, or cannot be reached, it is read again every two seconds, as
    long as ``is_wanted`` says so.
    """

    read = Signal(object)

    def __init__(
        self,
        runs_dir: Path,
        others: Callable[[], Sequence[Path]],
        is_wanted: Callable[[], bool],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._runs_dir, self._others, self._is_wanted = runs_dir, others, is_wanted
        self._known = KnownRuns()
        self._task = LatestTask(self)
        self._timer = QTimer(self, singleShot=True, interval=REFRESH_MS)
        self._timer.timeout.connect(self.refresh)

    @Slot()
    def refresh(self) -> None:
        """Read the list, if it is wanted."""
        if not self._is_wanted():
            return
        folder, others, known = self._runs_dir, tuple(self._others()), self._known
        self._task.do(lambda _report, should_stop: _list(folder, others, known, should_stop), self._take)

    def stop(self) -> None:
        """Wait until nothing is being read."""
        self._timer.stop()
        self._task.stop()

    def _take(self, listed: Listed) -> None:
        self.read.emit(listed)
        if any(run.status == Status.RUNNING or _is_unreachable(run) for run in listed.runs):
            self._timer.start()


def _list(folder: Path, others: Sequence[Path], known: KnownRuns, should_stop: ShouldStop) -> Listed:
    """The shipped model, those elsewhere, and the user's own runs."""
    problem, kept = "", list[ListedRun]()
    try:
        kept = list_runs(folder, describe=known.describe, should_stop=should_stop)
    except UserError as error:
        problem = str(error)
    shipped, listed = paths.shipped_model(), {run.path for run in kept}
    found = [_describe(path) for path in dict.fromkeys((shipped, *others)) if path not in listed]
    return Listed((*(run for run in found if run is not None), *kept), problem)


def _describe(path: Path) -> ListedRun | None:
    """A model or a run elsewhere; a run that has gone stays listed, since it may come back."""
    found = describe(path, model_name(path))
    if found is not None or path.name != MODEL:
        return found
    problem = f"{path.parent} cannot be reached. Connect its drive, or remove it from the list."
    return ListedRun(path, model_name(path), False, 0.0, None, problem, has_model=False)


def _is_unreachable(run: ListedRun) -> bool:
    return not run.has_model and run.record is None
