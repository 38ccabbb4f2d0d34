"""Small copies of CIFAR-10 in both versions."""

import pickle
import struct
from collections.abc import Callable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from cnngui.core.data import cifar10

Dump = Callable[[list[int], NDArray[np.uint8]], bytes]
"""Writes a file of the Python version: from the labels, and the planes, (n, 3072)."""


def write_binary(folder: Path) -> Path:
    """Six files whose records are (label, then red, green and blue planes) of known values."""
    folder.mkdir(parents=True)
    count = cifar10.RECORDS_PER_FILE
    for number, name in enumerate(cifar10.BINARY.files):
        records = np.zeros((count, cifar10.RECORD_BYTES), np.uint8)
        records[:, 0] = np.arange(count) % 10
        records[:, 1:1025] = number  # red: the file
        records[:, 1025:2049] = np.arange(count)[:, None]  # green: the record
        records[:, 2049:] = np.arange(1024) // 32  # blue: the row
        records.tofile(folder / name)
    return folder


def write_python(binary: Path, folder: Path, dump: Dump) -> Path:
    """The Python version of the six files in ``binary``."""
    folder.mkdir(parents=True)
    for source, name in zip(cifar10.BINARY.files, cifar10.PYTHON.files, strict=True):
        records = np.fromfile(binary / source, np.uint8).reshape(-1, cifar10.RECORD_BYTES)
        (folder / name).write_bytes(dump(records[:, 0].tolist(), np.ascontiguousarray(records[:, 1:])))
    return folder


def dump_original(labels: list[int], planes: NDArray[np.uint8]) -> bytes:
    """A file as Python 2 and its NumPy wrote it."""
    names = [b"image_%04d.png" % number for number in range(len(labels))]
    array = [
        b"cnumpy.core.multiarray\n_reconstruct\nq\x08cnumpy\nndarray\nq\x09K\x00\x85U\x01b\x87Rq\x0a",
        b"(K\x01" + _number(len(planes)) + b"M\x00\x0c\x86",
        b"cnumpy\ndtype\nq\x0bU\x02u1K\x00K\x01\x87Rq\x0c(K\x03U\x01|NNNJ\xff\xff\xff\xffJ\xff\xff\xff\xffK\x00tb",
        b"\x89" + _string(planes.tobytes()) + b"tb",
    ]
    return b"".join(
        [
            b"\x80\x02}q\x01(" + _string(b"batch_label") + b"q\x02" + _string(b"training batch 1 of 5") + b"q\x03",
            _string(b"labels") + b"q\x04]q\x05(" + b"".join(map(_number, labels)) + b"e",
            _string(b"data") + b"q\x06" + b"".join(array),
            _string(b"filenames") + b"q\x0d]q\x0e(" + b"".join(_string(name) + b"q\x0f" for name in names) + b"eu.",
        ]
    )


def _string(raw: bytes) -> bytes:
    short = len(raw) < 256
    return (b"U" + bytes([len(raw)]) if short else b"T" + struct.pack("<I", len(raw))) + raw


def _number(value: int) -> bytes:
    return b"K" + bytes([value]) if value < 256 else b"M" + struct.pack("<H", value)


def dumps(protocol: int, *, keys: type[bytes] | type[str] = bytes, by_column: bool = False) -> Dump:
    """What Python 3 writes for the same content."""

    def dump(labels: list[int], planes: NDArray[np.uint8]) -> bytes:
        data = np.asfortranarray(planes) if by_column else planes
        content = {b"batch_label": b"training batch 1 of 5", b"labels": labels, b"data": data, b"filenames": [b"1.png"]}
        return pickle.dumps(
            content if keys is bytes else {key.decode(): value for key, value in content.items()}, protocol
        )

    return dump
