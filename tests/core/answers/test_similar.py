"""The training images that are most like a picture."""

import shutil
from copy import copy
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from cnngui.core.answers.classifier import Classifier
from cnngui.core.answers.similar import COUNT, most_similar, remembered_images
from cnngui.core.data import datasets
from cnngui.core.data.datasets import Dataset
from cnngui.core.errors import Stopped
from cnngui.core.recipes.recipe import Recipe
from tests.conftest import REMEMBERED, remembering


def elsewhere(classifier: Classifier, source: str) -> Classifier:
    """The same, as if its data had come from another place."""
    other = copy(classifier)
    assert classifier.card.training is not None
    other.card = replace(classifier.card, training=replace(classifier.card.training, source=source))
    return other


@pytest.fixture(scope="module")
def dataset(easy_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Dataset:
    folder = tmp_path_factory.mktemp("similar") / "pets"
    shutil.copytree(easy_folder, folder)
    return datasets.load(str(folder), seed=3)


@pytest.fixture(scope="module")
def classifier(dataset: Dataset, tiny: Recipe) -> Classifier:
    return Classifier.of(*remembering(dataset, tiny.changed({"seed": 3})))


def test_the_images_are_those_that_are_remembered(classifier: Classifier, dataset: Dataset) -> None:
    found = remembered_images(classifier)
    assert found is not None
    np.testing.assert_array_equal(found.images, dataset.train.images[:REMEMBERED])
    np.testing.assert_array_equal(found.labels, dataset.train.labels[:REMEMBERED])


def test_an_image_is_most_like_itself(classifier: Classifier, dataset: Dataset) -> None:
    found = remembered_images(classifier)
    assert found is not None
    for number in (0, 7, REMEMBERED - 1):
        similar = most_similar(classifier, dataset.train.images[number : number + 1], found)
        assert len(similar) == COUNT
        np.testing.assert_array_equal(similar[0].image, dataset.train.images[number])
        assert similar[0].label == dataset.classes[dataset.train.labels[number]]
        assert similar[0].similarity == pytest.approx(1, abs=0.01)
        likeness = [each.similarity for each in similar]
        assert likeness == sorted(likeness, reverse=True)


def test_several_views_count_alike(classifier: Classifier, dataset: Dataset) -> None:
    found = remembered_images(classifier)
    assert found is not None
    two = most_similar(classifier, dataset.train.images[[4, 9]], found)
    _, features = classifier.look(dataset.train.images[[4, 9]])
    assert classifier.familiarity is not None
    means = classifier.familiarity.similarities(features).mean(0)
    assert [each.similarity for each in two] == pytest.approx(sorted(means.tolist(), reverse=True)[:COUNT])


def test_other_images_in_the_same_place_are_not_taken_for_them(
    classifier: Classifier, dataset: Dataset, easy_folder: Path, tmp_path: Path
) -> None:
    for file in easy_folder.rglob("*.png"):
        target = tmp_path / file.relative_to(easy_folder)
        target.parent.mkdir(parents=True, exist_ok=True)
        Image.new("RGB", (32, 32), "black").save(target)
    assert remembered_images(elsewhere(classifier, str(tmp_path))) is None


@pytest.mark.parametrize("source", ["", "/nowhere/at/all"])
def test_where_the_data_is_not_there_nothing_is_found(classifier: Classifier, source: str) -> None:
    assert remembered_images(elsewhere(classifier, source)) is None


@pytest.mark.parametrize("start", ["//", "\\\\", "/\\", "\\/"])
def test_a_place_in_a_network_is_not_even_looked_at(
    classifier: Classifier, start: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Looking would sign in there, on Windows, whichever way the slashes lean."""
    monkeypatch.setattr("cnngui.core.data.test_part.is_folder", lambda place: pytest.fail(f"{place} was looked at"))
    assert remembered_images(elsewhere(classifier, f"{start}server/share")) is None


def test_cifar10_is_not_downloaded_for_it(
    classifier: Classifier, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CNNGUI_DATA_DIR", str(tmp_path / "gone"))
    assert remembered_images(elsewhere(classifier, "cifar10")) is None


def test_a_stop_ends_the_reading(classifier: Classifier) -> None:
    with pytest.raises(Stopped):
        remembered_images(classifier, should_stop=lambda: True)
