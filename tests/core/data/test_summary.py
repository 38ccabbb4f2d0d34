from pathlib import Path

import numpy as np
import pytest

from cnngui.core.data import datasets
from cnngui.core.data.datasets import RawData, Split
from cnngui.core.data.summary import margin_of, summarize
from cnngui.core.progress import DataNotes
from cnngui.terminal import Terminal


def split(*counts: int) -> Split:
    labels = np.repeat(np.arange(len(counts), dtype=np.int32), counts)
    return Split(
        np.arange(len(labels), dtype=np.uint8)[:, None, None, None].repeat(32, 1).repeat(32, 2).repeat(3, 3), labels
    )


@pytest.mark.parametrize("validation", [None, split(3, 2)])
@pytest.mark.parametrize("test", [None, split(2, 4)])
def test_it_counts_what_will_be_divided(validation: Split | None, test: Split | None) -> None:
    raw = RawData("x", "Folder x", ("cat", "dog"), split(40, 23), validation, test)
    found = summarize(raw, 0.1)
    dataset = datasets.divide(raw, validation_fraction=0.1, seed=3)
    assert (found.train, found.validation, found.test) == tuple(
        map(len, (dataset.train, dataset.validation, dataset.test))
    )
    assert sum(found.counts) == found.train + found.validation + found.test
    assert [len(samples) for samples in found.samples] == [4, 4]


def test_its_sentences() -> None:
    notes = ("8 files left out: PSD.",)
    raw = RawData("x", "Folder x", ("cat", "dog"), split(20, 10), split(3, 2), split(6, 6), notes)
    assert summarize(raw, 0.1).sentences == (
        "Folder x: 47 images in 2 classes: cat 29, dog 18.",
        "30 images for training, 5 for validation, 12 for the test. "
        "With 12 test images, the accuracy is uncertain by up to 28 percentage points.",
        "8 files left out: PSD.",
    )


def test_a_large_test_set_needs_no_warning() -> None:
    assert margin_of(10_000) == pytest.approx(0.0098, abs=1e-4)
    raw = RawData(
        "x",
        "x",
        ("a", "b"),
        split(10, 10),
        None,
        Split(np.zeros((10_000, 1, 1, 3), np.uint8), np.zeros(10_000, np.int32)),
    )
    assert "±" not in summarize(raw, 0.1).division


def test_the_terminal_shows_it(capsys: pytest.CaptureFixture[str]) -> None:
    Terminal(as_json=True).show(DataNotes(("one", "two")))
    written = capsys.readouterr()
    assert (written.out, written.err) == ("", "one\ntwo\n")


def test_data_that_has_not_changed_is_current(easy_folder: Path) -> None:
    raw = datasets.read(str(easy_folder))
    assert datasets.is_current(raw)
    (easy_folder_copy := Path(raw.source)).touch()
    assert datasets.is_current(raw)
    assert easy_folder_copy == easy_folder.resolve()
