"""How far the copying or moving of pictures is, with a button to cancel."""

from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QPushButton, QWidget

from cnngui.core.progress import Progress
from cnngui.gui.common.labels.plain_label import PlainLabel
from cnngui.gui.common.style import SPACE, mark


class ProgressStrip(QWidget):
    """Hidden until something takes long enough to report."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._text, self._bar = PlainLabel(), QProgressBar()
        self._bar.setTextVisible(False)
        mark(self._text, role="muted")
        self.cancel_button = QPushButton("Cancel")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(2 * SPACE)
        row.addWidget(self._text)
        row.addWidget(self._bar, 1)
        row.addWidget(self.cancel_button)
        self.hide()

    def show_progress(self, progress: Progress) -> None:
        """Show how far it is."""
        self._text.setText(progress.text)
        self._bar.setRange(0, progress.total)
        self._bar.setValue(progress.done)
        self.show()
