import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from cnngui import paths
from cnngui.core.data.collections import adding, edits
from cnngui.core.data.collections.shelves import HIDDEN
from cnngui.gui.classes.state import BUSY, FIRST_NAME, ClassesState
from cnngui.gui.common.settings import Settings
from tests.gui.classes.conftest import colours
from tests.gui.conftest import PATIENCE, picture


@pytest.fixture
def state(qtbot: QtBot) -> Iterator[ClassesState]:
    """Without a collection."""
    made = ClassesState(Settings())
    yield made
    made.stop()


@pytest.fixture
def settle(qtbot: QtBot, state: ClassesState) -> Callable[[], None]:
    """Waits until nothing is read or done."""
    return lambda: qtbot.waitUntil(lambda: not state.is_busy and not state.is_reading, timeout=PATIENCE)


def counts(state: ClassesState) -> dict[str, int]:
    assert state.collection is not None
    return {name: state.collection.count(name) for name in state.classes}


def test_what_is_ordered_waits_for_its_turn(
    state: ClassesState, settle: Callable[[], None], birds: Path, tmp_path: Path
) -> None:
    state.open(birds)
    state.change("new class", lambda now: edits.new_class(now, "dove"))
    state.add([picture(tmp_path / "a.png", "red")], "dove")
    state.change("rename", lambda now: edits.rename_class(now, "dove", "pigeon"))
    assert state.is_busy
    settle()
    assert counts(state) == {"pigeon": 1, "robin": 6, "wren": 5}
    for title, expected in (("rename", "dove"), ("add", "dove"), ("new class", None)):
        assert state.undo_title == title
        state.undo()
        settle()
        assert (expected in state.classes) == (expected is not None)
    assert not state.can_undo


def test_a_first_collection_is_made_and_found_again(state: ClassesState, settle: Callable[[], None]) -> None:
    assert state.needed == "Name a first class."
    state.change("new class", lambda now: edits.new_class(now, "dove"))
    settle()
    assert state.folder == paths.collections_dir() / FIRST_NAME
    other = ClassesState(Settings())
    other.wake()
    assert other.folder == state.folder
    other.stop()


def test_a_copy_is_cancelled_as_a_whole(
    qtbot: QtBot,
    state: ClassesState,
    settle: Callable[[], None],
    birds: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    phone = [picture(tmp_path / f"{number}.png", "red") for number in range(20)]
    copy = shutil.copyfile

    def cancelling(source: Path, target: Path) -> object:
        state._workshop._task.stop()
        return copy(source, target)

    monkeypatch.setattr(adding.shutil, "copyfile", cancelling)  # type: ignore[attr-defined]
    state.open(birds)
    state.add(phone, "robin")
    settle()
    assert counts(state)["robin"] == 6
    assert not state.can_undo
    assert not list((birds / HIDDEN).glob("arriving*"))


def test_cancelling_drops_what_waits(state: ClassesState, settle: Callable[[], None], birds: Path) -> None:
    state.open(birds)
    state.change("new class", lambda now: edits.new_class(now, "dove"))
    state.cancel()
    settle()
    assert counts(state) == {"robin": 6, "wren": 5}


def test_no_other_collection_is_opened_in_between(
    state: ClassesState, settle: Callable[[], None], birds: Path, tmp_path: Path
) -> None:
    state.open(birds)
    state.change("new class", lambda now: edits.new_class(now, "dove"))
    state.open(colours(tmp_path / "cars", lorry=1))
    assert state.failure == BUSY
    settle()
    assert state.folder == birds
    state.open(tmp_path / "cars")
    settle()
    assert counts(state) == {"lorry": 1}
    assert not state.can_undo


def test_the_same_pictures_are_the_same_objects(state: ClassesState, settle: Callable[[], None], birds: Path) -> None:
    state.open(birds)
    settle()
    before = state.collection
    assert before is not None
    state.wake()
    settle()
    assert state.collection is before
    picture(birds / "wren" / "new.png", "red")
    state.wake()
    settle()
    after = state.collection
    assert after is not None
    assert after is not before
    assert after.parts("robin")[0] is before.parts("robin")[0]
    assert after.count("wren") == 6


def test_a_mistake_is_told_and_forgotten(state: ClassesState, settle: Callable[[], None], birds: Path) -> None:
    state.open(birds)
    state.change("new class", lambda now: edits.new_class(now, "Robin"))
    settle()
    assert state.failure == "There is already a class “robin”. Choose another name, or merge the two."
    assert not state.can_undo
    state.change("new class", lambda now: edits.new_class(now, "dove"))
    settle()
    assert state.failure == ""


def test_a_collection_that_is_gone(state: ClassesState, settle: Callable[[], None], birds: Path) -> None:
    state.open(birds)
    settle()
    shutil.rmtree(birds)
    state.change("new class", lambda now: edits.new_class(now, "dove"))
    state.change("new class", lambda now: edits.new_class(now, "finch"))
    settle()
    assert "is not there" in state.problem
    assert not state.can_train
    assert not birds.exists()
