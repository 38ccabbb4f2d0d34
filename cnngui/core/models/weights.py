"""A stranger's weights, read in a child process and written anew, so that Keras does not read the stranger's file."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cnngui.core.child import Child, ChildError, TooCostlyError
from cnngui.core.errors import UserError
from cnngui.core.models.archive import WEIGHTS, Archive, refusal

READER = "cnngui.core.models.weights_reader"
MEGABYTES = 300  # for HDF5's own structures, beside the weights
SECONDS = 3.0
BYTES_PER_SECOND = 100_000_000  # at least, even on a busy machine
MAX_DIMENSIONS = 8
DTYPES = frozenset(
    ("bool", "int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64", "float16", "float32", "float64")
)
_NAME = re.compile(r"[^/\0]{1,200}(?:/[^/\0]{1,200}){0,50}")


class Reader:
    """Reads the weights of one model. It starts at once, while the caller looks at the network."""

    def __init__(self, path: Path, archive: Archive) -> None:
        """path: of the model, for the messages. archive: its file, opened."""
        self._path, self._archive = path, archive
        self._size = archive.size(WEIGHTS)
        self._child = Child(READER, MEGABYTES + 2 * self._size // 1_000_000)

    def __enter__(self) -> "Reader":
        return self

    def __exit__(self, *_exception: object) -> None:
        self._child.close()

    def rewrite(self, folder: Path) -> tuple[Path, int]:
        """Write the weights anew, as a file in the empty ``folder`` that Keras opens: its path and how many numbers.

        Raises UserError if they are damaged, or not what Keras writes.
        """
        import h5py

        theirs, ours = folder / "theirs.h5", folder / "ours.weights.h5"
        with theirs.open("wb") as file:
            self._archive.unpack(WEIGHTS, file)
        numbers = 0
        with h5py.File(ours, "w") as file:
            for name, values, is_bfloat16 in self._arrays(theirs):
                numbers += values.size
                dataset = file.create_dataset(name, data=values)
                if is_bfloat16:
                    dataset.attrs["dtype"] = "bfloat16"  # as Keras notes it
        theirs.unlink()
        return ours, numbers

    def _arrays(self, theirs: Path) -> Iterator[tuple[str, NDArray[Any], bool]]:
        """Each array: its name, its numbers, and whether they are bfloat16, in raw bytes."""
        request = {"path": str(theirs), "size": self._size}
        seconds = SECONDS + self._size / BYTES_PER_SECOND
        try:
            for told, contents in self._child.ask(request, seconds=seconds, max_bytes=self._size):
                yield _array(told, contents)
        except UserError as error:
            raise refusal(self._path, str(error)) from error
        except TooCostlyError as error:
            raise refusal(self._path, "its weights take too long or too much memory to read") from error
        except (ChildError, ValueError, TypeError, KeyError) as error:
            raise refusal(self._path, "its weights are damaged") from error


def _array(told: dict[str, Any], contents: bytes) -> tuple[str, NDArray[Any], bool]:
    """What a message says, checked. Raises ValueError, TypeError or KeyError if it is no array."""
    name, shape, dtype = told["name"], told["shape"], told["dtype"]
    is_bfloat16 = dtype == "bfloat16"
    if not _NAME.fullmatch(name) or {".", ".."} & set(name.split("/")) or len(shape) > MAX_DIMENSIONS:
        raise ValueError("a strange name or shape")
    if not is_bfloat16 and dtype not in DTYPES:
        raise ValueError("a strange dtype")
    kind = np.dtype("V2") if is_bfloat16 else np.dtype(dtype).newbyteorder("<")
    return name, np.frombuffer(contents, kind).reshape([int(size) for size in shape]), is_bfloat16
