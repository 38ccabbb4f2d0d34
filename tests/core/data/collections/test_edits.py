import errno
import os
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnngui.core.data.collections import changes, edits
from cnngui.core.data.collections.aside import leftovers
from cnngui.core.data.collections.changes import Change, make
from cnngui.core.data.collections.class_names import class_name
from cnngui.core.data.collections.collection import Collection, create, read
from cnngui.core.data.collections.references import write_references
from cnngui.core.data.collections.settled import read_settled
from cnngui.core.data.collections.shelves import HIDDEN, UNNAMED, Item, Shelf
from cnngui.core.errors import Stopped, UserError
from tests.core.data.collections.pictures import content, draw, files, fill, first


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Three robins, one of them elsewhere, two wrens, one excluded robin and one without a class."""
    folder = fill(tmp_path / "birds", robin=2, wren=2)
    draw(Shelf("robin", is_excluded=True).folder(folder) / "blurred.png")
    draw(UNNAMED.folder(folder) / "which.png")
    write_references(folder, [Item(draw(tmp_path / "phone" / "far.png"), Shelf("robin"), True)])
    return folder


AT_FIRST = {
    "": ["which.png"],
    "robin": ["0.png", "1.png", "far.png"],
    "robin excluded": ["blurred.png"],
    "wren": ["0.png", "1.png"],
}


def done(folder: Path, edit: Callable[[Collection], Change]) -> Change:
    """Make the change now; its inverse."""
    return make(folder, edit(read(folder)))


def check_undo(folder: Path, inverse: Change) -> None:
    """Undo the change, and do it again."""
    after = content(folder)
    again = make(folder, inverse)
    assert content(folder) == AT_FIRST
    make(folder, make(folder, again))
    assert content(folder) == AT_FIRST
    make(folder, again)
    assert content(folder) == after


def test_a_new_class(folder: Path) -> None:
    inverse = done(folder, lambda now: edits.new_class(now, " blue tit "))
    assert content(folder) == AT_FIRST | {"blue tit": []}
    check_undo(folder, inverse)


def test_renaming_a_class_takes_all_its_pictures_along(folder: Path) -> None:
    inverse = done(folder, lambda now: edits.rename_class(now, "robin", "Robin redbreast"))
    assert content(folder) == {
        "": ["which.png"],
        "Robin redbreast": ["0.png", "1.png", "far.png"],
        "Robin redbreast excluded": ["blurred.png"],
        "wren": ["0.png", "1.png"],
    }
    check_undo(folder, inverse)


def test_only_the_letter_case_of_a_class_may_change(folder: Path) -> None:
    done(folder, lambda now: edits.rename_class(now, "wren", "Wren"))
    assert read(folder).classes == ("robin", "Wren")
    assert done(folder, lambda now: edits.rename_class(now, "Wren", "Wren")) == Change()


def test_merging_classes(folder: Path) -> None:
    (folder / "robin" / "notes.txt").write_text("seen in the garden")
    inverse = done(folder, lambda now: edits.merge_classes(now, ["robin", "wren"], "wren"))
    assert content(folder) == {
        "": ["which.png"],
        "wren": ["0 2.png", "0.png", "1 2.png", "1.png", "far.png"],
        "wren excluded": ["blurred.png"],
    }
    assert not (folder / "robin").exists()
    check_undo(folder, inverse)


def test_moving_pictures_to_a_class(folder: Path) -> None:
    inverse = done(folder, lambda now: edits.move_pictures(now, [*now.of_class("robin"), *now.on(UNNAMED)], "dove"))
    assert content(folder) == {
        "dove": ["0.png", "1.png", "far.png", "which.png"],
        "dove excluded": ["blurred.png"],
        "robin": [],
        "wren": ["0.png", "1.png"],
    }
    check_undo(folder, inverse)


def test_moving_pictures_out_of_all_classes(folder: Path) -> None:
    inverse = done(folder, lambda now: edits.move_pictures(now, now.of_class("robin"), ""))
    assert content(folder)[""] == ["0.png", "1.png", "blurred.png", "far.png", "which.png"]
    check_undo(folder, inverse)


def test_excluding_pictures_and_including_them_again(folder: Path) -> None:
    deep = draw(folder / "robin" / "2026" / "deep.png")
    inverse = done(folder, lambda now: edits.exclude(now, [*now.of_class("robin"), *now.on(UNNAMED)]))
    assert content(folder)["robin excluded"] == ["0.png", "1.png", "blurred.png", "deep.png", "far.png"]
    make(folder, inverse)
    assert deep.exists()
    done(folder, lambda now: edits.include(now, now.of_class("robin")))
    assert content(folder)["robin"] == ["0.png", "1.png", "blurred.png", "deep.png", "far.png"]


def test_removing_pictures_keeps_their_files_until_the_trash_takes_them(folder: Path, tmp_path: Path) -> None:
    inverse = done(folder, lambda now: edits.remove_pictures(now, [*now.of_class("robin"), *now.on(UNNAMED)]))
    assert content(folder) == {"robin": [], "wren": ["0.png", "1.png"]}
    assert (tmp_path / "phone" / "far.png").exists(), "a file that lies elsewhere is not touched"
    check_undo(folder, inverse)
    (aside,) = leftovers(folder)
    assert {Path(name).name for name in files(aside)} == {"0.png", "1.png", "blurred.png", "which.png"}


def test_removing_a_class_takes_everything_in_its_folder(folder: Path) -> None:
    (folder / "robin" / "notes.txt").write_text("seen in the garden")
    inverse = done(folder, lambda now: edits.remove_classes(now, ["robin"]))
    assert content(folder) == {"": ["which.png"], "wren": ["0.png", "1.png"]}
    make(folder, inverse)
    assert (folder / "robin" / "notes.txt").exists()
    assert content(folder) == AT_FIRST


def test_nothing_is_left_over_where_nothing_was_removed(folder: Path) -> None:
    inverse = done(folder, lambda now: edits.remove_pictures(now, first(now, "robin", 2)))
    make(folder, inverse)
    assert leftovers(folder) == []


def test_pictures_that_are_gone_are_left_out(folder: Path) -> None:
    before = read(folder)
    (folder / "wren" / "0.png").unlink()
    assert edits.still_there(read(folder), before.of_class("wren")) == before.of_class("wren")[1:]


def test_a_class_that_is_gone_is_told(folder: Path) -> None:
    now = read(folder)
    with pytest.raises(UserError, match="no class “dove” any more"):
        edits.rename_class(now, "dove", "pigeon")
    with pytest.raises(UserError, match="no class “dove” any more"):
        edits.merge_classes(now, ["robin"], "dove")
    with pytest.raises(UserError, match="no class “dove” any more"):
        edits.remove_classes(now, ["dove"])


@pytest.mark.parametrize("name", ["", ".hidden", "a/b", "con", "test", "Training set", "lost+found", "ROBIN", "robin"])
def test_names_that_a_class_cannot_have(name: str) -> None:
    with pytest.raises(UserError):
        class_name(name, ["robin"])


@pytest.mark.parametrize(("typed", "name"), [(" wren ", "wren"), ("cafe\u0301", "caf\u00e9"), ("train", "train")])
def test_names_that_a_class_can_have(typed: str, name: str) -> None:
    assert class_name(typed, ["robin"]) == name


# What goes wrong


def refuse(monkeypatch: pytest.MonkeyPatch, number: int, error: OSError) -> None:
    """Let the move with this number fail."""
    rename, calls = Path.rename, list[Path]()

    def failing(path: Path, target: Path) -> Path:
        calls.append(path)
        if len(calls) == number:
            raise error
        return rename(path, target)

    monkeypatch.setattr(Path, "rename", failing)


@pytest.mark.parametrize(
    ("number", "sentence"),
    [
        (errno.ENOSPC, "is full. Free some space"),
        (errno.EROFS, "can only be read"),
        (errno.EACCES, "can only be read"),
        (errno.ENOENT, "another program has moved or removed it"),
        (errno.EXDEV, "lies on another disk"),
        (errno.EIO, "could not be changed"),
    ],
)
def test_a_change_is_made_as_a_whole_or_not_at_all(
    folder: Path, monkeypatch: pytest.MonkeyPatch, number: int, sentence: str
) -> None:
    before = files(folder)
    change = edits.move_pictures(read(folder), read(folder).of_class("robin"), "dove")
    refuse(monkeypatch, 2, OSError(number, os.strerror(number), str(folder / "robin" / "1.png")))
    with pytest.raises(UserError, match=sentence):
        make(folder, change)
    assert files(folder) == before
    assert not (folder / "dove").exists()


def test_references_that_cannot_be_written_leave_the_files_where_they_were(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    change = edits.rename_class(read(folder), "robin", "dove")

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(changes, "write_references", full)
    with pytest.raises(UserError, match="full"):
        make(folder, change)
    assert content(folder) == AT_FIRST


def test_a_stop_takes_everything_back(folder: Path) -> None:
    asked: list[bool] = []

    def stop_at_the_second() -> bool:
        asked.append(True)
        return len(asked) == 2

    with pytest.raises(Stopped):
        make(
            folder,
            edits.remove_pictures(read(folder), read(folder).of_class("robin")),
            should_stop=stop_at_the_second,
        )
    assert content(folder) == AT_FIRST


@pytest.mark.skipif(os.name == "nt" or os.getuid() == 0, reason="root may write everywhere")
def test_a_folder_that_can_only_be_read(folder: Path) -> None:
    folder.chmod(0o555)
    try:
        with pytest.raises(UserError, match="can only be read"):
            done(folder, lambda now: edits.new_class(now, "dove"))
    finally:
        folder.chmod(0o755)


# Whatever is done can be undone


NAMES = st.sampled_from(["robin", "wren", "dove", "Wren"])
EDITS = st.one_of(
    st.tuples(st.just("new"), NAMES),
    st.tuples(st.just("rename"), NAMES, NAMES),
    st.tuples(st.just("merge"), NAMES, NAMES),
    st.tuples(st.just("move"), st.sampled_from("012"), st.sampled_from(["", "robin", "dove"])),
    st.tuples(st.just("exclude"), st.sampled_from("012")),
    st.tuples(st.just("include"), st.sampled_from("012")),
    st.tuples(st.just("remove"), st.sampled_from("012")),
    st.tuples(st.just("remove class"), NAMES),
)


def planned(now: Collection, edit: tuple[str, ...]) -> Change:
    """The change that an example of EDITS stands for."""
    kind, *rest = edit
    everything = sorted((item for items in now.shelves.values() for item in items), key=lambda item: str(item.path))
    left_out = int(rest[0]) if rest[0].isdecimal() else 0
    chosen = [item for number, item in enumerate(everything) if number % 3 != left_out]
    match kind:
        case "new":
            return edits.new_class(now, rest[0])
        case "rename":
            return edits.rename_class(now, rest[0], rest[1])
        case "merge":
            return edits.merge_classes(now, [rest[0]], rest[1])
        case "move":
            return edits.move_pictures(now, chosen, rest[1])
        case "exclude":
            return edits.exclude(now, chosen)
        case "include":
            return edits.include(now, chosen)
        case "remove":
            return edits.remove_pictures(now, chosen)
    return edits.remove_classes(now, [rest[0]])


@given(st.lists(EDITS, max_size=6))
def test_any_edits_are_undone_in_reverse(
    tmp_path_factory: pytest.TempPathFactory, wanted: list[tuple[str, ...]]
) -> None:
    folder = tmp_path_factory.mktemp("any") / "birds"
    create(folder)
    fill(folder, robin=3, wren=2)
    draw(Shelf("robin", is_excluded=True).folder(folder) / "0.png")
    write_references(folder, [Item(folder.parent / "far.png", Shelf("wren"), True)])
    states: list[dict[str, list[str]]] = []
    undo: list[Change] = []
    for edit in wanted:
        before = content(folder)
        try:
            change = planned(read(folder), edit)
        except UserError:
            continue
        states.append(before)
        undo.append(make(folder, change))
    for inverse, before in reversed([*zip(undo, states, strict=True)]):
        make(folder, inverse)
        assert content(folder) == before


def test_what_is_left_as_it_is_is_remembered_and_undone(folder: Path) -> None:
    keys = ["a" * 32, "b" * 32]
    inverse = done(folder, lambda now: edits.settle(now, keys))
    assert read(folder).settled == set(keys)
    assert not edits.settle(read(folder), keys), "it is known already"
    again = done(folder, edits.reopen)
    assert read(folder).settled == set()
    make(folder, again)
    assert read(folder).settled == set(keys)
    make(folder, inverse)
    assert read(folder).settled == set()


@given(st.binary(max_size=200))
def test_damaged_keys_settle_nothing(tmp_path_factory: pytest.TempPathFactory, content: bytes) -> None:
    folder = fill(tmp_path_factory.mktemp("birds"), robin=1)
    (folder / HIDDEN).mkdir()
    (folder / HIDDEN / "settled.txt").write_bytes(b"%s\n%s" % (b"a" * 32, content))
    assert all(len(key) == 32 for key in read_settled(folder))


def test_a_file_of_what_is_settled_that_cannot_be_read_is_told(folder: Path) -> None:
    (folder / HIDDEN / "settled.txt").mkdir()
    with pytest.raises(UserError, match=r"settled\.txt could not be read"):
        read(folder)


def test_only_pictures_that_trainings_use_are_found_by_their_paths(folder: Path, tmp_path: Path) -> None:
    now = read(folder)
    wanted = [*(item.path for name in ("robin", "wren", "") for item in now.of_class(name)), tmp_path / "no.png"]
    assert {item.path.name for item in edits.in_use_at(now, wanted)} == {"0.png", "1.png", "far.png"}
    assert not any(item.shelf.is_excluded or not item.shelf.name for item in edits.in_use_at(now, wanted))
