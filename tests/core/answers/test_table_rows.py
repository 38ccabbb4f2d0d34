from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnngui.core.answers.table_rows import whole_rows
from cnngui.core.errors import UserError
from cnngui.core.tables import write_table

COLUMNS = ["path", "label"]
ROWS = [["a.png", "cat"], ["b\r\nc;ü\n.png", 'a "dog"'], ["\u2028d", ""]]


def written(path: Path) -> bytes:
    write_table([COLUMNS, *ROWS], path)
    return path.read_bytes()


def test_each_row_with_its_end(tmp_path: Path) -> None:
    content = written(path := tmp_path / "a.csv")
    found = list(whole_rows(path, COLUMNS))
    assert [row for row, _ in found] == [COLUMNS, *ROWS]
    assert found[-1][1] == len(content)
    assert all(content[:end].endswith(b'"\r\n') for _, end in found)


@given(st.data())
def test_wherever_the_table_ends_only_a_torn_row_is_left_out(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    content = written(path := tmp_path_factory.getbasetemp() / "torn.csv")
    ends = [end for _, end in whole_rows(path, COLUMNS)]
    length = data.draw(st.integers(ends[0], len(content)))
    path.write_bytes(content[:length])
    assert [end for _, end in whole_rows(path, COLUMNS)] == [end for end in ends if end <= length]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "other columns"),
        (b'"path"\r\n', "other columns"),
        (b"\x89PNG\r\n\x1a\n\0", "other columns"),
        (b'"path","label","more"\r\n', "other columns"),
        (b'"path","label"\r\n"a","b"\r\n"c"\r\n"d","e"\r\n', "row 3"),
        (b'"path","label"\r\n"a"b,"c"\r\n"d","e"\r\n"f","g"\r\n', "row 2"),
    ],
)
def test_other_files_are_refused(content: bytes, reason: str, tmp_path: Path) -> None:
    (path := tmp_path / "a.csv").write_bytes(content)
    with pytest.raises(UserError, match=reason):
        list(whole_rows(path, COLUMNS))


def test_a_table_that_a_spreadsheet_has_saved_goes_on(tmp_path: Path) -> None:
    (path := tmp_path / "a.csv").write_bytes(b"path,label\na.png,cat\n")
    assert [row for row, _ in whole_rows(path, COLUMNS)] == [COLUMNS, ["a.png", "cat"]]
