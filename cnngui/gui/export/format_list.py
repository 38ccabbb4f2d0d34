"""The formats, of which one is chosen."""

from collections.abc import Mapping

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QButtonGroup, QGridLayout, QLabel, QRadioButton, QWidget

from cnngui.core.export.formats import FORMATS, Format
from cnngui.gui.common.labels.plain_label import PlainLabel
from cnngui.gui.common.style import SPACE
from cnngui.gui.export.state import Prospect
from cnngui.gui.export.words import accuracy, megabytes

HEADERS = ("Format", "", "Size", "Speed", "Accuracy")
_TITLE, _MISSING, _SIZE = range(3)
_INDENT = 24  # pixels, so that sentences begin below the titles


class FormatList(QWidget):
    """Each format with a sentence, and what is to be expected of it. The arrow keys move between them.

    chosen: another one is chosen.
    """

    chosen = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._group = QButtonGroup(self)
        self._prospects: Mapping[str, Prospect] = {}
        self._missing: list[QLabel] = []
        self._sizes: list[QLabel] = []
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(SPACE, 0, SPACE, 0)
        self._grid.setHorizontalSpacing(3 * SPACE)
        self._grid.setVerticalSpacing(0)
        self._grid.setColumnStretch(_MISSING, 1)
        for column, text in enumerate(HEADERS):
            self._grid.addWidget(_muted(text), 0, column)
        self._grid.setRowMinimumHeight(1, SPACE)
        for number, each in enumerate(FORMATS):
            self._add(number, each)
        self._grid.setRowStretch(self._grid.rowCount(), 1)
        self._group.idToggled.connect(self._toggled)
        self.choose(FORMATS[0].key)

    @property
    def current(self) -> Format:
        """The format that is chosen."""
        return FORMATS[self._group.checkedId()]

    @property
    def missing(self) -> tuple[str, ...]:
        """The packages that the chosen format needs and that are not installed."""
        prospect = self._prospects.get(self.current.key)
        return prospect.missing if prospect else ()

    @property
    def buttons(self) -> list[QRadioButton]:
        """The button of each format."""
        return [button for button in self._group.buttons() if isinstance(button, QRadioButton)]

    def choose(self, key: str) -> None:
        """Choose the format of this name, if there is one."""
        for number, each in enumerate(FORMATS):
            if each.key == key:
                self._group.button(number).setChecked(True)

    def show_prospects(self, prospects: Mapping[str, Prospect]) -> None:
        """Show how large an export would be, and what is not installed."""
        self._prospects = prospects
        for number, each in enumerate(FORMATS):
            prospect = prospects[each.key]
            size = "unknown" if prospect.size is None else f"about {megabytes(prospect.size)}"
            self._sizes[number].setText(size)
            self._missing[number].setText("not installed" if prospect.missing else "")
            state = f"Not installed: {', '.join(prospect.missing)}. " if prospect.missing else ""
            self._group.button(number).setAccessibleDescription(
                f"{state}{each.purpose} Size: {size}. Speed: {each.speed}. Accuracy: {accuracy(each)}."
            )
        self.chosen.emit()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Choose the format whose title, sentence or figures are clicked."""
        height = event.position().y()
        above = [button for button in self._group.buttons() if button.y() <= height]
        if above:
            above[-1].setChecked(True)
            above[-1].setFocus(Qt.FocusReason.MouseFocusReason)

    def _add(self, number: int, each: Format) -> None:
        button, size, missing = QRadioButton(each.title), PlainLabel("…"), PlainLabel()
        button.setAccessibleDescription(each.purpose)
        sentence = _muted(each.purpose)
        sentence.setWordWrap(True)
        sentence.setContentsMargins(_INDENT, 0, 0, 0)
        missing.setProperty("role", "warning")
        self._group.addButton(button, number)
        self._missing.append(missing)
        self._sizes.append(size)
        row = 2 + 3 * number
        for column, widget in enumerate(
            (button, missing, size, PlainLabel(each.speed), PlainLabel(accuracy(each))), _TITLE
        ):
            self._grid.addWidget(widget, row, column)
        self._grid.addWidget(sentence, row + 1, _TITLE, 1, len(HEADERS))
        if each is not FORMATS[-1]:
            self._grid.setRowMinimumHeight(row + 2, SPACE + SPACE // 2)

    @Slot(int, bool)
    def _toggled(self, _number: int, is_on: bool) -> None:
        if is_on:
            self.chosen.emit()


def _muted(text: str) -> PlainLabel:
    label = PlainLabel(text)
    label.setProperty("role", "muted")  # it is styled once, when it is shown
    return label
