import csv
import sys
from pathlib import Path
from typing import Any

import pytest

from cnngui.core.answers.answer_table import growing
from cnngui.core.answers.classifier import Classification
from cnngui.core.answers.parquet_table import growing_parquet
from cnngui.core.answers.prediction import Prediction
from cnngui.core.errors import UserError
from cnngui.core.pictures.gathering import Gathered

pytest.importorskip("pyarrow")

CLASSES = ("cat", "=d;+og")
ANSWER = Classification(CLASSES, (0.1 + 0.2, 1 / 3), -1e-17, known=False)


class Kill(BaseException):
    """What a kill is to the block."""


def fill(path: Path, *names: str, model: str = "m", overwrite: bool = False, kill: bool = False) -> list[str]:
    """Answer the pictures that have no row yet; those called "gone" have no answer. Returns their names."""
    asked = []
    with growing_parquet(path, CLASSES, model, overwrite=overwrite) as table:
        for (each,) in table.new([Gathered(Path(name), name)] for name in names):
            asked.append(each.name)
            gone = "It is\ngone." if each.name == "gone" else None
            table.add(Prediction(each.source, None if gone else ANSWER, error=gone))
        if kill:
            raise Kill
    return asked


def read(path: Path) -> list[dict[str, Any]]:
    from pyarrow import parquet

    rows: list[dict[str, Any]] = parquet.read_table(path).to_pylist()
    return rows


def names(path: Path) -> list[str]:
    return [Path(row["path"]).name for row in read(path)]


def test_values_and_types(tmp_path: Path) -> None:
    fill(path := tmp_path / "a.parquet", "x.png", "gone")
    first, second = read(path)
    assert first == {
        "path": str(Path("x.png").absolute()),
        "label": None,
        "truth": None,
        "known": False,
        "familiarity": -1e-17,
        "error": None,
        "p(cat)": 0.1 + 0.2,
        "p(=d;'+og)": 1 / 3,
        "model": "m",
    }
    assert (second["known"], second["familiarity"], second["p(cat)"]) == (None, None, None)
    assert second["error"] == "It is\ngone."
    assert [file.name for file in tmp_path.iterdir()] == ["a.parquet"]


def test_no_pictures_at_all(tmp_path: Path) -> None:
    fill(path := tmp_path / "a.parquet")
    assert read(path) == []
    assert fill(path, "1") == ["1"]


def test_a_finished_file_goes_on(tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    odd = "1" if sys.platform == "win32" else "a;'=1\n\udcff"
    assert fill(path, odd, "gone", "2") == [odd, "gone", "2"]
    before = read(path)
    assert fill(path, "2", odd, "3", "gone") == ["3"]
    assert read(path)[:3] == before
    assert names(path)[-1] == "3"
    assert len(read(path)) == 4


def test_what_was_killed_goes_on(tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    fill(path, "1")
    with pytest.raises(Kill):
        fill(path, "1", "2", kill=True)
    assert names(path) == ["1"]
    with pytest.raises(Kill):
        fill(path, "2", "3", kill=True)
    assert fill(path, "4", "3") == ["4"]
    assert names(path) == ["1", "2", "3", "4"]
    assert [file.name for file in tmp_path.iterdir()] == ["a.parquet"]


def test_a_kill_between_the_file_and_the_end_doubles_nothing(tmp_path: Path) -> None:
    path, csv_file = tmp_path / "a.parquet", tmp_path / "a.parquet.part"
    with growing(csv_file, CLASSES, "m") as table:
        table.add(Prediction(Path("1"), ANSWER))
    content = csv_file.read_bytes()
    fill(path)
    csv_file.write_bytes(content)
    assert fill(path, "1", "2") == ["2"]
    assert names(path) == ["1", "2"]


def test_the_values_of_the_csv_file(tmp_path: Path) -> None:
    fill(path := tmp_path / "a.parquet", "1")
    with growing(tmp_path / "a.csv", CLASSES, "m") as table:
        table.add(Prediction(Path("1"), ANSWER))
    with (tmp_path / "a.csv").open(newline="", encoding="utf-8-sig") as file:
        expected = list(csv.DictReader(file))
    assert [
        {name: "" if value is None else str(value) for name, value in row.items()} for row in read(path)
    ] == expected


def test_files_of_others_are_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    fill(path, "1")
    with pytest.raises(UserError, match="another model's"):
        fill(path, "2", model="other")
    assert [file.name for file in tmp_path.iterdir()] == ["a.parquet"]
    assert fill(path, "1", "2") == ["2"]
    assert fill(path, "1", model="other", overwrite=True) == ["1"]
    (strange := tmp_path / "b.parquet").write_text("no Parquet")
    with pytest.raises(UserError, match="other columns"):
        fill(strange, "1")
    assert strange.read_text() == "no Parquet"
    assert sorted(file.name for file in tmp_path.iterdir()) == ["a.parquet", "b.parquet"]


def test_values_that_somebody_has_changed_are_told(tmp_path: Path) -> None:
    path, csv_file = tmp_path / "a.parquet", tmp_path / "a.parquet.part"
    with pytest.raises(Kill):
        fill(path, "1", kill=True)
    changed = csv_file.read_bytes().replace(b'"False"', b'"maybe"')
    csv_file.write_bytes(changed)
    with pytest.raises(UserError, match=r"a\.parquet\.part has been changed"):
        fill(path, "1")
    assert csv_file.read_bytes() == changed
    assert not path.exists()


def test_without_pyarrow(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(UserError, match=r'pip install "cnngui\[parquet\]"'):
        fill(tmp_path / "a.parquet", "1")
    assert not list(tmp_path.iterdir())
