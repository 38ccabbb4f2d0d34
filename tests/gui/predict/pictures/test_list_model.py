from collections.abc import Callable

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from cnngui.core.answers.classifier import Classification
from cnngui.core.answers.prediction import Prediction
from cnngui.gui.predict.pictures.list_model import AT_ONCE, CHANGED, Index, PictureListModel
from cnngui.gui.predict.pictures.list_view import PictureListView
from cnngui.gui.predict.pictures.picture import Arrangement, Picture

MANY = 3 * CHANGED + 1
ANSWER = Prediction(b"", Classification(("cat", "dog"), (0.9, 0.1)), np.zeros((1, 2, 2, 3), np.uint8))


@pytest.fixture
def answered(qtbot: QtBot) -> PictureListModel:
    """Many pictures from a folder called "dog", each with an answer."""
    model = PictureListModel()
    pictures = [Picture(b"", str(number), folder="dog") for number in range(MANY)]
    model.add(pictures)
    model.answer({picture.number: ANSWER for picture in pictures})
    return model


def test_many_pictures_are_asked_anew_some_at_a_time(answered: PictureListModel, qtbot: QtBot) -> None:
    assert (answered.tally.waiting, answered.tally.labelled) == (0, 0)
    done: list[int] = []
    answered.changed.connect(lambda: done.append(answered.tally.waiting))
    answered.ask_anew(("cat", "dog"))
    assert done == [CHANGED]
    qtbot.waitUntil(lambda: answered.tally.waiting == MANY)
    assert done == [CHANGED, 2 * CHANGED, 3 * CHANGED, MANY]
    assert answered.tally.labelled == MANY
    assert all(picture.waits and picture.truth == "dog" for picture in answered.pictures)


def test_nobody_sees_an_answer_of_the_model_before(answered: PictureListModel) -> None:
    answered.ask_anew(("cat", "dog"))
    last = answered.picture(MANY - 1)
    assert (last.waits, last.truth) == (True, "dog")
    assert len(answered.store.ready) == answered.tally.waiting == CHANGED + 1
    assert answered.store.to_do == MANY


def test_two_models_one_after_the_other(answered: PictureListModel, qtbot: QtBot) -> None:
    done: list[int] = []
    answered.changed.connect(lambda: done.append(answered.tally.labelled))
    answered.ask_anew(("cat", "dog"))
    answered.ask_anew(("cat", "mouse"))
    qtbot.waitUntil(lambda: not answered.store.is_changing)
    assert done == [CHANGED, 0, 0, 0, 0]  # none of the first model's counts any more
    assert len(answered.store.ready) == MANY


def test_pictures_with_a_pending_change_are_cancelled_too(answered: PictureListModel, qtbot: QtBot) -> None:
    answered.ask_anew(("cat", "dog"))
    broken = Picture(b"", "broken", unreadable="It is.")
    answered.add([broken])
    answered.cancel_waiting()
    qtbot.waitUntil(lambda: not answered.store.is_changing)
    assert answered.total == MANY + 1
    assert (answered.tally.waiting, answered.tally.cancelled, answered.tally.unreadable) == (0, MANY, 1)
    assert all(picture.is_cancelled and picture.truth == "dog" for picture in answered.pictures[:-1])


def test_removed_pictures_are_restored_in_their_places(answered: PictureListModel, qtbot: QtBot) -> None:
    before = answered.pictures
    taken = answered.remove([before[3].number, before[7].number])
    assert answered.total == MANY - 2
    answered.restore(taken)
    assert answered.pictures == before
    assert [answered.picture(row) for row in range(MANY)] == before
    assert answered.tally.waiting == 0
    answered.restore(answered.clear())
    assert answered.pictures == before


def test_a_picture_removed_during_a_change_is_changed(answered: PictureListModel, qtbot: QtBot) -> None:
    last = answered.pictures[-1].number
    answered.ask_anew(("cat", "dog"))
    (taken,) = answered.remove([last])
    assert (taken.waits, taken.truth) == (True, "dog")
    qtbot.waitUntil(lambda: not answered.store.is_changing)
    assert answered.tally.waiting == MANY - 1


def test_no_answer_of_the_model_before_counts(answered: PictureListModel, qtbot: QtBot) -> None:
    answered.ask_anew(("cat", "dog"))
    answered.answer({picture.number: ANSWER for picture in answered.pictures[:5]})
    assert answered.tally.cells == {("dog", "cat"): 5}
    answered.ask_anew(("cat", "dog"))
    assert not +answered.tally.cells
    assert answered.store.has_labels


def test_removed_pictures_are_not_asked_anew(answered: PictureListModel, qtbot: QtBot) -> None:
    answered.ask_anew(("cat", "dog"))
    answered.clear()
    with qtbot.waitSignal(answered.changed):
        pass
    assert (answered.total, answered.tally.waiting) == (0, 0)


@pytest.mark.parametrize("text", ["", "1"])
def test_pictures_new_to_a_long_list_are_at_its_end_until_they_are_sorted_in(qtbot: QtBot, text: str) -> None:
    model = PictureListModel()
    model.arrange(Arrangement(order="Name", text=text))
    model.add([Picture(b"", f"b{number}1") for number in range(AT_ONCE)])
    first, hidden = Picture(b"", "a1"), Picture(b"", "a0")
    model.add([first, hidden])
    assert model.row(first.number) == AT_ONCE
    with qtbot.waitSignal(model.layoutChanged):
        pass
    assert model.picture(0) is (first if text else hidden)
    assert model.rowCount() == AT_ONCE + (1 if text else 2)


class Asked(PictureListModel):
    """Counts what it is asked."""

    questions = 0

    def rowCount(self, parent: Index | None = None) -> int:
        self.questions += 1
        return super().rowCount(parent)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        self.questions += 1
        return super().data(index, role)


def test_the_view_asks_for_what_it_shows_only(qtbot: QtBot) -> None:
    model, view = Asked(), PictureListView()
    qtbot.addWidget(view)
    view.setModel(model)
    view.resize(240, 400)
    view.show()
    pictures = [Picture(b"", str(number)) for number in range(5000)]
    changes: tuple[Callable[[], object], ...] = (
        lambda: model.add(pictures),
        lambda: model.answer({picture.number: ANSWER for picture in pictures}),
        lambda: model.arrange(Arrangement(order="Name")),
    )
    for change in changes:
        QApplication.processEvents()
        model.questions = 0
        change()
        QApplication.processEvents()
        assert model.questions < 200
    model.thumbnails.stop()


def test_home_and_end_lead_to_the_first_and_the_last_picture(answered: PictureListModel, qtbot: QtBot) -> None:
    view = PictureListView()
    qtbot.addWidget(view)
    view.setModel(answered)
    view.setCurrentIndex(answered.index(3))
    QTest.keyClick(view, Qt.Key.Key_End)
    assert view.currentIndex().row() == MANY - 1
    QTest.keyClick(view, Qt.Key.Key_Home)
    assert view.currentIndex().row() == 0
    answered.clear()
    QTest.keyClick(view, Qt.Key.Key_End)
    assert not view.currentIndex().isValid()
    answered.thumbnails.stop()


def test_the_tooltip_tells_what_a_row_shortens(qtbot: QtBot) -> None:
    model = PictureListModel()
    name = "a class with a name of forty characters."
    prediction = Prediction(b"", Classification((name, "b"), (0.9, 0.1)))
    model.add([Picture(b"", "picture.png").answered(prediction)])
    tip = str(model.index(0, 0).data(Qt.ItemDataRole.ToolTipRole))
    assert "picture.png<br>" in tip
    assert f"{name}  90 %" in tip
    model.thumbnails.stop()
