"""A .keras file as a zip archive: opened once, with the members that Keras writes, each read within its stated size."""

import io
import os
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from cnngui.core import reading
from cnngui.core.errors import UserError
from cnngui.core.zips import UnsafeZipError, open_zip

MAX_FILE = 1_700_000_000  # bytes, packed and unpacked; the weights of ConvNeXtXLarge have 1.4 billion
MAX_CONFIG = 2_000_000  # bytes of JSON, whose parsing holds up the window; a network of 1,000 layers needs half of that
MAX_REMEMBERED = 100_000_000  # bytes; ours need 7 million

CONFIG, METADATA, WEIGHTS = "config.json", "metadata.json", "model.weights.h5"
FAMILIARITY = "familiarity/{}.npy"  # one member per field: a nested archive would make a truncated file look whole
FAMILIARITY_FIELDS = ("remembered", "split", "threshold")
REMEMBERED = tuple(map(FAMILIARITY.format, FAMILIARITY_FIELDS))
OF_EXPORT = "cnngui.json"  # what an export for other programs has besides

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
        """Write the contents of a member to ``target``. Raises UserError if it is damaged, and OSError of target."""
        for part in self._parts(name):
            target.write(part)

    def _parts(self, name: str) -> Iterator[bytes]:
        try:
            with self._zip.open(name) as member:
                while part := member.read(_PART):  # without a number, zipfile unpacks more than is stated
                    yield part
        except Exception as error:  # damage raises almost anything
            raise refusal(self._path, "it is damaged") from error


@contextmanager
def opened(path: Path) -> Iterator[Archive]:
    """The model file at ``path``. Raises UserError if it cannot be read, or is no archive with a model's members."""
    try:
        file = reading.opened(path)
    except OSError as error:
        raise reading.unreadable(path.name, error) from error
    with file:
        if os.fstat(file.fileno()).st_size > MAX_FILE:
            raise refusal(path, f"it is larger than {MAX_FILE // 1_000_000:,} MB")
        try:
            zip_file = open_zip(file)
        except UnsafeZipError as error:
            raise refusal(path, str(error)) from error
        except Exception as error:  # damage raises almost anything
            raise UserError(
                f"{path.name} is not a model, or is cut short. Copy it again, or choose another file."
            ) from error
        with zip_file:
            _check_members(path, zip_file.infolist())
            yield Archive(path, zip_file)


def refusal(path: Path, reason: str) -> UserError:
    """The error that says why a model is not opened."""
    return UserError(f"{path.name} was not opened: {reason}. Choose another model.")


def _check_members(path: Path, members: list[zipfile.ZipInfo]) -> None:
    names = [member.filename for member in members]
    if OF_EXPORT in names:
        raise refusal(path, "it is an export for other programs, not the model that it was made from")
    for name in names:
        if name not in (CONFIG, METADATA, WEIGHTS, *REMEMBERED):
            raise refusal(path, f"it holds “{name[:100]}”, which is no part of a model")
    if len(set(names)) < len(names) or CONFIG not in names or WEIGHTS not in names:
        raise refusal(path, "a part is missing or occurs twice")
    sizes = {member.filename: member.file_size for member in members}
    remembered = sum(sizes.get(name, 0) for name in REMEMBERED)
    if sizes[CONFIG] > MAX_CONFIG or remembered > MAX_REMEMBERED or sum(sizes.values()) > MAX_FILE:
        raise refusal(path, "its parts are too large")
