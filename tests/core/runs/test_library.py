"""Listing, renaming and deleting trained models."""

import os
import shutil
from pathlib import Path

import pytest

from cnngui.core.errors import Stopped, UserError
from cnngui.core.models.card import card_path
from cnngui.core.runs import library as model_list
from cnngui.core.runs.deleted import bring_back, put_aside, put_aside_in
from cnngui.core.runs.folder import MODEL
from cnngui.core.runs.library import ListedRun, describe, list_runs


@pytest.fixture
def runs(model: Path, tmp_path: Path) -> Path:
    """A folder with two runs, "first" and "second"."""
    for name in ("first", "second"):
        folder = tmp_path / "runs" / name
        folder.mkdir(parents=True)
        shutil.copy(model, folder / MODEL)
        shutil.copy(card_path(model), card_path(folder / MODEL))
    return tmp_path / "runs"


def names(runs: Path) -> list[str]:
    return sorted(each.name for each in list_runs(runs))


def test_what_is_known_of_each(runs: Path) -> None:
    os.utime(runs / "second" / MODEL, (1_000_000, 2_000_000))
    first, second = sorted(list_runs(runs), key=lambda each: each.name)
    assert isinstance(first, ListedRun)
    assert (first.name, first.path, first.kept) == ("first", runs / "first" / MODEL, True)
    assert (first.data, first.recipe_title, first.problem) == ("Easy colours", "tiny", "")
    assert first.score is not None
    assert first.score.accuracy > 0.9
    assert (second.modified, first.modified > 1_700_000_000) == (2_000_000, True)


def test_what_is_no_run_is_passed_over(runs: Path) -> None:
    (runs / "empty").mkdir()
    (runs / "notes.txt").touch()
    (runs / "first" / MODEL).unlink()
    assert names(runs) == ["second"]


def test_without_a_folder_there_are_none(tmp_path: Path) -> None:
    assert list_runs(tmp_path / "none") == []


def test_a_folder_that_is_none_says_so(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(UserError, match="file could not be read"):
        list_runs(tmp_path / "file")


def test_a_damaged_card_is_a_reason_and_a_missing_one_is_none(runs: Path) -> None:
    card_path(runs / "first" / MODEL).write_text("{")
    card_path(runs / "second" / MODEL).unlink()
    first, second = list_runs(runs)
    assert first.problem == "model.json is not a valid model card. Copy it again with its model, or remove it."
    for each in (first, second):
        assert (each.card, each.data, each.recipe_title, each.score) == (None, "", "", None)
    assert second.problem == ""


def test_a_model_elsewhere(model: Path, tmp_path: Path) -> None:
    found = describe(model, "mine")
    assert found is not None
    assert (found.name, found.kept, found.data) == ("mine", False, "Easy colours")
    assert describe(tmp_path / "none.keras", "none") is None


def test_a_list_can_be_stopped(runs: Path) -> None:
    with pytest.raises(Stopped):
        list_runs(runs, should_stop=lambda: True)


@pytest.mark.parametrize("name", ["third", "Äpfel & Birnen", "a.b", "FIRST"])
def test_renaming(runs: Path, name: str) -> None:
    assert model_list.rename(runs / "first" / MODEL, f"  {name} ") == runs / name / MODEL
    assert names(runs) == sorted([name, "second"])


def test_the_same_name_is_no_change(runs: Path) -> None:
    assert model_list.rename(runs / "first" / MODEL, "first") == runs / "first" / MODEL
    assert names(runs) == ["first", "second"]


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("", "A name is needed"),
        ("  ", "A name is needed"),
        ("..", "begins or ends with a dot"),
        ("a/b", "cannot have / in it"),
        ("a\\b", r"cannot have \\ in it"),
        ("a:b", "cannot have : in it"),
        ("a\nb", "cannot be seen"),
        (".hidden", "begins or ends with a dot"),
        ("CON", "Windows calls a device so"),
        ("second", "There is already a run “second”"),
        ("x" * 300, "is too long for a name"),
    ],
)
def test_names_that_cannot_be(runs: Path, name: str, sentence: str) -> None:
    with pytest.raises(UserError, match=sentence) as caught:
        model_list.rename(runs / "first" / MODEL, name)
    assert str(caught.value).endswith(".")
    assert names(runs) == ["first", "second"]


def test_deleting(runs: Path) -> None:
    aside = put_aside(runs / "first")
    assert names(runs) == ["second"]
    assert put_aside_in(runs) == [aside]
    (runs / "first").mkdir()  # its name is taken again
    assert bring_back(aside, "first") == runs / "first (2)"
    assert names(runs) == ["first (2)", "second"]
    put_aside(runs / "first (2)")
    (runs / "first").rmdir()
    assert sorted(each.name for each in runs.iterdir()) == [".deleted", "second"]


def test_what_is_gone_cannot_be_renamed_or_deleted(runs: Path) -> None:
    with pytest.raises(UserError, match="“third” could not be deleted"):
        put_aside(runs / "third")
    with pytest.raises(UserError, match="“third” could not be renamed"):
        model_list.rename(runs / "third" / MODEL, "fourth")
