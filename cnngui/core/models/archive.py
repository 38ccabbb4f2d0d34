"""A .keras file as a zip archive: opened once, with the members that Keras writes, each read within its stated size."""

import io
import stat
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from cnngui.core.errors import UserError

MAX_FILE = 1_000_000_000  # bytes, packed and unpacked
MAX_CONFIG = 5_000_000  # bytes of JSON; a network of 1,000 layers needs a fifth of that
MAX_REMEMBERED = 100_000_000  # bytes; ours need 7 million
MAX_DIRECTORY = 10_000  # bytes of the list of members, of which there are six at most

CONFIG, METADATA, WEIGHTS = "config.json", "metadata.json", "model.weights.h5"
FAMILIARITY = "familiarity/{}.npy"  # one member per field: a nested archive would make a truncated file look whole
FAMILIARITY_FIELDS = ("remembered", "split", "threshold")
REMEMBERED = tuple(map(FAMILIARITY.format, FAMILIARITY_FIELDS))

_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)  # zipfile unpacks the others without a bound
_ENCRYPTED = 1  # a member's flag
_END, _END_SIZE = b"PK\5\6", 22  # of the archive, before a comment (APPNOTE.TXT, section 4.3.16)
_END_OF_LARGE, _END_OF_LARGE_SIZE = b"PK\6\7", 20  # before it, in an archive of 4 GB or more
_MAX_COMMENT = 65_535
_PART = 1 << 20  # bytes that are unpacked at once


class Archive:
    """The members of an opened model file."""

    def __init__(self, path: Path, opened: zipfile.ZipFile) -> None:
        self._path, self._zip = path, opened
        self._sizes = {member.filename: member.file_size for member in opened.infolist()}

    def __contains__(self, name: str) -> bool:
        return name in self._sizes

    def size(self, name: str) -> int:
        """The bytes of a member, as the archive states them."""
        return self._sizes[name]

    def read(self, name: str) -> bytes:
        """The contents of a member. Raises UserError if it is damaged."""
        contents = io.BytesIO()
        self.unpack(name, contents)
        return contents.getvalue()

    def unpack(self, name: str, target: IO[bytes]) -> None:
        """Write the contents of a member to ``target``. Raises UserError if it is damaged."""
        for part in self._parts(name):
            target.write(part)

    def _parts(self, name: str) -> Iterator[bytes]:
        left = self._sizes[name]
        try:
            with self._zip.open(name) as member:
                while part := member.read(min(_PART, left)):  # without a number, zipfile unpacks more than is stated
                    left -= len(part)
                    yield part
        except Exception as error:  # damage raises almost anything
            raise refusal(self._path, "it is damaged") from error
        if left:
            raise refusal(self._path, "it is damaged")


@contextmanager
def opened(path: Path) -> Iterator[Archive]:
    """The model file at ``path``. Raises UserError if it is no zip archive with the members of a model."""
    if path.suffix.lower() != ".keras":
        raise refusal(path, "its name does not end in .keras")
    if not stat.S_ISREG(path.stat().st_mode):
        raise refusal(path, "it is not a regular file")
    with path.open("rb") as file:
        _check_list(path, file)
        try:
            zip_file = zipfile.ZipFile(file)
        except Exception as error:  # damage raises almost anything
            raise refusal(path, "it is damaged") from error
        with zip_file:
            _check_members(path, zip_file.infolist())
            yield Archive(path, zip_file)


def refusal(path: Path, reason: str) -> UserError:
    """The error that says why a model is not opened."""
    return UserError(f"{path.name} was not opened: {reason}. Choose another model.")


def _check_list(path: Path, file: IO[bytes]) -> None:
    """The list of members must be short: zipfile reads it as a whole, and a file of 1 GB may list 20 million."""
    size = file.seek(0, io.SEEK_END)
    if size > MAX_FILE:
        raise refusal(path, f"it is larger than {MAX_FILE // 1_000_000:,} MB")
    file.seek(max(0, size - _END_SIZE - _MAX_COMMENT - _END_OF_LARGE_SIZE))
    last = file.read()
    file.seek(0)
    has_comment = last[-_END_SIZE:][:4] != _END or last[-2:] != b"\0\0"  # where zipfile looks first
    end = last.rfind(_END) if has_comment else len(last) - _END_SIZE
    if end < 0:
        raise UserError(f"{path.name} is not a model, or is cut short. Copy it again, or choose another file.")
    length = int.from_bytes(last[end + 12 : end + 16], "little")
    is_large = last[max(0, end - _END_OF_LARGE_SIZE) : end].startswith(_END_OF_LARGE)
    if length > MAX_DIRECTORY or is_large:
        raise refusal(path, "it has too many parts")


def _check_members(path: Path, members: list[zipfile.ZipInfo]) -> None:
    names = [member.filename for member in members]
    for member in members:
        name = member.filename
        if name not in (CONFIG, METADATA, WEIGHTS, *REMEMBERED):
            raise refusal(path, f"it holds “{name[:100]}”, which is no part of a model")
        if member.compress_type not in _METHODS or member.flag_bits & _ENCRYPTED:
            raise refusal(path, "its parts are encrypted, or packed in an unusual way")
    if len(set(names)) < len(names) or CONFIG not in names or WEIGHTS not in names:
        raise refusal(path, "a part is missing or occurs twice")
    sizes = {member.filename: member.file_size for member in members}
    remembered = sum(sizes.get(name, 0) for name in REMEMBERED)
    if sizes[CONFIG] > MAX_CONFIG or remembered > MAX_REMEMBERED or sum(sizes.values()) > MAX_FILE:
        raise refusal(path, "its parts are too large")
