"""The name of the model in use; a click shows all runs."""

from PySide6.QtCore import QSize, Qt, Slot
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QPushButton, QSizePolicy, QStyle, QStyleOptionButton, QStylePainter, QWidget

from cnngui.core.models.card import Card
from cnngui.core.runs.library import model_name
from cnngui.core.sentences import some_of
from cnngui.gui.common.style import mark
from cnngui.gui.common.words import plain
from cnngui.gui.runs.model.loading import LoadedModel

NAMED_CLASSES = 20  # in the tooltip, at most
LEAST_LETTERS = 16  # in view, however narrow the window
WHERE_TO = "Show all runs"


class ModelButton(QPushButton):
    """Says which model is in use, or that one is being opened. A long name is shortened where there is no room."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        mark(self, kind="model")
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self.show_none()

    def show_none(self) -> None:
        """There is no model."""
        self._show("no model", WHERE_TO)

    @Slot(str)
    def show_opening(self, doing: str) -> None:
        """A model is being opened; say what is being done."""
        self._show(f"{doing} …", WHERE_TO)

    def show_model(self, loaded: LoadedModel) -> None:
        """This one is in use."""
        card, name = loaded.classifier.card, model_name(loaded.path)
        lines = [
            f"The model in use: {name}",
            f"Its file: {loaded.path}",
            *([f"Trained: {card.training.recipe.name} on {card.training.data}"] if card.training else []),
            f"Classes: {some_of(card.classes, NAMED_CLASSES)}",
            *([f"{card.training.score}"] if card.training and card.training.score else []),
            WHERE_TO,
        ]
        self._show(title(card, name), plain("\n".join(lines)))

    def minimumSizeHint(self) -> QSize:
        """Wide enough for the first and the last letters."""
        hint, metrics = self.sizeHint(), self.fontMetrics()
        spare = metrics.horizontalAdvance(self.text()) - LEAST_LETTERS * metrics.averageCharWidth()
        return QSize(hint.width() - max(0, spare), hint.height())

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw as much of the text as fits."""
        option = QStyleOptionButton()
        self.initStyleOption(option)
        if self.width() < self.sizeHint().width():  # rounding would shorten a text that just fits
            padding = self.sizeHint().width() - self.fontMetrics().horizontalAdvance(self.text())
            option.text = self.fontMetrics().elidedText(
                self.text(), Qt.TextElideMode.ElideMiddle, self.width() - padding, int(Qt.TextFlag.TextShowMnemonic)
            )
        QStylePainter(self).drawControl(QStyle.ControlElement.CE_PushButton, option)

    def _show(self, text: str, tip: str) -> None:
        self.setText(text.replace("&", "&&"))
        self.setToolTip(tip)
        self.setAccessibleName(f"Model: {text}")


def title(card: Card, name: str) -> str:
    """A model in a few words: its name and its score."""
    if card.training is None or card.training.score is None:
        return name
    return f"{name}  ·  {card.training.score.figures}"
