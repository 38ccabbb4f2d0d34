"""Reads the curves of runs beside the window, and again while the runs are trained."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from cnngui.core.errors import Stopped, UserError
from cnngui.core.progress import ShouldStop
from cnngui.core.runs.folder import BATCHES, HISTORY, MODEL
from cnngui.core.runs.history import History, no_batches, read_history
from cnngui.core.runs.library import ListedRun, Status
from cnngui.gui.common.words import duration
from cnngui.gui.common.worker import Deliver, LatestTask, Work
from cnngui.gui.runs.compare.curves.series import RunCurves, make_curves

EVERY_MS = 1500  # between two looks at the runs that are being trained
SILENT_SECONDS = 6.0  # after so long without an answer, a folder counts as out of reach
KEPT = 100  # runs whose curves stay in memory

Signature = tuple[tuple[int, int], ...]
"""The time of the last change and the size of each file."""


@dataclass(frozen=True, eq=False)
class Reading:
    """What came of reading a run. curves: None if there is nothing new or it could not be read.

    problem: a sentence why it could not, or "". signature: of what was read.
    """

    path: Path
    curves: RunCurves | None = None
    signature: Signature = ()
    problem: str = ""
    is_gone: bool = False


@dataclass
class _Known:
    """What is known of a run's curves. read: when it was last read, by the monotonic clock."""

    curves: RunCurves | None = None
    signature: Signature | None = None
    problem: str = ""
    is_gone: bool = False
    read: float = 0.0


class CurveFollower(QObject):
    """Holds the curves of the runs that are compared, as they were last read.

    Runs that lie beside each other have one reader, so that a slow place holds up no other.
    changed: there are other curves. told: there may be something else to say of them.
    """

    changed = Signal()
    told = Signal()

    def __init__(self, parent: QObject | None = None, clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__(parent)
        self._clock = clock
        self._runs: tuple[ListedRun, ...] = ()
        self._known: dict[Path, _Known] = {}
        self._readers: dict[Path, LatestTask] = {}
        self._asked: dict[Path, float] = {}  # when a reader that has not answered yet was asked
        self._timer = QTimer(self, interval=EVERY_MS)
        self._timer.timeout.connect(self.look)

    def follow(self, runs: Sequence[ListedRun]) -> None:
        """Read these runs, and from now on those of them that change."""
        self._runs = tuple(runs)
        for path in [path for path in self._known if path not in {run.path for run in runs}][:-KEPT]:
            del self._known[path]
        self._read(self._runs)

    def set_awake(self, is_awake: bool) -> None:
        """Look for news regularly, or never: the curves are hidden."""
        if is_awake:
            self._read(self._runs)
            self._timer.start()
        else:
            self._timer.stop()

    def curves(self, path: Path) -> RunCurves | None:
        """A run's curves; None before they are read."""
        known = self._known.get(path)
        return known.curves if known else None

    def trouble(self, path: Path) -> str:
        """Why a run's curves are missing or may be old; "" if they are as they should be."""
        known = self._known.get(path)
        now = self._clock()
        asked = self._asked.get(path.parent.parent)
        is_silent = asked is not None and now - asked > SILENT_SECONDS
        if known is None:
            return "cannot be reached" if is_silent else ""
        if known.is_gone or (is_silent and known.read < (asked or 0)):
            is_read = known.curves is not None
            return "cannot be reached" + (f"; last read {duration(now - known.read)} ago" if is_read else "")
        return known.problem

    def stop(self) -> None:
        """Wait until nothing is being read, and read nothing any more."""
        self._timer.stop()
        for reader in self._readers.values():
            reader.abandon()
        for reader in self._readers.values():
            reader.stop()

    @Slot()
    def look(self) -> None:
        """Read again what may have changed, unless that is still being read."""
        changing = [run for run in self._runs if run.status == Status.RUNNING or self.trouble(run.path)]
        self._read([run for run in changing if run.path.parent.parent not in self._asked])
        if changing:
            self.told.emit()

    def _read(self, runs: Sequence[ListedRun]) -> None:
        for place in dict.fromkeys(run.path.parent.parent for run in runs):
            here = [run for run in runs if run.path.parent.parent == place]
            wanted = [(run, known.signature if (known := self._known.get(run.path)) else None) for run in here]
            if place not in self._readers:
                self._readers[place] = LatestTask(self)
            self._asked.setdefault(place, self._clock())
            self._readers[place].do(_work(wanted), partial(self._take, place), partial(self._give_up, place))

    def _give_up(self, place: Path) -> None:
        """Its reader broke: it answered, so that it can be asked again."""
        self._asked.pop(place, None)
        self.told.emit()

    def _take(self, place: Path, readings: Sequence[Reading]) -> None:
        self._asked.pop(place, None)
        is_new = False
        for reading in readings:
            known = self._known.setdefault(reading.path, _Known())
            known.problem, known.is_gone = reading.problem, reading.is_gone
            if not reading.problem:
                known.read = self._clock()
            if reading.curves is not None:
                known.curves, known.signature = reading.curves, reading.signature
                is_new = True
        if is_new:
            self.changed.emit()
        self.told.emit()


def _work(wanted: Sequence[tuple[ListedRun, Signature | None]]) -> Work:
    def work(_report: Deliver, should_stop: ShouldStop) -> tuple[Reading, ...]:
        import pyqtgraph  # noqa: F401  # the graphs need it; imported here, it does not hold up the window

        return read_all(wanted, should_stop)

    return work


def read_all(wanted: Sequence[tuple[ListedRun, Signature | None]], should_stop: ShouldStop) -> tuple[Reading, ...]:
    """Read each run whose files have another signature than the given one. Raises Stopped."""
    readings = []
    for run, signature in wanted:
        if should_stop():
            raise Stopped
        readings.append(read(run, signature))
    return tuple(readings)


def read(run: ListedRun, known: Signature | None) -> Reading:
    """Read the run's curves, unless the files still have the known signature."""
    try:
        run.folder.stat()
        found = _signature(run)
        if found == known:
            return Reading(run.path)
        history = read_history(run.folder) if run.path.name == MODEL else History((), no_batches())
    except OSError:
        return Reading(run.path, problem="cannot be reached", is_gone=True)
    except UserError as error:
        return Reading(run.path, problem=str(error), is_gone=isinstance(error.__cause__, OSError))
    if known and not found:  # such as the empty folder where another computer's was mounted
        return Reading(run.path, problem="cannot be reached", is_gone=True)
    history = history if history.epochs else History(run.history, history.batches)
    return Reading(run.path, make_curves(history, run.recipe, run.images.get("training")), found)


def _signature(run: ListedRun) -> Signature:
    """Of the files with the curves; () if there are none. Raises OSError."""
    found = []
    for name in (HISTORY, BATCHES) if run.path.name == MODEL else ():
        try:
            stat = (run.folder / name).stat()
        except FileNotFoundError:
            continue
        found.append((stat.st_mtime_ns, stat.st_size))
    return tuple(found)
