import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QProgressBar
from pytestqt.qtbot import QtBot

from cnngui.core.answers.classifier import Classification
from cnngui.gui.predict.answer.probability_bars import MOST, ProbabilityBars


def answer(*weights: int) -> Classification:
    """Classes "0", "1" … with probabilities in proportion."""
    probabilities = np.array(weights) / sum(weights)
    return Classification(tuple(str(number) for number in range(len(weights))), tuple(probabilities.tolist()))


def names(bars: ProbabilityBars) -> list[str]:
    return [label.text() for label in bars.findChildren(QLabel) if label.text() and "%" not in label.text()]


def test_few_classes_keep_their_order(qtbot: QtBot) -> None:
    bars = ProbabilityBars()
    qtbot.addWidget(bars)
    for weights in ((1, 5, 4), (5, 1, 4), (1, 2)):
        bars.show_answer(answer(*weights))
        assert names(bars) == ["0", "1", "2"][: len(weights)]


def test_of_many_classes_the_likeliest_are_shown_and_can_be_clicked(qtbot: QtBot) -> None:
    bars = ProbabilityBars()
    qtbot.addWidget(bars)
    bars.resize(300, 400)
    bars.show()
    clicked: list[int] = []
    bars.clicked.connect(clicked.append)
    for weights in (range(1, 301), range(300, 0, -1)):
        bars.show_answer(answer(*weights))
        first = bars.findChildren(QProgressBar)[0]
        qtbot.waitUntil(first.isVisible)
        QTest.mouseClick(first, Qt.MouseButton.LeftButton)
        likeliest = sorted(range(300), key=lambda index: -weights[index])[:MOST]
        assert names(bars) == [str(index) for index in likeliest]
    assert clicked == [299, 0]


def test_keys_do_what_a_click_does(qtbot: QtBot) -> None:
    bars = ProbabilityBars()
    qtbot.addWidget(bars)
    bars.show()
    bars.activateWindow()
    qtbot.waitActive(bars)
    clicked: list[int] = []
    bars.clicked.connect(clicked.append)
    bars.show_answer(answer(5, 3, 2))
    first, second, _ = bars.findChildren(QProgressBar)
    first.setFocus()
    QTest.keyClick(first, Qt.Key.Key_Space)
    QTest.keyClick(first, Qt.Key.Key_Down)
    qtbot.waitUntil(second.hasFocus)
    QTest.keyClick(second, Qt.Key.Key_Return)
    QTest.keyClick(second, Qt.Key.Key_Up)
    qtbot.waitUntil(first.hasFocus)
    assert clicked == [0, 1]
