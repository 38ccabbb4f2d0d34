"""The process that reads a stranger's file of weights: HDF5 may crash or loop for ever where a file is damaged.

:mod:`cnngui.core.models.weights` starts it.
"""

from collections.abc import Iterator
from typing import Any

import h5py
import numpy as np

from cnngui.core.child import Sent
from cnngui.core.child_side import serve
from cnngui.core.errors import UserError

MAX_OBJECTS = 5_000  # in the file
NUMBERS = "biufV"  # NumPy's kinds of dtypes that weights have; V is bfloat16


def answer(request: dict[str, Any], _contents: bytes) -> Iterator[Sent]:
    """Each array in the HDF5 file at ``request["path"]``, with its name and shape, and its dtype, little-endian.

    Raises UserError, with a reason, if the file refers to another, claims more data than it holds, or holds something
    other than numbers.
    """
    left, seen = request["size"], 0
    with h5py.File(request["path"], "r") as file:
        groups = [("", file)]
        while groups:
            place, group = groups.pop()
            for name in group:
                seen += 1
                if seen > MAX_OBJECTS:
                    raise UserError("its weights file has too many parts")
                if not isinstance(group.get(name, getlink=True), h5py.HardLink):
                    raise UserError("its weights refer to another file")
                item = group[name]
                if isinstance(item, h5py.Group):
                    groups.append((f"{place}{name}/", item))
                    continue
                _check(item)
                left -= item.nbytes
                if left < 0:
                    raise UserError("its weights file is inconsistent")
                yield _array(f"{place}{name}", item)


def _check(item: Any) -> None:
    if not isinstance(item, h5py.Dataset) or item.external or item.is_virtual:
        raise UserError("its weights refer to another file")
    if item.chunks is not None or item.dtype.fields or item.dtype.subdtype or item.dtype.kind not in NUMBERS:
        # These may be far larger in memory than in the file. Keras writes plain numbers.
        raise UserError("its weights are not stored as plain numbers")


def _array(name: str, item: Any) -> Sent:
    """Keras notes in an attribute that two bytes without a meaning are bfloat16."""
    is_bfloat16 = item.dtype.kind == "V"
    if is_bfloat16 and (item.dtype.itemsize != 2 or item.attrs.get("dtype") != "bfloat16"):
        raise UserError("its weights are not stored as plain numbers")
    values = np.ascontiguousarray(item[()])
    dtype = "bfloat16" if is_bfloat16 else values.dtype.newbyteorder("=").name
    values = values if is_bfloat16 else values.astype(values.dtype.newbyteorder("<"), copy=False)
    return {"name": name, "shape": item.shape, "dtype": dtype}, values.reshape(-1).view(np.uint8).data


if __name__ == "__main__":
    serve(answer)
