"""The form in which the user chooses the data and the recipe of a training."""

from pathlib import Path

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QComboBox, QFileDialog, QGridLayout, QPushButton, QVBoxLayout, QWidget

from cnngui.core.data import datasets
from cnngui.core.data.image_folder import SIDE
from cnngui.core.data.sources import CIFAR10, SHAPES
from cnngui.core.recipes.presets import MEASURED
from cnngui.core.recipes.recipe import Recipe
from cnngui.gui.common.labels.plain_label import PlainLabel
from cnngui.gui.common.labels.steady_label import SteadyLabel
from cnngui.gui.common.settings import Settings
from cnngui.gui.common.style import SPACE, mark
from cnngui.gui.train.recipe.editors import Editor
from cnngui.gui.train.recipe.form import RecipeForm
from cnngui.gui.train.recipe.state import RecipeState

FOLDER = "folder"  # the data of the entry that asks for a folder; a chosen folder's entry has its path

SHAPES_TEXT = "12,000 images in ten classes, drawn by the program."
CIFAR10_TEXT = "60,000 photographs in ten classes, 32 × 32 pixels."
DOWNLOAD_TEXT = "170 MB will be downloaded first."


class TrainForm(QWidget):
    """The data and the recipe, as they were last.

    changed: any of them has changed. data_chosen: the user has chosen data. tool_asked: as :class:`RecipeForm` has it.
    """

    changed = Signal()
    data_chosen = Signal()
    tool_asked = Signal(str)

    def __init__(self, data_dir: Path | None, settings: Settings, parent: QWidget | None = None) -> None:
        """data_dir: where CIFAR-10 is; without it, where it was last time."""
        super().__init__(parent)
        self._settings = settings
        self.data_dir = data_dir or settings.cifar10_folder
        self.data_box = QComboBox()
        self._data_text = SteadyLabel()
        self._data_text.reserve([SHAPES_TEXT, CIFAR10_TEXT, f"{CIFAR10_TEXT} {DOWNLOAD_TEXT}"])  # nothing jumps
        mark(self._data_text, role="muted")
        self.place_button = QPushButton("…")
        self.recipe_state = RecipeState(settings.recipe, parent=self)
        self.recipe_form = RecipeForm(self.recipe_state, settings)
        self.vary = self.recipe_form.vary
        self._fill()
        self._lay_out()
        self.data_box.activated.connect(self._choose_data)
        self.place_button.clicked.connect(self.choose_cifar10_folder)
        self.recipe_state.changed.connect(self.changed)
        self.vary.changed.connect(self.changed)
        self.recipe_form.tool_asked.connect(self.tool_asked)
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
        """The recipe with all changes."""
        return self.recipe_state.recipe

    @property
    def side(self) -> int:
        """The side in pixels to which a folder's pictures are scaled for the recipe's network."""
        return self.recipe.network.side if self.recipe.has_effect("network.side") else SIDE

    @property
    def recipe_box(self) -> QComboBox:
        """Where the recipe is chosen."""
        return self.recipe_form.box

    def editor(self, path: str) -> Editor:
        """The editor of a setting of the recipe."""
        return self.recipe_form.editor(path)

    def fit(self, training_images: int | None) -> None:
        """Fit a preset to so many training images, None if unknown. What the user has changed stays."""
        self.recipe_state.fit(training_images)

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

    def _fill(self) -> None:
        self.data_box.addItem("CIFAR-10", CIFAR10)
        self.data_box.addItem("Drawn shapes", SHAPES)
        self.data_box.addItem("Folder of images …", FOLDER)
        for folder in self._settings.data_folders:
            self._select_folder(folder)
        last = self.data_box.findData(self._settings.data_source)
        first = self.data_box.findData(datasets.default_source(self.data_dir))
        self.data_box.setCurrentIndex(last if last >= 0 else first)

    @Slot()
    def _choose_data(self) -> None:
        if self.source == FOLDER and not self._choose_folder():
            return
        self._take_choice()

    def _take_choice(self) -> None:
        """Remember the data that the user has chosen, and say so. The recipe follows, if it is as it was."""
        self._settings.data_source = self.source
        self.recipe_state.suit(own_pictures=self.source not in (CIFAR10, SHAPES))
        if self.source not in (CIFAR10, SHAPES):
            others = [name for name in self._settings.data_folders if name != self.source]
            self._settings.data_folders = [self.source, *others]
        self._data_chosen()
        self.data_chosen.emit()

    def _data_chosen(self) -> None:
        self._chosen_data = self.data_box.currentIndex()
        self.place_button.setVisible(self.source == CIFAR10)
        self._data_text.setText(self._describe_data())
        self.recipe_form.show_measured(MEASURED if self.source == CIFAR10 else {})
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
        if self.source == SHAPES:
            return SHAPES_TEXT
        if self.source != CIFAR10:
            return self.source
        there = datasets.default_source(self.data_dir) == CIFAR10
        return CIFAR10_TEXT if there else f"{CIFAR10_TEXT} {DOWNLOAD_TEXT}"

    def _lay_out(self) -> None:
        self.data_box.setToolTip("The images that the network learns from")
        mark(self.place_button, kind="small")
        self.place_button.setToolTip("Use another copy: choose the folder that holds CIFAR-10’s archive or its files")
        self.place_button.setAccessibleName("Use another copy …")
        policy = self.place_button.sizePolicy()
        policy.setRetainSizeWhenHidden(True)
        self.place_button.setSizePolicy(policy)
        label = PlainLabel("&Data")
        label.setBuddy(self.data_box)
        head = QGridLayout()
        head.setHorizontalSpacing(SPACE)
        head.setColumnStretch(1, 1)
        head.addWidget(label, 0, 0)
        head.addWidget(self.data_box, 0, 1)
        head.addWidget(self.place_button, 0, 2)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACE)
        column.addLayout(head)
        for widget in (self._data_text, self.recipe_form):
            column.addWidget(widget)
