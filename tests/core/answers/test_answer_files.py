import csv
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnngui.core.answers.answer_files import Row, write_csv, write_json
from cnngui.core.answers.classifier import Classification

CAT = Classification(("cat", "dog"), (0.75, 0.25), 0.5)
STRANGE = Classification(("cat", "dog"), (0.25, 0.75), -0.5, known=False)
ROWS = [
    Row("/photos/Mia, é.jpg", "dog", CAT),
    Row("/photos/cup.jpg", None, STRANGE),
    Row("/photos/notes.txt", error="This is not a picture."),
]


def table(path: Path) -> list[dict[str, str]]:
    with path.open(newline="", encoding="utf-8-sig") as file:
        return list(csv.DictReader(file))


def test_a_table(tmp_path: Path) -> None:
    write_csv(ROWS, tmp_path / "answers.csv")
    mia, cup, notes = table(tmp_path / "answers.csv")
    assert list(mia) == ["path", "label", "truth", "known", "familiarity", "error", "p(cat)", "p(dog)"]
    assert list(mia.values()) == ["/photos/Mia, é.jpg", "cat", "dog", "True", "0.5", "", "0.75", "0.25"]
    assert list(cup.values()) == ["/photos/cup.jpg", "", "", "False", "-0.5", "", "0.25", "0.75"]
    assert list(notes.values()) == ["/photos/notes.txt", "", "", "", "", "This is not a picture.", "", ""]


def test_json(tmp_path: Path) -> None:
    write_json(ROWS, tmp_path / "answers.json")
    mia, cup, notes = json.loads((tmp_path / "answers.json").read_text(encoding="utf-8"))
    assert mia == {
        "path": "/photos/Mia, é.jpg",
        "label": "cat",
        "truth": "dog",
        "known": True,
        "familiarity": 0.5,
        "error": None,
        "probabilities": {"cat": 0.75, "dog": 0.25},
    }
    assert (cup["label"], cup["known"]) == (None, False)
    assert (notes["error"], notes["probabilities"]) == ("This is not a picture.", None)


@given(name=st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1))
def test_no_cell_is_a_formula_and_no_name_is_lost(name: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    path = tmp_path_factory.mktemp("csv") / "answers.csv"
    write_csv([Row(name, truth=name)], path)
    (row,) = table(path)
    assert row["path"][0] not in "=+-@\t\r\n"
    assert row["path"].replace("'", "") == name.replace("'", "")
    assert row["truth"] == row["path"]


@pytest.mark.parametrize("name", ["=1+1.png", "+1.png", "-1.png", "@a.png", "\t=1.png"])
def test_names_that_spreadsheets_would_run(name: str, tmp_path: Path) -> None:
    write_csv([Row(name)], tmp_path / "a.csv")
    assert table(tmp_path / "a.csv")[0]["path"].startswith("'")
    write_json([Row(name)], tmp_path / "a.json")
    assert json.loads((tmp_path / "a.json").read_text())[0]["path"] == name


def test_a_name_that_is_no_text(tmp_path: Path) -> None:
    write_csv([Row("a\udcff.png")], tmp_path / "a.csv")
    assert table(tmp_path / "a.csv")[0]["path"] == "a\\udcff.png"
    write_json([Row("a\udcff.png")], tmp_path / "a.json")
    assert json.loads((tmp_path / "a.json").read_text())[0]["path"] == "a\udcff.png"


def test_nothing_to_write(tmp_path: Path) -> None:
    write_csv([], tmp_path / "a.csv")
    write_json([], tmp_path / "a.json")
    assert table(tmp_path / "a.csv") == json.loads((tmp_path / "a.json").read_text()) == []
