import io
import os
import sys
from itertools import chain
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnngui.core.errors import UserError
from cnngui.core.pictures.path_list import MOST_BYTES, read_paths


class Trickle(io.RawIOBase):
    """A pipe that hands over a few bytes at a time."""

    def __init__(self, content: bytes, step: int) -> None:
        self._rest, self._step = content, step

    def read(self, _size: int = -1) -> bytes:
        part, self._rest = self._rest[: self._step], self._rest[self._step :]
        return part


def found(content: bytes, step: int = 1000) -> list[str]:
    return [str(path) for path in chain.from_iterable(read_paths(Trickle(content, step)))]  # type: ignore[arg-type]


@pytest.mark.parametrize("step", [1, 2, 7, 1000])
@pytest.mark.parametrize(
    ("content", "paths"),
    [
        (b"", []),
        (b"a.png", ["a.png"]),
        (b"a.png\nb c.png\n", ["a.png", "b c.png"]),
        (b"a.png\r\n\r\nb.png\r\n", ["a.png", "b.png"]),
        (b"\n \na\n\n\t\n", ["a"]),
        (b" a \n-b", [" a ", "-b"]),
        (b"a\0b\nc\0 \0d\r\0", ["a", "b\nc", "d\r"]),
        (b"a\0", ["a"]),
    ],
)
def test_lists(content: bytes, paths: list[str], step: int) -> None:
    assert found(content, step) == paths


@pytest.mark.parametrize("step", [3, 1000])
def test_a_mark_of_utf_8_is_no_part_of_a_name(step: int) -> None:
    assert found(b"\xef\xbb\xbfa\nb", step) == ["a", "b"]


@pytest.mark.skipif(sys.platform != "linux", reason="other systems have no names that are no text")
def test_names_that_are_no_text() -> None:
    names = [b"\xff\xe9.png", b"\xc3\xbc.png"]
    paths = chain.from_iterable(read_paths(io.BytesIO(b"\n".join(names))))
    assert [os.fsencode(path) for path in paths] == names


@given(st.lists(st.binary(min_size=1, max_size=8).filter(lambda name: b"\0" not in name and name.strip())))
def test_with_null_characters_a_name_may_hold_anything_else(names: list[bytes]) -> None:
    list_ = b"x\0" + b"".join(name + b"\0" for name in names)
    assert list(chain.from_iterable(read_paths(io.BytesIO(list_))))[1:] == [Path(os.fsdecode(name)) for name in names]


def test_paths_are_there_as_soon_as_they_are_read() -> None:
    paths = read_paths(Trickle(b"a\nb\nc\nd", 5))  # type: ignore[arg-type]
    assert list(paths) == [[Path("a"), Path("b")], [Path("c")], [Path("d")]]


@pytest.mark.parametrize("content", [b"x" * (MOST_BYTES + 1) + b"\n", "a\nb\n".encode("utf-16")])
def test_something_else_than_a_list(content: bytes) -> None:
    with pytest.raises(UserError, match="list of pictures"):
        found(content, 1_000_000)
