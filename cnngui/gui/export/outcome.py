"""What has come of an export, in words and figures."""

from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from cnngui.core.export.export import Exported
from cnngui.core.export.formats import Format
from cnngui.core.export.script import PAGE, SCRIPT
from cnngui.gui.common.labels.elided_label import ElidedLabel
from cnngui.gui.common.labels.plain_label import PlainLabel
from cnngui.gui.common.local_files import urls_of
from cnngui.gui.common.strips.result_strip import Choice, ResultStrip
from cnngui.gui.common.style import SPACE, mark
from cnngui.gui.common.words import place
from cnngui.gui.export.words import NOT_GOOD, measured


class Outcome(QWidget):
    """Whether an export is good, where it is, and what its proof has measured."""

    def __init__(self) -> None:
        super().__init__()
        self._strip, self._figures = ResultStrip(), QGridLayout()
        self._figures.setHorizontalSpacing(3 * SPACE)
        self._figures.setVerticalSpacing(SPACE)
        self._figures.setContentsMargins(2 * SPACE, 0, 2 * SPACE, 0)
        self._figures.setColumnStretch(1, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2 * SPACE)
        column.addWidget(self._strip)
        column.addLayout(self._figures)
        column.addStretch(1)

    def show_exported(self, exported: Exported, chosen: Format) -> None:
        """Show this export, in this format."""
        proof, folder = exported.proof, exported.folder

        def show_folder() -> None:
            QDesktopServices.openUrl(*urls_of([folder]))

        choices = [Choice("Show in &folder", show_folder)]
        if proof.is_good:
            said = ["It answers as the model does.", _use(chosen)]
            self._strip.show_result("good", f"Exported as {chosen.title}", "\n".join(said), choices)
        else:
            said = [*proof.warnings, NOT_GOOD]
            self._strip.show_result("doubtful", f"Exported as {chosen.title}, with a warning", "\n".join(said), choices)
        self._show_figures(exported)

    def _show_figures(self, exported: Exported) -> None:
        while (item := self._figures.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        figures = (("Folder", place(exported.folder)), *measured(exported))
        for row, (caption, text) in enumerate(figures):
            name, value = PlainLabel(caption), ElidedLabel()
            mark(name, role="muted")
            value.setText(text)
            value.setAccessibleName(f"{caption}: {text}")
            self._figures.addWidget(name, row, 0)
            self._figures.addWidget(value, row, 1)


def _use(chosen: Format) -> str:
    page = f" {PAGE[0]} is a page to drop pictures on." if chosen.has_page else ""
    return f"To try it, run in its folder: python {SCRIPT} PICTURE.{page}"
