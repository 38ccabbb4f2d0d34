"""Asks how long a search goes on."""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QVBoxLayout, QWidget

from cnngui.core.search.trials import Standing
from cnngui.gui.common.labels.plain_label import PlainLabel
from cnngui.gui.common.style import SPACE, mark
from cnngui.gui.train.search.limit_box import LimitBox
from cnngui.gui.train.search.outcome import so_far
from cnngui.gui.train.search.rows import rows
from cnngui.gui.train.search.wishes import Limit


class ContinueDialog(QDialog):
    """Calls ``take`` with the Limit from now on, once it is accepted. limit: is shown at first."""

    def __init__(
        self, standing: Standing, limit: Limit, take: Callable[[Limit], object], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("Continue the search")
        self.box = LimitBox(limit)
        name, text = PlainLabel(standing.name, wordWrap=True), PlainLabel(so_far(standing), wordWrap=True)
        mark(name, role="heading")
        mark(text, role="muted")
        buttons = QDialogButtonBox()
        mark(buttons.addButton("Continue", QDialogButtonBox.ButtonRole.AcceptRole), kind="primary")
        buttons.addButton("Not now", QDialogButtonBox.ButtonRole.RejectRole)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        self.accepted.connect(lambda: take(self.box.limit))
        column = QVBoxLayout(self)
        column.setContentsMargins(2 * SPACE, 2 * SPACE, 2 * SPACE, 2 * SPACE)
        column.setSpacing(SPACE)
        for widget in (name, text):
            column.addWidget(widget)
        column.addLayout(rows({"&Go on for": self.box}))
        column.addWidget(buttons)
        self.setMinimumWidth(380)
