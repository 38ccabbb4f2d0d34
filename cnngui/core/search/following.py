"""To watch a search: how it stands, and which settings matter."""

import math
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

from cnngui.core.progress import ShouldStop, never_stop
from cnngui.core.search.importance import importances
from cnngui.core.search.storage import Place, connect
from cnngui.core.search.study import Named, Study, searches
from cnngui.core.search.trials import Standing

READ_SECONDS = 3.0  # between two readings of a search
IMPORTANCE_SECONDS = 5.0  # between two computations
LOOK_SECONDS = 0.1  # between two looks whether to stop


@dataclass(frozen=True)
class Seen:
    """How a search stands, and the share of each setting in the differences of accuracy, 0–1; empty if unknown."""

    standing: Standing
    importances: Mapping[str, float]


class Reader:
    """Reads a search in one thread. Its importances are computed every few seconds at most."""

    def __init__(self, study: Study) -> None:
        self._study = study
        self._importances: Mapping[str, float] = {}
        self._finished = 0  # trials, of which they were computed
        self._computed = -math.inf  # when, by the monotonic clock

    def seen(self, standing: Standing | None = None, *, is_last: bool = False) -> Seen:
        """How the search stands. standing: if it is known. is_last: compute the importances in any case.

        Raises UserError if the storage fails.
        """
        standing = standing or self._study.standing()
        finished = len(standing.finished)
        is_due = is_last or time.monotonic() - self._computed >= IMPORTANCE_SECONDS
        if finished != self._finished and is_due:
            self._importances, self._finished = importances(self._study), finished
            self._computed = time.monotonic()
        return Seen(standing, self._importances)


@contextmanager
def reader(place: Place, name: str, should_stop: ShouldStop = never_stop) -> Iterator[Reader]:
    """A reader of the search ``name``, until the end of the block. Raises UserError if it cannot be reached."""
    with connect(place, should_stop) as storage:
        yield Reader(Study(place, storage, name))


def follow(place: Place, name: str, *, seen: Callable[[Seen], None], should_stop: ShouldStop) -> None:
    """Read a search every few seconds until ``should_stop`` returns true; ``seen`` gets it when it has changed.

    Raises UserError if the storage fails, or has no search of this name.
    """
    with reader(place, name, should_stop) as reading:
        last: Seen | None = None
        while not should_stop():
            now = reading.seen()
            if now != last:
                seen(now)
            last, until = now, time.monotonic() + READ_SECONDS
            while not should_stop() and time.monotonic() < until:
                time.sleep(LOOK_SECONDS)


def searches_at(place: Place, should_stop: ShouldStop = never_stop) -> tuple[Named, ...]:
    """The searches in a storage, the latest first. Raises UserError if it cannot be reached."""
    with connect(place, should_stop) as storage:
        return searches(place, storage)
