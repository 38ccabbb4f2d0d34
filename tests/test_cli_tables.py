"""cnngui predict --csv and --parquet, and where their pictures come from."""

import csv
import io
import json
import os
import sys
from pathlib import Path

import pytest

from cnngui import cli, paths
from cnngui.commands.options import STOPPED
from cnngui.core.models.card import card_path
from cnngui.core.pictures.folders import FolderWalk

Captured = pytest.CaptureFixture[str]


def rows(table: Path) -> list[dict[str, str]]:
    with table.open(newline="", encoding="utf-8-sig") as file:
        return list(csv.DictReader(file))


def test_a_table_says_what_is_printed(model: Path, easy_folder: Path, tmp_path: Path, capsys: Captured) -> None:
    table = tmp_path / "a.csv"
    given = ["predict", str(easy_folder), "--model", str(model)]
    assert cli.main([*given, "--csv", str(table)]) == 0
    written = capsys.readouterr()
    assert (written.out, written.err) == (f"{table}: 120 pictures, 120 of them new\n", "")
    assert cli.main([*given, "--json"]) == 0
    printed = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [row["path"] for row in rows(table)] == [each["image"] for each in printed]
    assert [row["label"] for row in rows(table)] == [each["label"] or "" for each in printed]
    for row, each in zip(rows(table), printed, strict=True):
        for name, probability in each["top"]:
            assert float(row[f"p({name})"]) == pytest.approx(probability, abs=1e-5)


def test_the_same_command_again_asks_what_is_new(
    model: Path, easy_folder: Path, tmp_path: Path, capsys: Captured
) -> None:
    table, (first, *more) = tmp_path / "a.csv", FolderWalk(easy_folder / "test")
    (bad := tmp_path / "bad.png").write_text("no picture")
    given = ["predict", "--model", str(model), "--csv", str(table), str(first), str(bad)]
    assert cli.main(given) == 1
    assert capsys.readouterr().out == f"{table}: 2 pictures, 2 of them new, 1 without an answer\n"
    assert cli.main([*given, str(more[0])]) == 1
    assert capsys.readouterr().out == f"{table}: 3 pictures, 1 of them new, 1 without an answer\n"
    assert [row["path"] for row in rows(table)] == [str(first), str(bad), str(more[0])]
    assert cli.main([*given[:-1], "--overwrite"]) == 0
    assert len(rows(table)) == 1


def test_json_lines_and_a_table(model: Path, easy_folder: Path, tmp_path: Path, capsys: Captured) -> None:
    table, pictures = tmp_path / "a.csv", list(map(str, FolderWalk(easy_folder / "test" / "red")))
    given = ["predict", "--json", "--model", str(model), "--csv", str(table)]
    assert cli.main([*given, pictures[0]]) == 0
    capsys.readouterr()
    assert cli.main([*given, *pictures]) == 0
    written = capsys.readouterr()
    assert [json.loads(line)["image"] for line in written.out.splitlines()] == pictures[1:]
    assert written.err == f"{table}: {len(pictures)} pictures, {len(pictures) - 1} of them new\n"


@pytest.mark.parametrize("end", ["\n", "\0"])
def test_a_list_from_standard_input(
    model: Path, easy_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, end: str
) -> None:
    table, pictures = tmp_path / "a.csv", list(map(str, FolderWalk(easy_folder / "test" / "red")))
    text = "".join(f"{each}{end}" for each in [*pictures, "", str(easy_folder / "test" / "blue")])
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(text.encode())))
    assert cli.main(["predict", "--from", "-", "--model", str(model), "--csv", str(table)]) == 0
    expected = [*pictures, *map(str, FolderWalk(easy_folder / "test" / "blue"))]
    assert [row["path"] for row in rows(table)] == expected


@pytest.mark.skipif(sys.platform != "linux", reason="other systems have no names that are no text")
def test_a_list_with_names_that_are_no_text(model: Path, easy_folder: Path, tmp_path: Path, capsys: Captured) -> None:
    picture = next(iter(FolderWalk(easy_folder)))
    odd = tmp_path / os.fsdecode(b"\xff\xe9.png")
    odd.write_bytes(picture.read_bytes())
    (list_ := tmp_path / "list.txt").write_bytes(os.fsencode(f"{odd}\n{picture}\n"))
    given = ["predict", "--from", str(list_), "--model", str(model), "--csv", str(tmp_path / "a.csv")]
    for new in (2, 0):
        assert cli.main(given) == 0
        assert f"2 pictures, {new} of them new" in capsys.readouterr().out
    assert rows(tmp_path / "a.csv")[0]["path"] == f"{tmp_path}/\\udcff\\udce9.png"


def test_a_parquet_file(model: Path, easy_folder: Path, tmp_path: Path, capsys: Captured) -> None:
    parquet = pytest.importorskip("pyarrow.parquet")
    table = tmp_path / "a.parquet"
    for new in (120, 0):
        given = ["predict", str(easy_folder), "--model", str(model), "--parquet", str(table)]
        assert cli.main(given) == 0
        assert capsys.readouterr().out == f"{table}: 120 pictures, {new} of them new\n"
    found = parquet.read_table(table).to_pydict()
    assert found["path"] == list(map(str, FolderWalk(easy_folder)))
    assert [file.name for file in tmp_path.iterdir()] == ["a.parquet"]


def test_another_models_table(model: Path, easy_folder: Path, tmp_path: Path, capsys: Captured) -> None:
    given = ["predict", str(easy_folder), "--csv", str(tmp_path / "a.csv"), "--model"]
    assert cli.main([*given, str(model)]) == 0
    assert cli.main([*given, str(paths.shipped_model())]) == 1
    assert "has other columns than this model's answers. Name another file" in capsys.readouterr().err
    other = tmp_path / "other.keras"
    other.write_bytes(model.read_bytes())
    card_path(other).write_bytes(card_path(model).read_bytes() + b"\n")
    assert cli.main([*given, str(other)]) == 1
    assert "are another model's. Name another file" in capsys.readouterr().err
    assert len(rows(tmp_path / "a.csv")) == 120


@pytest.mark.parametrize(
    ("options", "status", "reason"),
    [
        (["--from", "gone.txt"], 1, "The list gone.txt could not be read"),
        (["a.png", "--csv", "a.csv", "--parquet", "b"], 2, "not allowed with"),
        (["a.png", "--overwrite"], 2, "--overwrite needs --csv or --parquet"),
        (["a.png", "--send"], 2, "--send needs --cluster"),
        (["a.png", "--csv", "a.csv", "--cluster", "tcp://127.0.0.1:9"], 1, "No scheduler answers at"),
    ],
)
def test_what_cannot_be(
    options: list[str],
    status: int,
    reason: str,
    model: Path,
    tmp_path: Path,
    capsys: Captured,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    if "--cluster" in options:
        pytest.importorskip("distributed")
    ended: object
    try:
        ended = cli.main(["predict", *options, "--model", str(model)])
    except SystemExit as error:
        ended = error.code
    assert ended == status
    assert reason in capsys.readouterr().err
    assert not list(tmp_path.iterdir())


def test_ctrl_c_leaves_a_table_that_goes_on(
    model: Path, easy_folder: Path, tmp_path: Path, capsys: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    table, pictures = tmp_path / "a.csv", [os.fsencode(path) for path in FolderWalk(easy_folder / "test")]

    class Interrupted(io.BytesIO):
        def read1(self, _size: int | None = -1) -> bytes:
            if self.tell():
                raise KeyboardInterrupt
            return self.read()

    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(Interrupted(b"\n".join(pictures[:10]) + b"\n")))
    given = ["predict", "--model", str(model), "--csv", str(table)]
    assert cli.main([*given, "--from", "-"]) == STOPPED
    assert "cnngui: stopped" in capsys.readouterr().err
    before = len(rows(table))
    assert cli.main([*given, str(easy_folder / "test")]) == 0
    assert capsys.readouterr().out == f"{table}: 60 pictures, {60 - before} of them new\n"
