"""Reads the weights in a file of PyTorch, without PyTorch, and runs nothing that the file may ask for.

Source: PyTorch's format up to 1.5 (torch/serialization.py, _legacy_save): four pickles (a magic number, the version,
the system, the tensors), a fifth with the storages' keys, then each storage: the number of its values, and these.
"""

import io
import pickle
import pickletools
import struct
from math import prod
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from cnngui.core.errors import UserError
from cnngui.core.reading import read_bytes, unreadable

MAGIC = 0x1950A86A20F9469CFC6C
MAX_BYTES = 100_000_000  # EfficientNet-Lite0's file has 19 million
TYPES = {"FloatStorage": "<f4", "LongStorage": "<i8"}
MOST_REMEMBERED = 1_000_000  # objects in a pickle: Python makes room for as many as the file says, even if it has none

# All that a table of tensors needs: tables, tuples, numbers, texts, and the few names that the unpickler knows.
OPERATIONS = frozenset(
    "APPEND APPENDS BINGET BININT BININT1 BININT2 BINPERSID BINPUT BINUNICODE BUILD EMPTY_DICT EMPTY_LIST EMPTY_TUPLE "  # noqa: SIM905
    "GLOBAL LONG1 LONG_BINGET LONG_BINPUT MARK NEWFALSE NEWTRUE NONE PROTO REDUCE SETITEM SETITEMS STOP TUPLE TUPLE1 "
    "TUPLE2 TUPLE3".split()
)
# What of it a file may use more than once. Tuples of the same tuples take for ever to compare, each twice the last.
USED_AGAIN = frozenset(("GLOBAL", "BINUNICODE"))


class _UnfitError(Exception):
    """Says why a file is not read, as the end of a sentence."""


class _Storage(NamedTuple):
    key: str
    kind: str
    values: int


class _Tensor(NamedTuple):
    storage: _Storage
    offset: int
    shape: tuple[int, ...]
    strides: tuple[int, ...]


class _Table(dict[str, Any]):
    """What stands for an OrderedDict: the file may set attributes of it, which say nothing."""

    def __setstate__(self, state: object) -> None:
        pass


class _Rebuild:
    """What stands for PyTorch's function that makes a tensor: another each time, as the file may set attributes."""

    def __call__(
        self, storage: _Storage, offset: int, shape: tuple[int, ...], strides: tuple[int, ...], *_others: object
    ) -> _Tensor:
        """The tensor. Raises TypeError or ValueError if it is none."""
        if not isinstance(storage, _Storage):
            raise _UnfitError("a tensor has no values")
        return _Tensor(storage, int(offset), tuple(map(int, shape)), tuple(map(int, strides)))


class _Unpickler(pickle.Unpickler):
    """Knows tensors and tables, and nothing else: any other name in the file is refused before it is looked up."""

    def find_class(self, module: str, name: str) -> Any:
        if (module, name) == ("collections", "OrderedDict"):
            return _Table
        if (module, name) == ("torch._utils", "_rebuild_tensor_v2"):
            return _Rebuild()
        if module == "torch" and name in TYPES:
            return name
        raise _UnfitError(f"“{module[:100]}.{name[:100]}” is no part of a network’s weights")

    def persistent_load(self, reference: Any) -> _Storage:
        kind, storage, key, _, values = reference[:5]
        if not isinstance(storage, str) or not isinstance(key, str) or kind != "storage" or storage not in TYPES:
            raise _UnfitError("it refers to something else than weights")
        return _Storage(key, storage, int(values))


def read_tensors(path: Path) -> dict[str, NDArray[Any]]:
    """The tensors in a file of PyTorch by their names: float32 or int64.

    Raises UserError if the file cannot be read, is damaged, holds something else, or wants to run something.
    """
    try:
        file = io.BytesIO(read_bytes(path, MAX_BYTES))
    except OSError as error:
        raise unreadable(path.name, error) from error
    try:
        return _read(file)
    except Exception as error:  # damage raises almost anything
        reason = str(error) if isinstance(error, _UnfitError) else "it is damaged, or something else"
        raise UserError(
            f"{path.name} was not opened as a network’s weights: {reason}. Copy it again, or choose another file."
        ) from error


def _read(file: io.BytesIO) -> dict[str, NDArray[Any]]:
    if _loaded(file) != MAGIC:
        raise ValueError("another format")
    for _ in ("version", "system"):
        _loaded(file)
    tensors = _loaded(file)
    if not isinstance(tensors, dict) or not all(isinstance(each, _Tensor) for each in tensors.values()):
        raise _UnfitError("it holds something else than tensors")
    kinds = {tensor.storage.key: tensor.storage for tensor in tensors.values()}
    storages = {key: _values(file, kinds[key]) for key in _loaded(file)}
    return {str(name): _array(tensor, storages[tensor.storage.key]) for name, tensor in tensors.items()}


def _loaded(file: io.BytesIO) -> Any:
    """The next pickle in the file."""
    begin = file.tell()
    _check_operations(file)
    file.seek(begin)
    return _Unpickler(file).load()


def _check_operations(file: io.BytesIO) -> None:
    """Go through the next pickle, and raise _UnfitError or ValueError if a table of tensors needs less."""
    again: set[object] = set()  # the numbers of what may be used once more
    before = ""
    for operation, argument, _ in pickletools.genops(file):
        name = operation.name
        if name not in OPERATIONS:
            raise _UnfitError("it holds something else than tensors")
        if name in ("BINPUT", "LONG_BINPUT"):
            if int(argument or 0) > MOST_REMEMBERED:
                raise ValueError("too many objects")
            (again.add if before in USED_AGAIN else again.discard)(argument)
        if name in ("BINGET", "LONG_BINGET") and argument not in again:
            raise ValueError("something is used again")
        before = name


def _values(file: io.BytesIO, storage: _Storage) -> NDArray[Any]:
    (count,) = struct.unpack("<q", file.read(8))
    kind = np.dtype(TYPES[storage.kind])
    if count != storage.values or count < 0:
        raise ValueError("a storage of another size")
    return np.frombuffer(file.read(count * kind.itemsize), kind, count)


def _array(tensor: _Tensor, values: NDArray[Any]) -> NDArray[Any]:
    """A tensor from its storage, a copy. Its strides may differ from those of its shape."""
    if len(tensor.shape) != len(tensor.strides) or min((tensor.offset, *tensor.shape, *tensor.strides)) < 0:
        raise ValueError("a tensor without a shape")
    last = tensor.offset + sum((side - 1) * step for side, step in zip(tensor.shape, tensor.strides, strict=True))
    numbers = prod(list(tensor.shape))
    if numbers > len(values) or (numbers and last >= len(values)):
        raise ValueError("a tensor beyond its storage")
    strides = [step * values.itemsize for step in tensor.strides]
    return np.lib.stride_tricks.as_strided(values[tensor.offset :], tensor.shape, strides).copy()
