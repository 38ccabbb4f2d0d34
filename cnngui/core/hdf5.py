"""Arrays in an HDF5 file that may come from anyone: read in a child process, and written anew for Keras to open."""

import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from cnngui.core.child import Child, ChildError, Message, TooCostlyError
from cnngui.core.errors import UserError

READER = "cnngui.core.hdf5_reader"
MEGABYTES = 300  # for HDF5's own structures, beside the arrays
SECONDS = 3.0
BYTES_PER_SECOND = 100_000_000  # at least, even on a busy machine
MAX_DIMENSIONS = 8
DAMAGED = "its weights are damaged"
DTYPES = frozenset(
    ("bool", "int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64", "float16", "float32", "float64")
)
_NAME = re.compile(r"[^/\0]{1,200}(?:/[^/\0]{1,200}){0,50}")


class UnfitError(Exception):
    """Says why a file is not read, as the end of a sentence about a model."""


class Array(NamedTuple):
    """name: with those of its groups, divided by "/". is_bfloat16: whether ``values`` are its raw bytes, two each."""

    name: str
    values: NDArray[Any]
    is_bfloat16: bool


class Reader:
    """Reads one file. Its process starts at once, while the caller looks at something else."""

    def __init__(self, size: int) -> None:
        """size: of the file, in bytes. Raises UserError if the system starts no more processes."""
        self._size = size
        self._child = Child(READER, MEGABYTES + 2 * size // 1_000_000)

    def __enter__(self) -> "Reader":
        return self

    def __exit__(self, *_exception: object) -> None:
        self._child.close()

    def arrays(self, path: Path, group: str = "") -> Iterator[Array]:
        """All arrays in the file, or in one of its groups; in Keras 2's files of weights, in the order of the network.

        Raises UnfitError if they are damaged, or not what Keras writes.
        """
        for told, contents in self._answers({"path": str(path.absolute()), "group": group}, self._size):
            try:
                array = _array(told, contents)
            except (ValueError, TypeError, KeyError) as error:
                raise UnfitError(DAMAGED) from error
            yield array

    def text(self, path: Path, attribute: str, most: int) -> bytes | None:
        """An attribute of the file, of ``most`` bytes at most, or None without one. Raises UnfitError as above."""
        found = list(self._answers({"path": str(path.absolute()), "attribute": attribute, "most": most}, most))
        return found[0][1] if found else None

    def _answers(self, request: dict[str, Any], most: int) -> Iterator[Message]:
        seconds = SECONDS + self._size / BYTES_PER_SECOND
        try:
            yield from self._child.ask({**request, "size": self._size}, seconds=seconds, max_bytes=most)
        except UserError as error:
            raise UnfitError(str(error)) from error
        except TooCostlyError as error:
            raise UnfitError("its weights take too long or too much memory to read") from error
        except (ChildError, ValueError, TypeError, KeyError) as error:
            raise UnfitError(DAMAGED) from error


def write(arrays: Iterable[Array], path: Path) -> int:
    """Write the arrays as a new file that Keras opens, and return how many numbers they hold. Raises OSError."""
    import h5py

    numbers = 0
    with h5py.File(path, "w") as file:
        for name, values, is_bfloat16 in arrays:
            numbers += values.size
            dataset = file.create_dataset(name, data=values)
            if is_bfloat16:
                dataset.attrs["dtype"] = "bfloat16"  # as Keras notes it
    return numbers


def _array(told: dict[str, Any], contents: bytes) -> Array:
    """What a message says, checked. Raises ValueError, TypeError or KeyError if it is no array."""
    name, shape, dtype = told["name"], told["shape"], told["dtype"]
    is_bfloat16 = dtype == "bfloat16"
    if not _NAME.fullmatch(name) or {".", ".."} & set(name.split("/")) or len(shape) > MAX_DIMENSIONS:
        raise ValueError("a strange name or shape")
    if not is_bfloat16 and dtype not in DTYPES:
        raise ValueError("a strange dtype")
    kind = np.dtype("V2") if is_bfloat16 else np.dtype(dtype).newbyteorder("<")
    return Array(name, np.frombuffer(contents, kind).reshape([int(size) for size in shape]), is_bfloat16)
