"""The reliability diagram beside the confusion matrix."""

from pathlib import Path

from PySide6.QtCore import QEvent, QPoint
from PySide6.QtGui import QColor, QHelpEvent
from PySide6.QtWidgets import QApplication, QToolTip
from pytestqt.qtbot import QtBot

from cnngui.core.answers.evaluation import Bin
from cnngui.gui.common.style import LIGHT
from cnngui.gui.predict.answer.confusion_view import ConfusionView
from cnngui.gui.predict.answer.reliability_view import ReliabilityView
from cnngui.gui.predict.pictures.picture import Picture
from cnngui.gui.predict.pictures.tally import Tally
from tests.gui.predict.pictures.test_tally import ANSWERS, CLASSES

EMPTY = Bin(0, 0.0, 0.0)


def diagram(qtbot: QtBot, bins: list[Bin]) -> ReliabilityView:
    view = ReliabilityView()
    qtbot.addWidget(view)
    view.resize(400, 300)
    view.show_bins(bins)
    view.show()
    return view


def is_blue(color: QColor) -> bool:
    return color.blue() - color.red() > 60


def test_a_bar_is_as_high_as_the_share_of_right_answers(qtbot: QtBot) -> None:
    view = diagram(qtbot, [EMPTY, Bin(10, 0.7, 0.5)])
    image = view.grab().toImage()
    columns = [x for x in range(image.width()) if is_blue(image.pixelColor(x, image.height() - 60))]
    middle = columns[len(columns) // 4]
    blue = [y for y in range(image.height()) if is_blue(image.pixelColor(middle, y))]
    gap, axis = view._room.height() * 0.5, view._room.height()
    assert abs(len(blue) - gap) <= 3
    assert min(columns) > view._room.left() + 0.4 * view._room.width()
    mark = QColor(LIGHT.validation)
    marked = [y for y in range(image.height()) if image.pixelColor(middle, y) == mark]
    assert abs(view._room.bottom() - 0.7 * axis - sum(marked) / len(marked)) <= 2


def test_it_says_the_error_and_the_numbers_of_a_bar(qtbot: QtBot) -> None:
    view = diagram(qtbot, [EMPTY, Bin(1, 0.7, 0.0), Bin(3, 0.9, 1.0)])
    assert view.sentence.startswith("Confidence and accuracy differ by 25.0 % on average")
    assert "3 answers with a mean confidence of 90.0 %: 100.0 % are right" in view.accessibleDescription()
    at = QPoint(view.width() // 2, view.height() // 2)
    QApplication.sendEvent(view, QHelpEvent(QEvent.Type.ToolTip, at, view.mapToGlobal(at)))
    assert QToolTip.text() == "1 answer with a mean confidence of 70.0 %: 0.0 % are right"
    left = QPoint(0, at.y())
    QApplication.sendEvent(view, QHelpEvent(QEvent.Type.ToolTip, left, view.mapToGlobal(left)))
    qtbot.waitUntil(lambda: not QToolTip.isVisible())


def test_without_answers_it_is_empty(qtbot: QtBot) -> None:
    assert diagram(qtbot, [EMPTY]).sentence == ""


def test_a_tab_shows_it_beside_the_matrix(qtbot: QtBot, tmp_path: Path) -> None:
    view, tally = ConfusionView(), Tally()
    qtbot.addWidget(view)
    for truth in CLASSES:
        tally.add(Picture(tmp_path, "a", truth=truth, prediction=ANSWERS["cat"]))
    view.show()
    view.show_tally(tally, CLASSES)
    matrix, reliability = view.tabs.findChildren(type(view._back))
    assert (matrix.isChecked(), reliability.isChecked()) == (True, False)
    reliability.click()
    assert (matrix.isChecked(), reliability.isChecked()) == (False, True)
    assert view.reliability.isVisible()
    assert view._hint.text().startswith("Confidence and accuracy differ by 40.0 %")
    reliability.click()
    assert reliability.isChecked()
    matrix.click()
    assert view.table.isVisible()
    assert view._hint.text().startswith("1 of 2 labelled pictures")
