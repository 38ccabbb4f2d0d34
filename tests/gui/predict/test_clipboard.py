import subprocess
import sys

from PySide6.QtCore import QMimeData
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication

from cnngui.gui.predict import clipboard

PROGRAM = """
import sys
from pathlib import Path
from PySide6.QtCore import QTimer
from PySide6.QtGui import QGuiApplication
from cnngui.gui.predict import clipboard
app = QGuiApplication([])
app.aboutToQuit.connect(clipboard.keep_text_only)
clipboard.copy("red", [Path("red.png")])
QTimer.singleShot(0, app.quit)
sys.exit(app.exec())
"""


def test_a_program_that_has_copied_ends_well() -> None:
    assert subprocess.run([sys.executable, "-c", PROGRAM], timeout=60, check=False).returncode == 0


def test_the_text_stays_and_what_others_have_copied_is_left_alone(qapp: QApplication) -> None:
    board = QGuiApplication.clipboard()
    clipboard.copy("red", [])
    clipboard.keep_text_only()
    assert (board.text(), board.mimeData().formats()) == ("red", ["text/plain"])
    theirs = QMimeData()
    theirs.setText("theirs")
    theirs.setHtml("<b>theirs</b>")
    board.setMimeData(theirs)
    clipboard.keep_text_only()
    assert board.mimeData().hasHtml()
    board.clear()
    clipboard.keep_text_only()
