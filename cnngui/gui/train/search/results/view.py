"""What has come of a search so far."""

from collections.abc import Mapping

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from cnngui.core.search.trials import Standing
from cnngui.gui.common.labels.plain_label import PlainLabel


class SearchResults(QWidget):
    """Shows the best trial.

    recipe_chosen: the Recipe of a trial, to be used. run_chosen: the name of the folder of a trial's run.
    """

    recipe_chosen = Signal(object)
    run_chosen = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self._text = PlainLabel(wordWrap=True)
        column = QVBoxLayout(self)
        column.addWidget(self._text)
        column.addStretch(1)

    def show_standing(self, standing: Standing, importances: Mapping[str, float]) -> None:
        """Show it. importances: the share of each setting that varies in the differences of accuracy, 0–1."""
        best = standing.best
        text = f"{len(standing.trials):,} trials of {standing.name}"
        self._text.setText(f"{text}. The best is trial {best.number}, {best.accuracy:.1%}." if best else text)

    def clear(self) -> None:
        """Show nothing."""
        self._text.clear()
