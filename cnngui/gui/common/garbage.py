"""Garbage is collected in the GUI thread alone.

Python collects reference cycles in whichever thread happens to allocate. Widgets and the items of a plot are full of
such cycles, and Qt crashes when a worker frees one that the window is drawing.
"""

import gc
import time

from PySide6.QtCore import QObject, QTimer

INTERVAL_MS = 100  # so little is new each time that looking through it takes about a millisecond
FULL_SECONDS = 60.0  # looking through everything takes 0.04 s and more, which holds up the window


class GarbageCollector(QObject):
    """Collects what Python's own collector would, in this object's thread, as long as it lives.

    Until :meth:`stop`, Python's own collector is off.
    """

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        gc.disable()
        self._last_full = time.monotonic()
        self._timer = QTimer(self, interval=INTERVAL_MS)
        self._timer.timeout.connect(self.collect)
        self._timer.start()

    def stop(self) -> None:
        """Collect no more; Python's own collector is on again."""
        self._timer.stop()
        gc.enable()

    def collect(self) -> None:
        """Collect the oldest generation that is due, by the thresholds of Python's own collector."""
        due = [generation for generation in range(3) if gc.get_count()[generation] > gc.get_threshold()[generation]]
        if 2 in due and time.monotonic() - self._last_full >= FULL_SECONDS:
            gc.collect()
            self._last_full = time.monotonic()
        elif due:
            gc.collect(min(max(due), 1))
