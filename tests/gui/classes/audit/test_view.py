"""From pictures with planted faults to a collection without them, as a person mends it."""

import errno
import shutil
from pathlib import Path
from unittest.mock import Mock

import numpy as np
import pytest
from PIL import Image

from cnngui import paths
from cnngui.core.data.collections.settled import read_settled
from cnngui.core.data.collections.shelves import HIDDEN, UNNAMED, Shelf
from cnngui.gui.classes.audit import work
from cnngui.gui.classes.audit.question import Topic
from cnngui.gui.classes.audit.state import AuditState
from tests.gui.classes.conftest import Collector
from tests.gui.conftest import Opener, save_colour_model

TINTS = {"robin": (200, 40, 40), "wren": (40, 40, 200)}


def tinted(path: Path, name: str, seed: int) -> Path:
    """A picture of large squares in the colour of a class; each seed has its own."""
    rng = np.random.default_rng(seed)
    squares = np.clip(np.array(TINTS[name]) + rng.integers(-40, 55, (8, 8, 1)), 0, 255).astype(np.uint8)
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(squares).resize((64, 64), Image.Resampling.NEAREST).save(path)
    return path


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Ten robins and ten wrens, all different."""
    birds = tmp_path / "birds"
    for number in range(20):
        name = ("robin", "wren")[number % 2]
        tinted(birds / name / f"{number}.png", name, number)
    return birds


class Mender:
    """Does with the things to look at what a person does."""

    def __init__(self, collector: Collector) -> None:
        self.collector, self.driver = collector, collector.driver
        self.state: AuditState = collector.window.audit

    def open(self, folder: Path) -> None:
        """Open the collection, and wait until it is checked."""
        self.collector.open(folder)
        self.settle()

    def settle(self) -> None:
        """Wait until nothing is done or checked."""
        self.collector.settle()
        self.driver.wait_until(lambda: not self.state.checker.is_running)

    def press(self, key: str) -> None:
        self.driver.press(key)
        self.settle()

    @property
    def names(self) -> list[str]:
        """The files of the question in view."""
        assert self.state.current is not None
        return [shown.path.name for shown in self.state.current.pictures]


@pytest.fixture
def mender(collector: Collector) -> Mender:
    return Mender(collector)


def test_copies_are_found_and_excluded_all_at_once(mender: Mender, folder: Path) -> None:
    shutil.copy(folder / "robin" / "0.png", folder / "robin" / "copy.png")
    shutil.copy(folder / "wren" / "1.png", folder / "wren" / "copy.png")
    mender.open(folder)
    mender.driver.click("2 things to look at ›")
    mender.settle()
    assert mender.state.topics == {Topic.COPY: 2}
    assert mender.driver.sees("robin holds the same file twice.")
    assert mender.names == ["0.png", "copy.png"]
    mender.driver.click("Exclude 1 picture")
    mender.settle()
    assert mender.driver.sees("wren holds the same file twice.")
    assert mender.collector.counts["robin"] == 10
    assert (folder / HIDDEN / "excluded" / "robin" / "copy.png").is_file()
    mender.press("Ctrl+Z")
    assert mender.state.topics == {Topic.COPY: 2}
    mender.driver.click("Exclude 2 pictures, all of these")
    mender.settle()
    assert mender.driver.sees("Nothing is left to look at.")
    assert mender.collector.counts == {"robin": 10, "wren": 10, "no class yet": 0}
    mender.driver.click("‹ Classes")
    assert mender.driver.sees("10 pictures")
    assert mender.driver.button("Check the labels ›").isVisible()


def test_what_is_left_as_it_is_is_not_asked_again(mender: Mender, folder: Path) -> None:
    shutil.copy(folder / "robin" / "0.png", folder / "robin" / "copy.png")
    mender.open(folder)
    mender.press("F7")
    mender.press("K")
    assert mender.driver.sees("Nothing is left to look at.")
    assert len(read_settled(folder)) == 1
    (folder / "robin" / "copy.png").rename(folder / "robin" / "other.png")
    mender.collector.state.wake()
    mender.settle()
    assert mender.state.topics == {}, "it is known by its content"
    mender.press("Ctrl+Z")
    assert mender.state.topics == {Topic.COPY: 1}
    mender.press("K")
    mender.driver.click("Show 1 thing again")
    mender.settle()
    assert mender.state.topics == {Topic.COPY: 1}


def test_classes_that_hold_the_same_are_merged(mender: Mender, folder: Path) -> None:
    (folder / "erithacus").mkdir()
    for number in range(0, 12, 2):
        shutil.copy(folder / "robin" / f"{number}.png", folder / "erithacus")
    mender.open(folder)
    mender.press("F7")
    assert mender.driver.sees("have 6 pictures in common.")
    mender.driver.click("Merge erithacus into robin")
    mender.settle()
    assert mender.collector.counts["robin"] == 16
    assert Topic.COPY in mender.state.topics or Topic.ALIKE in mender.state.topics


def test_a_picture_in_two_classes_stays_in_one(mender: Mender, folder: Path) -> None:
    shutil.copy(folder / "robin" / "0.png", folder / "wren" / "also.png")
    mender.open(folder)
    mender.press("F7")
    assert mender.driver.sees("robin and wren have 1 picture in common.")
    mender.driver.click("1   Keep in robin alone")
    mender.settle()
    assert mender.collector.counts == {"robin": 10, "wren": 10, "no class yet": 0}
    assert (folder / HIDDEN / "excluded" / "wren" / "also.png").is_file()
    mender.press("Ctrl+Z")
    mender.press("2")
    assert (folder / HIDDEN / "excluded" / "robin" / "0.png").is_file()


def test_a_wrong_label_is_moved_kept_or_excluded(mender: Mender, folder: Path) -> None:
    for number in range(3):
        tinted(folder / "wren" / f"wrong {number}.png", "robin", 100 + number)
    mender.open(folder)
    assert mender.driver.button("Check the labels ›").isVisible(), "no fault of the pictures themselves"
    mender.press("F7")
    assert mender.state.topics == {Topic.SUSPECT: 3}
    assert mender.driver.sees("Is this wren? It looks more like robin.")
    first = mender.names[0]
    mender.press("M")
    assert (folder / "robin" / first).is_file()
    second = mender.names[0]
    mender.press("X")
    assert (folder / HIDDEN / "excluded" / "wren" / second).is_file()
    mender.press("K")
    assert mender.driver.sees("Nothing is left to look at.")
    mender.press("Ctrl+Z")
    mender.press("Ctrl+Z")
    assert mender.state.topics == {Topic.SUSPECT: 2}
    mender.press("C")
    mender.collector.pick("dove")
    mender.settle()
    assert mender.collector.counts["dove"] == 1


def test_pictures_without_a_class_are_named_by_one_key_each(mender: Mender, folder: Path) -> None:
    unnamed = UNNAMED.folder(folder)
    for number in range(3):
        tinted(unnamed / f"new {number}.png", "robin", 200 + number)
    mender.open(folder)
    mender.press("F7")
    assert mender.state.topics == {Topic.NAMELESS: 3}
    assert mender.driver.sees("Which class is this?")
    first = mender.names[0]
    mender.press("1")
    assert (Shelf("robin").folder(folder) / first).is_file()
    second = mender.names[0]
    mender.press("S")
    assert mender.names[0] not in (first, second)
    mender.driver.click("2   wren")
    mender.settle()
    assert mender.collector.counts == {"robin": 11, "wren": 11, "no class yet": 1}
    mender.press("Ctrl+Z")
    assert mender.collector.counts["wren"] == 10


def test_a_model_of_these_classes_is_the_one_that_looks(
    open_window: Opener, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    model = save_colour_model(tmp_path / "birds.keras", TINTS, "birds", source=str(folder))
    mender = Mender(Collector(open_window(model)))
    tinted(folder / "wren" / "wrong.png", "robin", 100)
    mender.open(folder)
    assert not (paths.cache_dir() / work.STORE).exists()
    mender.press("F7")
    assert mender.names == ["wrong.png"]
    assert (paths.cache_dir() / work.STORE).is_file()


def test_a_check_that_was_cancelled_begins_when_something_changes(mender: Mender, folder: Path) -> None:
    shutil.copy(folder / "robin" / "0.png", folder / "robin" / "copy.png")
    mender.collector.open(folder)
    assert mender.state.checker.is_running
    mender.press("Esc")
    assert mender.state.count == 0
    shutil.copy(folder / "wren" / "1.png", folder / "wren" / "copy.png")
    mender.collector.state.wake()
    mender.settle()
    assert mender.state.count == 2


def test_what_cannot_be_done_is_told_and_stays(mender: Mender, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.copy(folder / "robin" / "0.png", folder / "robin" / "copy.png")
    mender.open(folder)
    mender.press("F7")
    monkeypatch.setattr(Path, "rename", Mock(side_effect=PermissionError(errno.EACCES, "Permission denied")))
    mender.press("M")
    assert mender.driver.sees("can only be read. Copy it to a folder of your own")
    assert mender.names == ["0.png", "copy.png"]


def test_hidden_pictures_are_not_changed_by_a_key(mender: Mender, folder: Path) -> None:
    mender.open(folder)
    mender.collector.select(0)
    mender.press("F7")
    mender.press("Del")
    assert mender.collector.counts["robin"] == 10
    mender.press("Alt+Left")
    mender.press("Del")
    assert mender.collector.counts["robin"] == 9


def test_nothing_is_checked_that_nobody_sees(mender: Mender, folder: Path) -> None:
    mender.open(folder)
    mender.driver.press("Ctrl+1")
    shutil.copy(folder / "robin" / "0.png", folder / "robin" / "copy.png")
    mender.collector.state.wake()
    mender.collector.settle()
    assert not mender.state.checker.is_running
    mender.driver.press("Ctrl+2")
    mender.settle()
    assert mender.state.count == 1
