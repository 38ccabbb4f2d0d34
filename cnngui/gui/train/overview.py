"""What a training will do, shown in place of its curves before it starts."""

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QVBoxLayout, QWidget

from cnngui.core.sentences import counted
from cnngui.gui.common.labels.plain_label import PlainLabel
from cnngui.gui.common.style import SPACE, mark
from cnngui.gui.train.data.data_state import DataState
from cnngui.gui.train.data.data_view import DataView
from cnngui.gui.train.form import TrainForm


class Overview(QWidget):
    """Describes what the form says now, and the data."""

    def __init__(self, form: TrainForm, data: DataState) -> None:
        super().__init__()
        self._form = form
        self._title, self._text = PlainLabel(), PlainLabel()
        mark(self._title, role="title")
        for label in (self._title, self._text):
            label.setWordWrap(True)
        mark(self._text, role="muted")
        column = QVBoxLayout(self)
        column.setSpacing(2 * SPACE)
        column.addWidget(self._title)
        column.addWidget(self._text)
        column.addWidget(DataView(data), 1)
        form.changed.connect(self._describe)
        self._describe()

    @Slot()
    def _describe(self) -> None:
        recipe = self._form.recipe
        self._title.setText(f"{self._form.recipe_state.title} on {self._form.data_title}")
        epochs = counted(recipe.optimization.epochs, "epoch")
        peak = "" if recipe.optimization.schedule == "constant" else "peak "
        self._text.setText(
            f"{epochs} in batches of {recipe.optimization.batch_size:,} images, with a {peak}learning rate of "
            f"{recipe.optimization.learning_rate:g}. The test images are used once, at the end."
        )
