import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QProgressBar
from pytestqt.qtbot import QtBot

from cnngui.core.answers.classifier import Classification
from cnngui.gui.common.labels.elided_label import ElidedLabel
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


def shown(qtbot: QtBot, bars: ProbabilityBars, width: int = 300) -> None:
    qtbot.addWidget(bars)
    bars.resize(width, 200)
    bars.show()


def test_the_order_can_be_chosen_and_otherwise_follows_the_number_of_classes(qtbot: QtBot) -> None:
    bars = ProbabilityBars()
    qtbot.addWidget(bars)
    bars.show_answer(answer(1, 5, 4))
    assert names(bars) == ["0", "1", "2"]
    bars.show_answer(answer(*range(1, 41)))
    assert names(bars)[:2] == ["39", "38"]
    bars.likeliest_first = False
    bars.show_answer(answer(*range(1, 41)))
    assert names(bars)[:2] == ["0", "1"]
    bars.likeliest_first = True
    bars.show_answer(answer(1, 5, 4))
    assert names(bars) == ["1", "2", "0"]


def test_the_winner_of_many_classes_is_in_view(qtbot: QtBot) -> None:
    bars = ProbabilityBars()
    bars.likeliest_first = False
    shown(qtbot, bars)
    for winner in (35, 2, 39):
        bars.show_answer(answer(*(100 if number == winner else 1 for number in range(40))))
        bar = bars.findChildren(QProgressBar)[winner]

        def is_in_view(bar: QProgressBar = bar) -> bool:
            top = bar.mapTo(bars.viewport(), bar.rect().topLeft()).y()
            return top >= 0 and top + bar.height() <= bars.viewport().height()

        qtbot.waitUntil(is_in_view)


def test_long_names_leave_room_for_the_bars(qtbot: QtBot) -> None:
    bars = ProbabilityBars()
    shown(qtbot, bars, 400)
    classes = tuple(f"{number} " + 38 * "m" for number in range(40))
    for width in (400, 300):
        bars.resize(width, 200)
        bars.show_answer(Classification(classes, tuple([1 / 40] * 40)))
        bar, label = bars.findChildren(QProgressBar)[0], bars.findChildren(ElidedLabel)[0]
        content = bars.widget()
        assert content is not None
        qtbot.waitUntil(lambda content=content: content.width() <= bars.viewport().width())  # type: ignore[misc]
        qtbot.waitUntil(lambda bar=bar: bar.width() > 50)  # type: ignore[misc]
        assert label.is_elided
        assert label.text() == classes[0]
