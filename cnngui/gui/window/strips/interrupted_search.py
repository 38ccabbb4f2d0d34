"""Offers, after the start, to go on with a search that was interrupted when the program ended."""

from collections.abc import Sequence
from functools import partial
from pathlib import Path

from PySide6.QtWidgets import QWidget

from cnngui.core.progress import ShouldStop
from cnngui.core.search.going_on import interrupted
from cnngui.gui.common.strips.result_strip import Choice
from cnngui.gui.window.strips.interrupted_strip import InterruptedStrip


class InterruptedSearch(InterruptedStrip):
    """continue_asked: the folder of the newest search."""

    def __init__(self, runs_dir: Path, parent: QWidget | None = None) -> None:
        super().__init__(partial(_found, runs_dir), parent)

    def offer(self, found: Sequence[Path]) -> None:
        """Offer the newest."""
        if not found:
            self.hide()
            return
        newest, *others = found
        heading = f"{len(found):,} searches were interrupted" if others else "A search was interrupted"
        name = f"The newest, “{newest.name}”," if others else f"“{newest.name}”"
        text = f"{name} goes on with the trial that was being trained, from its newest checkpoint."
        self.show_offer(heading, text, [Choice("Continue …", lambda: self.go_on_with([newest]))])


def _found(folder: Path, should_stop: ShouldStop) -> tuple[Path, ...]:
    return interrupted(folder, should_stop=should_stop)
