"""What the settings do to the accuracy, over all runs."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from cnngui.core.runs.library import ListedRun


class OverviewPage(QWidget):
    run_asked = Signal(object)

    def show_runs(self, runs: Sequence[ListedRun], selected: Sequence[Path]) -> None:
        pass
