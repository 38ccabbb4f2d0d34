import csv
import re
import unicodedata
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from cnngui.core.tables import harmless, write_table


def test_every_cell_is_quoted(tmp_path: Path) -> None:
    write_table([["a", 'say "b"', 1, -0.5, None, True]], tmp_path / "a.csv", marked=False)
    assert (tmp_path / "a.csv").read_bytes() == b'"a","say ""b""","1","-0.5","","True"\r\n'


def test_it_is_marked_as_unicode(tmp_path: Path) -> None:
    write_table([["é\udcff"]], tmp_path / "a.csv")
    assert (tmp_path / "a.csv").read_bytes() == '\ufeff"é\\udcff"\r\n'.encode()


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("=1+1", "'=1+1"),
        ("+1", "'+1"),
        ("-1.png", "'-1.png"),
        ("@a", "'@a"),
        ("  =1", "'  =1"),
        ("\u200b=1", "'\u200b=1"),
        ("\ufeff\x00=1", "'\ufeff\x00=1"),
        ("＝1+1", "'＝1+1"),
        ("＋1", "'＋1"),
        ("－1", "'－1"),
        ("＠a", "'＠a"),
        ("\tcat", "'\tcat"),
        ("\r\n", "'\r\n"),
        ("a;=1+1;b", "a;'=1+1;b"),
        ('a;"=1+1";b', 'a;\'"=1+1";b'),
        ("a\t=1", "a\t'=1"),
        ("a\n =1", "a\n' =1"),
        ("=\u0338A1", "'=\u0338A1"),
        ("\u22121", "'\u22121"),
        ("\u3164\u2800\ufe0f=1", "'\u3164\u2800\ufe0f=1"),
        ("a\u2028=1", "a\u2028'=1"),
        ("a\x0b=1", "a\x0b'=1"),
        ("cat", "cat"),
        ("a-b=c", "a-b=c"),
        ("a; b", "a; b"),
        ("'=1", "''=1"),
        ("'a", "'a"),
        ("", ""),
    ],
)
def test_where_an_apostrophe_is_set(text: str, written: str) -> None:
    assert harmless(text) == written


TEXTS = st.text(
    st.sampled_from("=+-@＝＋;\t\r\n\x0b\u2028 \u200b\xa0\u0338\u3164\"'ab,") | st.characters(exclude_categories=["Cs"])
)


@given(st.lists(TEXTS, min_size=1))
def test_no_cell_of_any_spreadsheet_is_a_formula(cells: list[str]) -> None:
    """Also where a semicolon, a tab or any end of a line divides the cells, and quotes are passed over."""
    for cell in map(harmless, cells):
        for part in (part for line in cell.splitlines() for part in re.split(r"[;\t]", line)):
            for letters in (part, unicodedata.normalize("NFKC", part)):
                seen = "".join(letter for letter in letters if letter.isprintable() and letter not in ' "\u3164\u1160')
                assert not seen.startswith(("=", "+", "-", "@"))


@given(TEXTS, TEXTS)
@example("=1", "'=1")
@example("\t=1", "'\t=1")
def test_two_texts_never_become_the_same(text: str, other: str) -> None:
    for each in (other, f"'{text}", text.replace("=", "'="), text.replace("\t", "'\t")):
        assert (harmless(each) == harmless(text)) == (each == text)


@given(st.lists(st.lists(TEXTS, min_size=2, max_size=2), min_size=1))
def test_no_cell_is_lost(tmp_path_factory: pytest.TempPathFactory, rows: list[list[str]]) -> None:
    path = tmp_path_factory.getbasetemp() / "a.csv"
    write_table(rows, path)
    with path.open(newline="", encoding="utf-8-sig") as file:
        found = list(csv.reader(file))
    bare = [[cell.replace("'", "") for cell in row] for row in rows]
    assert [[cell.replace("'", "") for cell in row] for row in found] == bare
