import os
import pickle
import random
import struct
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from cnngui.core.data import cifar10_python
from cnngui.core.errors import Stopped
from tests.core.data.cifar10_files import Dump, dump_original, dumps

RECORDS = 20
LABELS = [number % 10 for number in range(RECORDS)]
PLANES = np.random.default_rng(0).integers(0, 256, (RECORDS, cifar10_python.PIXELS), np.uint8)


def reads(path: Path, contents: bytes) -> tuple[NDArray[np.uint8], NDArray[np.int32]]:
    path.write_bytes(contents)
    return cifar10_python.read(path, RECORDS)


def refuses(path: Path, contents: bytes) -> None:
    with pytest.raises(ValueError):  # noqa: PT011  any reason will do, the caller has one sentence for all
        reads(path, contents)


@pytest.mark.parametrize(
    "dump",
    [
        dump_original,
        *(dumps(protocol) for protocol in range(2, 6)),
        *(dumps(protocol, keys=str) for protocol in range(2, 6)),
        *(dumps(protocol, by_column=True) for protocol in range(2, 6)),
    ],
)
def test_read(tmp_path: Path, dump: Dump) -> None:
    planes, labels = reads(tmp_path / "file", dump(LABELS, PLANES))
    assert planes.dtype == np.uint8
    assert labels.dtype == np.int32
    assert labels.tolist() == LABELS
    np.testing.assert_array_equal(planes, PLANES)


def test_the_original_is_a_pickle() -> None:
    """The writer of these tests is right about the format."""
    content = pickle.loads(dump_original(LABELS, PLANES), encoding="bytes")
    assert content[b"labels"] == LABELS
    np.testing.assert_array_equal(content[b"data"], PLANES)


def test_bytes_out_of_the_memo(tmp_path: Path) -> None:
    """An object that occurs twice is written once, then referred to."""
    raw = PLANES.tobytes()
    array = np.frombuffer(raw, np.uint8).reshape(PLANES.shape)
    for protocol in range(3, 6):
        contents = pickle.dumps({"first": array, "data": array, "labels": LABELS}, protocol)
        np.testing.assert_array_equal(reads(tmp_path / "file", contents)[0], PLANES)
    string = b"T" + struct.pack("<I", len(raw)) + raw
    first = b"(U\x03raw\x8e" + struct.pack("<Q", len(raw)) + raw + b"r\x00\x01\x00\x00"  # BINBYTES8 and LONG_BINPUT
    contents = dump_original(LABELS, PLANES).replace(string, b"j\x00\x01\x00\x00").replace(b"(", first, 1)
    np.testing.assert_array_equal(reads(tmp_path / "file", contents)[0], PLANES)


class Hostile:
    """Writes a file when it is loaded by pickle."""

    def __init__(self, command: str) -> None:
        self._command = command

    def __reduce__(self) -> tuple[Callable[..., Any], tuple[str]]:
        return os.system, (self._command,)


@pytest.mark.parametrize("protocol", range(6))
@pytest.mark.parametrize("place", ["alone", "data", "labels", "label", "other"])
def test_nothing_is_executed(tmp_path: Path, protocol: int, place: str) -> None:
    trace = tmp_path / "trace"
    hostile = Hostile(f"echo > {trace}")
    content: dict[str, Any] = {"data": PLANES, "labels": LABELS}
    content[place] = hostile
    if place == "label":
        content["labels"] = [hostile, *LABELS[1:]]
    contents = pickle.dumps(hostile if place == "alone" else content, protocol)
    if place == "other" and protocol >= 2:
        reads(tmp_path / "file", contents)  # it is noted and not used
    else:
        refuses(tmp_path / "file", contents)
    assert not trace.exists()
    pickle.loads(contents)
    assert trace.exists()  # it would have been


CODE = b"cposix\nsystem\n(S'echo'\ntR."


@pytest.mark.parametrize(
    "contents",
    [
        b"",
        b"no pickle",
        b".",
        b"\x80\x02}",  # no STOP
        CODE,
        b"\x80\x02(S'echo'\niposix\nsystem\n.",  # INST
        b"\x80\x02(cposix\nsystem\nU\x04echoo.",  # OBJ
        b"\x80\x02cposix\nsystem\nU\x04echo\x85\x81.",  # NEWOBJ
        b"\x80\x02Pname\n.",  # PERSID
        b"\x80\x02\x82\x01.",  # EXT1
        b"\x80\x02h\x07.",  # not in the memo
        b"\x80\x02R.",
        b"\x80\x02b.",
        b"\x80\x02t.",  # no mark
        b"\x80\x02q\x01.",  # nothing to put into the memo
        b"\x80\x02}K\x01K\x02s.",  # a number as a key
        b"\x80\x02}]K\x02s.",
        b"\x80\x02}(K\x01u.",  # half an entry
        b"\x80\x02}K\x01a.",  # appended to a dictionary
        b"\x80\x02K\x01}b.",
        b"\x80\x02K\x01K\x02\x85R.",  # a number called
        b"\x80\x04K\x01K\x02\x93.",  # a name that is a number
        b"\x80\x04\x8e" + b"\xff" * 8 + b".",  # far more bytes than there are
        b"\x80\x04\x8e" + b"\xff" * 7 + b"\x7f.",
        b"\x80\x02" + b"]" * 1000 + b"a" * 999 + b".",  # deeply nested
    ],
)
def test_other_pickles(tmp_path: Path, contents: bytes) -> None:
    refuses(tmp_path / "file", contents)


def test_a_pickle_that_would_take_a_lot_of_memory(tmp_path: Path) -> None:
    """A list takes one byte in the file, and far more in memory."""
    contents = dumps(2)(LABELS, PLANES)
    for count in (100, 100_000):
        many = contents[:-2] + b"X\x04\x00\x00\x00more](" + b"]" * count + b"eu."
        if count == 100:
            reads(tmp_path / "file", many)
        else:
            refuses(tmp_path / "file", many)


@pytest.mark.filterwarnings("ignore:invalid escape sequence:DeprecationWarning")  # in strings that are then refused
@pytest.mark.parametrize("dump", [dump_original, *(dumps(protocol) for protocol in range(2, 6))])
def test_truncated_and_changed_files(tmp_path: Path, dump: Dump) -> None:
    """Whatever the bytes are, the file is read or refused: no other error comes out."""
    contents = dump(LABELS, PLANES)
    for length in [*range(0, 200, 9), *range(len(contents) - 500, len(contents), 9)]:
        refuses(tmp_path / "file", contents[:length])
    refuses(tmp_path / "file", contents + b"x")
    rng = random.Random(0)
    places = [*range(400), *range(len(contents) - 400, len(contents))]
    for _ in range(150):
        changed = bytearray(contents)
        for place in rng.sample(places, rng.randint(1, 3)):
            changed[place] = rng.randrange(256)
        try:
            planes, labels = reads(tmp_path / "file", bytes(changed))
        except ValueError:
            continue
        assert (planes.shape, labels.shape) == ((RECORDS, cifar10_python.PIXELS), (RECORDS,))


@pytest.mark.parametrize(
    "content",
    [
        [],
        {},
        {"labels": LABELS},
        {"data": PLANES},
        {"data": PLANES, "labels": LABELS[1:]},
        {"data": PLANES, "labels": [*LABELS, 1]},
        {"data": PLANES, "labels": [True, *LABELS[1:]]},
        {"data": PLANES, "labels": ["1", *LABELS[1:]]},
        {"data": PLANES, "labels": [1.0, *LABELS[1:]]},
        {"data": PLANES, "labels": [10**30, *LABELS[1:]]},
        {"data": PLANES, "labels": tuple(LABELS)},
        {"data": PLANES, "fine_labels": LABELS},  # CIFAR-100
        {"data": PLANES[1:], "labels": LABELS},
        {"data": PLANES[:, 1:], "labels": LABELS},
        {"data": PLANES.reshape(RECORDS, 3, 32, 32), "labels": LABELS},
        {"data": PLANES.astype(np.float32), "labels": LABELS},
        {"data": PLANES.view(np.int8), "labels": LABELS},
        {"data": PLANES.view(np.uint16), "labels": LABELS},
        {"data": PLANES.tolist(), "labels": LABELS},
        {"data": PLANES.tobytes(), "labels": LABELS},
        {"data": PLANES.astype(object), "labels": LABELS},
    ],
)
@pytest.mark.parametrize("protocol", [2, 4, 5])
def test_other_contents(tmp_path: Path, content: object, protocol: int) -> None:
    refuses(tmp_path / "file", pickle.dumps(content, protocol))


def test_an_array_with_too_few_bytes(tmp_path: Path) -> None:
    raw = PLANES.tobytes()
    contents = dump_original(LABELS, PLANES)
    for given in (raw[1:], raw + b"x"):
        refuses(
            tmp_path / "file",
            contents.replace(struct.pack("<I", len(raw)) + raw, struct.pack("<I", len(given)) + given),
        )


@pytest.mark.parametrize("checks", [0, 1])
def test_a_stop(tmp_path: Path, checks: int) -> None:
    """While the file is read, and while its opcodes are followed."""
    (tmp_path / "file").write_bytes(dump_original(LABELS, PLANES))
    answers = iter([False] * checks + [True])
    with pytest.raises(Stopped):
        cifar10_python.read(tmp_path / "file", RECORDS, lambda: next(answers))
