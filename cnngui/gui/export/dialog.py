"""The dialog that exports a model."""

from collections.abc import Callable, Mapping
from pathlib import Path

from PySide6.QtCore import QEvent, Qt, Slot
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QFrame,
    QHBoxLayout,
    QProgressBar,
    QPushButton,
    QScrollArea,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from cnngui.core.export.apart import Request
from cnngui.gui.common.labels.elided_label import ElidedLabel
from cnngui.gui.common.labels.plain_label import PlainLabel
from cnngui.gui.common.settings import Settings
from cnngui.gui.common.style import SPACE, mark
from cnngui.gui.export.format_list import FormatList
from cnngui.gui.export.missing_line import MissingLine
from cnngui.gui.export.outcome import Outcome
from cnngui.gui.export.state import ExportState, Phase, Prospect
from cnngui.gui.export.target import ExportTarget
from cnngui.gui.export.words import EXPECTED

STOPPED = "Stopped. Nothing was written."
_CHOICE, _OUTCOME = range(2)
_WIDTH, _HEIGHT = 760, 580  # pixels


class ExportDialog(QDialog):
    """Asks for a format and a folder, follows the export, and shows what has come of it. The window stays usable.

    model: its file. name: for the user. data_dir: where CIFAR-10 is, once an export begins.
    """

    def __init__(
        self,
        model: Path,
        name: str,
        settings: Settings,
        data_dir: Callable[[], Path | None],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._settings, self._data_dir = settings, data_dir
        self.state = ExportState(model, self)
        self.formats, self.target, self.missing = FormatList(), ExportTarget(model, settings), MissingLine()
        self.outcome = Outcome()
        self._pages, self._choice = QStackedWidget(), QWidget()
        self._problem, self._status, self._bar = PlainLabel(wordWrap=True), ElidedLabel(), QProgressBar()
        self._buttons = QDialogButtonBox()
        role = QDialogButtonBox.ButtonRole
        self.export_button = self._buttons.addButton("&Export", role.ActionRole)
        self.stop_button = self._buttons.addButton("&Stop", role.ActionRole)
        self.again_button = self._buttons.addButton("Export &another", role.ActionRole)
        self.close_button = self._buttons.addButton("Close", role.RejectRole)
        self._lay_out(name)
        self._connect()
        self.formats.choose(settings.export_format)
        self.target.suggest(self.formats.current)
        self._show()
        self.formats.buttons[[each.isChecked() for each in self.formats.buttons].index(True)].setFocus()

    def stop(self) -> None:
        """Close, and wait until nothing runs: the window closes."""
        self.hide()
        self.state.leave()

    def reject(self) -> None:
        """Close; while an export goes on, stop it instead, which can be seen then."""
        if self.state.is_busy:
            self.state.stop()
            return
        super().reject()

    def changeEvent(self, event: QEvent) -> None:
        """Look again what is installed: the user may come back from a terminal."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.ActivationChange and self.isActiveWindow():
            self.state.foresee()

    def _connect(self) -> None:
        self.state.changed.connect(self._show)
        self.state.foreseen.connect(self._show_prospects)
        self.formats.chosen.connect(self._choose_format)
        self.target.changed.connect(self._edited)
        self.export_button.clicked.connect(self._export)
        self.stop_button.clicked.connect(self.state.stop)
        self.again_button.clicked.connect(self.state.choose_again)
        self._buttons.rejected.connect(self.reject)
        self.finished.connect(self._end)

    @Slot()
    def _end(self) -> None:
        self.state.leave()
        self.deleteLater()

    @Slot()
    def _export(self) -> None:
        folder, chosen = self.target.path, self.formats.current
        if folder is None or self.state.is_busy or self.formats.missing:
            return
        self._settings.export_folder, self._settings.export_format = folder.parent, chosen.key
        self.state.start(Request(self.state.model, chosen, folder, self.target.data, self._data_dir()))
        self.stop_button.setFocus()

    @Slot(dict)
    def _show_prospects(self, prospects: Mapping[str, Prospect]) -> None:
        self.formats.show_prospects(prospects)

    @Slot()
    def _choose_format(self) -> None:
        self.target.suggest(self.formats.current)
        self._edited()

    @Slot()
    def _edited(self) -> None:
        self.missing.show_missing(self.formats.current, self.formats.missing)
        self.export_button.setEnabled(self.target.path is not None and not self.formats.missing)

    @Slot()
    def _show(self) -> None:
        state = self.state
        is_there = state.phase == Phase.EXPORTED
        if is_there and state.exported is not None and state.request is not None:
            self.outcome.show_exported(state.exported, state.request.chosen)
        self._pages.setCurrentIndex(_OUTCOME if is_there else _CHOICE)
        self._choice.setEnabled(not state.is_busy)
        self._problem.setText(STOPPED if state.was_stopped else state.problem)
        mark(self._problem, role="muted" if state.was_stopped else "failure")
        self._problem.setVisible(bool(self._problem.text()) and state.phase == Phase.CHOOSING)
        self._show_progress()
        self._show_buttons()

    def _show_progress(self) -> None:
        state = self.state
        for widget in (self._status, self._bar):
            widget.setVisible(state.is_busy)
        is_stopping = state.phase == Phase.STOPPING
        self._status.setText("Stopping …" if is_stopping else f"{state.progress.text} …")
        self._bar.setRange(0, state.progress.total)  # without a total, the bar moves to and fro
        self._bar.setValue(state.progress.done)

    def _show_buttons(self) -> None:
        state, was_busy = self.state, not self.close_button.isEnabled()
        is_there = state.phase == Phase.EXPORTED
        self.export_button.setVisible(state.phase == Phase.CHOOSING)
        self.export_button.setDefault(state.phase == Phase.CHOOSING)
        self.stop_button.setVisible(state.is_busy)
        self.stop_button.setEnabled(state.phase == Phase.EXPORTING)
        self.again_button.setVisible(is_there)
        self.close_button.setEnabled(not state.is_busy)
        self._edited()
        if was_busy and not state.is_busy:
            (self.close_button if is_there else self.export_button).setFocus()

    # The layout

    def _lay_out(self, name: str) -> None:
        """From the outside in: whatever gets another parent is styled anew, with all that is in it.

        Tab follows the order in which widgets get their place.
        """
        self.setWindowTitle("Export a model")
        self.setWindowFlag(Qt.WindowType.WindowMaximizeButtonHint)
        heading, progress = ElidedLabel(), QHBoxLayout()
        column = QVBoxLayout(self)
        column.setContentsMargins(2 * SPACE, 2 * SPACE, 2 * SPACE, 2 * SPACE)
        column.setSpacing(SPACE + SPACE // 2)
        column.addWidget(heading)
        column.addWidget(self._pages, 1)
        column.addWidget(self._problem)
        column.addLayout(progress)
        heading.setText(f"Export “{name}”")
        mark(heading, role="heading")
        progress.setSpacing(2 * SPACE)
        progress.addWidget(self._status, 1)
        progress.addWidget(self._bar, 1)
        mark(self._status, role="muted")
        self._bar.setTextVisible(False)
        self._bar.setAccessibleName("Progress of the export")
        mark(self.export_button, kind="primary")
        for button in self._buttons.buttons():
            if isinstance(button, QPushButton):
                button.setAutoDefault(False)
        outcome = _scroll_area()
        self._pages.addWidget(self._choice)
        self._pages.addWidget(outcome)
        self._lay_out_choice()
        outcome.setWidget(self.outcome)
        column.addWidget(self._buttons)
        self.resize(_WIDTH, _HEIGHT)

    def _lay_out_choice(self) -> None:
        hint, card, formats = PlainLabel(EXPECTED, wordWrap=True), QFrame(), _scroll_area()
        column = QVBoxLayout(self._choice)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACE + SPACE // 2)
        column.addWidget(card, 1)
        mark(card, kind="card")
        QVBoxLayout(card).addWidget(formats)
        formats.setWidget(self.formats)
        for widget in (hint, self.missing, self.target):
            column.addWidget(widget)
        mark(hint, role="muted")


def _scroll_area() -> QScrollArea:
    """Scrolls what is in it, where there is not enough room."""
    area = QScrollArea()
    area.setWidgetResizable(True)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # it scrolls to what has the focus
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    return area
