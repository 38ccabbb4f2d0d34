"""The form in which the user chooses the data and the recipe of a training."""

from pathlib import Path

from PySide6.QtCore import QLocale, Signal, Slot
from PySide6.QtWidgets import (
    QAbstractSpinBox,
    QComboBox,
    QDoubleSpinBox,
    QFileDialog,
    QGridLayout,
    QLabel,
    QPushButton,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from cnngui.core.data import datasets
from cnngui.core.networks.presets import NETWORKS
from cnngui.core.recipes.fitting import fitted
from cnngui.core.recipes.presets import MEASURED, PRESETS, Measured
from cnngui.core.recipes.recipe import SETTINGS, Recipe
from cnngui.core.sentences import counted
from cnngui.gui.common.settings import Settings
from cnngui.gui.common.steady_label import SteadyLabel
from cnngui.gui.common.style import SPACE, mark
from cnngui.gui.common.words import percent

FOLDER = "folder"  # the data of the entry that asks for a folder; a chosen folder's entry has its path

SHAPES_TEXT = "12,000 images in ten classes, drawn by the program."
CIFAR10_TEXT = "60,000 photographs in ten classes, 32 × 32 pixels."
DOWNLOAD_TEXT = "170 MB will be downloaded first."

FIRST_PRESET = "standard"
AUGMENTATIONS = {
    "horizontal_flip": "horizontal flip",
    "random_shift": "random shift",
    "random_zoom": "random zoom",
    "colour_jitter": "colour jitter",
    "cutout": "cutout",
    "cutmix_fraction": "CutMix",
}


class RecipeForm(QWidget):
    """The data, a preset and its most common settings, as they were last.

    changed: any of them has changed. data_chosen: the user has chosen data.
    """

    changed = Signal()
    data_chosen = Signal()

    def __init__(self, data_dir: Path | None, settings: Settings, parent: QWidget | None = None) -> None:
        """data_dir: where CIFAR-10 is; without it, where it was last time."""
        super().__init__(parent)
        self._settings = settings
        self.data_dir = data_dir or settings.cifar10_folder
        self._training_images: int | None = None
        self.setLocale(QLocale.c())  # rates are typed as they are shown, with a decimal point, in every language
        self.data_box = QComboBox()
        self._data_text = _explanation()
        self.place_button = QPushButton("Use another copy …")
        self.recipe_box = QComboBox()
        self._recipe_text = _explanation()
        self.epochs_box = QSpinBox()
        self.batch_size_box = QSpinBox()
        self.learning_rate_box = _RateBox()
        self._keep_room()
        self._fill()
        self._lay_out()
        self.data_box.activated.connect(self._choose_data)
        self.place_button.clicked.connect(self.choose_cifar10_folder)
        self.recipe_box.currentIndexChanged.connect(self._recipe_chosen)
        self.recipe_box.activated.connect(self._remember_recipe)
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
        """The title of the chosen data."""
        return self.data_box.currentText()

    @property
    def recipe(self) -> Recipe:
        """The chosen preset with the form's settings."""
        return PRESETS[self.recipe_box.currentData()].changed(
            {
                "optimization.epochs": self.epochs_box.value(),
                "optimization.batch_size": self.batch_size_box.value(),
                "optimization.learning_rate": self.learning_rate_box.value(),
            }
        )

    def choose_cifar10_folder(self) -> bool:
        """Ask for the folder of CIFAR-10. Returns whether one was chosen."""
        name = QFileDialog.getExistingDirectory(self, "Choose the folder that holds CIFAR-10’s archive or its files")
        if name:
            self.data_dir = self._settings.cifar10_folder = Path(name)
            self._data_chosen()
            self.data_chosen.emit()
        return bool(name)

    @Slot(object)
    def use_folder(self, folder: Path) -> None:
        """Choose this folder of images as the data."""
        self._select_folder(str(folder))
        self._take_choice()

    def _keep_room(self) -> None:
        """Let nothing jump when another text is shown or the button is hidden."""
        self._data_text.reserve([SHAPES_TEXT, CIFAR10_TEXT, f"{CIFAR10_TEXT} {DOWNLOAD_TEXT}"])
        self._recipe_text.reserve(
            _describe_preset(preset, is_measured) for preset in PRESETS.values() for is_measured in (True, False)
        )
        policy = self.place_button.sizePolicy()
        policy.setRetainSizeWhenHidden(True)
        self.place_button.setSizePolicy(policy)

    def _fill(self) -> None:
        self.data_box.addItem("CIFAR-10", datasets.CIFAR10)
        self.data_box.addItem("Drawn shapes", datasets.SHAPES)
        self.data_box.addItem("Folder of images …", FOLDER)
        for folder in self._settings.data_folders:
            self._select_folder(folder)
        last = self.data_box.findData(self._settings.data_source)
        first = self.data_box.findData(datasets.default_source(self.data_dir))
        self.data_box.setCurrentIndex(last if last >= 0 else first)
        for name in PRESETS:
            self.recipe_box.addItem(name, name)
        last = self.recipe_box.findData(self._settings.recipe)
        self.recipe_box.setCurrentIndex(last if last >= 0 else self.recipe_box.findData(FIRST_PRESET))
        for whole_box, name in ((self.epochs_box, "epochs"), (self.batch_size_box, "batch_size")):
            whole_box.setRange(int(SETTINGS[name].minimum), int(SETTINGS[name].maximum))
        rate = SETTINGS["learning_rate"]
        self.learning_rate_box.setRange(rate.minimum, rate.maximum)
        self.learning_rate_box.setDecimals(6)
        self.learning_rate_box.setSingleStep(0.001)
        self.learning_rate_box.setStepType(QDoubleSpinBox.StepType.AdaptiveDecimalStepType)

    @Slot()
    def _choose_data(self) -> None:
        if self.source == FOLDER and not self._choose_folder():
            return
        self._take_choice()

    def _take_choice(self) -> None:
        """Remember the data that the user has chosen, and say so."""
        self._settings.data_source = self.source
        if self.source not in (datasets.CIFAR10, datasets.SHAPES):
            others = [name for name in self._settings.data_folders if name != self.source]
            self._settings.data_folders = [self.source, *others]
        self._data_chosen()
        self.data_chosen.emit()

    @Slot()
    def _remember_recipe(self) -> None:
        self._settings.recipe = str(self.recipe_box.currentData())

    def _data_chosen(self) -> None:
        self._chosen_data = self.data_box.currentIndex()
        self.place_button.setVisible(self.source == datasets.CIFAR10)
        self._data_text.setText(self._describe_data())
        self._show_measured()
        self.changed.emit()

    def _choose_folder(self) -> bool:
        """Ask for a folder. Returns whether one was chosen."""
        name = QFileDialog.getExistingDirectory(self, "Choose a folder with a sub-folder of images for each class")
        if name:
            self._select_folder(name)
        else:
            self.data_box.setCurrentIndex(self._chosen_data)
        return bool(name)

    def _select_folder(self, name: str) -> None:
        if self.data_box.findData(name) < 0:
            self.data_box.insertItem(self.data_box.count() - 1, f"Folder {Path(name).name}", name)
        self.data_box.setCurrentIndex(self.data_box.findData(name))

    def _describe_data(self) -> str:
        if self.source == datasets.SHAPES:
            return SHAPES_TEXT
        if self.source != datasets.CIFAR10:
            return self.source
        there = datasets.default_source(self.data_dir) == datasets.CIFAR10
        return CIFAR10_TEXT if there else f"{CIFAR10_TEXT} {DOWNLOAD_TEXT}"

    def _show_measured(self) -> None:
        """Show the measured accuracy and time beside each preset, so that they can be compared in the open list."""
        measured = MEASURED if self.source == datasets.CIFAR10 else {}
        for index, name in enumerate(PRESETS):
            self.recipe_box.setItemText(index, _entry(name, measured.get(name)))
        self._recipe_text.setText(_describe_preset(PRESETS[self.recipe_box.currentData()], bool(measured)))

    @Slot()
    def _recipe_chosen(self) -> None:
        self._show_measured()
        self._show_settings(self.preset)
        self.changed.emit()

    @property
    def preset(self) -> Recipe:
        """The chosen preset, fitted to the number of training images if that is known."""
        preset = PRESETS[self.recipe_box.currentData()]
        return preset if self._training_images is None else fitted(preset, self._training_images)

    def fit(self, training_images: int | None) -> None:
        """Fit the preset to so many training images, None if unknown. Settings that the user has changed stay."""
        is_untouched = self.recipe == self.preset
        self._training_images = training_images
        if is_untouched and self.recipe != self.preset:
            self._show_settings(self.preset)
            self.changed.emit()

    def _show_settings(self, recipe: Recipe) -> None:
        self.epochs_box.setValue(recipe.optimization.epochs)
        self.batch_size_box.setValue(recipe.optimization.batch_size)
        self.learning_rate_box.setValue(recipe.optimization.learning_rate)

    def _lay_out(self) -> None:
        form = QGridLayout(self)
        form.setContentsMargins(0, 0, 0, 0)
        form.setVerticalSpacing(SPACE)
        form.setHorizontalSpacing(2 * SPACE)
        form.setColumnStretch(1, 1)
        settings: list[tuple[str, QAbstractSpinBox]] = [
            ("epochs", self.epochs_box),
            ("batch_size", self.batch_size_box),
            ("learning_rate", self.learning_rate_box),
        ]
        data = QWidget()
        column = QVBoxLayout(data)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._data_text)
        column.addWidget(self.place_button)
        for name, box, below in (
            ("&Data", self.data_box, data),
            ("&Recipe", self.recipe_box, self._recipe_text),
            *((f"&{SETTINGS[name].label}", box, None) for name, box in settings),
        ):
            label = QLabel(name)
            label.setBuddy(box)
            row = form.rowCount()
            form.addWidget(label, row, 0)
            form.addWidget(box, row, 1)
            if below is not None:
                form.addWidget(below, row + 1, 0, 1, 2)
        self.data_box.setToolTip("The images that the network learns from")
        self.place_button.setToolTip("Choose the folder that holds CIFAR-10’s archive or its files")
        self.recipe_box.setToolTip("The network and how it is trained, with its test accuracy and training time")
        for name, spin_box in settings:
            spin_box.setToolTip(SETTINGS[name].sentence)
            spin_box.lineEdit().setAcceptDrops(False)  # pictures are dropped on the window
            spin_box.lineEdit().setTextMargins(SPACE - 1, 0, 0, 0)  # aligns them with the boxes above


def _entry(name: str, measured: Measured | None) -> str:
    """A preset's name, with its accuracy and time if they were measured."""
    if measured is None:
        return name
    return f"{name} — {percent(measured.test_accuracy, 1)}, {max(1, round(measured.seconds / 60))} min"


def _describe_preset(preset: Recipe, is_measured: bool) -> str:
    sentences = [NETWORKS[preset.network.shape].summary]
    changes = [text for name, text in AUGMENTATIONS.items() if getattr(preset, name)]
    if changes:
        sentences.append(f"Augmentation: {', '.join(changes)}.")
    if preset.optimization.warm_restarts:
        sentences.append(f"{counted(preset.optimization.warm_restarts, 'warm restart')} with weight averaging.")
    if is_measured:
        sentences.append("Accuracy and time were measured on CIFAR-10’s JPEG copy on two cores.")
    return " ".join(sentences)


class _RateBox(QDoubleSpinBox):
    """Shows a rate without trailing zeros."""

    def textFromValue(self, value: float) -> str:
        return f"{value:g}"


def _explanation() -> SteadyLabel:
    label = SteadyLabel()
    mark(label, role="muted")
    return label
