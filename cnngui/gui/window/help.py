"""Windows of the Help menu: the keys, the project's page, and a report of a problem."""

import platform
from collections.abc import Iterable, Iterator
from importlib.metadata import PackageNotFoundError, metadata, version
from pathlib import Path

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QAction, QGuiApplication, QKeySequence
from PySide6.QtWidgets import (
    QAbstractItemView,
    QDialog,
    QDialogButtonBox,
    QPlainTextEdit,
    QTableWidget,
    QTableWidgetItem,
    QTextBrowser,
    QVBoxLayout,
    QWidget,
)

from cnngui import paths
from cnngui.gui.common.actions import Action
from cnngui.gui.common.labels.plain_label import PlainLabel

LOG_LINES = 60  # at the end of the log, in a report
PACKAGES = ("cnngui", "tensorflow", "keras", "PySide6-Essentials", "numpy", "pillow")


class HelpWindow(QDialog):
    """Shows a widget until it is closed, beside the main window."""

    def __init__(self, title: str, content: QWidget, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(title)
        self.buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        self.buttons.rejected.connect(self.close)
        column = QVBoxLayout(self)
        column.addWidget(content, 1)
        column.addWidget(self.buttons)
        self.resize(min(640, parent.width()), min(560, parent.height()))


def keys_window(actions: Iterable[tuple[Action, QAction]], parent: QWidget) -> HelpWindow:
    """All keys, as the tables of actions have them. Actions without a menu are those of the list of models."""
    rows = list(_keys(actions))
    table = QTableWidget(len(rows), 3)
    table.setHorizontalHeaderLabels(["Menu", "What it does", "Key"])
    table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
    table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
    table.setTabKeyNavigation(False)
    table.verticalHeader().hide()
    table.setShowGrid(False)
    table.horizontalHeader().setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
    for row, texts in enumerate(rows):
        for column, text in enumerate(texts):
            table.setItem(row, column, QTableWidgetItem(text))
    table.resizeColumnsToContents()
    table.horizontalHeader().setStretchLastSection(True)
    return HelpWindow("Keys", table, parent)


def readme_window(parent: QWidget) -> HelpWindow:
    """The project's page, which is installed with the program."""
    browser = QTextBrowser()
    browser.setOpenExternalLinks(True)
    browser.setMarkdown(_readme())
    return HelpWindow("Read me", browser, parent)


class ReportWindow(HelpWindow):
    """What helps to find a fault, to be read and copied. Nothing is sent."""

    def __init__(self, parent: QWidget) -> None:
        content = QWidget()
        self._text = QPlainTextEdit(problem_report())
        self._text.setReadOnly(True)
        self._text.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        column = QVBoxLayout(content)
        column.setContentsMargins(0, 0, 0, 0)
        says = PlainLabel("Copy this, and say what you did and what happened. Nothing is sent.")
        says.setWordWrap(True)
        column.addWidget(says)
        column.addWidget(self._text, 1)
        super().__init__("Report a problem", content, parent)
        self.buttons.addButton("Copy", QDialogButtonBox.ButtonRole.ActionRole).clicked.connect(self._copy)

    @Slot()
    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self._text.toPlainText())


def problem_report(log: Path | None = None) -> str:
    """The versions and the end of the log, with "~" for the user's home folder."""
    lines = [f"{name} {_version(name)}" for name in PACKAGES]
    lines += [f"Python {platform.python_version()}", platform.platform(), ""]
    try:
        logged = (log or paths.log_file()).read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        logged = ["Nothing is logged."]
    return "\n".join([*lines, *logged[-LOG_LINES:]]).replace(str(Path.home()), "~")


def _keys(actions: Iterable[tuple[Action, QAction]]) -> Iterator[tuple[str, str, str]]:
    for action, made in actions:
        key = made.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
        if key:
            yield action.menu.partition("/")[0] or "Models", made.text().replace("&", ""), key


def _readme() -> str:
    try:
        return str(metadata("cnngui").json.get("description", ""))
    except PackageNotFoundError:
        return ""


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "is missing"
