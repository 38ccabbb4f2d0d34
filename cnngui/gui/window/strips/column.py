"""All strips of the window, one below the other."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtWidgets import QVBoxLayout, QWidget

from cnngui.gui.common.strips.offer_strip import OfferStrip
from cnngui.gui.window.strips.bug_strip import BugStrip
from cnngui.gui.window.strips.ending_strip import EndingStrip
from cnngui.gui.window.strips.interrupted_runs import InterruptedRuns
from cnngui.gui.window.strips.interrupted_search import InterruptedSearch
from cnngui.gui.window.strips.pixel_strip import PixelStrip
from cnngui.gui.window.strips.refusal_strip import RefusalStrip


class Strips(QWidget):
    """Takes room only for the strips that have something to say.

    show_place: goes to a place of the window, by its name.
    """

    def __init__(self, runs_dir: Path, show_place: Callable[[str], object], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.interrupted_runs = InterruptedRuns(runs_dir, lambda: show_place("runs"))
        self.interrupted_search = InterruptedSearch(runs_dir)
        self.ending = EndingStrip(lambda: show_place("train"))
        self.pixels, self.refusal, self.offer = PixelStrip(), RefusalStrip(), OfferStrip()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for strip in (
            *(self.interrupted_runs, self.interrupted_search, self.ending),
            *(self.pixels, self.refusal, self.offer, BugStrip()),
        ):
            column.addWidget(strip)

    def stop(self) -> None:
        """Wait until nothing is read: the window closes."""
        self.interrupted_runs.stop()
        self.interrupted_search.stop()
