"""What a person asks of a running training, and its time."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cnngui.core.progress import Report, ShouldStop, never_stop
from cnngui.core.runs.record import Phase
from cnngui.core.runs.writer import RunWriter

LOOK_SECONDS = 0.05  # between two looks whether a paused training should stop


class Control:
    """Pauses, lengthens or discards a running training, from any thread. The training looks at it between batches."""

    def __init__(self) -> None:
        self._may_go = threading.Event()
        self._may_go.set()
        self._epochs = 0
        self._keeps = True
        self._left: Phase | None = None
        self._pinned: NDArray[np.uint8] | None = None

    def pause(self) -> None:
        """Let the training wait, with all that it has in memory, once it has written a checkpoint."""
        self._may_go.clear()

    def resume(self) -> None:
        """Let it go on."""
        self._may_go.set()

    @property
    def is_paused(self) -> bool:
        """Whether it is to wait."""
        return not self._may_go.is_set()

    def wait(self, should_stop: ShouldStop = never_stop, meanwhile: Callable[[], None] | None = None) -> float:
        """Wait while it is paused and should not stop; returns for how many seconds.

        meanwhile: is called twenty times a second.
        """
        began = time.monotonic()
        while self.is_paused and not should_stop():
            self._may_go.wait(LOOK_SECONDS)
            if meanwhile is not None:
                meanwhile()
        return time.monotonic() - began

    def train_longer(self, epochs: int) -> None:
        """Let it go on for so many epochs in all; fewer than planned change nothing."""
        self._epochs = epochs

    @property
    def epochs(self) -> int:
        """The epochs that were asked for; 0 for those of the recipe."""
        return self._epochs

    def pin(self, pictures: NDArray[np.uint8]) -> None:
        """Answer these pictures after each epoch: uint8 (n, height, width, 3), of the data's size."""
        self._pinned = pictures

    @property
    def pinned(self) -> NDArray[np.uint8] | None:
        """The pictures that are answered after each epoch; None if nobody looks."""
        return self._pinned

    def discard(self) -> None:
        """Once it is stopped, make no model of what it has learnt."""
        self._keeps = False

    def leave(self, phase: Phase) -> None:
        """Once it is stopped, make no model, but keep its run as it is then, in this phase: it can be continued."""
        self._keeps, self._left = False, phase

    @property
    def left(self) -> Phase | None:
        """The phase in which a stopped training's run is left; None if it is not to be left as it is."""
        return self._left

    @property
    def keeps(self) -> bool:
        """Whether a stopped training makes a model of what it has learnt."""
        return self._keeps


@dataclass(frozen=True, eq=False)
class Conduct:
    """How a training is watched and steered.

    watch: its time. report: gets what it reports. should_stop, control: what a person asks of it. run: gets its
    checkpoints. tests: whether the test images are classified at its end.
    """

    watch: "Stopwatch"
    report: Report
    should_stop: ShouldStop
    control: Control
    run: RunWriter | None
    tests: bool = True


class Stopwatch:
    """The seconds of a training so far, without its pauses; the time of day may change meanwhile."""

    def __init__(self, seconds: float = 0.0) -> None:
        self._began = time.monotonic() - seconds

    @property
    def seconds(self) -> float:
        """So many have passed."""
        return time.monotonic() - self._began

    def leave_out(self, seconds: float) -> None:
        """Do not count these seconds, which have passed."""
        self._began += seconds
