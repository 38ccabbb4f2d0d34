"""What a person asks of a running search."""

import time

from cnngui.core.progress import ShouldStop
from cnngui.core.training.control import Control


class SearchControl:
    """Pauses a running search, from any thread. Each trial's training has a :class:`Control` of its own."""

    def __init__(self) -> None:
        self._training = Control()
        self._paused_at: float | None = None
        self._paused = 0.0

    @property
    def is_paused(self) -> bool:
        """Whether it is to wait."""
        return self._paused_at is not None

    @property
    def paused_seconds(self) -> float:
        """For how long it was to wait so far."""
        return self._paused + (time.monotonic() - self._paused_at if self._paused_at is not None else 0.0)

    def pause(self) -> None:
        """Let the trial, and what follows it, wait."""
        if self._paused_at is None:
            self._paused_at = time.monotonic()
            self._training.pause()

    def resume(self) -> None:
        """Let it go on."""
        self._paused, self._paused_at = self.paused_seconds, None
        self._training.resume()

    def begin(self, should_stop: ShouldStop) -> Control:
        """The control of the next trial's training, once the search is not paused or should stop."""
        self._training.wait(should_stop)
        before, self._training = self._training, Control()
        if self.is_paused and not before.is_paused:  # in between
            self._training.pause()
        return self._training
