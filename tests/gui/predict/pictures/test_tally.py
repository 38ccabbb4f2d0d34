"""Counting pictures as they are added, answered and removed."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnngui.core.answers.classifier import Classification
from cnngui.core.answers.evaluation import reliability
from cnngui.core.answers.prediction import Prediction
from cnngui.gui.common.words import NONE_OF_THESE
from cnngui.gui.predict.pictures.picture import Picture
from cnngui.gui.predict.pictures.tally import Tally

CLASSES = ("cat", "dog")
ANSWERS = {
    None: None,
    "cat": Prediction(b"", Classification(CLASSES, (0.9, 0.1))),
    "dog": Prediction(b"", Classification(CLASSES, (0.1, 0.9))),
    NONE_OF_THESE: Prediction(b"", Classification(CLASSES, (0.9, 0.1), -1.0, known=False)),
    "error": Prediction(b"", error="It is empty."),
}
pictures = st.builds(
    lambda truth, answer, cancelled: replace(
        Picture(b"", "a", truth=truth), prediction=None if cancelled else ANSWERS[answer], is_cancelled=cancelled
    ),
    st.sampled_from((None, *CLASSES)),
    st.sampled_from(sorted(ANSWERS, key=str)),
    st.booleans(),
)


@given(st.lists(pictures), st.data())
def test_counts_are_those_of_the_pictures_that_are_there(some: list[Picture], data: st.DataObject) -> None:
    tally = Tally()
    for picture in some:
        tally.add(picture)
    gone = data.draw(st.sets(st.sampled_from(range(len(some))))) if some else set()
    for place in gone:
        tally.remove(some[place])
    left = [picture for place, picture in enumerate(some) if place not in gone]
    assert tally.waiting == sum(picture.prediction is None and not picture.is_cancelled for picture in left)
    assert tally.unreadable == sum(picture.prediction == ANSWERS["error"] for picture in left)
    assert tally.cancelled == sum(picture.is_cancelled for picture in left)
    assert tally.labelled == sum(picture.truth is not None for picture in left)
    known = [picture for picture in left if picture.truth is not None and picture.answer is not None]
    assert tally.answered == len(known)
    assert tally.correct == sum(picture.label == picture.truth for picture in known)
    for truth in CLASSES:
        for label in (*CLASSES, NONE_OF_THESE):
            wanted = sum((picture.truth, picture.label) == (truth, label) for picture in known)
            assert tally.cells[truth, label] == wanted
    answers = [(picture, picture.answer) for picture in known if picture.answer is not None]
    sure = np.array([answer.confidence for _, answer in answers], np.float32)
    right = np.array([answer.label == picture.truth for picture, answer in answers], bool)
    for counted, expected in zip(tally.reliability, reliability(sure, right), strict=True):
        assert counted.images == expected.images
        assert counted.confidence == pytest.approx(expected.confidence, abs=1e-6)
        assert counted.right == expected.right
