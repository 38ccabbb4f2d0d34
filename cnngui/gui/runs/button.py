"""The name of the model in use; a click shows all models."""

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QPushButton, QWidget

from cnngui.core.models.card import Card
from cnngui.core.sentences import some_of
from cnngui.gui.common.style import mark
from cnngui.gui.common.words import percent, plain, shortened
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
        tip = f"The model in use: {loaded.path}\nClasses: {some_of(card.classes, NAMED_CLASSES)}\n{WHERE_TO}"
        self._show(title(card, loaded.path.name), plain(tip))

    def _show(self, text: str, tip: str) -> None:
        self.setText(text.replace("&", "&&"))
        self.setToolTip(tip)
        self.setAccessibleName(f"Model: {text}")


def title(card: Card, file: str) -> str:
    """A model in a few words: its data, recipe and test accuracy; without a training record, the name of its file."""
    training = card.training
    if training is None:
        return shortened(file)
    figure = "" if training.test_accuracy is None else f"  ·  {percent(training.test_accuracy, 1)}"
    return f"{shortened(training.data)}, {training.recipe.name}{figure}"
