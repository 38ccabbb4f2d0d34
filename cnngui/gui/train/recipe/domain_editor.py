"""Edits between which values a setting varies."""

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QGridLayout,
    QHBoxLayout,
    QLineEdit,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from cnngui.core.recipes.recipe import SETTINGS
from cnngui.core.recipes.setting import Range, Setting
from cnngui.core.search.space import Choice, Domain
from cnngui.gui.common.labels.plain_label import PlainLabel
from cnngui.gui.common.search_field import text_field
from cnngui.gui.common.style import SPACE

LOG, LINEAR, STEPS, LIST = "log", "linear", "steps", "list"
SCALES = {LOG: "logarithmic", LINEAR: "linear", STEPS: "in steps of", LIST: "these values"}
WIDEST = "0.00102"  # is seen as a whole
DIGITS = 10  # behind the point


class RangeEditor(QWidget):
    """Edits a range or a list of numbers. given: the text of a domain, as the core reads it."""

    given = Signal(str)

    def __init__(self, path: str, parent: QWidget) -> None:
        super().__init__(parent)
        self._setting = SETTINGS[path]
        name = self._setting.label
        self.low, self.high = _field(f"{name} from", "The lowest value"), _field(f"{name} to", "The highest value")
        self.step, self.values = _field(f"{name} in steps of", "From value to value"), _field(f"{name}, values", "")
        self.values.setToolTip("The values, with commas between them")
        self.scale = QComboBox()
        self._between = PlainLabel("to")
        self._lay_out(name)
        for line in (self.low, self.high, self.step, self.values):
            line.editingFinished.connect(self._give)
        self.scale.activated.connect(self._choose_scale)

    def show_domain(self, domain: Domain) -> None:
        """Show between which values it varies."""
        if isinstance(domain, Range):
            self._show_scale(STEPS if domain.step else LOG if domain.is_logarithmic else LINEAR)
            step = domain.step or (1 if self._setting.kind is int else float(f"{(domain.high - domain.low) / 10:.1g}"))
            for line, value in ((self.low, domain.low), (self.high, domain.high), (self.step, step)):
                line.setText(_digits(self._setting, value))
        else:
            self._show_scale(LIST)
            self.values.setText(", ".join(_digits(self._setting, float(value)) for value in domain.values))
        for line in (self.low, self.high, self.step, self.values):
            line.setCursorPosition(0)

    @property
    def stops(self) -> tuple[QWidget, ...]:
        """Where Tab comes to, in this order."""
        return self.low, self.high, self.values, self.scale, self.step

    @Slot()
    def _give(self) -> None:
        line = self.sender()
        if not (isinstance(line, QLineEdit) and line.isModified()):  # only left
            return
        line.setModified(False)
        self.given.emit(self._text())

    @Slot()
    def _choose_scale(self) -> None:
        scale = str(self.scale.currentData())
        if scale == LIST and not self.values.text():
            self.values.setText(f"{self.low.text()}, {self.high.text()}")
        self._show_scale(scale)
        self.given.emit(self._text())

    def _text(self) -> str:
        scale = self.scale.currentData()
        if scale == LIST:
            return self.values.text()
        how = (self.step.text().strip() or "0") if scale == STEPS else scale
        return f"{self.low.text()}:{self.high.text()}:{how}"

    def _show_scale(self, scale: str) -> None:
        self.scale.setCurrentIndex(self.scale.findData(scale))
        for widget in (self.low, self._between, self.high):
            widget.setVisible(scale != LIST)
        self.step.setVisible(scale == STEPS)
        self.values.setVisible(scale == LIST)

    def _lay_out(self, name: str) -> None:
        for scale, text in SCALES.items():
            self.scale.addItem(text, scale)
        self.scale.setAccessibleName(f"Scale of {name}")
        self.scale.setToolTip("How the values are spread")
        self.scale.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.scale.setMinimumContentsLength(4)
        self.setFocusProxy(self.low)
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(SPACE // 2)
        ends = QHBoxLayout()
        ends.setSpacing(SPACE // 2)
        for widget in (self.low, self._between, self.high, self.values):
            ends.addWidget(widget, 0 if widget is self._between else 1)
        how = QHBoxLayout()
        how.setSpacing(SPACE // 2)
        how.addWidget(self.scale, 1)
        how.addWidget(self.step)
        grid.addLayout(ends, 0, 0)
        grid.addLayout(how, 1, 0)


class ChoiceEditor(QWidget):
    """Edits which values of a list there are. chosen: a list of them."""

    chosen = Signal(list)

    def __init__(self, path: str, parent: QWidget) -> None:
        super().__init__(parent)
        setting = SETTINGS[path]
        values = setting.choices if setting.choices is not None else (False, True)
        self.boxes = {value: _ValueBox(setting.write(value)) for value in values}
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACE // 2)
        for box in self.boxes.values():
            box.setAccessibleDescription(setting.label)
            box.clicked.connect(self._choose)
            column.addWidget(box)
        self.setFocusProxy(next(iter(self.boxes.values())))

    def show_domain(self, domain: Domain) -> None:
        """Show which values there are."""
        for value, box in self.boxes.items():
            box.setChecked(isinstance(domain, Choice) and value in domain.values)

    @property
    def stops(self) -> tuple[QWidget, ...]:
        """Where Tab comes to, in this order."""
        return tuple(self.boxes.values())

    @Slot()
    def _choose(self) -> None:
        self.chosen.emit([value for value, box in self.boxes.items() if box.isChecked()])


class _ValueBox(QCheckBox):
    """A box of at least a few letters, whose text is shortened where it does not fit: the form stays narrow."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self._text = text
        self.setAccessibleName(text)
        self.setMinimumWidth(self.fontMetrics().horizontalAdvance(WIDEST))
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Show as much of the text as fits."""
        super().resizeEvent(event)
        room = self.width() - (self.sizeHint().width() - self.fontMetrics().horizontalAdvance(self.text()))
        shown = self.fontMetrics().elidedText(self._text, Qt.TextElideMode.ElideRight, room)
        if shown != self.text():
            self.setText(shown)
            self.setToolTip(self._text if shown != self._text else "")


def _field(name: str, tip: str) -> QLineEdit:
    line = text_field(name, tip)
    line.setMinimumWidth(line.fontMetrics().horizontalAdvance(WIDEST) + 2 * SPACE + 4)
    return line


def _digits(setting: Setting, value: float) -> str:
    """The number as it can be typed."""
    return str(int(value)) if setting.kind is int else f"{value:.{DIGITS}f}".rstrip("0").rstrip(".")
