"""Doubtful labels of a collection, and which of its pictures are worth naming."""

from functools import partial
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from cnngui.core.answers.classifier import Classifier
from cnngui.core.checks.looks import Extractor
from cnngui.core.checks.second_look import LEAST, SecondLook, second_look
from cnngui.core.data.collections import edits
from cnngui.core.data.collections.changes import make
from cnngui.core.data.collections.collection import read
from cnngui.core.data.collections.shelves import UNNAMED
from cnngui.core.data.datasets import Dataset
from cnngui.core.errors import Stopped
from cnngui.core.progress import ShouldStop, never_stop


@pytest.fixture(scope="module")
def extractor(classifier: Classifier) -> Extractor:
    return Extractor(classifier, "tiny")


@pytest.fixture
def folder(easy: Dataset, tmp_path: Path) -> Path:
    """Twenty pictures of each of the easy classes, three of which are in a wrong one, and twelve without a class."""
    folder = tmp_path / "colours"
    for number, (image, label) in enumerate(zip(easy.train.images[:60], easy.train.labels[:60], strict=True)):
        shown = (label + 1) % 3 if number < 3 else label
        save(image, folder / easy.classes[shown] / f"{number}.png")
    for number, image in enumerate(easy.test.images[:12]):
        save(image, UNNAMED.folder(folder) / f"new {number}.png")
    return folder


def save(image: np.ndarray, path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(image).save(path)


def looked(folder: Path, extractor: Extractor, should_stop: ShouldStop = never_stop) -> SecondLook:
    from cnngui.core.training.head import CROSSED_STEPS, fit_head

    fit, store = partial(fit_head, steps=CROSSED_STEPS), folder.parent / "looks.sqlite"
    return second_look(read(folder), extractor, fit, store=store, should_stop=should_stop)


def test_wrong_labels_are_suspect_and_the_right_one_is_suggested(
    folder: Path, extractor: Extractor, easy: Dataset
) -> None:
    found = looked(folder, extractor).suspects
    assert {suspect.path.name for suspect in found[:3]} == {"0.png", "1.png", "2.png"}
    for suspect in found[:3]:
        assert suspect.suggested == easy.classes[easy.train.labels[int(suspect.path.stem)]]
        assert suspect.label == suspect.path.parent.name
    assert len(found) <= LEAST


def test_pictures_without_a_class_are_worth_naming(folder: Path, extractor: Extractor) -> None:
    found = looked(folder, extractor).nameless
    assert len({nameless.path for nameless in found}) == 12
    (UNNAMED.folder(folder) / "broken.png").write_bytes(b"\x89PNG nonsense")
    assert len(looked(folder, extractor).nameless) == 12


def test_what_is_settled_is_left_out(folder: Path, extractor: Extractor) -> None:
    before = looked(folder, extractor)
    keys = [before.suspects[0].key, before.nameless[0].key]
    make(folder, edits.settle(read(folder), keys))
    after = looked(folder, extractor)
    assert set(after.suspects) == set(before.suspects[1:])
    assert {nameless.path for nameless in after.nameless} == {nameless.path for nameless in before.nameless[1:]}


@pytest.mark.parametrize("missing", [("red", "green"), ("red", "green", "blue")])
def test_without_two_classes_there_is_nothing_to_look_for(
    folder: Path, extractor: Extractor, missing: tuple[str, ...]
) -> None:
    make(folder, edits.remove_classes(read(folder), missing))
    assert looked(folder, extractor) == SecondLook()


def test_a_stop_ends_it(folder: Path, extractor: Extractor) -> None:
    with pytest.raises(Stopped):
        looked(folder, extractor, lambda: True)
