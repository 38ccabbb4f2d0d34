"""Zip archives that may come from anyone: opened only if none of it unpacks to more than it says."""

import io
import zipfile
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

from cnngui.core.reading import read_bytes

MAX_LIST = 10_000  # bytes of the list of members, for a hundred of them
METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)  # zipfile unpacks the others without a bound

_ENCRYPTED = 1  # a member's flag
_END, _END_SIZE = b"PK\5\6", 22  # of the archive, before a comment (APPNOTE.TXT, section 4.3.16)
_END_OF_LARGE, _END_OF_LARGE_SIZE = b"PK\6\7", 20  # before it, in an archive of 4 GB or more
_MAX_COMMENT = 65_535


class UnsafeZipError(zipfile.BadZipFile):
    """An archive that might fill the memory. Its text is the reason, such as "it has too many parts"."""


def open_zip(file: BinaryIO, max_list: int = MAX_LIST) -> zipfile.ZipFile:
    """The archive in an opened file. A member that is read in pieces unpacks to no more than a piece at a time.

    max_list: the most bytes that its list of members may have.
    Raises UnsafeZipError; and BadZipFile, or almost anything else, if it is damaged or no archive.
    """
    _check_list(file, max_list)
    archive = zipfile.ZipFile(file)
    if any(member.compress_type not in METHODS or member.flag_bits & _ENCRYPTED for member in archive.infolist()):
        raise UnsafeZipError("its parts are encrypted, or packed in an unusual way")
    return archive


def read_arrays(path: Path, max_bytes: int) -> dict[str, NDArray[Any]] | None:
    """The arrays that :func:`numpy.savez` wrote, by their names; None if there is no such file, or it is damaged.

    max_bytes: the most that the file, and the arrays, may have.
    """
    try:
        content = io.BytesIO(read_bytes(path, max_bytes))
        with open_zip(content) as archive:
            if sum(each.file_size for each in archive.infolist()) > max_bytes:
                return None
        with np.load(content, allow_pickle=False) as file:
            return dict(file)
    except Exception:  # NumPy, zipfile and the decompressors raise almost anything
        return None


def _check_list(file: BinaryIO, max_list: int) -> None:
    """The list of members must be short: zipfile reads it as a whole, and a file of 1 GB may list 20 million."""
    size = file.seek(0, io.SEEK_END)
    file.seek(max(0, size - _END_SIZE - _MAX_COMMENT - _END_OF_LARGE_SIZE))
    last = file.read()
    file.seek(0)
    has_comment = last[-_END_SIZE:][:4] != _END or last[-2:] != b"\0\0"  # where zipfile looks first
    end = last.rfind(_END) if has_comment else len(last) - _END_SIZE
    if end < 0:
        raise zipfile.BadZipFile("it is no archive")
    length = int.from_bytes(last[end + 12 : end + 16], "little")
    is_large = last[max(0, end - _END_OF_LARGE_SIZE) : end].startswith(_END_OF_LARGE)
    if length > max_list or is_large:
        raise UnsafeZipError("it has too many parts")
