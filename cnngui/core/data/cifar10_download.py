"""Download and unpack CIFAR-10. Its folder appears complete or not at all."""

import errno
import gzip
import os
import shutil
import tarfile
import tempfile
import zlib
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path
from typing import IO

from cnngui.core.data import cifar10
from cnngui.core.data.cifar10 import Version
from cnngui.core.download import TIMEOUT, Wanted, arriving, md5_of
from cnngui.core.errors import Stopped, UserError
from cnngui.core.progress import Progress, Report, ShouldStop, never_stop, no_report

URL = "https://www.cs.toronto.edu/~kriz/cifar-10-binary.tar.gz"
MD5 = "c32a1d4ab5d03f1284b67883e8d87530"  # as given on https://www.cs.toronto.edu/~kriz/cifar.html
CHECKSUMS = {MD5: cifar10.BINARY, "c58f30108f718f92721af3b95e74349a": cifar10.PYTHON}  # from the same page

_MAXIMUM_BYTES = 200_000_000  # the archives have 170 million; a server that sends much more sends something else
_CHUNK = 1 << 18
_OR_POINT = (
    f"or save {cifar10.ARCHIVES}, packed or unpacked, anywhere and name that place with --data-dir "
    f"or in {cifar10.ENVIRONMENT}."
)
_TRY = f"Try again, {_OR_POINT}"


def download(
    dest_dir: Path,
    progress: Report = no_report,
    should_stop: ShouldStop = never_stop,
    *,
    url: str = URL,
    md5: str = MD5,
    timeout: float = TIMEOUT,
) -> Path:
    """Download CIFAR-10's binary version, unpack it into ``dest_dir`` and return the folder of its files.

    timeout: as :func:`cnngui.core.download.arriving` takes it.
    md5: the archive's checksum.
    If anything fails, ``dest_dir`` stays as it was. Raises UserError if the network, the server, the archive or the
    disk fails, and Stopped.
    """
    wanted = Wanted("CIFAR-10", url, _MAXIMUM_BYTES, _TRY)
    with _workshop(dest_dir) as workshop:
        archive = workshop / cifar10.BINARY.archive
        with archive.open("wb") as file, closing(arriving(wanted, timeout, progress, should_stop)) as chunks:
            for chunk in chunks:
                file.write(chunk)
        version = _check(archive, "The downloaded archive", {md5: cifar10.BINARY}, progress, should_stop)
        return _unpack(version, archive, dest_dir, workshop, progress, should_stop)


def unpack(
    archive: Path,
    dest_dir: Path,
    progress: Report = no_report,
    should_stop: ShouldStop = never_stop,
    *,
    checksums: Mapping[str, Version] = CHECKSUMS,
) -> Path:
    """Check the archive of either version and unpack it into ``dest_dir``; see :func:`download`."""
    with _workshop(dest_dir) as workshop:
        version = _check(archive, str(archive), checksums, progress, should_stop)
        return _unpack(version, archive, dest_dir, workshop, progress, should_stop)


@contextmanager
def _workshop(dest_dir: Path) -> Iterator[Path]:
    """A temporary folder inside ``dest_dir``. Turns disk errors into UserErrors."""
    try:
        dest_dir.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=dest_dir, prefix=".cifar-10-") as folder:
            yield Path(folder)
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise UserError(
                f"The disk of {dest_dir} is full; CIFAR-10 needs 360 MB. Free some space and try again, {_OR_POINT}"
            ) from error
        raise UserError(
            f"CIFAR-10 could not be saved in {dest_dir} ({error.strerror or error}). Fix that and try again, "
            f"{_OR_POINT}"
        ) from error


def _check(
    archive: Path, subject: str, checksums: Mapping[str, Version], progress: Report, should_stop: ShouldStop
) -> Version:
    """The version in the archive, by its checksum. subject: its name in the messages."""
    progress(Progress("Checking CIFAR-10's archive"))
    try:
        found = md5_of(archive, should_stop)
    except OSError as error:
        raise UserError(f"{subject} could not be read ({error.strerror or error}). {_TRY}") from error
    version = checksums.get(found)
    if version is None:
        raise UserError(f"{subject} is damaged or not CIFAR-10: its checksum is wrong. {_TRY}")
    return version


def _unpack(
    version: Version, archive: Path, dest_dir: Path, workshop: Path, progress: Report, should_stop: ShouldStop
) -> Path:
    """Unpack the six files in the workshop and move them to ``dest_dir``, replacing an incomplete copy.

    No name, link or mode in the archive has any effect, since each file is written to a path chosen here.
    """
    folder = workshop / version.folder
    folder.mkdir()
    missing = {f"{version.folder}/{name}": name for name in version.files}
    try:
        with tarfile.open(archive, "r:gz") as tar:
            for member in tar:
                name = missing.pop(member.name, None)
                if name is not None:
                    total = len(version.files)
                    done = total - len(missing)
                    progress(Progress(f"Unpacking CIFAR-10, file {done} of {total}", done, total))
                    fits = member.isreg() and version.fits(member.size)
                    _unpack_member(tar.extractfile(member) if fits else None, folder / name, should_stop)
    except (tarfile.TarError, gzip.BadGzipFile, zlib.error, EOFError) as error:
        raise UserError(f"CIFAR-10's archive is damaged. {_TRY}") from error
    if missing:
        raise UserError(f"CIFAR-10's archive does not contain {', '.join(missing.values())}. {_TRY}")
    target = dest_dir / version.folder
    if target.exists():
        shutil.rmtree(target)
    folder.rename(target)
    return target


def _unpack_member(source: IO[bytes] | None, path: Path, should_stop: ShouldStop) -> None:
    """Write a file of the archive; None for a member that is no file of the right size."""
    if source is None:
        raise UserError(f"CIFAR-10's archive is damaged: {path.name} has the wrong size. {_TRY}")
    with source, path.open("wb") as file:
        while chunk := source.read(_CHUNK):
            if should_stop():
                raise Stopped
            file.write(chunk)
        file.flush()
        os.fsync(file.fileno())
