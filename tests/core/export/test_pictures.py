from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from cnngui.core.answers.classifier import Classifier
from cnngui.core.data import datasets
from cnngui.core.data.datasets import Dataset, Split
from cnngui.core.data.sources import SHAPES
from cnngui.core.errors import Stopped, UserError
from cnngui.core.export.proof.pictures import Pictures, find_pictures
from cnngui.core.models.card import Card
from cnngui.core.models.samples import Samples
from cnngui.core.pictures.images import resized
from cnngui.core.progress import never_stop, no_report


def found(classifier: Classifier, data: str | None = None) -> Pictures:
    return find_pictures(classifier, None, data, None, no_report, never_stop)


def with_source(classifier: Classifier, source: str, **images: int) -> Classifier:
    """The classifier of a model that has learnt from there."""
    assert classifier.card.training is not None
    training = replace(classifier.card.training, source=source, images=images)
    return Classifier(classifier.answer, classifier.image_size, Card(classifier.card.classes, training))


def test_without_its_data_a_model_is_proved_with_drawn_pictures(classifier: Classifier) -> None:
    proof = found(classifier)
    assert proof.images.shape == (500, 32, 32, 3)
    assert proof.labels is None
    assert len(proof.calibration) == 0
    assert "not on this computer" in proof.what


def test_without_its_data_a_model_is_proved_with_its_samples(classifier: Classifier, easy: Dataset) -> None:
    """A third of them calibrates; the others prove, those for validation first."""
    samples = Samples(easy.train.images[:9], easy.train.labels[:9], 5)
    proof = find_pictures(classifier, samples, None, None, no_report, never_stop)
    assert proof.what == "4 validation images and 2 training images kept with the model"
    np.testing.assert_array_equal(proof.images, resized(easy.train.images[[0, 1, 3, 4, 6, 7]], classifier.image_size))
    np.testing.assert_array_equal(proof.calibration, resized(easy.train.images[[2, 5, 8]], classifier.image_size))
    assert proof.labels is not None
    np.testing.assert_array_equal(proof.labels, easy.train.labels[[0, 1, 3, 4, 6, 7]])


def test_a_folder_that_was_trained_on(classifier: Classifier, easy_folder: Path, easy: Dataset) -> None:
    """60 test images, and 54 + 6 that were divided for validation: the test images and some of the validation."""
    trained = with_source(classifier, str(easy_folder.resolve()), training=54, validation=6, test=60)
    proof = found(trained)
    assert proof.what.startswith("60 test images and 6 validation images of Folder easy colours")
    assert "changed" not in proof.what
    assert proof.labels is not None
    np.testing.assert_array_equal(np.bincount(proof.labels), [22, 22, 22])
    assert {image.tobytes() for image in easy.test.images[:60]} <= {image.tobytes() for image in proof.images}
    assert len(proof.calibration) == 6


def test_a_folder_that_has_changed_is_told(classifier: Classifier, easy_folder: Path) -> None:
    trained = with_source(classifier, str(easy_folder.resolve()), training=50, validation=10, test=60)
    assert found(trained).what.endswith("which has changed since the training")


@pytest.mark.parametrize("classes", [("red", "cow"), ()])
def test_a_folder_with_other_classes_by_now_gives_way_to_the_samples(
    classes: tuple[str, ...], classifier: Classifier, easy: Dataset, tmp_path: Path
) -> None:
    for name in classes:
        (tmp_path / name).mkdir()
        for number in range(5):
            Image.new("RGB", (8, 8), (40 * number, 0, 0)).save(tmp_path / name / f"{number}.png")
    samples = Samples(easy.train.images[:9], easy.train.labels[:9], 5)
    trained = with_source(classifier, str(tmp_path.resolve()))
    proof = find_pictures(trained, samples, None, None, no_report, never_stop)
    assert proof.what.endswith("kept with the model")
    with pytest.raises(UserError):
        found(trained)
    with pytest.raises(UserError):  # what is asked for is not replaced
        find_pictures(trained, samples, str(tmp_path), None, no_report, never_stop)


def test_many_test_images_are_enough(classifier: Classifier, monkeypatch: pytest.MonkeyPatch, easy: Dataset) -> None:
    many = Split(np.repeat(easy.test.images, 30, axis=0), np.repeat(easy.test.labels, 30))
    monkeypatch.setattr(datasets, "load", lambda *_args, **_options: replace(easy, test=many))
    proof = found(with_source(classifier, SHAPES))
    assert proof.what.startswith("1,000 test images of Easy colours")
    assert len(proof.images) == 1000


def test_any_folder_of_pictures_with_its_classes(classifier: Classifier, easy_folder: Path) -> None:
    proof = found(classifier, str(easy_folder))
    assert (len(proof.images), len(proof.calibration)) == (90, 30)
    both = {image.tobytes() for image in proof.images} & {image.tobytes() for image in proof.calibration}
    assert not both


def test_data_with_other_classes(classifier: Classifier, easy_folder: Path) -> None:
    other = Classifier(classifier.answer, classifier.image_size, Card(("cat", "dog", "cow")))
    with pytest.raises(UserError, match="The model does not know"):
        found(other, str(easy_folder))


def test_a_stop_while_reading(classifier: Classifier, easy_folder: Path) -> None:
    with pytest.raises(Stopped):
        find_pictures(classifier, None, str(easy_folder), None, no_report, lambda: True)
