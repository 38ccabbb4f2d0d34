"""Offers, after the start, to go on with a search that was interrupted when the program ended."""

from functools import partial
from pathlib import Path

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QVBoxLayout, QWidget

from cnngui.core.progress import ShouldStop
from cnngui.core.search.going_on import interrupted
from cnngui.gui.common.result_strip import Choice, ResultStrip
from cnngui.gui.common.style import SPACE
from cnngui.gui.common.worker import Deliver, LatestTask


class InterruptedSearch(QWidget):
    """Hidden until one is found. continue_asked: its folder."""

    continue_asked = Signal(object)

    def __init__(self, runs_dir: Path, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._runs_dir = runs_dir
        self._strip, self._task = ResultStrip(), LatestTask(self)
        self._has_looked = False
        column = QVBoxLayout(self)
        column.setContentsMargins(2 * SPACE, 0, 2 * SPACE, 2 * SPACE)
        column.addWidget(self._strip)
        self.hide()

    @Slot()
    def look_once(self) -> None:
        """Look for searches beside the window, the first time that this is called."""
        if not self._has_looked:
            self._has_looked = True
            self._task.do(partial(_found, self._runs_dir), self._offer)

    def stop(self) -> None:
        """Wait until nothing is being read."""
        self._task.stop()

    def _offer(self, searches: tuple[Path, ...]) -> None:
        if not searches:
            return
        newest = searches[0]

        def go_on() -> None:
            self.hide()
            self.continue_asked.emit(newest)

        heading = "A search was interrupted" if len(searches) == 1 else f"{len(searches):,} searches were interrupted"
        name = f"“{newest.name}”" if len(searches) == 1 else f"The newest, “{newest.name}”,"
        text = f"{name} goes on with the trial that was being trained, from its newest checkpoint."
        choices = [Choice("Continue …", go_on), Choice("Not now", self.hide)]
        self._strip.show_result("stopped", heading, text, choices)
        self.show()


def _found(folder: Path, _report: Deliver, should_stop: ShouldStop) -> tuple[Path, ...]:
    return interrupted(folder, should_stop=should_stop)
