"""What the strips have in common that offer, after the start, to go on with what was interrupted."""

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QWidget

from cnngui.core.progress import ShouldStop
from cnngui.gui.common.strips.result_strip import Choice
from cnngui.gui.common.worker import Deliver, LatestTask
from cnngui.gui.window.strips.padded_strip import PaddedStrip


class InterruptedStrip(PaddedStrip):
    """Hidden until something is found. find: looks for it, beside the window. continue_asked: what goes on."""

    continue_asked = Signal(object)

    def __init__(self, find: Callable[[ShouldStop], Sequence[Any]], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._find = find
        self._task = LatestTask(self)
        self._has_looked = False

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
        self.show_result("stopped", heading, text, [*choices, Choice("Not now", self.hide)])

    def go_on_with(self, what: Sequence[Any]) -> None:
        """Hide, and ask for all of these to go on, one after another."""
        self.hide()
        for each in what:
            self.continue_asked.emit(each)
