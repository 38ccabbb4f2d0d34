"""The right side of the Predict half: the answer for the picture in view, or the confusion matrix."""

from collections.abc import Sequence

from PySide6.QtWidgets import QStackedWidget, QWidget

from cnngui.gui.common.settings import Settings
from cnngui.gui.predict.answer.card import ResultCard
from cnngui.gui.predict.answer.confusion_view import ConfusionView
from cnngui.gui.predict.pictures.tally import Tally


class AnswerSide(QStackedWidget):
    """Shows the card, or the confusion matrix while the accuracy button is checked."""

    def __init__(self, settings: Settings, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.card, self.confusion = ResultCard(settings), ConfusionView()
        self.addWidget(self.card)
        self.addWidget(self.confusion)

    def show_matrix(self, shown: bool) -> None:
        """Show the confusion matrix, or else the answer."""
        self.setCurrentWidget(self.confusion if shown else self.card)

    def show_tally(self, tally: Tally, classes: Sequence[str]) -> None:
        """Update the confusion matrix, if it is shown."""
        if self.currentWidget() is self.confusion and classes:
            self.confusion.show_tally(tally, classes)
