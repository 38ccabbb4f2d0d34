import io
from collections.abc import Iterator
from copy import copy
from dataclasses import replace
from itertools import chain
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from cnngui.core.answers import prediction
from cnngui.core.answers.classifier import Classifier
from cnngui.core.answers.prediction import Prediction, predict, predict_found
from cnngui.core.data.datasets import Dataset
from cnngui.core.data.sources import CIFAR10
from cnngui.core.errors import UserError
from cnngui.core.pictures import images
from cnngui.core.pictures.decoding import Source
from cnngui.core.pictures.gathering import Gathered


@pytest.fixture
def pictures(easy: Dataset, tmp_path: Path) -> list[Path]:
    """The first 40 test images."""
    files = []
    for number, pixels in enumerate(easy.test.images[:40]):
        files.append(tmp_path / f"{number}.png")
        Image.fromarray(pixels).save(files[-1])
    return files


def answers(classifier: Classifier, sources: list[Source]) -> list[Prediction]:
    return list(chain.from_iterable(predict(classifier, sources)))


def labels(predictions: list[Prediction]) -> list[str | None]:
    return [item.classification.label if item.classification else None for item in predictions]


def test_all_pictures_in_their_order(classifier: Classifier, easy: Dataset, pictures: list[Path]) -> None:
    found = answers(classifier, [*pictures])
    assert [item.source for item in found] == pictures
    assert labels(found) == [easy.classes[label] for label in easy.test.labels[:40]]
    assert all(item.error is None for item in found)


def test_bad_files_keep_their_places(classifier: Classifier, easy: Dataset, pictures: list[Path]) -> None:
    folder = pictures[0].parent
    (folder / "text.png").write_text("not a picture")
    (folder / "empty.jpg").touch()
    bad: list[Source] = [folder / "text.png", folder / "gone.png", folder, b"", folder / "empty.jpg"]
    sources: list[Source] = [bad[0], pictures[0], bad[1], bad[2], *pictures[1:35], bad[3], pictures[35], bad[4]]
    found = answers(classifier, sources)
    assert [item.source for item in found] == sources
    expected = iter(easy.classes[label] for label in easy.test.labels)
    assert labels(found) == [None if source in bad else next(expected) for source in sources]
    for item in found:
        if item.source in bad:
            assert item.error
            assert item.error.endswith(".")
            assert item.pixels is None


def test_what_is_found_is_answered_group_by_group(classifier: Classifier, easy: Dataset, pictures: list[Path]) -> None:
    taken = []

    def groups() -> Iterator[list[Gathered]]:
        for start in range(0, 40, 10):
            taken.append(start)
            found = [Gathered(path, path.name) for path in pictures[start : start + 10]]
            yield [*found[:5], Gathered(Path("gone"), "gone", error="It is gone."), *found[5:]]

    predictions = predict_found(classifier, groups())
    first = next(predictions)
    assert taken == [0]
    found = [first, *predictions]
    assert [item.error for item in found] == ([None] * 5 + ["It is gone."] + [None] * 5) * 4
    assert [name for name in labels(found) if name] == [easy.classes[label] for label in easy.test.labels[:40]]


def test_only_bad_files(classifier: Classifier, tmp_path: Path) -> None:
    assert labels(answers(classifier, [tmp_path / "a", b"x"])) == [None, None]
    assert answers(classifier, []) == []


@pytest.fixture
def of_squares(classifier: Classifier) -> Classifier:
    """The same model as if it had learnt from CIFAR-10's square images."""
    made = copy(classifier)
    assert made.card.training is not None
    made.card = replace(made.card, training=replace(made.card.training, source=CIFAR10))
    return made


def test_what_a_network_of_square_images_saw(of_squares: Classifier, tmp_path: Path) -> None:
    picture = tmp_path / "wide.png"
    Image.radial_gradient("L").resize((200, 100)).save(picture)
    (item,) = answers(of_squares, [picture])
    assert item.pixels is not None
    np.testing.assert_array_equal(item.pixels, images.to_views(images.read(picture, images.READ_SIDE)))


def test_a_network_of_own_pictures_sees_a_picture_as_in_its_training(classifier: Classifier, tmp_path: Path) -> None:
    picture = tmp_path / "wide.png"
    Image.radial_gradient("L").resize((200, 100)).save(picture)
    (item,) = answers(classifier, [picture])
    assert item.pixels is not None
    np.testing.assert_array_equal(item.pixels, images.load_pixels(picture)[None])


def test_contents_of_a_file(classifier: Classifier, easy: Dataset) -> None:
    buffer = io.BytesIO()
    Image.fromarray(easy.test.images[1]).save(buffer, "PNG")
    assert labels(answers(classifier, [buffer.getvalue()])) == [easy.classes[easy.test.labels[1]]]


def test_answers_come_a_few_at_a_time(
    classifier: Classifier, pictures: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(prediction, "WAIT_SECONDS", 1000.0)
    monkeypatch.setattr(prediction, "PICTURES_PER_CALL", 32)
    assert [len(batch) for batch in predict(classifier, pictures)] == [32, 8]
    monkeypatch.setattr(prediction, "WAIT_SECONDS", -1.0)
    assert [len(batch) for batch in predict(classifier, pictures)] == [1] * 40


def test_ends_early_when_it_should_stop(
    classifier: Classifier, pictures: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(prediction, "WAIT_SECONDS", -1.0)
    batches = predict(classifier, pictures, should_stop=iter([False] * 5 + [True]).__next__)
    assert [item.source for item in chain.from_iterable(batches)] == pictures[:5]
    assert list(predict(classifier, pictures, should_stop=lambda: True)) == []


def test_a_picture_too_large_for_the_memory_leaves_the_others_their_answers(
    of_squares: Classifier, pictures: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    prepare, calls = images.to_views, iter([False, True, False])

    def scarce(image: Image.Image, size: tuple[int, int]) -> NDArray[np.uint8]:
        if next(calls):
            raise MemoryError
        return prepare(image, size)

    monkeypatch.setattr(images, "to_views", scarce)
    first, second, third = answers(of_squares, [*pictures[:3]])
    assert first.classification is not None
    assert second.error is not None
    assert "memory" in second.error
    assert third.classification is not None


def test_an_answer_that_is_no_number_is_a_sentence(
    classifier: Classifier, pictures: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A stranger's model may answer NaN for one picture alone."""
    graph = classifier.answer

    def answer(images: NDArray[np.uint8]) -> list[NDArray[np.float32]]:
        rows = graph(images)
        rows[0] = rows[0].copy()
        rows[0][1] = np.nan
        return rows

    monkeypatch.setattr(classifier, "answer", answer)
    found = answers(classifier, [*pictures[:3]])
    assert [item.error is None for item in found] == [True, False, True]
    assert found[1].classification is None
    assert found[1].error == "The model's answer is not a number. Choose another model."
    with pytest.raises(UserError, match="not a number"):
        classifier.probabilities(np.zeros((3, 32, 32, 3), np.uint8))
