import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnngui.core.data.layout import Files, Layout, arrange
from cnngui.core.errors import UserError

ROOT = Path("/data/root")


def layout(*places: str) -> Layout:
    """The layout of a folder with one picture "0.png" in each of these places, or as many as "cat*3" says."""
    pictures = []
    for place in places:
        name, _, count = place.partition("*")
        pictures += [ROOT / name / f"{number}.png" for number in range(int(count or 1))]
    return arrange(ROOT, pictures)


def where(layout: Layout, files: Files | None) -> set[tuple[str, str]] | None:
    """The folders of the pictures with their classes."""
    return None if files is None else {(str(p.parent.relative_to(ROOT)), layout.classes[n]) for p, n in files}


def test_classes_are_the_sub_folders() -> None:
    found = layout("dog*2", "cat*3", "cat/kittens")
    assert found.classes == ("cat", "dog")
    assert [label for _, label in found.train] == [0, 0, 0, 0, 1, 1]
    assert (found.validation, found.test, found.notes) == (None, None, ())


@pytest.mark.parametrize(
    ("train", "validation", "test"),
    [
        ("train", "val", "test"),
        ("Train", "Valid", "Test"),
        ("TRAINING_SET", "Validation Set", "testing"),
        ("seg_train", "dev", "seg_test"),
        ("train/train", "val/val", "test/test"),
        ("training_set/training_set", "val", "test_set/test_set"),
        ("data/train", "data/val", "data/test"),
        ("a/b/train/images", "a/b/val/images", "a/b/test/images"),
        ("archive/Train/Training", "archive/Val", "archive/Test"),
    ],
)
def test_parts_are_never_classes(train: str, validation: str, test: str) -> None:
    found = layout(*(f"{part}/{name}" for part in (train, validation, test) for name in ("cat", "dog")))
    assert found.classes == ("cat", "dog")
    for part, files in ((train, found.train), (validation, found.validation), (test, found.test)):
        assert where(found, files) == {(f"{part}/cat", "cat"), (f"{part}/dog", "dog")}
    assert found.notes == ()


def test_classes_beside_a_test_part() -> None:
    found = layout("cat", "dog", "test/cat", "test/dog")
    assert where(found, found.train) == {("cat", "cat"), ("dog", "dog")}
    assert where(found, found.test) == {("test/cat", "cat"), ("test/dog", "dog")}


def test_a_single_folder_beside_the_test_part_is_the_training_part() -> None:
    found = layout("images/cat", "images/dog", "test/cat", "test/dog")
    assert where(found, found.train) == {("images/cat", "cat"), ("images/dog", "dog")}
    assert where(found, found.test) == {("test/cat", "cat"), ("test/dog", "dog")}


def test_parts_inside_the_classes() -> None:
    found = layout("cat/train*2", "cat/test", "dog/train", "dog/test")
    assert found.classes == ("cat", "dog")
    assert where(found, found.train) == {("cat/train", "cat"), ("dog/train", "dog")}
    assert where(found, found.test) == {("cat/test", "cat"), ("dog/test", "dog")}


def test_several_folders_of_one_part_are_joined() -> None:
    found = layout("train_1/cat", "train_1/dog", "train_2/cat", "train_2/dog", "test/dog", "test/cat")
    assert where(found, found.train) == {(f"train_{n}/{name}", name) for n in (1, 2) for name in ("cat", "dog")}


def test_folders_of_one_part_inside_it_are_joined() -> None:
    found = layout(
        "train/train_1/cat", "train/train_1/dog", "train/train_2/cat", "train/train_2/dog", "train/more*2", "test/cat"
    )
    assert where(found, found.train) == {(f"train/train_{n}/{name}", name) for n in (1, 2) for name in ("cat", "dog")}
    assert found.notes == ("2 pictures left out: outside the folders of the classes.", "test has no pictures of dog.")


def test_a_vehicle_may_be_called_train() -> None:
    assert layout("bus", "train", "tram").classes == ("bus", "train", "tram")
    assert layout("train/bus", "train/train", "test/bus", "test/train").classes == ("bus", "train")


@pytest.mark.parametrize(
    "places", [("train", "test"), ("train*9", "val", "test"), ("x/Training", "x/Testing"), ("test", "val")]
)
def test_parts_without_classes_are_an_error(places: tuple[str, ...]) -> None:
    with pytest.raises(UserError, match="parts of a data set, not classes"):
        layout(*places)


@pytest.mark.parametrize("places", [(), ("",), ("cat",), ("train/cat", "test/cat"), ("photos", "photos/more")])
def test_fewer_than_two_classes_are_an_error(places: tuple[str, ...]) -> None:
    with pytest.raises(UserError, match="at least two"):
        layout(*places)


def test_several_data_sets_are_an_error() -> None:
    with pytest.raises(UserError, match="several data sets: birds, pets"):
        layout(
            *(f"{name}/{part}/{label}" for name in ("birds", "pets") for part in ("train", "test") for label in "ab")
        )


def test_an_unlabelled_test_part_is_left_alone() -> None:
    found = layout("train/cat", "train/dog", "test*5", "seg_pred*3")
    assert (found.classes, found.test) == (("cat", "dog"), None)
    assert found.notes == (
        "test is left alone (5 pictures): its pictures have no labels.",
        "seg_pred is left alone (3 pictures): its pictures have no labels.",
    )


def test_a_test_part_with_other_classes_is_left_alone() -> None:
    found = layout("train/cat", "train/dog", "val/cat", "val/dog", "test/cat", "test/zebra*2")
    assert found.test is None
    assert found.validation is not None
    assert found.notes == ("test is left alone (3 pictures): the training has no class zebra.",)


def test_a_test_part_may_lack_a_class() -> None:
    found = layout("train/cat", "train/dog", "test/dog")
    assert where(found, found.test) == {("test/dog", "dog")}
    assert found.notes == ("test has no pictures of cat.",)


def test_pictures_and_folders_outside_are_noted() -> None:
    found = layout("train/cat", "train/dog", "train", "more*2")
    assert found.notes == (
        "Not used, since it lies outside the parts: more.",
        "1 picture left out: outside the folders of the classes.",
    )


def test_empty_folders_beside_the_classes_are_noted() -> None:
    pictures = [ROOT / part / name / "0.png" for part in ("train_1", "train_2", "test") for name in ("cat", "dog")]
    folders = [*{path.parent for path in pictures}, *{path.parent.parent for path in pictures}]
    assert arrange(ROOT, pictures, folders).notes == ()
    pictures = [ROOT / "train" / name / "0.png" for name in ("cat", "dog")]
    folders = [ROOT / "train", *(ROOT / "train" / name for name in ("cat", "dog", "owl", "zebra"))]
    assert arrange(ROOT, pictures, folders).notes == ("owl, zebra have no pictures, so they are no classes.",)


def test_names_are_compared_in_composed_form() -> None:
    composed, decomposed = (unicodedata.normalize(form, "café") for form in ("NFC", "NFD"))
    found = layout(f"train/{composed}", "train/tea", f"test/{decomposed}", "test/Tea")
    assert found.classes == (composed, "tea")
    assert [label for _, label in found.test or ()] == [0, 1]
    both = layout(composed, decomposed, "tea")
    assert both.classes == (composed, "tea")
    assert [label for _, label in both.train] == [0, 0, 1]


def test_letter_case_counts_where_it_must() -> None:
    found = layout("train/a", "train/A", "test/a", "test/A")
    assert [label for _, label in found.test or ()] == [0, 1]


NAMES = st.sampled_from(["train", "Test", "val", "cat", "dog", "images", "seg_pred", "train_set", "é", "0"])


@given(st.lists(st.lists(NAMES, max_size=4).map("/".join), max_size=12, unique=True))
def test_any_layout_gives_a_data_set_or_a_sentence(places: list[str]) -> None:
    try:
        found = layout(*places)
    except UserError:
        return
    assert len(found.classes) >= 2
    parts = [found.train, found.validation or (), found.test or ()]
    paths = [path for part in parts for path, _ in part]
    assert len(paths) == len(set(paths))  # no picture is in two parts
    assert {label for _, label in found.train} == set(range(len(found.classes)))
    assert all(0 <= label < len(found.classes) for part in parts for _, label in part)
