"""A widget for each kind of setting."""

import math

from PySide6.QtCore import QLocale, QObject, Signal, Slot
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QCheckBox, QComboBox, QDoubleSpinBox, QSpinBox, QWidget

from cnngui.core.recipes.setting import Setting, Value
from cnngui.gui.common.style import SPACE
from cnngui.gui.train.recipe.file_box import FileBox

DECIMALS = 6
LEAST_LETTERS = 10  # of a list's entry that are seen
MOST_WHOLE = 2**31 - 1  # of Qt's box for whole numbers


class Editor(QObject):
    """Edits one setting. widget: what is shown. edited: the value that the user has given."""

    edited = Signal(object)

    def __init__(self, setting: Setting, parent: QWidget) -> None:
        super().__init__(parent)
        self._setting = setting
        self._is_showing = False
        self.widget = _made(setting, parent)
        match self.widget:
            case QCheckBox():
                self.widget.toggled.connect(self._take)
            case QComboBox():
                self.widget.currentIndexChanged.connect(self._take)
            case FileBox():
                self.widget.edited.connect(self._take)
            case QSpinBox() | QDoubleSpinBox():
                self.widget.valueChanged.connect(self._take)
                line = self.widget.lineEdit()
                line.setAcceptDrops(False)  # pictures are dropped on the window
                line.setTextMargins(SPACE - 1, 0, 0, 0)  # aligns them with the lists
        self.widget.setToolTip(_tip(setting))
        self.widget.setAccessibleName(setting.label)
        self.widget.setAccessibleDescription(setting.sentence)

    @property
    def value(self) -> Value:
        """What is shown."""
        match self.widget:
            case QCheckBox():
                return self.widget.isChecked()
            case QComboBox():
                return str(self.widget.currentData())
            case FileBox():
                return self.widget.text
            case QSpinBox() | QDoubleSpinBox():
                return self._setting.kind(self.widget.value())  # type: ignore[no-any-return]
        raise TypeError(self.widget)

    def show(self, value: Value) -> None:
        """Show this value; one that the widget rounds is not changed by that."""
        self._is_showing = True
        match self.widget:
            case QCheckBox():
                self.widget.setChecked(bool(value))
            case QComboBox():
                self.widget.setCurrentIndex(self.widget.findData(value))
            case FileBox():
                self.widget.show_text(str(value))
            case QSpinBox():
                self.widget.setValue(int(value))
            case QDoubleSpinBox():
                self.widget.setValue(float(value))
        self._is_showing = False

    @Slot()
    def _take(self) -> None:
        if not self._is_showing:
            self.edited.emit(self.value)


def _made(setting: Setting, parent: QWidget) -> QWidget:
    if setting.kind is bool:
        return QCheckBox(parent)
    if setting.choices is not None:
        box = _List(parent)
        for value, label in setting.choices.items():
            box.addItem(label, value)
        return box
    if setting.kind is str:
        return FileBox(parent)
    if setting.kind is int and setting.maximum <= MOST_WHOLE:
        whole = _WholeBox(parent)
        whole.setRange(int(setting.minimum), int(setting.maximum))
        return whole
    return _NumberBox(setting, parent)


def _tip(setting: Setting) -> str:
    if setting.kind in (int, float):
        return f"{setting.sentence} It is {setting.bounds}."
    return setting.sentence


class _List(QComboBox):
    """Is as wide as its place in the form; the open list, as its longest entry."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(LEAST_LETTERS)

    def showPopup(self) -> None:
        """Show all of each entry."""
        metrics = self.view().fontMetrics()
        widest = max((metrics.horizontalAdvance(self.itemText(index)) for index in range(self.count())), default=0)
        self.view().setMinimumWidth(widest + 4 * SPACE)
        super().showPopup()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Scroll the form, rather than change what happens to lie under the pointer."""
        event.ignore()


class _WholeBox(QSpinBox):
    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setLocale(QLocale.c())

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Scroll the form."""
        event.ignore()


class _NumberBox(QDoubleSpinBox):
    """Shows a number without trailing zeros, and takes it as it is shown, in every language."""

    def __init__(self, setting: Setting, parent: QWidget) -> None:
        super().__init__(parent)
        self.setLocale(QLocale.c())
        self.setDecimals(DECIMALS if setting.kind is float else 0)
        least = 10**-DECIMALS
        low = setting.minimum + (least if setting.above_minimum else 0)
        self.setRange(low, setting.maximum - (least if setting.below_maximum else 0))
        if setting.is_logarithmic:
            self.setSingleStep(0.001)
            self.setStepType(QDoubleSpinBox.StepType.AdaptiveDecimalStepType)
        else:
            self.setSingleStep(10 ** math.floor(math.log10(setting.maximum - setting.minimum) - 1))

    def textFromValue(self, value: float) -> str:
        """Without trailing zeros."""
        text = f"{value:.{self.decimals()}f}"
        return text.rstrip("0").rstrip(".") if self.decimals() else text

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Scroll the form."""
        event.ignore()
