"""The name of the model in use; a click shows all models."""

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QPushButton, QWidget

from cnngui.core.models.card import Card
from cnngui.core.sentences import some_of
from cnngui.gui.common.style import mark
from cnngui.gui.common.words import plain, shortened
from cnngui.gui.runs.loading import LoadedModel

NAMED_CLASSES = 20  # in the tooltip, at most
WHERE_TO = "Show all models"


class ModelButton(QPushButton):
    """Says which model is in use, or that one is being opened."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        mark(self, kind="model")
        self.setCheckable(True)
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
        card = loaded.classifier.card
        lines = [
            f"The model in use: {loaded.path}",
            f"Classes: {some_of(card.classes, NAMED_CLASSES)}",
            *([f"{card.training.score}"] if card.training and card.training.score else []),
            WHERE_TO,
        ]
        self._show(title(card, loaded.path.name), plain("\n".join(lines)))

    def _show(self, text: str, tip: str) -> None:
        self.setText(text.replace("&", "&&"))
        self.setToolTip(tip)
        self.setAccessibleName(f"Model: {text}")


def title(card: Card, file: str) -> str:
    """A model in a few words: its data, recipe and score; without a training record, the name of its file."""
    training = card.training
    if training is None:
        return shortened(file)
    figures = "" if training.score is None else f"  ·  {training.score.figures}"
    return f"{shortened(training.data)}, {training.recipe.name}{figures}"
