"""The name of the model in use, which leads to all models."""

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QPushButton, QWidget

from cnngui.core.models.card import Card
from cnngui.core.sentences import some_of
from cnngui.gui.common.style import mark
from cnngui.gui.common.words import percent, plain, shortened
from cnngui.gui.runs.loading import LoadedModel

NAMED_CLASSES = 20  # in the tooltip, at most
WHERE_TO = "Show all models (Ctrl+3)"


class ModelButton(QPushButton):
    """Says which model is in use, or what is being done to have one."""

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
        """One is being opened, and this is what is being done for it."""
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
    """A model in a few words: what it was trained on, and how well; else the name of its file."""
    training = card.training
    if training is None:
        return shortened(file)
    figure = "" if training.test_accuracy is None else f"  ·  {percent(training.test_accuracy, 1)}"
    return f"{shortened(training.data)}, {training.recipe.name}{figure}"
