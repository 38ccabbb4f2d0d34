"""Where the data and the recipe of a training are chosen."""

from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QLocale, Qt, Signal, Slot
from PySide6.QtWidgets import (
    QComboBox,
    QDoubleSpinBox,
    QFileDialog,
    QGridLayout,
    QLabel,
    QSpinBox,
    QWidget,
)

from cnngui.core.data import datasets
from cnngui.core.recipes.recipe import MEASURED, PRESETS, Measured, Recipe
from cnngui.gui.common.style import SPACE, mark
from cnngui.gui.common.words import percent

FOLDER = "folder"  # the entry that asks for one; a chosen folder's entry holds its path

NETWORK_TEXTS = {
    "article": "Two convolutions and two dense layers, as in the article.",
    "whitened": "A frozen whitening layer and six convolutions.",
    "residual": "A frozen whitening layer and nine convolutions in three residual blocks.",
}
FIRST_PRESET = "standard"


class RecipeForm(QWidget):
    """The data, a preset, and the settings that people change. changed: something was chosen."""

    changed = Signal()

    def __init__(self, data_dir: Path | None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.data_dir = data_dir
        self.setLocale(QLocale.c())  # a rate is typed as it is shown, with a point, whatever the system's language
        self.data_box = QComboBox()
        self._data_text = _explanation()
        self.recipe_box = QComboBox()
        self._recipe_text = _explanation()
        self.epochs_box = QSpinBox()
        self.batch_size_box = QSpinBox()
        self.learning_rate_box = _RateBox()
        self._fill()
        self._lay_out()
        self.data_box.activated.connect(self._data_chosen)
        self.recipe_box.currentIndexChanged.connect(self._recipe_chosen)
        for box in (self.epochs_box, self.batch_size_box, self.learning_rate_box):
            box.valueChanged.connect(self.changed)
        self._recipe_chosen()
        self._data_chosen()

    @property
    def source(self) -> str:
        """The chosen data, as :func:`cnngui.core.data.datasets.load` takes it."""
        return str(self.data_box.currentData())

    @property
    def data_title(self) -> str:
        """The chosen data, for people."""
        return self.data_box.currentText()

    @property
    def recipe(self) -> Recipe:
        """The chosen preset with the settings as they are now."""
        return replace(
            PRESETS[self.recipe_box.currentData()],
            epochs=self.epochs_box.value(),
            batch_size=self.batch_size_box.value(),
            learning_rate=self.learning_rate_box.value(),
        )

    def choose_cifar10_folder(self) -> bool:
        """Ask where CIFAR-10 lies; whether a folder was chosen."""
        name = QFileDialog.getExistingDirectory(
            self, "Choose the folder that holds cifar-10-binary.tar.gz or its files"
        )
        if name:
            self.data_dir = Path(name)
            self._data_chosen()
        return bool(name)

    def _fill(self) -> None:
        self.data_box.addItem("CIFAR-10", datasets.CIFAR10)
        self.data_box.addItem("Drawn shapes", datasets.SHAPES)
        self.data_box.addItem("Folder of images …", FOLDER)
        self.data_box.setCurrentIndex(self.data_box.findData(datasets.default_source(self.data_dir)))
        for name in PRESETS:
            self.recipe_box.addItem(name, name)
        self.recipe_box.setCurrentIndex(self.recipe_box.findData(FIRST_PRESET))
        self.epochs_box.setRange(1, 1000)
        self.batch_size_box.setRange(1, 8192)
        self.learning_rate_box.setRange(0.00001, 10)
        self.learning_rate_box.setDecimals(5)
        self.learning_rate_box.setSingleStep(0.001)
        self.learning_rate_box.setStepType(QDoubleSpinBox.StepType.AdaptiveDecimalStepType)

    @Slot()
    def _data_chosen(self) -> None:
        if self.source == FOLDER:
            self._choose_folder()
        self._chosen_data = self.data_box.currentIndex()
        self._data_text.setText(self._describe_data())
        self._show_measured()
        self.changed.emit()

    def _choose_folder(self) -> None:
        name = QFileDialog.getExistingDirectory(self, "Choose a folder with a sub-folder of images for each class")
        if not name:
            self.data_box.setCurrentIndex(self._chosen_data)
            return
        if self.data_box.findData(name) < 0:
            self.data_box.insertItem(self.data_box.count() - 1, f"Folder {Path(name).name}", name)
        self.data_box.setCurrentIndex(self.data_box.findData(name))

    def _describe_data(self) -> str:
        if self.source == datasets.SHAPES:
            return "Ten classes, 12,000 images that the program draws itself."
        if self.source != datasets.CIFAR10:
            return self.source
        there = datasets.default_source(self.data_dir) == datasets.CIFAR10
        text = "Ten classes, 60,000 photographs of 32 × 32 pixels."
        return text if there else f"{text} 170 MB will be downloaded first."

    def _show_measured(self) -> None:
        """Say what each preset came to, where it was measured: presets are compared in the open list."""
        measured = MEASURED if self.source == datasets.CIFAR10 else {}
        for index, name in enumerate(PRESETS):
            self.recipe_box.setItemText(index, _entry(name, measured.get(name)))
        self._recipe_text.setText(_describe_preset(PRESETS[self.recipe_box.currentData()], bool(measured)))

    @Slot()
    def _recipe_chosen(self) -> None:
        preset = PRESETS[self.recipe_box.currentData()]
        self._show_measured()
        self.epochs_box.setValue(preset.epochs)
        self.batch_size_box.setValue(preset.batch_size)
        self.learning_rate_box.setValue(preset.learning_rate)
        self.changed.emit()

    def _lay_out(self) -> None:
        form = QGridLayout(self)
        form.setContentsMargins(0, 0, 0, 0)
        form.setVerticalSpacing(SPACE)
        form.setHorizontalSpacing(2 * SPACE)
        form.setColumnStretch(1, 1)
        for name, box, below in (
            ("&Data", self.data_box, self._data_text),
            ("&Recipe", self.recipe_box, self._recipe_text),
            ("&Epochs", self.epochs_box, None),
            ("&Batch size", self.batch_size_box, None),
            ("&Learning rate", self.learning_rate_box, None),
        ):
            label = QLabel(name)
            label.setBuddy(box)
            row = form.rowCount()
            form.addWidget(label, row, 0)
            form.addWidget(box, row, 1)
            if below is not None:
                form.addWidget(below, row + 1, 0, 1, 2)
        for box, tip in (
            (self.data_box, "What the network learns from"),
            (
                self.recipe_box,
                "The network and how it is trained; its accuracy on the test images, and the time it takes",
            ),
            (self.epochs_box, "How many times every training image is seen"),
            (self.batch_size_box, "How many images are seen between two changes of the network"),
            (self.learning_rate_box, "How far the network changes after each batch, at most"),
        ):
            box.setToolTip(tip)
        for spin_box in (self.epochs_box, self.batch_size_box, self.learning_rate_box):
            spin_box.lineEdit().setAcceptDrops(False)  # pictures are dropped on the window
            spin_box.lineEdit().setTextMargins(SPACE - 1, 0, 0, 0)  # as far in as the choices above


def _entry(name: str, measured: Measured | None) -> str:
    """A preset by its name, with what it came to."""
    if measured is None:
        return name
    return f"{name} — {percent(measured.test_accuracy, 1)}, {max(1, round(measured.seconds / 60))} min"


def _describe_preset(preset: Recipe, is_measured: bool) -> str:
    sentences = [NETWORK_TEXTS[preset.network]]
    if preset.photographs:
        sentences.append("Images are mirrored, moved and changed as photographs differ.")
    elif preset.augment:
        sentences.append("Images are mirrored and moved.")
    if preset.mixed:
        sentences.append("For most of the training, parts of them are pasted into others.")
    if preset.restarts:
        sentences.append("It begins again at half the rate a few times; what is learnt is the average.")
    if is_measured:
        sentences.append("Accuracy and time are those of CIFAR-10’s JPEG copy on two cores.")
    return " ".join(sentences)


class _RateBox(QDoubleSpinBox):
    """Shows a rate without the zeros behind it."""

    def textFromValue(self, value: float) -> str:
        return f"{value:g}"


def _explanation() -> QLabel:
    label = QLabel()
    label.setWordWrap(True)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    mark(label, role="muted")
    return label
