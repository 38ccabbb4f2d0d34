"""What the worker of a search tells the window."""

import time
from contextlib import ExitStack
from dataclasses import dataclass
from types import TracebackType

from cnngui.core.progress import ShouldStop
from cnngui.core.runs.folder import MODEL
from cnngui.core.search.following import Reader, Seen, reader
from cnngui.core.search.going_on import record_of
from cnngui.core.search.search import Search
from cnngui.core.search.storage import local
from cnngui.core.search.trials import Standing, State, Trial, spent
from cnngui.gui.common.worker import Deliver
from cnngui.gui.train.search.endings import TrialBegan


@dataclass(frozen=True)
class Told:
    """How a search stands. until: the end of the budget's time, by the monotonic clock; infinite without one."""

    seen: Seen
    until: float


class Teller:
    """Reports, in the thread of the search, how it stands (Told), and when a trial of this computer begins.

    It is a context: its connection ends with the block.
    """

    def __init__(self, what: Search, report: Deliver, should_stop: ShouldStop) -> None:
        self._what, self._report, self._should_stop = what, report, should_stop
        self._connection = ExitStack()
        self._reader: Reader | None = None
        self._mine, self._until = "", 0.0
        self._trial: tuple[int, str] | None = None  # the number and the run of the one that is trained

    def __enter__(self) -> "Teller":
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._connection.close()

    def tell(self, standing: Standing, *, is_last: bool = False) -> None:
        """Report it. is_last: nothing follows. Raises UserError if the storage fails."""
        if self._reader is None:
            self._begin(standing)
        assert self._reader is not None  # it was just made
        self._report(Told(self._reader.seen(standing, is_last=is_last), self._until))
        trial = self._running(standing)
        now = (trial.number, trial.run) if trial is not None else None
        if trial is not None and now != self._trial:
            path = self._what.folder / trial.run / MODEL
            self._report(TrialBegan(trial.number, standing.data, standing.recipe(trial), path))
        self._trial = now

    def _begin(self, standing: Standing) -> None:
        """The record, and the storage, are there once the first trial begins."""
        what, record = self._what, record_of(self._what.folder)
        self._mine = record.id
        self._until = time.monotonic() + what.budget.seconds - spent(standing.trials, record.id)
        place = what.place or local(what.folder)
        self._reader = self._connection.enter_context(reader(place, standing.name, self._should_stop))

    def _running(self, standing: Standing) -> Trial | None:
        """The trial that this window trains: the one that has begun last of those in its folder."""
        mine = [
            trial
            for trial in standing.trials
            if trial.state == State.RUNNING and trial.began and trial.worker.rpartition("-")[0] == self._mine
        ]
        return max(mine, key=lambda trial: str(trial.began), default=None)
