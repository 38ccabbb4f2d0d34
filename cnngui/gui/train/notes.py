"""What the settings of the form mean for the training: its time, and what they leave out."""

from PySide6.QtCore import Slot

from cnngui.core.data.sources import CIFAR10
from cnngui.core.recipes.presets import MEASURED, PRESETS
from cnngui.core.recipes.recipe import RESTART_EPOCHS
from cnngui.gui.common.labels.plain_label import PlainLabel
from cnngui.gui.common.style import mark
from cnngui.gui.train.form import TrainForm


class Notes(PlainLabel):
    """A sentence or two below the form that follow it; hidden while there is nothing to say."""

    def __init__(self, form: TrainForm) -> None:
        super().__init__()
        self._form = form
        self.setWordWrap(True)
        mark(self, role="muted")
        form.changed.connect(self._describe)
        self._describe()

    @Slot()
    def _describe(self) -> None:
        recipe = self._form.recipe
        sentences = []
        if recipe.lacks_restarts:
            sentences.append(f"No warm restarts: they need at least {RESTART_EPOCHS} epochs.")
        if self._form.source == CIFAR10 and recipe.name in MEASURED:
            seconds = (
                MEASURED[recipe.name].seconds * recipe.optimization.epochs / PRESETS[recipe.name].optimization.epochs
            )
            what = "The recipe as it is" if self._form.vary.is_on else "This"
            sentences.append(f"{what} takes about {max(1, round(seconds / 60)):,} min on two cores.")
        self.setText(" ".join(sentences))
        self.setVisible(bool(sentences))
