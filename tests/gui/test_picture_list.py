import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from cnngui.core.classifier import Classification
from cnngui.core.prediction import Prediction
from cnngui.gui.picture import Picture
from cnngui.gui.picture_list import RENEWED, PictureListModel

MANY = 3 * RENEWED + 1
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
    answered.renewed.connect(lambda: done.append(answered.tally.waiting))
    answered.ask_anew(("cat", "dog"))
    assert done == [RENEWED]
    qtbot.waitUntil(lambda: answered.tally.waiting == MANY)
    assert done == [RENEWED, 2 * RENEWED, 3 * RENEWED, MANY]
    assert answered.tally.labelled == MANY
    assert all(picture.waits and picture.truth == "dog" for picture in answered.pictures)


def test_those_that_are_not_yet_asked_anew_are_cancelled_too(answered: PictureListModel, qtbot: QtBot) -> None:
    answered.ask_anew(("cat", "dog"))
    answered.cancel_waiting()
    assert answered.total == MANY
    assert answered.tally.waiting == 0
    assert all(picture.is_cancelled for picture in answered.pictures)


def test_pictures_that_are_taken_out_are_not_asked_anew(answered: PictureListModel, qtbot: QtBot) -> None:
    answered.ask_anew(("cat", "dog"))
    answered.clear()
    with qtbot.waitSignal(answered.renewed):
        pass
    assert (answered.total, answered.tally.waiting) == (0, 0)
