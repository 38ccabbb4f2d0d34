"""The form of the recipe: which one, the settings that beginners need, and all others behind a button."""

from collections.abc import Mapping
from pathlib import Path

from PySide6.QtCore import QPoint, Qt, QTimer, Signal, Slot
from PySide6.QtWidgets import (
    QComboBox,
    QFileDialog,
    QGridLayout,
    QInputDialog,
    QMenu,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from cnngui.core.networks.presets import SHAPES
from cnngui.core.recipes.library import ENDING
from cnngui.core.recipes.parts import BACKBONES, NetworkSettings
from cnngui.core.recipes.presets import PRESETS, Measured
from cnngui.core.recipes.recipe import SETTINGS, Recipe
from cnngui.core.sentences import counted
from cnngui.gui.common import questions
from cnngui.gui.common.labels.plain_label import PlainLabel
from cnngui.gui.common.labels.steady_label import SteadyLabel
from cnngui.gui.common.settings import Settings
from cnngui.gui.common.style import SPACE, mark
from cnngui.gui.common.words import percent
from cnngui.gui.train.recipe.all_settings import AllSettings
from cnngui.gui.train.recipe.editors import Editor
from cnngui.gui.train.recipe.rows import SettingRows
from cnngui.gui.train.recipe.state import RecipeState
from cnngui.gui.train.recipe.vary import VaryState

FILES = f"Recipes (*{ENDING})"
BASIC = (
    "network.begin",
    "network.begin_file",
    "network.trainable",
    "optimization.epochs",
    "optimization.batch_size",
    "optimization.learning_rate",
    "network.dropout",
    "augmentation.horizontal_flip",
)


class RecipeForm(QWidget):
    """The recipe's name, its settings, and a menu to keep it.

    tool_asked: the part of the recipe whose tool is wanted. export_asked: the recipe is to be written to a file.
    """

    tool_asked = Signal(str)
    export_asked = Signal()

    def __init__(self, state: RecipeState, settings: Settings) -> None:
        super().__init__()
        self._state, self._settings = state, settings
        self.vary = VaryState(state, self)
        self._measured: Mapping[str, Measured] = {}
        self.box, self.menu_button, self.all_button = QComboBox(), QPushButton("⋯"), QPushButton()
        self._text, self._problem = SteadyLabel(), PlainLabel(wordWrap=True)
        self._basic = SettingRows(state, BASIC, self.vary)
        self._all: AllSettings | None = None
        self._column = QVBoxLayout(self)
        self._lay_out()
        self._fill_menu()
        self._fill()
        state.changed.connect(self._show)
        state.recipes_changed.connect(self._fill)
        state.kept.connect(self._note_kept)
        state.failed.connect(self._say)
        self.box.activated.connect(self._choose)
        self.all_button.toggled.connect(self._show_all)
        self.all_button.clicked.connect(lambda: QTimer.singleShot(0, self._scroll_to_all))  # once it is laid out
        self.all_button.setChecked(bool(settings.shows_all_settings))
        self._show()

    def editor(self, path: str) -> Editor:
        """The editor of a setting; all settings are shown if beginners do not see it."""
        if path in BASIC:
            return self._basic.editor(path)
        self.all_button.setChecked(True)
        assert self._all is not None
        return self._all.editor(path)

    def show_measured(self, measured: Mapping[str, Measured]) -> None:
        """Show the measured accuracy and time beside each preset, so that they can be compared in the open list."""
        self._measured = measured
        self._show()

    @Slot()
    def _show(self) -> None:
        state = self._state
        for index in range(self.box.count()):
            name = self.box.itemData(index)
            self.box.setItemText(index, _entry(name, self._measured.get(name), state.title))
        self.box.setCurrentIndex(self.box.findData(state.name))
        self._text.setText(describe(state.recipe, is_measured=state.name in self._measured and not state.is_edited))
        self._remove.setEnabled(state.is_own)
        self._reset.setEnabled(state.is_edited)

    @Slot()
    def _fill(self) -> None:
        self.box.clear()
        for name in self._state.recipes:
            self.box.addItem(name, name)
        self._show()

    @Slot()
    def _choose(self) -> None:
        self._say("")
        self._state.choose(str(self.box.currentData()))
        self._settings.recipe = self._state.name

    @Slot(bool)
    def _show_all(self, is_shown: bool) -> None:
        if is_shown and self._all is None:
            self._all = AllSettings(self._state, self.vary)
            self._all.tool_asked.connect(self.tool_asked)
            self._column.addWidget(self._all)
        if self._all is not None:
            self._all.setVisible(is_shown)
        self.all_button.setText("▾ All settings" if is_shown else "▸ All settings")
        self._settings.shows_all_settings = is_shown

    @Slot()
    def _scroll_to_all(self) -> None:
        """Show that there is more below the button."""
        area = self._scroll_area()
        content = area.widget() if area is not None else None
        if area is not None and content is not None and self.all_button.isChecked():
            place = self.all_button.mapTo(content, QPoint(0, 0)).y()
            area.verticalScrollBar().setValue(place - 3 * SPACE)  # the text above it may need a line less now

    def _scroll_area(self) -> QScrollArea | None:
        parent: QWidget | None = self
        while parent is not None and not isinstance(parent, QScrollArea):
            parent = parent.parentWidget()
        return parent

    # The menu

    def _fill_menu(self) -> None:
        menu = QMenu(self)
        self._reset = menu.addAction("&Reset all settings", self._state.reset_all)
        menu.addSeparator()
        menu.addAction("&Save as …", self._save_as)
        self._remove = menu.addAction("Re&move the recipe", self._state.remove)
        self._remove.setToolTip("Its file goes to the trash")
        menu.addSeparator()
        menu.addAction("&Import …", self._import)
        menu.addAction("&Export …", self.export_asked.emit)
        self.menu_button.setMenu(menu)

    @Slot()
    def _save_as(self) -> None:
        name, is_given = QInputDialog.getText(
            self, "Save the recipe", "Name of the recipe:", text=self._state.name if self._state.is_own else ""
        )
        name = name.strip()
        if is_given and (not self._state.is_taken(name) or questions.may_replace_recipe(name, self)):
            self._state.save_as(name)

    @Slot()
    def _import(self) -> None:
        name, _ = QFileDialog.getOpenFileName(self, "Import a recipe", "", FILES)
        if name:
            self.import_file(Path(name))

    def import_file(self, path: Path) -> None:
        """Choose the recipe in a file, and keep it."""
        self._state.add_file(path)

    @Slot()
    def _note_kept(self) -> None:
        self._say("")
        self._settings.recipe = self._state.name

    @Slot(str)
    def _say(self, problem: str) -> None:
        self._problem.setText(problem)
        self._problem.setVisible(bool(problem))

    # The layout

    def _lay_out(self) -> None:
        label = PlainLabel("&Recipe")
        label.setBuddy(self.box)
        self.box.setToolTip("The network and how it is trained, with its test accuracy and training time")
        mark(self.menu_button, kind="small")
        self.menu_button.setToolTip("Save, import and export recipes")
        self.menu_button.setAccessibleName("Recipes")
        self.all_button.setCheckable(True)
        mark(self.all_button, kind="fold")
        self.all_button.setText("▸ All settings")
        self.all_button.setToolTip("Show every setting of the recipe")
        mark(self._text, role="muted")
        self._text.reserve(describe(preset, is_measured=flag) for preset in PRESETS.values() for flag in (True, False))
        mark(self._problem, role="failure")
        self._problem.hide()
        head = QGridLayout()
        head.setHorizontalSpacing(SPACE)
        head.setColumnStretch(1, 1)
        head.addWidget(label, 0, 0)
        head.addWidget(self.box, 0, 1)
        head.addWidget(self.menu_button, 0, 2)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(SPACE)
        self._column.addLayout(head)
        for widget in (self._text, self._problem, self._basic):
            self._column.addWidget(widget)
        self._column.addWidget(self.all_button, 0, Qt.AlignmentFlag.AlignLeft)


def _entry(name: str, measured: Measured | None, title: str) -> str:
    """A recipe's name, with its accuracy and time if they were measured, or that it is edited."""
    if title.partition(",")[0] == name and title != name:
        return title
    if measured is None:
        return name
    return f"{name} — {percent(measured.test_accuracy, 1)}, {max(1, round(measured.seconds / 60))} min"


def describe(recipe: Recipe, *, is_measured: bool) -> str:
    """What the recipe does, in sentences."""
    sentences = [_network(recipe.network)]
    augmentation = recipe.augmentation
    given = [f"augmentation.{name}" for name, value in vars(augmentation).items() if value]
    changes = [SETTINGS[path].label for path in given if recipe.has_effect(path)]
    if changes:
        text = ", ".join(changes).lower().replace("cutmix", "CutMix")
        sentences.append(f"Augmentation: {text}.")
    if len(recipe.cycles) > 1:
        averaged = " with weight averaging" if recipe.optimization.averaging == "cycles" else ""
        sentences.append(f"{counted(len(recipe.cycles) - 1, 'warm restart')}{averaged}.")
    if is_measured:
        sentences.append("Accuracy and time were measured on CIFAR-10’s JPEG copy on two cores.")
    return " ".join(sentences)


def _network(chosen: NetworkSettings) -> str:
    """What the network is, in a sentence or two."""
    if not chosen.begins:
        layers = counted(len(chosen.layers), "layer")
        return f"{layers} of your own." if chosen.shape == "layers" else SHAPES[chosen.shape].summary
    known = {"shipped": "The shipped model", "model": "A model of yours"}
    begin = known.get(chosen.begin, f"{BACKBONES.get(chosen.begin)}, which knows ImageNet’s photographs")
    learns = {"head": "Its last layer learns", "half": "It learns on from half-way on", "all": "All of it learns on"}
    return f"{begin}. {learns[chosen.trainable]}."
