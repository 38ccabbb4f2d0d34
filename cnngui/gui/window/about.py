"""The window that says what the program is, where its models are, and the licences of all that it is built on."""

from collections.abc import Iterable, Iterator
from html import escape
from pathlib import Path

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QDialogButtonBox, QLabel, QPushButton, QTextBrowser, QVBoxLayout, QWidget

from cnngui import __version__
from cnngui.core.progress import ShouldStop
from cnngui.gui.common.style import SPACE, mark
from cnngui.gui.common.worker import Deliver, LatestTask
from cnngui.gui.window.help import HelpWindow
from cnngui.gui.window.licences import Licensed, read_licences

_LGPL = "https://www.gnu.org/licenses/lgpl-3.0.html"
_SAYS = (
    "cnngui is under the MIT licence. It uses these packages, each under its own licence. Qt, libheif and libde265 are "
    f'under the <a href="{_LGPL}">GNU LGPL</a>: they are files of their own, which you can replace. '
    "The full texts are in the packages’ folders."
)


class AboutWindow(HelpWindow):
    """Opens at once. The licences are read beside it, which takes 0.1 s."""

    def __init__(self, runs_dir: Path, parent: QWidget) -> None:
        self._licences: tuple[Licensed, ...] = ()
        self._browser = _browser()
        self._browser.setPlainText("The licences are being read …")
        content = QWidget()
        column = QVBoxLayout(content)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACE)
        for label in (_label(_program(runs_dir)), _heading("Licences"), _label(_SAYS)):
            column.addWidget(label)
        column.addWidget(self._browser, 1)
        super().__init__("About cnngui", content, parent)
        self._copy_button = QPushButton("Copy licences")
        self._copy_button.setEnabled(False)
        self._copy_button.clicked.connect(self._copy)
        self.buttons.addButton(self._copy_button, QDialogButtonBox.ButtonRole.ActionRole)
        self._browser.setFocus()  # so that the arrow keys scroll
        self._task = LatestTask(self)
        self._task.do(_read, self._show, self._fail)
        self.finished.connect(self._stop)

    def _show(self, licences: tuple[Licensed, ...]) -> None:
        self._licences = licences
        self._browser.setHtml(_table(licences))
        self._copy_button.setEnabled(True)

    def _fail(self) -> None:
        self._browser.setPlainText("The licences could not be read.")

    @Slot()
    def _copy(self) -> None:
        rows = (row for each in self._licences for row in _rows(each))
        QGuiApplication.clipboard().setText("\n".join("\t".join(row) for row in rows))

    @Slot()
    def _stop(self) -> None:
        self._task.stop()


def _read(_report: Deliver, should_stop: ShouldStop) -> tuple[Licensed, ...]:
    return read_licences(should_stop=should_stop)


def _browser() -> QTextBrowser:
    """A text that the keyboard scrolls and selects, too."""
    browser = QTextBrowser()
    browser.setAccessibleName("Licences")
    browser.setOpenExternalLinks(True)
    flags = Qt.TextInteractionFlag
    browser.setTextInteractionFlags(flags.TextBrowserInteraction | flags.TextSelectableByKeyboard)
    return browser


def _heading(text: str) -> QLabel:
    heading = QLabel(text)
    mark(heading, role="heading")
    return heading


def _label(html: str) -> QLabel:
    label = QLabel(html)
    label.setTextFormat(Qt.TextFormat.RichText)
    label.setWordWrap(True)
    label.setOpenExternalLinks(True)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextBrowserInteraction)
    return label


def _program(runs_dir: Path) -> str:
    return (
        f"<b>cnngui {__version__}</b><p>Trains convolutional networks and classifies pictures with them.</p>"
        f"<p>Trained models are kept in<br>{escape(str(runs_dir))}</p>"
    )


def _rows(licensed: Licensed) -> Iterator[tuple[str, str, str]]:
    """Name, licence and source of a distribution, then of each library in it."""
    yield f"{licensed.name} {licensed.version}", licensed.licence, ""
    for library in licensed.libraries:
        yield f"    {library.name}", library.licence, library.source


def _table(licences: Iterable[Licensed]) -> str:
    rows = "".join(_row(*row) for each in licences for row in _rows(each))
    return f'<table cellpadding="3">{rows}</table>'


def _row(name: str, licence: str, source: str) -> str:
    link = f' · <a href="{escape(source)}">source code</a>' if source else ""
    return f'<tr><td style="white-space: pre">{escape(name)}</td><td>{escape(licence)}{link}</td></tr>'
