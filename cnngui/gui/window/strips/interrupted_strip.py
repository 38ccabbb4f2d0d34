"""What the strips have in common that offer, after the start, to go on with what was interrupted."""

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QVBoxLayout, QWidget

from cnngui.core.progress import ShouldStop
from cnngui.gui.common.strips.result_strip import Choice, ResultStrip
from cnngui.gui.common.style import SPACE
from cnngui.gui.common.worker import Deliver, LatestTask


class InterruptedStrip(QWidget):
    """Hidden until something is found. find: looks for it, beside the window. continue_asked: what goes on."""

    continue_asked = Signal(object)

    def __init__(self, find: Callable[[ShouldStop], Sequence[Any]], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._find = find
        self._strip, self._task = ResultStrip(), LatestTask(self)
        self._has_looked = False
        column = QVBoxLayout(self)
        column.setContentsMargins(2 * SPACE, 0, 2 * SPACE, 2 * SPACE)
        column.addWidget(self._strip)
        self.hide()

    @Slot()
    def look_once(self) -> None:
        """Look for it, the first time that this is called."""
        if not self._has_looked:
            self._has_looked = True
            self.look()

    def look(self) -> None:
        """Look for it, beside the window."""
        find = self._find

        def work(_report: Deliver, should_stop: ShouldStop) -> Sequence[Any]:
            return find(should_stop)

        self._task.do(work, self.offer)

    def stop(self) -> None:
        """Wait until nothing is being read."""
        self._task.stop()

    def offer(self, found: Sequence[Any]) -> None:
        """Show what was found, and what can be done; hide if that is nothing."""
        raise NotImplementedError

    def show_offer(self, heading: str, text: str, choices: Sequence[Choice]) -> None:
        """Show it, and a button that puts it off."""
        self._strip.show_result("stopped", heading, text, [*choices, Choice("Not now", self.hide)])
        self.show()

    def go_on_with(self, what: Sequence[Any]) -> None:
        """Hide, and ask for all of these to go on, one after another."""
        self.hide()
        for each in what:
            self.continue_asked.emit(each)
