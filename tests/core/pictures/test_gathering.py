import os
from itertools import chain
from pathlib import Path

import pytest
from PIL import Image

from cnngui.core.pictures import gathering, web
from cnngui.core.pictures.gathering import Gathered, Thing, gather
from cnngui.core.pictures.html_fragment import HtmlFragment
from tests.web_server import Server, send


def put(*paths: Path) -> list[Path]:
    for path in paths:
        path.parent.mkdir(parents=True, exist_ok=True)
        Image.new("RGB", (4, 4)).save(path)
    return list(paths)


def found(*things: Thing) -> list[Gathered]:
    return list(chain.from_iterable(gather(things)))


def test_files_as_they_are(tmp_path: Path) -> None:
    files = [tmp_path / "b.png", tmp_path / "gone.png", tmp_path / "notes.txt"]
    put(files[0])
    assert found(*files) == [Gathered(path, path.name) for path in files]


def test_a_folder_with_all_that_is_in_it(tmp_path: Path) -> None:
    folder = tmp_path / "mine"
    expected = put(
        folder / "z.jpg", folder / "cat" / "a.PNG", folder / "cat" / "deep" / "b.webp", folder / "dog" / "c.png"
    )
    put(folder / ".hidden.png", folder / ".git" / "d.png")
    (folder / "notes.txt").touch()
    names = ["z.jpg", "cat/a.PNG", "cat/deep/b.webp", "dog/c.png"]
    folders = ["mine", "cat", "cat", "dog"]
    assert found(folder) == [
        Gathered(path, str(Path(name)), folder=sub) for path, name, sub in zip(expected, names, folders, strict=True)
    ]


def test_a_folder_inside_itself(tmp_path: Path) -> None:
    (path,) = put(tmp_path / "mine" / "a.png")
    (tmp_path / "mine" / "again").symlink_to(tmp_path / "mine", target_is_directory=True)
    assert [item.source for item in found(tmp_path / "mine")] == [path]


def test_an_empty_folder(tmp_path: Path) -> None:
    (tmp_path / "empty" / "inside").mkdir(parents=True)
    (item,) = found(tmp_path / "empty")
    assert item.name == "empty"
    assert item.error == "There are no pictures in this folder or its sub-folders."


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="root may read every folder")
def test_a_closed_folder(tmp_path: Path) -> None:
    put(tmp_path / "mine" / "a.png", tmp_path / "mine" / "closed" / "b.png")
    (tmp_path / "mine" / "closed").chmod(0)
    first, second = found(tmp_path / "mine")
    assert first.error is None
    assert second.error == "This folder could not be read: Permission denied."


def test_addresses(server: Server) -> None:
    server.answer = send(b"picture")
    address = server.url.replace("picture", "a%20cat.jpg?size=3")
    assert found(address, "data:,x", "ftp://example.org/b.png") == [
        Gathered(b"picture", "a cat.jpg"),
        Gathered(b"x", "picture from a web page"),
        Gathered(
            b"",
            "b.png",
            error="ftp: addresses cannot be opened. Copy the file to a folder of this computer, then drop the copy.",
        ),
    ]


@pytest.mark.parametrize(("address", "name"), [("x://y", "y"), ("http://[", "//["), ("nothing", "nothing")])
def test_names_of_odd_addresses(address: str, name: str) -> None:
    (item,) = found(address)
    assert item.name == name
    assert item.error


def test_a_few_at_a_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gathering, "GROUP", 2)
    monkeypatch.setattr(gathering, "WAIT_SECONDS", 1000)
    files = put(*(tmp_path / f"{number}.png" for number in range(5)))
    assert [len(group) for group in gather([tmp_path])] == [2, 2, 1]
    assert [item.source for item in found(tmp_path)] == files


def test_a_stop(tmp_path: Path) -> None:
    put(tmp_path / "a.png", tmp_path / "b.png")
    assert list(gather([tmp_path], should_stop=lambda: True)) == []


# Pieces of web pages


def test_the_picture_of_a_link_comes_before_the_page(server: Server) -> None:
    server.answer = send(b"picture")
    page = server.url.replace("picture", "page.html")
    html = b'<a href="other.html"><img src="wren.png"><img src="data:,owl"></a>'
    assert found(HtmlFragment(html, page, (page,))) == [
        Gathered(b"picture", "wren.png"),
        Gathered(b"owl", "picture from a web page"),
    ]


def test_a_link_without_a_picture_leads_to_what_is_behind_it(server: Server, tmp_path: Path) -> None:
    server.answer = send(b"picture")
    (path,) = put(tmp_path / "mine" / "a.png")
    fragment = HtmlFragment(b"<a href=x>owl</a>", "", (server.url, tmp_path / "mine"))
    assert [item.source for item in found(fragment)] == [b"picture", path]
    (item,) = found(HtmlFragment(b"<b>"))
    assert item.error == (
        "There is no picture in this part of a web page. Save the picture from the page, then drop its file."
    )


def test_a_page_cannot_fill_the_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(web, "MAX_BYTES", 5)
    items = found(HtmlFragment("".join(f'<img src="data:,{name}">' for name in ("aaaaa", "b", "c", "d")).encode()))
    assert [item.source for item in items] == [b"aaaaa", b"b", b""]
    assert items[2].error == (
        "2 pictures left out: together they are too large. Save the picture from the page, then drop its file."
    )


def test_files_that_a_page_names_are_pictures_and_nothing_else(tmp_path: Path) -> None:
    """No folder is looked into, and nothing is asked of another computer."""
    put(tmp_path / "mine" / "a.png")
    html = "".join(
        f'<img src="{address}">'
        for address in (
            "file:///etc/passwd",
            (tmp_path / "mine").as_uri(),
            (tmp_path / "x.zip").as_uri(),
            "file://elsewhere/a.png",
            "file:////elsewhere/share/a.png",
        )
    )
    items = found(HtmlFragment(html.encode()))
    assert [item.source for item in items] == [Path("/etc/passwd"), tmp_path / "mine", tmp_path / "x.zip", b"", b""]
    assert items[3].error == (
        "The file is on another computer, “elsewhere”. Copy it to this computer, then drop the copy."
    )
    assert items[4].error is not None
    assert items[4].error.startswith("The page names a file of another computer.")
    assert [(item.error or "").partition(".")[0] for item in items[:3]] == [
        "The page names a file that is gone, or no picture"
    ] * 3


# What is no picture, with what to do


@pytest.mark.parametrize("name", ["a.zip", "B.ZIP", "a.tar.gz", "a.7z", "a.rar", "a.tgz"])
def test_an_archive(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(b"PK")
    (item,) = found(tmp_path / name)
    assert item.error == "This is an archive. Unpack it, then drop the folder with its pictures."


def test_a_picture_with_the_name_of_an_archive(tmp_path: Path) -> None:
    (tmp_path / "a.zip").write_bytes(b"\x89PNG\r\n\x1a\n")
    (item,) = found(tmp_path / "a.zip")
    assert item.error is None
