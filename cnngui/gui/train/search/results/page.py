"""A page of the results."""

from PySide6.QtCore import Slot
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QWidget

from cnngui.gui.train.search.results.state import ResultsState


class Page(QWidget):
    """Is brought up to date while it is in view, and else when it comes into view."""

    def __init__(self, state: ResultsState) -> None:
        super().__init__()
        self._state = state
        self._is_stale = True
        state.changed.connect(self._changed)

    def showEvent(self, event: QShowEvent) -> None:
        """Show what has changed since the page was last in view."""
        super().showEvent(event)
        if self._is_stale:
            self._is_stale = False
            self._update()

    @Slot()
    def _changed(self) -> None:
        self._is_stale = not self.isVisible()
        if not self._is_stale:
            self._update()

    def _update(self) -> None:
        """Show the results as they are now."""
        raise NotImplementedError
