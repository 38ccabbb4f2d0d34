import csv
import os
import sys
from pathlib import Path

import pytest

from cnngui.core.answers.answer_files import Row, write_csv
from cnngui.core.answers.answer_table import growing, path_text
from cnngui.core.answers.classifier import Classification
from cnngui.core.answers.prediction import Prediction
from cnngui.core.errors import UserError
from cnngui.core.pictures.gathering import Gathered
from cnngui.core.tables import harmless

CLASSES = ("cat", "=dog")
ANSWER = Classification(CLASSES, (0.75, 0.25), 0.5)


def groups(*names: str) -> list[list[Gathered]]:
    return [[Gathered(Path(name), name)] for name in names]


def fill(path: Path, *names: str, model: str = "m", overwrite: bool = False) -> list[str]:
    """Answer the pictures that have no row yet. Returns their names."""
    asked = []
    with growing(path, CLASSES, model, overwrite=overwrite) as table:
        for group in table.new(groups(*names)):
            for each in group:
                asked.append(each.name)
                table.add(Prediction(each.source, ANSWER))
    return asked


def rows(path: Path) -> list[list[str]]:
    with path.open(newline="", encoding="utf-8-sig") as file:
        return list(csv.reader(file))


def test_the_columns_of_the_window_and_the_model(tmp_path: Path) -> None:
    fill(tmp_path / "a.csv", "x.png")
    write_csv([Row(str(Path("x.png").absolute()), None, ANSWER)], tmp_path / "b.csv")
    first, second = rows(tmp_path / "b.csv")
    assert rows(tmp_path / "a.csv") == [[*first, "model"], [*second, "m"]]
    assert sorted(file.name for file in tmp_path.iterdir()) == ["a.csv", "b.csv"]


def test_only_new_pictures_are_asked_and_each_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.csv"
    assert fill(path, "1", "2", "1") == ["1", "2"]
    monkeypatch.chdir(tmp_path)
    assert fill(path, str(tmp_path / "1"), "1", "3") == [str(tmp_path / "1"), "3"]
    monkeypatch.undo()
    assert fill(path, "2", "4", str(Path("4").absolute())) == ["4"]
    assert len(rows(path)) == 1 + 5


def test_a_row_is_there_at_once(tmp_path: Path) -> None:
    with growing(path := tmp_path / "a.csv", CLASSES, "m") as table:
        for number in range(3):
            table.add(Prediction(Path(str(number)), ANSWER))
            assert len(rows(path)) == 2 + number


def test_a_torn_row_is_asked_again(tmp_path: Path) -> None:
    fill(path := tmp_path / "a.csv", "1", "2")
    whole = path.read_bytes()
    for length in (len(whole) - 1, len(whole) - 30, len(whole) - 3):
        path.write_bytes(whole[:length])
        assert fill(path, "1", "2") == ["2"]
        assert path.read_bytes() == whole


def test_errors_are_rows_and_are_counted_again(tmp_path: Path) -> None:
    with growing(path := tmp_path / "a.csv", CLASSES, "m") as table:
        table.add(Prediction(Path("gone"), error="It is gone."))
        table.add(Prediction(Path("there"), ANSWER))
        assert (table.rows, table.added, table.errors) == (2, 2, 1)
    assert rows(path)[1][5:] == ["It is gone.", "", "", "m"]
    with growing(path, CLASSES, "m") as table:
        assert (table.rows, table.added, table.errors) == (2, 0, 1)
        assert list(table.new(groups("gone", "there"))) == []


NAMES = [
    *("a;=1", "a;'=1", "a;''=1", "a\n=b", "a\n'=b", "ü", "a\\udcff", "a\\\\udcff", "\\udcff\udcff", "a\udcff"),
    *("a\\\udcff", "a\\", "\\n", "a,b", 'a"b', "a\r\n", "a\r", "a\n", " ", "\u2028=1", "\u2028'=1"),
]


@pytest.mark.skipif(sys.platform == "win32", reason="no such names on this system")
def test_names_of_any_kind_are_neither_lost_nor_doubled(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    assert fill(path, *NAMES) == NAMES
    assert fill(path, *NAMES, "more") == ["more"]
    assert len({row[0] for row in rows(path)[1:]}) == len(NAMES) + 1
    assert len({harmless(path_text(Path(name))) for name in NAMES}) == len(NAMES)


def test_tables_of_others_are_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    fill(path, "1")
    before = path.read_bytes()
    with pytest.raises(UserError, match="another model's"):
        fill(path, "2", model="other")
    with (
        pytest.raises(UserError, match="other columns"),
        growing(path, ("cat", "fox"), "m"),
    ):
        pass
    assert path.read_bytes() == before
    assert fill(path, "2", model="other", overwrite=True) == ["2"]
    assert len(rows(path)) == 2


def test_an_empty_file_is_begun(tmp_path: Path) -> None:
    (path := tmp_path / "a.csv").touch()
    assert fill(path, "1") == ["1"]


def test_one_writer_for_each_table(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    with growing(path, CLASSES, "m"), pytest.raises(UserError, match="being written by another command"):
        fill(path, "1", overwrite=True)
    assert fill(path, "1") == ["1"]


@pytest.mark.parametrize("place", ["file/a.csv", "folder"])
def test_places_where_no_table_can_be(place: str, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    (tmp_path / "folder").mkdir()
    with pytest.raises(UserError, match=r"cannot be written .* Name another file\."):
        fill(tmp_path / place, "1")


@pytest.mark.skipif(sys.platform == "win32", reason="no pipes with names on this system")
@pytest.mark.parametrize("overwrite", [True, False])
def test_a_pipe_or_device_is_not_replaced(tmp_path: Path, overwrite: bool) -> None:
    os.mkfifo(path := tmp_path / "pipe")
    with pytest.raises(UserError, match="not a regular file"):
        fill(path, "1", overwrite=overwrite)
    assert path.is_fifo()


@pytest.mark.skipif(sys.platform == "win32", reason="no limits on this system")
def test_a_full_disk_leaves_whole_rows(tmp_path: Path) -> None:
    import resource

    fill(path := tmp_path / "a.csv", "1")
    before = path.read_bytes()
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    with growing(path, CLASSES, "m") as table:
        resource.setrlimit(resource.RLIMIT_FSIZE, (len(before) + 20, hard))
        try:
            with pytest.raises(UserError, match=r"could not be written .* Its 1 rows are whole\."):
                table.add(Prediction(Path("2"), ANSWER))
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert path.read_bytes() == before
    assert fill(path, "1", "2") == ["2"]


def test_a_table_is_made_with_its_folder(tmp_path: Path) -> None:
    assert fill(tmp_path / "new" / "a.csv", "1") == ["1"]
