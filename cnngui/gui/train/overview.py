"""What a training will do, shown in place of its curves before it starts."""

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QVBoxLayout, QWidget

from cnngui.core.recipes.recipe import Recipe
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
        self._text.setText(f"{_steps(recipe)} The test images are used once, at the end.")


def _steps(recipe: Recipe) -> str:
    """How the network learns, in a sentence or two."""
    optimization = recipe.optimization
    if recipe.network.is_head_only:
        return "The network looks at each picture once. Only its last layer learns."
    peak = "" if optimization.schedule == "constant" else "peak "
    first = "First the last layer learns alone. Then " if recipe.network.begins else ""
    return (
        f"{first}{counted(optimization.epochs, 'epoch')} in batches of {optimization.batch_size:,} images, "
        f"with a {peak}learning rate of {optimization.learning_rate:g}."
    )
