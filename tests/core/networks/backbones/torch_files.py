"""Writes files as PyTorch up to 1.5 does, without PyTorch: pickles from their operations."""

import struct
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from cnngui.core.networks.backbones.torch_file import MAGIC

PROTO, STOP = b"\x80\x02", b"."
KINDS = {"f": "FloatStorage", "i": "LongStorage"}


class Name(NamedTuple):
    """A name that the file looks up."""

    module: str
    name: str


class Call(NamedTuple):
    function: Any
    arguments: tuple[Any, ...]


class Reference(NamedTuple):
    """A persistent id."""

    value: Any


def pickled(value: Any) -> bytes:
    return PROTO + operations(value) + STOP


def operations(value: Any) -> bytes:
    """What puts the value on the stack."""
    match value:
        case Name(module, name):
            return b"c" + module.encode() + b"\n" + name.encode() + b"\n"
        case Call(function, arguments):
            return operations(function) + operations(tuple(arguments)) + b"R"
        case Reference(inner):
            return operations(inner) + b"Q"
        case None:
            return b"N"
        case bool():
            return b"\x88" if value else b"\x89"
        case int():
            raw = value.to_bytes(value.bit_length() // 8 + 1, "little", signed=True)
            return b"\x8a" + bytes([len(raw)]) + raw
        case str():
            return b"X" + struct.pack("<I", len(value.encode())) + value.encode()
        case tuple():
            return b"(" + b"".join(map(operations, value)) + b"t"
        case list():
            return b"](" + b"".join(map(operations, value)) + b"e"
        case dict():
            items = b"".join(operations(each) for pair in value.items() for each in pair)
            return operations(Call(Name("collections", "OrderedDict"), ())) + b"(" + items + b"u"
    raise TypeError(type(value))


def storage(key: str, kind: str, values: int) -> Reference:
    return Reference(("storage", Name("torch", kind), key, "cpu", values, None))


def tensor(held: Any, offset: Any, shape: Any, strides: Any) -> Call:
    arguments = (held, offset, shape, strides, False, Call(Name("collections", "OrderedDict"), ()))
    return Call(Name("torch._utils", "_rebuild_tensor_v2"), arguments)


def of_array(key: str, values: NDArray[Any]) -> Call:
    """A tensor with a storage of its own. The array's strides are kept."""
    strides = tuple(step // values.itemsize for step in values.strides)
    return tensor(storage(key, KINDS[values.dtype.kind], values.size), 0, values.shape, strides)


def file_of(table: Any, storages: Mapping[str, bytes]) -> bytes:
    """A file whose fourth pickle is ``table``. storages: each the number of its values, and these."""
    heads = [pickled(each) for each in (MAGIC, 1001, {"little_endian": True}, table, list(storages))]
    return b"".join([*heads, *storages.values()])


def stored(values: NDArray[Any]) -> bytes:
    """A storage with the array's values, in the order in which they lie in memory."""
    in_memory = values if values.flags.c_contiguous else values.T
    assert in_memory.flags.c_contiguous
    return struct.pack("<q", values.size) + in_memory.tobytes()


def write(path: Path, arrays: Mapping[str, NDArray[Any]]) -> Path:
    """A file with these tensors: float32, or int64."""
    keys = {name: str(number) for number, name in enumerate(arrays)}
    table = {name: of_array(keys[name], values) for name, values in arrays.items()}
    path.write_bytes(file_of(table, {keys[name]: stored(values) for name, values in arrays.items()}))
    return path


def some() -> dict[str, NDArray[Any]]:
    rng = np.random.default_rng(0)
    return {
        "a.weight": rng.random((3, 2, 2), np.float32),
        "a.transposed": rng.random((4, 3), np.float32).T,
        "a.batches": np.array(7),
        "a.bias": rng.random(5, np.float32),
    }
