"""The search that this window works on, without any widget."""

import gc
import math
import time
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, Signal, Slot

from cnngui.core.errors import Stopped
from cnngui.core.progress import ShouldStop
from cnngui.core.search import search
from cnngui.core.search.control import SearchControl
from cnngui.core.search.search import Search
from cnngui.core.search.worker import Budget
from cnngui.gui.common.worker import Deliver, Task
from cnngui.gui.train.search.endings import (
    NotBegun,
    SearchBroken,
    Searched,
    SearchEnding,
    SearchPhase,
    TrialBegan,
)
from cnngui.gui.train.search.telling import Teller, Told


class SearchState(QObject):
    """Works on one search at a time.

    phase_changed: a SearchPhase. progressed: what the trials report, or a TrialBegan. seen: a Seen. ended: a
    SearchEnding.
    """

    phase_changed = Signal(object)
    progressed = Signal(object)
    seen = Signal(object)
    ended = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.phase = SearchPhase.IDLE
        self.folder: Path | None = None  # of the search that was begun last
        self.trial: TrialBegan | None = None  # that is being trained
        self.budget = Budget()  # of that search, in all
        self._make: Callable[[], Search] | None = None
        self._until = math.inf  # by the monotonic clock, without pauses: the end of the budget's time
        self._control = SearchControl()
        self._ending: SearchEnding = NotBegun()
        self._task = Task(self)
        self._task.finished.connect(self._finished)

    @property
    def is_busy(self) -> bool:
        """Whether a search is going on."""
        return self.phase != SearchPhase.IDLE

    @property
    def can_stop(self) -> bool:
        """Whether a stop has an effect."""
        return self.phase in (SearchPhase.PREPARING, SearchPhase.RUNNING, SearchPhase.PAUSED)

    @property
    def can_pause(self) -> bool:
        """Whether it can be paused, or go on after a pause."""
        return self.phase in (SearchPhase.RUNNING, SearchPhase.PAUSED)

    @property
    def seconds_left(self) -> float | None:
        """Of the budget's time; None if time is no matter."""
        left = self._until + self._control.paused_seconds - time.monotonic()
        return max(0.0, left) if math.isfinite(left) else None

    def start(self, folder: Path, make: Callable[[], Search]) -> None:
        """Work on the search in this folder; none may be going on. make: tells what it is, in the worker."""
        self.folder, self._make, self.trial = folder, make, None
        self._control, self._until = SearchControl(), math.inf
        control = self._control
        gc.collect()  # frees the network of the training before, which is full of reference cycles

        def work(report: Deliver, should_stop: ShouldStop) -> SearchEnding:
            import pyqtgraph  # noqa: F401  # the plot needs it; imported here, it does not hold up the window

            what = make()
            report(what)
            with Teller(what, report, should_stop) as teller:
                try:
                    standing = search.search(
                        what, progress=report, should_stop=should_stop, control=control, changed=teller.tell
                    )
                except Stopped:
                    return NotBegun()
                teller.tell(standing, is_last=True)
                return Searched(standing, should_stop())

        self._enter(SearchPhase.PREPARING)
        self._task.start(
            work,
            progressed=self._take,
            succeeded=self._note,
            failed=self._note,
            broken=lambda: self._note(SearchBroken()),
        )

    def start_again(self) -> None:
        """Go on with the search that has ended last, with the same budget in all."""
        if self.folder is not None and self._make is not None and not self.is_busy:
            self.start(self.folder, self._make)

    @Slot()
    def pause_or_resume(self) -> None:
        """Let the trial wait between two batches, or go on."""
        if self.phase == SearchPhase.PAUSED:
            self._control.resume()
            self._enter(SearchPhase.RUNNING)
        elif self.phase == SearchPhase.RUNNING:
            self._control.pause()
            self._enter(SearchPhase.PAUSED)

    @Slot()
    def stop(self) -> None:
        """End the search within a batch. Its trial goes on when the search does."""
        if self.can_stop:
            self._enter(SearchPhase.STOPPING)
            self._task.stop()

    def wait(self) -> None:
        """Wait until the search that was asked to end has ended."""
        self._task.wait()

    def _take(self, value: object) -> None:
        match value:
            case Search():
                self.budget = value.budget
                self._make = lambda: value  # to go on with the same budget
            case Told():
                self._until = value.until
                self.seen.emit(value.seen)
            case TrialBegan():
                self.trial = value
                if self.phase == SearchPhase.PREPARING:
                    self._enter(SearchPhase.RUNNING)
                self.progressed.emit(value)
            case _:
                self.progressed.emit(value)

    def _note(self, ending: SearchEnding) -> None:
        self._ending = ending

    @Slot()
    def _finished(self) -> None:
        self.trial = None
        self._enter(SearchPhase.IDLE)
        self.ended.emit(self._ending)

    def _enter(self, phase: SearchPhase) -> None:
        if phase != self.phase:
            self.phase = phase
            self.phase_changed.emit(phase)
