from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from cnngui.core.data import image_folder, label_table
from cnngui.core.errors import UserError


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Four red and four blue pictures in one folder, r0.png to b3.png."""
    (tmp_path / "images").mkdir()
    for letter, colour in (("r", "red"), ("b", "blue")):
        for number in range(4):
            Image.new("RGB", (32, 32), colour).save(tmp_path / "images" / f"{letter}{number}.png")
    return tmp_path


def names() -> list[str]:
    return [f"{letter}{number}" for letter in "rb" for number in range(4)]


def colour(name: str) -> str:
    return {"r": "red", "b": "blue"}[name[0]]


@pytest.mark.parametrize(
    "table",
    [
        "file,label\n" + "".join(f"{name}.png,{colour(name)}\n" for name in names()),
        "\ufeffimage;species\r\n" + "".join(f"images\\{name}.PNG;{colour(name)}\r\n" for name in names()),
        "".join(f"data/images/{name}.png\t{colour(name)}\n" for name in names()),
        "id,breed,width\n" + "".join(f"{name},{colour(name)},{number}\n" for number, name in enumerate(names())),
        '"width","class","path"\n' + "".join(f'"32","{colour(name)}","./{name}.png"\n' for name in names()),
    ],
    ids=["plain", "semicolons, BOM, backslashes", "tabs, no header, longer paths", "names without endings", "quoted"],
)
def test_tables_that_people_have(folder: Path, table: str) -> None:
    (folder / "labels.csv").write_text(table, encoding="utf-8")
    found = image_folder.read(folder)
    assert found.classes == ("blue", "red")
    images, labels = found.train
    assert np.bincount(labels).tolist() == [4, 4]
    assert all(image[0, 0, 0] == 255 * label for image, label in zip(images, labels, strict=True))
    assert found.notes == ("The labels are those of labels.csv.",)


def test_rows_without_a_picture_and_pictures_without_a_row(folder: Path) -> None:
    rows = [f"{name}.png,{colour(name)}" for name in names()[:-1]]
    (folder / "labels.csv").write_text("\n".join(["file,label", *rows, "gone.png,red", "b9.png,blue"]))
    found = image_folder.read(folder)
    assert len(found.train[1]) == 7
    assert found.notes == (
        "The labels are those of labels.csv.",
        "1 picture left out: not in labels.csv.",
        "2 rows of labels.csv left out: there is no such picture.",
    )


def test_a_column_of_parts(folder: Path) -> None:
    rows = [f"{name}.png,{colour(name)},{'test' if name[1] == '3' else 'train'}" for name in names()]
    (folder / "labels.csv").write_text("\n".join(["file,label,split", *rows]))
    found = image_folder.read(folder)
    assert found.test is not None
    assert (len(found.train[1]), len(found.test[1]), found.validation) == (6, 2, None)


def test_tables_of_parts(folder: Path) -> None:
    for part, numbers in (("train", "012"), ("test", "3")):
        rows = [f"{name}.png,{colour(name)}" for name in names() if name[1] in numbers]
        (folder / f"{part}.csv").write_text("\n".join(["file,label", *rows]))
    found = image_folder.read(folder)
    assert found.test is not None
    assert (len(found.train[1]), len(found.test[1])) == (6, 2)


def test_an_unlabelled_test_part_beside_a_table(folder: Path) -> None:
    """As in competitions: train/ and test/ hold pictures, and labels.csv labels those of train/."""
    (folder / "images").rename(folder / "train")
    (folder / "test").mkdir()
    Image.new("RGB", (32, 32)).save(folder / "test" / "x.png")
    (folder / "labels.csv").write_text("\n".join(["id,breed", *(f"{name},{colour(name)}" for name in names())]))
    found = image_folder.read(folder)
    assert (found.classes, len(found.train[1]), found.test) == (("blue", "red"), 8, None)
    assert "1 picture left out: not in labels.csv." in found.notes


def test_a_table_counts_where_the_folders_say_something_else(folder: Path) -> None:
    for number in range(4):
        (folder / f"camera {number % 2}").mkdir(exist_ok=True)
        for letter in "rb":
            name = f"{letter}{number}.png"
            (folder / "images" / name).rename(folder / f"camera {number % 2}" / name)
    (folder / "images").rmdir()
    table = folder / "labels.csv"
    table.write_text("\n".join(["file,label", *(f"{name}.png,{colour(name)}" for name in names())]))
    assert image_folder.read(folder).classes == ("blue", "red")
    table.write_text("\n".join(["file,photographer", *(f"{name}.png,{colour(name)}" for name in names())]))
    assert image_folder.read(folder).classes == ("camera 0", "camera 1")


def test_a_folder_that_holds_several_labels(folder: Path) -> None:
    """Each label is in one folder only, but a folder has two."""
    for place, letters in (("colours", "rb"), ("greys", "g")):
        (folder / place).mkdir()
        for letter in letters:
            for number in range(4):
                Image.new("RGB", (32, 32)).save(folder / place / f"{letter}{number}.jpg")
    (folder / "labels.csv").write_text(
        "\n".join(["file,label", *(f"{letter}{number}.jpg,{letter}" for letter in "rbg" for number in range(4))])
    )
    for path in (folder / "images").iterdir():
        path.unlink()
    assert image_folder.read(folder).classes == ("b", "g", "r")


def test_a_name_that_several_pictures_have_names_none(folder: Path) -> None:
    (folder / "more").mkdir()
    (folder / "images" / "r0.png").rename(folder / "more" / "r1.png")
    table = folder / "labels.csv"
    table.write_text("\n".join(["file,label", *(f"{name}.png,{colour(name)}" for name in names())]))
    pictures = sorted(folder.rglob("*.png"))
    found = label_table.find([table], folder, pictures)
    assert found is not None
    assert {path.name for path in found.label_of} == {"r2.png", "r3.png", "b0.png", "b1.png", "b2.png", "b3.png"}


def test_several_columns_that_may_be_labels(folder: Path) -> None:
    rows = [f"{name}.png,{colour(name)},{name[1]}" for name in names()]
    (folder / "data.csv").write_text("\n".join(["file,colour,number", *rows]))
    with pytest.raises(UserError, match=r"which column of .*data\.csv has the labels"):
        image_folder.read(folder)


def test_a_table_that_is_not_used_is_counted(folder: Path) -> None:
    (folder / "labels.csv").write_text("\n".join(["file,label", *(f"{name}.png,{colour(name)}" for name in names())]))
    (folder / "prices.csv").write_text("what,price\nbread,3\n")
    assert image_folder.read(folder).notes == ("The labels are those of labels.csv.", "1 file left out: CSV.")


@pytest.mark.parametrize("content", [b"", b"\0\0\0\n\0", b"\xff\xfe\0", b"a,b\n1,2\n", b'"' * 200_000])
def test_other_tables_do_not_count(folder: Path, content: bytes) -> None:
    (folder / "other.csv").write_bytes(content)
    with pytest.raises(UserError, match="at least two"):
        image_folder.read(folder)


def test_a_table_with_one_label(folder: Path) -> None:
    (folder / "labels.csv").write_text("\n".join(["file,label", *(f"{name}.png,red" for name in names())]))
    with pytest.raises(UserError, match="only the label “red”"):
        image_folder.read(folder)
