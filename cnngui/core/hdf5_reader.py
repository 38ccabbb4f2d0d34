"""The process that reads a stranger's HDF5 file, which may crash HDF5 or keep it busy for ever where it is damaged.

:mod:`cnngui.core.hdf5` starts it.
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
LAYERS, WEIGHTS = "layer_names", "weight_names"  # the attributes in which Keras 2 notes the order


def answer(request: dict[str, Any], _contents: bytes) -> Iterator[Sent]:
    """Each array in the HDF5 file at ``request["path"]``, with its name and shape, and its dtype, little-endian.

    With a "group", those in it. With an "attribute", that one alone, if there is one, with no more bytes than "most".
    Raises UserError, with a reason, if the file refers to another, claims more data than it holds, or holds something
    other than numbers.
    """
    left = request["size"]
    with h5py.File(request["path"], "r") as file:
        if attribute := request.get("attribute"):
            yield from _attribute(file, attribute, request["most"])
            return
        group = _at(file, request["group"]) if request.get("group") else file
        is_in_order = LAYERS in group.attrs or f"{LAYERS}0" in group.attrs
        for number, (name, item) in enumerate(_in_order(group) if is_in_order else _all(group)):
            if number >= MAX_OBJECTS:
                raise UserError("its weights have too many parts")
            if isinstance(item, h5py.Group):
                continue
            _check(item)
            left -= item.nbytes
            if left < 0:
                raise UserError("its weights are inconsistent")
            yield _array(name, item)


def _attribute(file: Any, name: str, most: int) -> Iterator[Sent]:
    value = file.attrs.get(name)
    if value is None:
        return
    content = value if isinstance(value, bytes) else str(value).encode()
    if len(content) > most:
        raise UserError("its parts are too large")
    yield {"name": name}, content


def _all(file: Any) -> Iterator[tuple[str, Any]]:
    """All groups and arrays."""
    groups = [("", file)]
    while groups:
        place, group = groups.pop()
        for name in group:
            item = _member(group, name)
            if isinstance(item, h5py.Group):
                groups.append((f"{place}{name}/", item))
            yield f"{place}{name}", item


def _in_order(file: Any) -> Iterator[tuple[str, Any]]:
    """The groups of the layers, each followed by its arrays, in the order that Keras 2 notes."""
    for layer in _names(file, LAYERS):
        group = _at(file, layer)
        yield layer, group
        for weight in _names(group, WEIGHTS):
            yield f"{layer}/{weight}", _at(group, weight)


def _names(group: Any, attribute: str) -> Iterator[str]:
    """The names in an attribute; many are divided among several, numbered from 0. Raises KeyError without one."""
    if attribute in group.attrs:
        yield from map(_text, group.attrs[attribute])
        return
    yield from map(_text, group.attrs[f"{attribute}0"])
    part = 1
    while f"{attribute}{part}" in group.attrs:
        yield from map(_text, group.attrs[f"{attribute}{part}"])
        part += 1


def _text(name: Any) -> str:
    return name.decode() if isinstance(name, bytes) else str(name)


def _at(group: Any, path: str) -> Any:
    for name in path.split("/"):
        group = _member(group, name)
    return group


def _member(group: Any, name: str) -> Any:
    """What a group holds under this name. Raises KeyError if there is nothing."""
    link = group.get(name, getlink=True)
    if link is not None and not isinstance(link, h5py.HardLink):
        raise UserError("its weights refer to another file")
    return group[name]


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
