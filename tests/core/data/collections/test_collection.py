import os
from pathlib import Path

import pytest

from cnngui.core.data import image_folder
from cnngui.core.data.collections.collection import Collection, create, read
from cnngui.core.data.collections.notes import needed, notes
from cnngui.core.data.collections.references import references_path, write_references
from cnngui.core.data.collections.shelves import HIDDEN, UNNAMED, Item, Shelf
from cnngui.core.errors import Stopped, UserError
from tests.core.data.collections.pictures import content, draw, fill, names


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return fill(tmp_path / "birds", robin=3, wren=2)


def test_a_new_collection_is_an_empty_folder(tmp_path: Path) -> None:
    create(tmp_path / "my" / "birds")
    assert read(tmp_path / "my" / "birds") == Collection(tmp_path / "my" / "birds")
    with pytest.raises(UserError, match="already something"):
        create(tmp_path / "my" / "birds")


def test_any_folder_of_classes_is_a_collection(folder: Path) -> None:
    draw(folder / "robin" / "2026" / "snow.png")
    draw(folder / "unsorted.png")
    (folder / "blue tit").mkdir()
    (folder / "robin" / "notes.txt").write_text("seen in the garden")
    found = read(folder)
    assert found.classes == ("blue tit", "robin", "wren")
    assert names(found.on(Shelf("robin"))) == ["0.png", "1.png", "2.png", "snow.png"]
    assert names(found.on(UNNAMED)) == ["unsorted.png"]
    assert [found.count(name) for name in found.classes] == [0, 4, 2]
    assert not (folder / HIDDEN).exists(), "looking changes nothing"


def test_hidden_pictures_are_of_the_collection_but_not_of_a_training(folder: Path) -> None:
    draw(Shelf("robin", is_excluded=True).folder(folder) / "blurred.png")
    draw(UNNAMED.folder(folder) / "which.png")
    assert content(folder) == {
        "": ["which.png"],
        "robin": ["0.png", "1.png", "2.png"],
        "robin excluded": ["blurred.png"],
        "wren": ["0.png", "1.png"],
    }
    layout = image_folder.layout_of(image_folder.listing(folder))
    assert len(layout.train) == 5
    assert layout.classes == ("robin", "wren")


def test_a_training_sees_the_pictures_elsewhere(folder: Path, tmp_path: Path) -> None:
    elsewhere = [draw(tmp_path / "phone" / f"{name}.png") for name in ("dove", "finch", "left out", "unnamed")]
    write_references(
        folder,
        [
            Item(elsewhere[0], Shelf("dove"), True),  # no folder of that name
            Item(elsewhere[1], Shelf("wren"), True),
            Item(elsewhere[2], Shelf("wren", is_excluded=True), True),
            Item(elsewhere[3], UNNAMED, True),
        ],
    )
    found = image_folder.listing(folder)
    layout = image_folder.layout_of(found)
    assert layout.classes == ("dove", "robin", "wren")
    by_class = {name: [path for path, label in layout.train if label == n] for n, name in enumerate(layout.classes)}
    assert by_class["dove"] == [elsewhere[0]]
    assert set(by_class["wren"]) == {elsewhere[1], folder / "wren" / "0.png", folder / "wren" / "1.png"}
    before = image_folder.fingerprint(found)
    draw(elsewhere[0], grey=7).touch()
    os.utime(elsewhere[0], (1, 1))
    assert image_folder.fingerprint(image_folder.listing(folder)) != before
    assert read(folder).classes == ("dove", "robin", "wren")


def test_a_collection_of_references_alone_can_be_trained_on(tmp_path: Path) -> None:
    create(tmp_path / "birds")
    pictures = [draw(tmp_path / "phone" / f"{number}.png") for number in range(6)]
    write_references(
        tmp_path / "birds",
        [Item(path, Shelf("robin" if number % 2 else "wren"), True) for number, path in enumerate(pictures)],
    )
    found = image_folder.read(tmp_path / "birds")
    assert found.classes == ("robin", "wren")
    assert len(found.train[0]) == 6


def test_a_picture_elsewhere_that_is_gone_is_told(folder: Path, tmp_path: Path) -> None:
    gone = Item(tmp_path / "phone" / "gone.png", Shelf("robin"), True)
    write_references(folder, [gone])
    found = read(folder)
    assert found.missing == (gone,)
    (note,) = notes(found)
    assert note.startswith("1 picture that lies elsewhere is gone: gone.png.")
    fill(folder, wren=3)
    assert image_folder.read(folder).left_out == (
        f"{gone.path}: The file does not exist. It may have been moved or renamed.",
    )


@pytest.mark.parametrize(
    "line",
    [
        "{",
        "[]",
        '{"class": "robin"}',
        '{"class": "robin", "picture": 5}',
        '{"class": "robin", "picture": "a.png"}',
        '{"class": "../robin", "picture": "/a.png"}',
        '{"class": "robin", "picture": "/a\\u0000.png"}',
        '{"class": "robin", "picture": "/a.png", "excluded": "no"}',
    ],
)
def test_damaged_references_are_a_sentence_and_stay(folder: Path, line: str) -> None:
    path = references_path(folder)
    path.parent.mkdir()
    path.write_text(line)
    with pytest.raises(UserError, match="damaged"):
        read(folder)
    with pytest.raises(UserError, match="damaged"):
        image_folder.listing(folder)
    assert path.read_text() == line


def test_a_folder_that_is_gone_or_holds_something_else(folder: Path, tmp_path: Path) -> None:
    with pytest.raises(UserError, match="moved or renamed"):
        read(tmp_path / "nothing")
    for part in ("train", "test"):
        fill(tmp_path / "parts" / part, robin=2, wren=2)
    with pytest.raises(UserError, match="divided into parts"):
        read(tmp_path / "parts")
    fill(tmp_path / "outer" / "inner", robin=2, wren=2)
    with pytest.raises(UserError, match=r"lie deeper.*inner"):
        read(tmp_path / "outer")
    with pytest.raises(Stopped):
        read(folder, lambda: True)


def test_what_a_training_still_needs(tmp_path: Path) -> None:
    folder = tmp_path / "birds"
    create(folder)
    assert needed(read(folder)) == "Make a first class: a training needs 2."
    fill(folder, robin=0)
    assert needed(read(folder)) == "Add 5 pictures or more to robin."
    fill(folder, robin=1)
    assert needed(read(folder)) == "Add 4 more to robin: each class needs 5 pictures."
    fill(folder, robin=5)
    assert needed(read(folder)) == "Make another class: a training needs 2."
    fill(folder, wren=4)
    assert needed(read(folder)) == "Add 1 more to wren: each class needs 5 pictures."
    fill(folder, wren=5, dove=0)
    assert needed(read(folder)) == ""


def test_names_that_a_person_could_take_for_one(folder: Path, tmp_path: Path) -> None:
    for name in ("Robin", "caf\u00e9", "cafe\u0301"):
        (folder / name).mkdir()
    twins = [note for note in notes(read(folder)) if "differ only" in note]
    assert len(twins) == 2
    assert any("one class to a training" in note for note in twins)


def test_a_class_that_a_training_takes_for_a_part(folder: Path) -> None:
    fill(folder, test=1)
    (note,) = notes(read(folder))
    assert note == "A training takes “test” for a part of the data, not for a class. Rename it."


def test_a_picture_in_two_classes_is_told(folder: Path, tmp_path: Path) -> None:
    twice = draw(tmp_path / "phone" / "both.png")
    write_references(folder, [Item(twice, Shelf("robin"), True), Item(twice, Shelf("wren"), True)])
    assert notes(read(folder)) == ("both.png is in several classes, robin, wren.",)
