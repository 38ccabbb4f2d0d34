"""The Predict half without widgets."""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from PySide6.QtCore import QMimeData, QUrl
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from benchmarks.heif_files import encoded
from cnngui.core.answers.classifier import Classification, Classifier
from cnngui.core.answers.prediction import Prediction
from cnngui.core.errors import UserError
from cnngui.core.pictures.decoding import Source
from cnngui.core.pictures.gathering import Gathered, gather
from cnngui.gui.common.offers import offer_of
from cnngui.gui.predict import gatherer
from cnngui.gui.predict.picture_counts import PictureCounts, status_of
from cnngui.gui.predict.pictures.picture import Arrangement, Picture
from cnngui.gui.predict.state import PredictState
from tests.gui.conftest import PATIENCE, picture


@pytest.fixture
def state(qapp: QApplication) -> Iterator[PredictState]:
    """A state without a model; at the end, it is stopped."""
    made = PredictState()
    yield made
    made.stop()


@pytest.fixture(scope="module")
def classifier(colour_model: Path) -> Classifier:
    return Classifier.load(colour_model)


class Failing(Classifier):
    """A classifier that raises an error instead of answering."""

    def __init__(self, good: Classifier, error: Exception) -> None:
        self.card, self.image_size = good.card, good.image_size
        self._error = error

    def classify(self, images: object) -> list[Classification]:
        raise self._error


def waiting(name: str) -> Picture:
    return Picture(name.encode(), name)


def until(bot: QtBot, condition: Callable[[], bool]) -> None:
    bot.waitUntil(condition, timeout=PATIENCE)


def recorded(state: PredictState) -> list[str]:
    notices: list[str] = []
    state.notice.connect(notices.append)
    return notices


# Adding and classifying


def test_pictures_wait_for_the_model(qtbot: QtBot, state: PredictState, classifier: Classifier, tmp_path: Path) -> None:
    state.look_at([picture(tmp_path / "red.png", "red"), tmp_path / "gone.png"])
    until(qtbot, lambda: state.counts.total == 2 and not state.is_gathering)
    assert (state.counts.waiting, state.counts.busy, state.can_cancel) == (2, False, True)
    state.set_classifier(classifier)
    assert state.is_busy
    until(qtbot, lambda: not state.is_busy)
    counts = state.counts
    assert (counts.total, counts.shown, counts.waiting, counts.unreadable, counts.busy) == (2, 2, 0, 1, False)
    assert not state.can_cancel
    assert [each.label for each in state.pictures.pictures] == ["red", None]


def test_the_preferred_picture_is_classified_first(
    qtbot: QtBot, state: PredictState, classifier: Classifier, monkeypatch: pytest.MonkeyPatch
) -> None:
    pictures = [waiting(name) for name in "abc"]
    asked: list[Sequence[Source]] = []

    def note(_: Classifier, sources: Sequence[Source], **__: object) -> list[list[Prediction]]:
        asked.append(sources)
        return []

    monkeypatch.setattr("cnngui.gui.predict.answerer.predict", note)
    state.add(pictures)
    state.prefer(pictures[1].number)
    state.set_classifier(classifier)
    until(qtbot, lambda: bool(asked))
    assert asked[0] == [b"b", b"a", b"c"]


def test_only_the_first_pictures_of_a_drop_arrive(qtbot: QtBot, state: PredictState, tmp_path: Path) -> None:
    arrived: list[list[Picture]] = []
    state.arrived.connect(arrived.append)
    for number in range(100):
        picture(tmp_path / f"{number:02}.png", "red")
    state.look_at([tmp_path])
    (tmp_path / ".other").mkdir()
    state.look_at([picture(tmp_path / ".other" / "01.png", "red"), tmp_path / "00.png"])
    until(qtbot, lambda: state.counts.total == 101 and not state.is_gathering)
    assert [pictures[0].name for pictures in arrived] == ["00.png", "01.png"]


def test_a_drop_says_which_files_it_passed_over(qtbot: QtBot, state: PredictState, tmp_path: Path) -> None:
    notices = recorded(state)
    picture(tmp_path / "a.png", "red")
    for name in ("b.psd", "sub/c.PSD", ".hidden"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("no picture")
    state.look_at([tmp_path])
    until(qtbot, lambda: state.counts.total == 1 and not state.is_gathering)
    assert notices == ["2 files left out: PSD."]


def test_what_is_dropped_or_pasted_is_added(qtbot: QtBot, state: PredictState, tmp_path: Path) -> None:
    nothing, files, model, bitmap = QMimeData(), QMimeData(), QMimeData(), QMimeData()
    path = picture(tmp_path / "red.png", "red")
    files.setUrls([QUrl.fromLocalFile(str(path)), QUrl.fromLocalFile(str(tmp_path / "m.keras"))])
    model.setUrls([QUrl.fromLocalFile(str(tmp_path / "m.keras"))])
    bitmap.setData("image/png", path.read_bytes())
    assert [state.take_mime(mime) for mime in (nothing, files, model, bitmap)] == [False, True, False, True]
    until(qtbot, lambda: state.counts.total == 2 and not state.is_gathering)
    assert {each.name for each in state.pictures.pictures} == {"red.png", "pasted picture"}


@pytest.mark.parametrize("kind", ["image/heic", "image/heif"])
def test_a_pasted_heic_is_added_as_it_came(kind: str, state: PredictState) -> None:
    mime, content = QMimeData(), encoded(Image.new("RGB", (64, 64), "red"))
    mime.setData(kind, content)
    assert offer_of(mime).welcome
    assert state.take_mime(mime)
    assert [each.source for each in state.pictures.pictures] == [content]


def test_without_a_model_the_reason_is_told(state: PredictState) -> None:
    notices = recorded(state)
    state.tell_no_model("There is none.")
    assert (state.waiting_text, notices) == ("There is none.", ["There is none."])


# Removing and cancelling


def test_removed_pictures_come_back_in_their_places(state: PredictState) -> None:
    notices, pictures = recorded(state), [waiting(name) for name in "abcd"]
    state.add(pictures)
    assert not state.can_undo
    rows: list[int] = []
    state.removed.connect(rows.append)
    state.remove([pictures[2].number, pictures[1].number])
    assert (rows, state.counts.total, state.can_undo) == ([1], 2, True)
    state.remove([pictures[1].number])  # is gone already
    assert notices == ["2 removed, 2 left. Undo brings them back."]
    state.undo()
    assert state.pictures.pictures == pictures
    assert not state.can_undo
    state.undo()
    assert notices[1:] == ["Restored 2 pictures", "Nothing to undo."]


def test_clear_can_be_undone(state: PredictState) -> None:
    state.add([waiting("a")])
    state.clear()
    assert (state.counts.total, state.can_undo) == (0, True)
    state.undo()
    assert state.counts.total == 1


def test_cancel_removes_what_waits(state: PredictState) -> None:
    state.add([waiting("a"), Picture(b"", "b", unreadable="It is empty.")])
    assert state.can_cancel
    state.cancel()
    assert [each.name for each in state.pictures.pictures] == ["b"]
    assert not state.can_cancel


def test_what_was_cancelled_comes_back_and_waits_again(state: PredictState) -> None:
    state.add([waiting("a"), Picture(b"", "b", unreadable="It is empty.")])
    state.cancel()
    state.undo()
    assert [each.name for each in state.pictures.pictures] == ["a", "b"]
    assert state.can_cancel


# What can go wrong


@pytest.mark.parametrize("error", [RuntimeError("a bug"), UserError("The model cannot answer.")])
def test_nothing_waits_for_a_model_that_fails(
    qtbot: QtBot, state: PredictState, classifier: Classifier, tmp_path: Path, error: Exception
) -> None:
    notices = recorded(state)
    state.set_classifier(Failing(classifier, error))
    state.add([Picture(picture(tmp_path / "red.png", "red"), "red.png")])
    until(qtbot, lambda: state.counts.total == 0)
    assert notices == ([str(error)] if isinstance(error, UserError) else [])  # a bug is shown elsewhere
    assert not state.is_busy
    state.set_classifier(classifier)
    state.add([Picture(picture(tmp_path / "red.png", "red"), "red.png")])
    until(qtbot, lambda: not state.is_busy)
    assert [each.label for each in state.pictures.pictures] == ["red"]


@pytest.mark.parametrize("error", [RuntimeError("a bug"), UserError("The folder is gone.")])
def test_after_a_failed_search_the_next_drop_is_searched(
    qtbot: QtBot, state: PredictState, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    notices = recorded(state)

    def fail(*_: object) -> Iterator[list[Gathered]]:
        raise error

    with monkeypatch.context() as patched:
        patched.setattr(gatherer, "gather", fail)
        state.look_at([tmp_path / "a.png"])
        state.look_at([tmp_path / "b.png"])
        until(qtbot, lambda: not state.is_gathering)
    assert notices == ([str(error)] if isinstance(error, UserError) else [])
    assert state.counts.total == 0
    state.look_at([tmp_path / "c.png"])
    until(qtbot, lambda: state.counts.total == 1 and not state.is_gathering)


def test_each_drop_is_searched_by_itself(
    qtbot: QtBot, state: PredictState, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Several that queue up while one is searched are not taken as one, whose labels would mix."""
    looked_at = list[list[str]]()

    def note(things: Sequence[Path], *more: Any) -> Iterator[list[Gathered]]:
        looked_at.append([thing.name for thing in things])
        return gather(things, *more)

    monkeypatch.setattr(gatherer, "gather", note)
    for names in ("a", "bc", "d"):
        state.look_at([tmp_path / name for name in names])
    until(qtbot, lambda: not state.is_gathering)
    assert looked_at == [["a"], ["b", "c"], ["d"]]
    assert [each.name for each in state.pictures.pictures] == ["a", "b", "c", "d"]


# In words


def test_the_counts_in_words(qtbot: QtBot, state: PredictState) -> None:
    widget = PictureCounts(state)
    qtbot.addWidget(widget)
    assert status_of(state) == ""
    state.add([waiting("a")])
    assert status_of(state) == "1 picture  ·  1 waiting"
    state.add([waiting("b"), Picture(b"", "c", unreadable="It is empty.")])
    state.arrange(Arrangement(unreadable=True))
    assert status_of(state) == "3 pictures  ·  1 shown  ·  2 waiting"


def test_training_images_are_told_from_others(state: PredictState) -> None:
    answers = [Classification(("a", "b"), (0.9, 0.1), trained_on=number < 2) for number in range(3)]
    state.add([waiting("x").answered(Prediction(b"", answer)) for answer in answers])
    assert status_of(state) == "3 pictures  ·  2 of these 3 were training images"


def test_changed_is_emitted_whatever_changes_the_counts(state: PredictState) -> None:
    seen: list[int] = []
    state.changed.connect(lambda: seen.append(state.counts.shown))
    pictures = [waiting("a"), waiting("b")]
    state.add(pictures)
    state.arrange(Arrangement(text="a"))
    state.arrange(Arrangement())
    state.remove([pictures[0].number])
    state.undo()
    state.clear()
    assert seen == [2, 1, 2, 1, 2, 0]
