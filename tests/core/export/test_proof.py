import json
from copy import copy
from dataclasses import asdict, replace
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from cnngui.core.answers.classifier import Classifier
from cnngui.core.answers.prediction import views_of
from cnngui.core.errors import Stopped, UserError
from cnngui.core.export.formats import find
from cnngui.core.export.proof import picture_files
from cnngui.core.export.proof.pictures import Pictures
from cnngui.core.export.proof.proof import DRAWN, Proof, prove
from cnngui.core.export.script import Script
from cnngui.core.progress import never_stop, no_report
from tests.conftest import easy_split


@pytest.fixture(autouse=True)
def _few_files(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(picture_files, "COUNT", 7)


@pytest.fixture(scope="module")
def known(with_views: Path) -> Classifier:
    return Classifier.load(with_views)


@pytest.fixture(scope="module")
def pictures() -> Pictures:
    split = easy_split(40, 4)
    return Pictures("40 images", split.images, split.labels, split.images)


def faithful(known: Classifier) -> Script:
    """What the model itself answers, as a script does."""

    def answer(images: NDArray[np.uint8]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        return known.look(images)

    def classify(views: NDArray[np.uint8]) -> tuple[NDArray[np.float32], float]:
        (found,) = known.classify([views])
        assert found.familiarity is not None
        return np.array(found.probabilities, np.float32), found.familiarity

    return Script(answer, lambda path: views_of(path, known), classify)


def proved(script: Script, known: Classifier, pictures: Pictures, key: str, folder: Path) -> Proof:
    return prove(script, known, pictures, find(key), folder, no_report, never_stop)


@pytest.mark.parametrize("key", ["onnx", "onnx-int8"])
def test_the_model_itself_is_good(key: str, known: Classifier, pictures: Pictures, tmp_path: Path) -> None:
    proof = proved(faithful(known), known, pictures, key, tmp_path)
    assert proof.is_good
    assert proof.difference < 1e-6
    assert (proof.equal, proof.known, proof.files_equal, proof.pixels) == (1, 1, 1, 1)
    assert proof.accuracy == proof.model_accuracy
    assert proof.images_per_second > 0


@pytest.mark.parametrize("key", ["onnx", "onnx-int8"])
def test_other_classes_are_told(key: str, known: Classifier, pictures: Pictures, tmp_path: Path) -> None:
    script = faithful(known)

    def answer(images: NDArray[np.uint8]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        probabilities, features = script.answer(images)
        return probabilities[:, ::-1], features

    proof = proved(script._replace(answer=answer), known, pictures, key, tmp_path)
    assert not proof.is_good
    assert proof.equal < 0.9
    assert proof.sentences[-len(proof.warnings) :] == proof.warnings
    assert all(sentence.startswith("Not good: ") for sentence in proof.warnings)


def test_small_differences_are_good_in_8_bits_alone(known: Classifier, pictures: Pictures, tmp_path: Path) -> None:
    script = faithful(known)

    def answer(images: NDArray[np.uint8]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        probabilities, features = script.answer(images)
        return probabilities * np.float32(0.999), features

    near = script._replace(answer=answer)
    assert proved(near, known, pictures, "litert-int8", tmp_path).is_good
    (sentence,) = proved(near, known, pictures, "litert", tmp_path).warnings
    assert "differs by more than 0.0001" in sentence


def test_none_of_these_is_proved_too(known: Classifier, pictures: Pictures, tmp_path: Path) -> None:
    script = faithful(known)

    def answer(images: NDArray[np.uint8]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        probabilities, features = script.answer(images)
        return probabilities, features[:, ::-1]

    proof = proved(script._replace(answer=answer), known, pictures, "onnx-int8", tmp_path)
    assert proof.equal == 1
    assert proof.known < 0.98
    assert "none of these" in proof.warnings[0]


@pytest.mark.parametrize("key", ["keras", "onnx-int8"])
def test_a_picture_file_that_is_seen_otherwise_is_told(
    key: str, known: Classifier, pictures: Pictures, tmp_path: Path
) -> None:
    script = faithful(known)
    turned = script._replace(views=lambda path: script.views(path)[:, ::-1] // 2)
    proof = proved(turned, known, pictures, key, tmp_path)
    assert proof.pixels < 1
    assert proof.files_difference > 1e-4
    assert "sees other pixels" in proof.warnings[0]


def test_without_labels_nothing_is_said_of_accuracy(known: Classifier, pictures: Pictures, tmp_path: Path) -> None:
    proof = proved(faithful(known), known, replace(pictures, labels=None), "onnx", tmp_path)
    assert proof.accuracy is proof.model_accuracy is None
    assert "accuracy" not in " ".join(proof.sentences)


def test_drawn_pictures_alone_say_little_of_8_bits(known: Classifier, pictures: Pictures, tmp_path: Path) -> None:
    script = faithful(known)

    def answer(images: NDArray[np.uint8]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        probabilities, features = script.answer(images)
        return probabilities[:, ::-1], features

    other = script._replace(answer=answer)
    drawn = replace(pictures, labels=None)
    assert proved(other, known, drawn, "onnx-int8", tmp_path).warnings[-1] == DRAWN
    assert DRAWN not in proved(other, known, pictures, "onnx-int8", tmp_path).warnings
    assert proved(script, known, drawn, "onnx-int8", tmp_path).is_good


def without_numbers(images: NDArray[np.uint8], probabilities: NDArray[np.float32]) -> NDArray[np.float32]:
    """NaN for some images."""
    is_bright = images.mean((1, 2, 3), keepdims=True)[:, 0, 0] > 100
    return np.where(is_bright, np.float32(np.nan), probabilities)


@pytest.mark.parametrize("key", ["litert", "litert-int8"])
def test_an_export_that_answers_with_no_numbers_is_not_good(
    key: str, known: Classifier, pictures: Pictures, tmp_path: Path
) -> None:
    script = faithful(known)

    def answer(images: NDArray[np.uint8]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        probabilities, features = script.answer(images)
        return without_numbers(images, probabilities), features

    proof = proved(script._replace(answer=answer), known, pictures, key, tmp_path)
    assert proof.warnings
    json.dumps(asdict(proof), allow_nan=False)


def test_a_model_that_answers_with_no_numbers_is_told(known: Classifier, pictures: Pictures, tmp_path: Path) -> None:
    strange = copy(known)

    def answer(images: NDArray[np.uint8]) -> list[NDArray[np.float32]]:
        probabilities, features = known.answer(images)
        return [without_numbers(images, probabilities), features]

    strange.answer = answer
    with pytest.raises(UserError, match="not a number"):
        proved(faithful(strange), strange, pictures, "litert", tmp_path)


def test_a_stop(known: Classifier, pictures: Pictures, tmp_path: Path) -> None:
    with pytest.raises(Stopped):
        prove(faithful(known), known, pictures, find("onnx"), tmp_path, no_report, lambda: True)
