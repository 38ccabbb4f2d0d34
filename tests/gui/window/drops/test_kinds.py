"""All kinds of drops, and of what is pasted: links of browsers, lists of file managers, paths as text, images."""

import base64
import io
import os
import socket
import threading
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from PySide6.QtCore import QMimeData
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QLabel

from cnngui.core.pictures import gathering, html_fragment
from cnngui.core.pictures.html_fragment import HtmlFragment
from cnngui.core.progress import ShouldStop
from cnngui.gui.common.local_files import local_files
from cnngui.gui.common.mime import contents_of, things_of
from cnngui.gui.common.offers import offer_of
from cnngui.gui.window.drops.drop_overlay import DropOverlay
from tests.gui.conftest import COLOURS, Driver, picture
from tests.web_server import Server, send


def mime(**formats: bytes | str) -> QMimeData:
    """What a program offers. The names of formats have "__" for "/" and "_" for "-"."""
    made = QMimeData()
    for name, data in formats.items():
        made.setData(name.replace("__", "/").replace("_", "-"), data.encode() if isinstance(data, str) else data)
    return made


def offered(driver: Driver) -> str:
    """What stands on the window while something is dragged over it."""
    (overlay,) = driver.window.findChildren(DropOverlay)
    (text,) = overlay.findChildren(QLabel)
    if not overlay.isVisible():
        return ""
    assert text.minimumSizeHint().width() <= text.width()  # all of it can be seen
    return text.text()


def encoded(colour: str, form: str) -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (48, 40), COLOURS[colour]).save(file, form)
    return file.getvalue()


def data_address(colour: str) -> str:
    return f"data:image/png;base64,{base64.b64encode(encoded(colour, 'PNG')).decode()}"


# Links from pages


def test_the_picture_of_a_link_comes_before_the_page_behind_it(driver: Driver, server: Server) -> None:
    asked = list[str]()

    def answer(request: object) -> None:
        asked.append(request.path)  # type: ignore[attr-defined]
        send(encoded("red", "PNG"))(request)  # type: ignore[arg-type]

    server.answer = answer
    link = server.url.replace("picture", "page.html")
    html = f'<a href="{link}"><img src="{server.url}" alt=""></a>'
    driver.drag(mime(text__uri_list=link, text__html=html))
    assert offered(driver) == "Drop to classify the picture from the page"
    driver.drop(mime(text__uri_list=link, text__html=html))
    assert driver.wait_for_answers() == ["red"]
    assert asked == ["/picture"]


def test_the_html_of_a_data_address(driver: Driver) -> None:
    html = f'<a href="http://127.0.0.1:9/"><img src="{data_address("blue")}"></a>'
    for encoding in ("utf-8", "utf-16", "utf-16-le"):
        driver.drop(mime(text__uri_list="http://127.0.0.1:9/", text__html=html.encode(encoding)))
    assert driver.wait_for_answers() == ["blue"] * 3


def test_a_link_in_a_page_on_the_disk(driver: Driver, tmp_path: Path) -> None:
    (tmp_path / "page.html").write_text("<p>")
    path = picture(tmp_path / "my wren.png", "green")
    html = f'<a href="page.html"><img src="{path.as_uri()}"></a>'
    driver.drop(mime(text__uri_list=(tmp_path / "page.html").as_uri(), text__html=html))
    assert driver.wait_for_answers() == ["green"]
    assert driver.sees("my wren.png")


def test_an_address_relative_to_the_page(driver: Driver, server: Server) -> None:
    server.answer = send(encoded("red", "PNG"))
    page = server.url.replace("picture", "birds/page.html")
    html = '<a href="x.html"><img src="wren.png"></a>'
    header = f"Version:0.9\r\nStartHTML:0001\r\nSourceURL:{page}\r\n{html}"
    kinds = {
        "text/html": header.encode(),
        "text/uri-list": page.encode(),
        "text/x-moz-url": f"{page}\nA page".encode("utf-16-le"),
        "chromium/x-source-url": page.encode(),
        "text/x-moz-url-priv": page.encode("utf-16-le"),
        'application/x-qt-windows-mime;value="HTML Format"': header.encode(),
    }
    for kind, data in kinds.items():
        made = mime(text__html=html)
        made.setData(kind, data)
        driver.drop(made)
    assert driver.wait_for_answers() == ["red"] * len(kinds)


def test_a_link_without_a_picture_is_fetched_as_before(driver: Driver, server: Server) -> None:
    server.answer = send(encoded("red", "PNG"))
    driver.drop(mime(text__uri_list=server.url, text__html=f'<a href="{server.url}">a wren</a>'))
    assert driver.wait_for_answers() == ["red"]


def test_several_files_come_before_html_and_a_bitmap_before_both(tmp_path: Path) -> None:
    html = '<img src="http://127.0.0.1:9/">'
    files = "file:///a.png\r\nfile:///b.png\r\n"
    assert contents_of(mime(text__uri_list=files, text__html=html)) == [Path("/a.png"), Path("/b.png")]
    assert contents_of(mime(text__uri_list="http://127.0.0.1:9/", text__html=html, image__png=b"bitmap")) == b"bitmap"
    assert contents_of(mime(text__html=html)) == [HtmlFragment(html.encode())]


def test_a_page_dropped_on_a_class_adds_its_picture(driver: Driver, tmp_path: Path) -> None:
    made = mime(text__html=f'<img src="{data_address("blue")}">')
    driver.press("Ctrl+2")
    driver.drag(made)
    assert offered(driver) == "Drop to collect it: a folder becomes a class, or several"
    driver.drop(made)
    driver.wait_until(lambda: driver.window.classes._state.collection is not None)
    driver.wait_until(lambda: driver.sees("1 picture"))


# Files, under other names


def test_files_of_this_host(driver: Driver, tmp_path: Path) -> None:
    hosts = ["localhost", "LOCALHOST", "", socket.gethostname()]
    for number, host in enumerate(hosts):
        path = picture(tmp_path / f"a {number}.png", "red").as_uri().removeprefix("file://")
        driver.drop(mime(text__uri_list=f"# a comment\r\nfile://{host}{path}\r\n"))
    assert driver.wait_for_answers() == ["red"] * 4


def test_a_name_that_is_no_text(driver: Driver, tmp_path: Path) -> None:
    path = tmp_path / os.fsdecode(b"caf\xe9.png")
    path.write_bytes(encoded("red", "PNG"))
    dragged = mime(text__uri_list=path.as_uri())
    assert local_files(dragged) == [path]
    driver.drop(dragged)
    driver.drop_files(tmp_path)  # the whole folder has it too
    assert driver.wait_for_answers() == ["red"]
    driver.press("Ctrl+C")
    assert local_files(QGuiApplication.clipboard().mimeData()) == [path]


def test_a_path_as_text(driver: Driver) -> None:
    texts = ["{path}", '"{path}"', "'{path}'", "  {path}\n", "{uri}", "~/{path.name}"]
    texts.append("x-special/nautilus-clipboard\ncopy\n{uri}\n")
    for number, text in enumerate(texts):
        path = picture(Path(f"~/a {number}.png").expanduser(), "red")
        driver.drop(mime(text__plain=text.format(path=path, uri=path.as_uri())))
    assert driver.wait_for_answers() == ["red"] * len(texts)


def test_several_paths_as_text(driver: Driver, tmp_path: Path) -> None:
    red, blue = picture(tmp_path / "red.png", "red"), picture(tmp_path / "blue.png", "blue")
    QGuiApplication.clipboard().setText(f'"{red}"\r\n"{blue}"\r\n\r\n{tmp_path / "gone.png"}')
    driver.press("Ctrl+V")
    answers = driver.wait_for_answers()
    assert answers[:2] == ["red", "blue"]
    assert answers[2] is not None
    assert answers[2].startswith("The file does not exist.")


@pytest.mark.parametrize(
    "words", ["/tmp is a folder\nof pictures", "a/b.png", "~nobody-of-this-name/a.png", "C", "~", ""]
)
def test_text_that_is_no_path(words: str) -> None:
    if words == "~":
        assert things_of(mime(text__plain=words)) == [Path.home()]
    else:
        assert things_of(mime(text__plain=words)) == []
        assert not offer_of(mime(text__plain=words)).welcome


def test_addresses_among_other_text_are_still_found() -> None:
    text = "two wrens:\nhttps://a.example/b.png\nfile:///tmp/c.png\n/tmp/d.png"
    assert things_of(mime(text__plain=text)) == ["https://a.example/b.png", Path("/tmp/c.png")]


def test_files_copied_in_gnome(driver: Driver, tmp_path: Path) -> None:
    kinds = ["x-special/gnome-copied-files", "x-special/mate-copied-files"]
    for number, kind in enumerate(kinds):
        made = QMimeData()
        made.setData(kind, f"cut\n{picture(tmp_path / f'{number}.png', 'red').as_uri()}".encode())
        QGuiApplication.clipboard().setMimeData(made)
        driver.press("Ctrl+V")
        driver.wait_until(lambda number=number: driver.pictures.total == number + 1)  # type: ignore[misc]
    assert driver.wait_for_answers() == ["red"] * len(kinds)


@settings(max_examples=50)
@given(st.data())
def test_whatever_programs_offer_breaks_nothing(data: st.DataObject) -> None:
    pieces = [
        "file:",
        "//",
        "/",
        "~",
        "localhost",
        "%e9",
        "%00",
        "http:",
        "data:",
        '"',
        "\n",
        "\0",
        "smb:",
        "<img ",
        "src=",
        ">",
        "[",
    ]
    texts = st.lists(st.one_of(st.sampled_from(pieces), st.text(max_size=3))).map("".join)
    made = QMimeData()
    for kind in ("text/uri-list", "text/plain", "text/html", "text/x-moz-url"):
        if data.draw(st.booleans()):
            made.setData(kind, data.draw(texts).encode(errors="replace"))
    offer_of(made)
    contents = contents_of(made)
    assert isinstance(contents, list)
    assert all(isinstance(thing, Path | str | HtmlFragment) for thing in contents)
    assert all(thing.is_absolute() for thing in contents if isinstance(thing, Path))


# Images


def test_an_image_in_the_clipboard(driver: Driver) -> None:
    forms = ["TIFF", "AVIF", "WEBP", "JPEG", "PNG", "BMP", "GIF"]
    kinds = {f"image/{form.lower()}": form for form in forms}
    kinds |= {"image/x-portable-pixmap": "PPM", "image/x-unheard-of": "PNG"}
    for kind, form in kinds.items():
        made = QMimeData()
        made.setData(kind, encoded("red", form))
        driver.drag(made)
        assert offered(driver) == "Drop to classify"
        driver.drag_away()
        QGuiApplication.clipboard().setMimeData(made)
        driver.press("Ctrl+V")
    assert driver.wait_for_answers() == ["red"] * len(kinds)


def test_an_image_that_is_promised_but_not_there_is_passed_over() -> None:
    assert contents_of(mime(image__png=b"", image__tiff=b"picture")) == b"picture"


# What cannot be opened


def test_what_only_a_file_manager_reaches(driver: Driver) -> None:
    sentences = list[str]()
    for scheme in ("sftp", "smb", "mtp", "ftp"):
        made = mime(text__uri_list=f"{scheme}://host/a.png\r\n{scheme}://host/b.png")
        sentence = (
            f"{scheme}: addresses cannot be opened. Copy the file to a folder of this computer, then drop the copy."
        )
        for place in ("Ctrl+2", "Ctrl+1"):
            driver.press(place)
            assert not driver.drag(made)
            assert offered(driver) == sentence
            driver.drag_away()
        QGuiApplication.clipboard().setMimeData(made)
        driver.press("Ctrl+V")
        sentences += [sentence] * 2
        assert driver.wait_for_answers() == sentences


def test_files_of_another_computer_among_others(driver: Driver, tmp_path: Path) -> None:
    path = picture(tmp_path / "red.png", "red")
    driver.drop(mime(text__uri_list=f"smb://host/a.png\r\n{path.as_uri()}\r\nfile://elsewhere/b.png"))
    first, second, third = driver.wait_for_answers()
    assert first is not None
    assert first.startswith("smb: addresses cannot be opened.")
    assert second == "red"
    assert third is not None
    assert third.startswith("The file is on another computer, “elsewhere”.")


def test_an_archive(driver: Driver, tmp_path: Path) -> None:
    (tmp_path / "pictures.zip").write_bytes(b"PK\3\4")
    made = mime(text__uri_list=(tmp_path / "pictures.zip").as_uri())
    assert not driver.drag(made)
    assert offered(driver) == "This is an archive. Unpack it, then drop the folder with its pictures."
    QGuiApplication.clipboard().setMimeData(made)
    driver.press("Ctrl+V")
    assert driver.wait_for_answers() == ["This is an archive. Unpack it, then drop the folder with its pictures."]


# The window goes on meanwhile


def test_html_is_read_beside_the_window(driver: Driver, monkeypatch: pytest.MonkeyPatch) -> None:
    threads, read = list[threading.Thread](), html_fragment.pictures_in

    def note(fragment: HtmlFragment, should_stop: ShouldStop) -> list[str]:
        threads.append(threading.current_thread())
        return read(fragment, should_stop)

    monkeypatch.setattr(gathering, "pictures_in", note)
    driver.drop(mime(text__html=f'<img src="{data_address("red")}">' + "a wren <b>" * 20_000))
    assert driver.wait_for_answers() == ["red"]
    assert len(threads) == 1
    assert threads[0] is not threading.main_thread()


def test_a_picture_is_looked_for_near_the_beginning_of_html() -> None:
    picture_at_the_end = "a wren <b>" * 500_000 + "<img>"
    assert not offer_of(mime(text__html=picture_at_the_end)).welcome
