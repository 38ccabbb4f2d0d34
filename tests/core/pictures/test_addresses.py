import codecs
import os
import socket
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnngui.core.pictures.addresses import local_path, out_of_reach, text_of

linux = pytest.mark.skipif(sys.platform == "win32", reason="Windows has drives, and paths of other computers")


@linux
@pytest.mark.parametrize(
    ("address", "path"),
    [
        ("file:///tmp/a.png", b"/tmp/a.png"),
        ("file:/tmp/a.png", b"/tmp/a.png"),
        ("FILE://localhost/tmp/a.png", b"/tmp/a.png"),
        ("file://LOCALHOST/tmp/a%20b.png", b"/tmp/a b.png"),
        ("file://127.0.0.1/tmp/a.png", b"/tmp/a.png"),
        ("file://pc/tmp/a.png", b"/tmp/a.png"),
        ("file://PC.home.example/tmp/a.png", b"/tmp/a.png"),
        ("file:///tmp/caf%E9.png", b"/tmp/caf\xe9.png"),
        ("file:///tmp/caf%C3%A9.png", "/tmp/café.png".encode()),
        ("file:///tmp/café.png", "/tmp/café.png".encode()),
        ("file:///tmp/100%25.png", b"/tmp/100%.png"),
        ("file:///tmp/a%23b%3F.png#part", b"/tmp/a#b?.png"),
        ("file:///tmp/a.png?version=2", b"/tmp/a.png"),
    ],
)
def test_files_of_this_computer(address: str, path: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket, "gethostname", lambda: "pc")
    found = local_path(address)
    assert found is not None
    assert os.fsencode(found) == path
    assert out_of_reach(address) is None


@linux
def test_a_host_with_another_domain_is_another_computer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket, "gethostname", lambda: "pc.home.example")
    assert local_path("file://pc/a.png") == Path("/a.png")
    assert local_path("file://pc.work.example/a.png") is None
    assert out_of_reach("file://pc.work.example/a.png") == (
        "The file is on another computer, “pc.work.example”. Copy it to this computer, then drop the copy."
    )


@pytest.mark.parametrize(
    "address", ["file:", "file:a.png", "file://localhost", "http://a/b.png", "/tmp/a.png", "", "files:///a"]
)
def test_what_names_no_file(address: str) -> None:
    assert local_path(address) is None


@pytest.mark.parametrize("scheme", ["sftp", "smb", "SMB", "mtp", "ftp", "gphoto2", "trash", "dav", "afc"])
def test_what_only_file_managers_reach(scheme: str) -> None:
    assert out_of_reach(f"{scheme}://host/a.png") == (
        f"{scheme.lower()}: addresses cannot be opened. Copy the file to a folder of this computer, then drop the copy."
    )


@pytest.mark.parametrize("address", ["http://a/b.png", "data:,x", "mailto:a@b.c", "a", ""])
def test_what_is_refused_elsewhere(address: str) -> None:
    assert out_of_reach(address) is None


@linux
@given(st.binary(min_size=1).filter(lambda name: b"/" not in name))
def test_any_name_survives(name: bytes) -> None:
    path = Path(os.fsdecode(b"/tmp/x" + name))
    assert local_path(path.as_uri()) == path


@given(st.text(st.characters(max_codepoint=0x2FF, exclude_characters="\0\ufeff"), min_size=1))
def test_texts_in_all_encodings_of_browsers(text: str) -> None:
    text = f'<img src="{text}">'
    assert text_of(text.encode()) == text
    assert text_of(codecs.BOM_UTF8 + text.encode()) == text
    for mark, encoding in ((codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be")):
        assert text_of(mark + text.encode(encoding)) == text
        assert text_of(text.encode(encoding)) == text
    assert text_of(text.encode("utf-16-le") + b"\0\0") == text
    assert text_of(text.encode() + b"\0") == text


def test_text_that_is_broken_or_long() -> None:
    assert text_of(b"") == ""
    assert text_of(b"a\xff") == "a�"
    long = "é" * 3_000_001
    assert text_of(b"a" + long.encode()) == "a" + long
