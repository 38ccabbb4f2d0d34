"""How long the event loop is held up, and where."""

import sys
import threading
import time
import traceback
from collections import Counter

import numpy as np
from PySide6.QtCore import Qt, QTimer

TICK_MS = 5
LOOK_SECONDS = 0.005  # between two looks at a main thread that is late
FRAMES = 12  # of the stack, the innermost


class Ticks:
    """The times of a timer's ticks, divided into parts."""

    def __init__(self) -> None:
        self.times: list[float] = [time.perf_counter()]
        self.parts: list[tuple[str, float]] = []
        self._timer = QTimer(interval=TICK_MS, timerType=Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(lambda: self.times.append(time.perf_counter()))
        self._timer.start()

    def begin(self, part: str) -> None:
        """Start a new part."""
        self.parts.append((part, time.perf_counter()))

    def report(self) -> None:
        """Print a line for each part."""
        times = np.array(self.times)
        gaps = np.diff(times) * 1000
        ends = [began for _, began in self.parts[1:]] + [times[-1]]
        print(f"{'':40}{'ticks':>8}{'longest':>10}{'99 %':>8}   (ms)")
        for (part, began), end in zip(self.parts, ends, strict=True):
            here = gaps[(times[1:] > began) & (times[:-1] < end)]
            print(f"{part:40}{len(here):8}{here.max():10.1f}{np.percentile(here, 99):8.1f}")
        after_import = gaps[times[:-1] > self.parts[1][1]]
        print(f"{'all after the import':40}{len(after_import):8}", end="")
        print(f"{after_import.max():10.1f}{np.percentile(after_import, 99):8.1f}")


class Lateness:
    """Looks, from a thread of its own, where the main thread is whenever a tick is late."""

    def __init__(self, ticks: Ticks, late_ms: float) -> None:
        self._ticks, self._late = ticks, late_ms / 1000
        self._main = threading.get_ident()
        self._stacks: dict[tuple[str, float], Counter[str]] = {}  # by the part and the last tick before the pause
        threading.Thread(target=self._look, daemon=True).start()

    def report(self) -> None:
        """Print each pause with the stacks that were seen in it, the most frequent ones first."""
        for (part, _), stacks in self._stacks.items():
            print(f"\nheld up in “{part}”, looked {stacks.total()} times:")
            for stack, number in stacks.most_common(4):
                print(f"{number} ×\n{stack}")

    def _look(self) -> None:
        while True:
            time.sleep(LOOK_SECONDS)
            last = self._ticks.times[-1]
            if self._ticks.parts and time.perf_counter() - last > self._late:
                frames = traceback.format_stack(sys._current_frames()[self._main])[-FRAMES:]
                self._stacks.setdefault((self._ticks.parts[-1][0], last), Counter())["".join(frames)] += 1
