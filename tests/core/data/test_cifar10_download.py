import errno
import gzip
import hashlib
import io
import os
import socket
import tarfile
import time
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import IO, Any

import pytest

from cnngui.core.data import cifar10
from cnngui.core.data.cifar10 import Version
from cnngui.core.data.cifar10_download import download, unpack
from cnngui.core.errors import Stopped, UserError
from cnngui.core.progress import Progress
from tests.web_server import DRIPS, FLOODS, Server, drip, redirect_slowly, send, send_part_and_wait

RECORDS = 30  # in each file: the archive is then longer than a single chunk


@pytest.fixture(autouse=True)
def _small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cifar10, "RECORDS_PER_FILE", RECORDS)


def archive(
    *extra: tarfile.TarInfo,
    without: str = "",
    replaced: tarfile.TarInfo | None = None,
    version: Version = cifar10.BINARY,
) -> bytes:
    """An archive like CIFAR-10's, with bytes that do not compress, perhaps with something more, less or different."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz") as tar:
        for info in extra:
            tar.addfile(info, io.BytesIO(b"x" * info.size))
        for name in version.files:
            info = tarfile.TarInfo(f"{version.folder}/{name}")
            info.size = cifar10.file_bytes()
            if replaced is not None and replaced.name == info.name:
                tar.addfile(replaced, io.BytesIO(b"x" * replaced.size))
            elif name != without:
                tar.addfile(info, io.BytesIO(os.urandom(info.size)))
    return buffer.getvalue()


def md5(data: bytes) -> str:
    return hashlib.md5(data).hexdigest()


def nothing_left(folder: Path) -> bool:
    return not folder.exists() or not any(folder.iterdir())


def fails(server: Server, cache: Path, checksum: str = "", timeout: float = 5.0) -> str:
    """Download, which fails with a message that says how to go on and leaves nothing behind; the message."""
    with pytest.raises(UserError) as caught:
        download(cache, url=server.url, md5=checksum, timeout=timeout)
    assert nothing_left(cache)
    message = str(caught.value)
    assert "ry again" in message
    assert cifar10.BINARY.archive in message
    assert cifar10.PYTHON.archive in message
    assert "--data-dir" in message
    return message


def test_a_good_archive(server: Server, tmp_path: Path) -> None:
    data = archive()
    server.answer = send(data)
    reports: list[Any] = []
    cache = tmp_path / "not" / "yet there"
    folder = download(cache, reports.append, url=server.url, md5=md5(data))
    assert [path.name for path in cache.iterdir()] == [cifar10.BINARY.folder]
    assert sorted(path.name for path in folder.iterdir()) == sorted(cifar10.BINARY.files)
    with tarfile.open(fileobj=io.BytesIO(data)) as tar:
        for name in cifar10.BINARY.files:
            member = tar.extractfile(f"{cifar10.BINARY.folder}/{name}")
            assert member is not None
            assert (folder / name).read_bytes() == member.read()
    assert any(report.text.startswith("Downloading") and report.total == len(data) for report in reports)


def test_an_archive_without_a_content_length(server: Server, tmp_path: Path) -> None:
    data = archive()

    def answer(request: BaseHTTPRequestHandler) -> None:
        request.send_response(200)
        request.end_headers()
        request.wfile.write(data)

    server.answer = answer
    assert download(tmp_path, url=server.url, md5=md5(data)).is_dir()


def test_what_was_left_in_part_is_replaced(server: Server, tmp_path: Path) -> None:
    data = archive()
    server.answer = send(data)
    (tmp_path / cifar10.BINARY.folder).mkdir()
    (tmp_path / cifar10.BINARY.folder / "data_batch_1.bin").write_bytes(b"half")
    folder = download(tmp_path, url=server.url, md5=md5(data))
    assert (folder / "data_batch_1.bin").stat().st_size == cifar10.file_bytes()
    assert list(tmp_path.iterdir()) == [folder]


def test_a_wrong_checksum(server: Server, tmp_path: Path) -> None:
    server.answer = send(archive())
    assert "checksum" in fails(server, tmp_path, md5(b"something else"))


def test_a_connection_that_is_cut(server: Server, tmp_path: Path) -> None:
    data = archive()
    server.answer = send(data[:1000], len(data))
    assert "lost" in fails(server, tmp_path, md5(data))


def test_a_server_that_refuses(server: Server, tmp_path: Path) -> None:
    server.answer = lambda request: request.send_error(404)
    assert "404" in fails(server, tmp_path)


def test_a_server_that_hangs_up(server: Server, tmp_path: Path) -> None:
    server.answer = lambda request: None
    assert "reached" in fails(server, tmp_path)


def test_a_server_that_is_not_there(server: Server, tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    server.url = f"http://127.0.0.1:{port}/"
    assert "reached" in fails(server, tmp_path)


@pytest.mark.parametrize("part", [0, 100_000])
def test_a_server_that_falls_silent(server: Server, tmp_path: Path, part: int) -> None:
    data = archive()
    server.answer = send_part_and_wait(server, data, part)
    assert ("too slow" if part else "does not respond") in fails(server, tmp_path, md5(data), timeout=1.0)


@pytest.mark.parametrize("kind", DRIPS)
def test_a_server_that_drips(server: Server, tmp_path: Path, kind: str) -> None:
    """No single wait is long, but it would take for ever."""
    server.answer = drip(server, *DRIPS[kind])
    has_begun = kind in ("body", "body without a length", "chunk", "trailer")
    assert ("too slow" if has_begun else "does not respond") in fails(server, tmp_path, timeout=0.3)


def test_a_server_that_redirects_slowly(server: Server, tmp_path: Path) -> None:
    server.answer = redirect_slowly(server)
    assert "does not respond" in fails(server, tmp_path, timeout=0.3)


@pytest.mark.parametrize("kind", FLOODS)
def test_too_much_of_anything(server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str) -> None:
    monkeypatch.setattr("cnngui.core.data.cifar10_download._MAXIMUM_BYTES", 500_000)
    server.answer = drip(server, *FLOODS[kind], seconds=0)
    assert "too large" in fails(server, tmp_path)


def test_far_too_much(server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cnngui.core.data.cifar10_download._MAXIMUM_BYTES", 50_000)
    server.answer = send(archive())
    assert "too large" in fails(server, tmp_path)


@pytest.mark.parametrize("part", [1000, 100_000])
def test_a_stop_while_it_downloads(server: Server, tmp_path: Path, part: int) -> None:
    """The server waits for the gate, which opens at the end of the test only: the stop cannot have waited for it."""
    data = archive()
    server.answer = send_part_and_wait(server, data, part)
    arrived = 0

    def watch(report: Any) -> None:
        nonlocal arrived
        arrived = report.done

    with pytest.raises(Stopped):
        download(tmp_path, watch, lambda: arrived > 0, url=server.url, md5=md5(data))
    assert nothing_left(tmp_path)


@pytest.mark.parametrize("kind", DRIPS)
def test_a_stop_in_any_part_of_the_exchange(server: Server, tmp_path: Path, kind: str) -> None:
    server.answer = drip(server, *DRIPS[kind])
    began = time.monotonic()
    with pytest.raises(Stopped):
        download(tmp_path, should_stop=lambda: time.monotonic() > began + 0.1, url=server.url)
    assert time.monotonic() < began + 0.6
    assert nothing_left(tmp_path)


@pytest.mark.parametrize("words", ["Checking", "Unpacking"])
def test_a_stop_while_it_checks_and_unpacks(tmp_path: Path, words: str) -> None:
    source = tmp_path / "given.tar.gz"
    source.write_bytes(archive())
    texts: list[str] = []
    with pytest.raises(Stopped):
        unpack(
            source,
            tmp_path / "cache",
            lambda report: texts.append(report.text if isinstance(report, Progress) else ""),
            lambda: texts[-1].startswith(words),
            checksums={md5(source.read_bytes()): cifar10.BINARY},
        )
    assert nothing_left(tmp_path / "cache")


@pytest.mark.parametrize("successes", [0, 3])
def test_a_full_disk(server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, successes: int) -> None:
    """The disk turns out to be full when the first or the fourth file is brought to it."""
    data = archive()
    server.answer = send(data)
    synced = 0

    def fsync(_descriptor: int) -> None:
        nonlocal synced
        synced += 1
        if synced > successes:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", fsync)
    assert "full" in fails(server, tmp_path, md5(data))


def test_a_disk_that_is_full_while_it_downloads(
    server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every byte written to /dev/full fails as on a full disk."""
    if not Path("/dev/full").exists():
        pytest.skip("this system has no /dev/full")
    server.answer = send(archive())
    opened = Path.open

    def to_a_full_disk(path: Path, mode: str = "r") -> IO[Any]:
        return opened(Path("/dev/full") if path.name == cifar10.BINARY.archive else path, mode)

    monkeypatch.setattr(Path, "open", to_a_full_disk)
    assert "full" in fails(server, tmp_path)


def test_a_cache_that_cannot_be_made(server: Server, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(UserError, match="could not be saved"):
        download(tmp_path / "file" / "cache", url=server.url)


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write anywhere")
def test_a_cache_without_write_permission(server: Server, tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    with pytest.raises(UserError, match="could not be saved"):
        download(tmp_path, url=server.url)
    tmp_path.chmod(0o700)


def special(name: str, kind: bytes = tarfile.REGTYPE, link: str = "", size: int = 0) -> tarfile.TarInfo:
    info = tarfile.TarInfo(name)
    info.type, info.linkname, info.size = kind, link, size
    return info


def unpack_bytes(data: bytes, folder: Path, version: Version = cifar10.BINARY) -> Path:
    source = folder / "given.tar.gz"
    source.write_bytes(data)
    return unpack(source, folder / "cache", checksums={md5(data): version})


def test_other_members_have_no_effect(tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    data = archive(
        special("../outside", size=5),
        special(str(outside), size=5),
        special(f"{cifar10.BINARY.folder}/../../outside", size=5),
        special(cifar10.BINARY.folder, tarfile.SYMTYPE, str(tmp_path)),
        special(f"{cifar10.BINARY.folder}/more", size=5),
    )
    folder = unpack_bytes(data, tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["cache", "given.tar.gz"]
    assert not folder.is_symlink()
    assert sorted(path.name for path in folder.iterdir()) == sorted(cifar10.BINARY.files)


@pytest.mark.parametrize(
    "member",
    [
        special(f"{cifar10.BINARY.folder}/data_batch_2.bin", tarfile.SYMTYPE, "/etc/hostname"),
        special(
            f"{cifar10.BINARY.folder}/data_batch_2.bin", tarfile.LNKTYPE, f"{cifar10.BINARY.folder}/data_batch_1.bin"
        ),
        special(f"{cifar10.BINARY.folder}/data_batch_2.bin", tarfile.FIFOTYPE),
        special(f"{cifar10.BINARY.folder}/data_batch_2.bin", tarfile.DIRTYPE),
        special(f"{cifar10.BINARY.folder}/data_batch_2.bin", size=RECORDS * cifar10.RECORD_BYTES + 1),
        special(f"{cifar10.BINARY.folder}/data_batch_2.bin", size=1),
    ],
    ids=["symlink", "hard link", "pipe", "folder", "too large", "too short"],
)
def test_a_member_that_is_no_file_of_the_right_size(tmp_path: Path, member: tarfile.TarInfo) -> None:
    with pytest.raises(UserError, match=r"data_batch_2\.bin"):
        unpack_bytes(archive(replaced=member), tmp_path)
    assert nothing_left(tmp_path / "cache")


def test_the_archive_of_the_python_version(tmp_path: Path) -> None:
    extra = special(f"{cifar10.PYTHON.folder}/batches.meta", size=158)
    data = archive(extra, special("../outside", size=5), version=cifar10.PYTHON)
    folder = unpack_bytes(data, tmp_path, cifar10.PYTHON)
    assert folder == tmp_path / "cache" / cifar10.PYTHON.folder
    assert list(folder.parent.iterdir()) == [folder]
    assert sorted(path.name for path in folder.iterdir()) == sorted(cifar10.PYTHON.files)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["cache", "given.tar.gz"]


@pytest.mark.parametrize(
    "member",
    [
        special(f"{cifar10.PYTHON.folder}/data_batch_2", tarfile.SYMTYPE, "/etc/hostname"),
        special(f"{cifar10.PYTHON.folder}/data_batch_2", size=RECORDS * cifar10.RECORD_BYTES * 2 + 1),
        special(f"{cifar10.PYTHON.folder}/data_batch_2", size=RECORDS * cifar10.RECORD_BYTES - 1),
    ],
    ids=["symlink", "too large", "too short"],
)
def test_a_member_of_the_python_version_that_is_no_file_of_a_possible_size(
    tmp_path: Path, member: tarfile.TarInfo
) -> None:
    with pytest.raises(UserError, match="data_batch_2 has the wrong size"):
        unpack_bytes(archive(replaced=member, version=cifar10.PYTHON), tmp_path, cifar10.PYTHON)
    assert nothing_left(tmp_path / "cache")


@pytest.mark.parametrize(
    "data",
    [b"", b"not an archive", gzip.compress(b"not an archive")],
    ids=["empty", "no gzip", "no tar"],
)
def test_an_archive_that_holds_something_else(tmp_path: Path, data: bytes) -> None:
    with pytest.raises(UserError, match="archive"):
        unpack_bytes(data, tmp_path)
    assert nothing_left(tmp_path / "cache")


def test_an_archive_that_lacks_a_file(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"test_batch\.bin"):
        unpack_bytes(archive(without="test_batch.bin"), tmp_path)
    assert nothing_left(tmp_path / "cache")


def test_an_archive_cut_short(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="damaged"):
        unpack_bytes(archive()[:-5000], tmp_path)
    assert nothing_left(tmp_path / "cache")


def test_a_given_archive_with_a_wrong_checksum_is_named_and_kept(tmp_path: Path) -> None:
    source = tmp_path / "given.tar.gz"
    source.write_bytes(archive())
    with pytest.raises(UserError, match=r"given\.tar\.gz is damaged"):
        unpack(source, tmp_path / "cache")
    assert source.exists()
