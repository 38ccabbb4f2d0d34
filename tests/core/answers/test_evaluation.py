from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from PIL import Image

from cnngui.core.answers.classifier import Classifier
from cnngui.core.answers.evaluation import BINS, calibration_error, evaluate, evaluate_pictures, reliability
from cnngui.core.data import labelled_pictures
from cnngui.core.data.datasets import Dataset, Split
from cnngui.core.errors import Stopped, UserError
from cnngui.core.models.trained_on import digests
from cnngui.core.progress import Progress
from cnngui.core.training.trained import Trained


def test_counts_and_averages(classifier: Classifier, easy: Dataset) -> None:
    labels = easy.test.labels.copy()
    labels[:6] = (labels[:6] + 1) % 3  # wrong on purpose
    result = evaluate(classifier, replace(easy, test=Split(easy.test.images, labels)))
    probabilities = classifier.probabilities(easy.test.images).astype(float)
    assert result.images == 60
    assert result.accuracy == pytest.approx(np.mean(probabilities.argmax(1) == labels))
    assert result.accuracy == pytest.approx(0.9, abs=0.02)
    of_true_class = probabilities[range(60), labels].clip(1e-7)  # Keras' own lower bound
    assert result.loss == pytest.approx(-np.log(of_true_class).mean(), rel=1e-4)


def test_by_class(classifier: Classifier, easy: Dataset) -> None:
    labels = easy.test.labels.copy()
    labels[easy.test.labels == 0] = [1] * 5 + [0] * (np.sum(easy.test.labels == 0) - 5)  # five red ones called green
    result = evaluate(classifier, replace(easy, test=Split(easy.test.images, labels)))
    named = classifier.probabilities(easy.test.images).argmax(1)
    expected = [[int(np.sum((labels == row) & (named == column))) for column in range(3)] for row in range(3)]
    assert [list(row) for row in result.confusion] == expected
    assert expected[1][0] >= 4
    assert list(result.per_class) == ["red", "green", "blue"]
    for row, share in enumerate(result.per_class.values()):
        assert share == pytest.approx(expected[row][row] / sum(expected[row]))


def test_confusion_of_data_with_classes_in_another_order(classifier: Classifier, easy: Dataset) -> None:
    other = replace(easy, classes=("blue", "red", "green"), test=Split(easy.test.images, (easy.test.labels + 1) % 3))
    confusion = np.array(evaluate(classifier, other).confusion)  # rows blue, red, green; columns red, green, blue
    assert confusion.sum() == 60
    assert confusion[[0, 1, 2], [2, 0, 1]].sum() > 54
    assert evaluate(classifier, other).per_class.keys() == {"blue", "red", "green"}


def test_calibration_error_of_a_hand_made_case() -> None:
    probabilities = np.array([[0.95, 0.05], [0.95, 0.05], [0.35, 0.65], [0.5, 0.5]], np.float32)
    # Two of 0.95, one right: 0.45 apart. One of 0.65, right: 0.35. One of 0.5, wrong: 0.5.
    error = calibration_error(probabilities, np.array([0, 1, 1, 1]))
    assert error == pytest.approx((2 * 0.45 + 0.35 + 0.5) / 4, abs=1e-6)


@given(seed=st.integers(0, 100), classes=st.integers(2, 10))
def test_probabilities_that_are_true_have_little_calibration_error(seed: int, classes: int) -> None:
    rng = np.random.default_rng(seed)
    probabilities = rng.dirichlet(np.ones(classes), 5000).astype(np.float32)
    labels = (np.log(np.maximum(probabilities, 1e-30)) + rng.gumbel(size=probabilities.shape)).argmax(1)
    assert calibration_error(probabilities, labels) < 0.03 + BINS / 5000
    assert calibration_error(np.eye(classes, dtype=np.float32)[labels], labels) == 0


def test_agrees_with_the_training(classifier: Classifier, easy: Dataset, trained: Trained) -> None:
    result = evaluate(classifier, easy)
    assert result.accuracy == trained.training.test_accuracy
    assert result.loss == pytest.approx(trained.training.test_loss, rel=1e-4)


def test_classes_in_another_order(classifier: Classifier, easy: Dataset) -> None:
    other = replace(easy, classes=("blue", "red", "green"), test=Split(easy.test.images, (easy.test.labels + 1) % 3))
    assert evaluate(classifier, other).loss == pytest.approx(evaluate(classifier, easy).loss)


def test_data_with_fewer_classes(classifier: Classifier, easy: Dataset) -> None:
    blue = easy.test.labels == 2
    only = Split(easy.test.images[blue], np.zeros(blue.sum(), np.int32))
    assert evaluate(classifier, replace(easy, classes=("blue",), test=only)).accuracy > 0.9


def test_an_unknown_class(classifier: Classifier, easy: Dataset) -> None:
    with pytest.raises(UserError, match=r"does not know violet, pink\. It knows red, green, blue"):
        evaluate(classifier, replace(easy, classes=("violet", "green", "pink")))


def test_progress_and_stop(classifier: Classifier, easy: Dataset, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(classifier, "images_per_call", 25)
    reports: list[Any] = []
    assert evaluate(classifier, easy, progress=reports.append).images == 60
    assert reports == [Progress("Evaluating on the test images", done, 60) for done in (0, 25, 50)]
    reports.clear()
    with pytest.raises(Stopped):
        evaluate(classifier, easy, progress=reports.append, should_stop=lambda: len(reports) == 2)
    assert len(reports) == 2


def test_images_of_another_size_are_resized(classifier: Classifier, easy: Dataset) -> None:
    larger = Split(easy.test.images.repeat(2, 1).repeat(2, 2), easy.test.labels)
    result = evaluate(classifier, replace(easy, test=larger))
    assert result.accuracy == pytest.approx(evaluate(classifier, easy).accuracy, abs=0.04)


def test_training_images_are_counted(trained: Trained, easy: Dataset) -> None:
    classifier = Classifier.of(
        trained.network, trained.card, trained.familiarity, trained_on=np.sort(digests(easy.test.images[:7]))
    )
    assert evaluate(classifier, easy).trained_on == 7
    answers = classifier.classify([image[None] for image in easy.test.images[:9]])
    assert [answer.trained_on for answer in answers] == [True] * 7 + [False] * 2


def save(image: NDArray[np.uint8], path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(image).save(path)


def test_all_labelled_pictures_in_a_folder(classifier: Classifier, easy: Dataset, tmp_path: Path) -> None:
    """In parts, in sub-folders, in another letter case; what is not a class is left out."""
    places = ["train/Red/more", "test/GREEN", "blue/test", "zebra"]
    for number, place in enumerate(places):
        of_class = easy.test.images[easy.test.labels == number % 3]
        for index in range(4):
            save(of_class[index], tmp_path / place / f"{index}.png")
    (tmp_path / "blue" / "bad.jpg").write_text("no picture")
    found = labelled_pictures.find(tmp_path, classifier.card.classes)
    assert found.notes == ("4 pictures left out: the model has no class zebra.",)
    result, left_out = evaluate_pictures(classifier, found)
    assert (result.images, list(result.per_class)) == (12, ["red", "green", "blue"])
    assert np.array(result.confusion).sum(1).tolist() == [4, 4, 4]
    assert [Path(sentence.partition(": ")[0]).name for sentence in left_out] == ["bad.jpg"]


def test_one_class_and_two_pictures_suffice(classifier: Classifier, easy: Dataset, tmp_path: Path) -> None:
    for index in range(2):
        save(easy.test.images[easy.test.labels == 2][index], tmp_path / "blue" / f"{index}.png")
    for folder in (tmp_path, tmp_path / "blue"):
        found = labelled_pictures.find(folder, classifier.card.classes)
        assert [label for _, label in found.files] == [2, 2]
    result, _ = evaluate_pictures(classifier, found)
    assert list(result.per_class) == ["blue"]


def test_a_folder_without_the_models_classes(classifier: Classifier, easy: Dataset, tmp_path: Path) -> None:
    with pytest.raises(UserError, match="no pictures"):
        labelled_pictures.find(tmp_path, classifier.card.classes)
    save(easy.test.images[0], tmp_path / "train" / "pink" / "0.png")
    with pytest.raises(UserError, match=r"does not know pink\. It knows red, green, blue"):
        labelled_pictures.find(tmp_path, classifier.card.classes)


@given(st.lists(st.tuples(st.floats(0, 1, width=32), st.booleans()), min_size=1))
def test_each_bin_is_the_mean_of_its_images(answers: list[tuple[float, bool]]) -> None:
    confidence, right = (np.array(column) for column in zip(*answers, strict=True))
    bins = reliability(confidence.astype(np.float32), right)
    assert len(bins) == BINS
    for number, found in enumerate(bins):
        here = [each for each in answers if min(int(each[0] * BINS), BINS - 1) == number]
        assert found.images == len(here)
        if here:
            assert found.confidence == pytest.approx(np.mean([sure for sure, _ in here]), abs=1e-6)
            assert found.right == pytest.approx(np.mean([is_right for _, is_right in here]))
