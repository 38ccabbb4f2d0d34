"""What a drag, a drop or the clipboard holds."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QMimeData, Qt
from PySide6.QtGui import QDropEvent, QImage

from cnngui.core.files import is_folder
from cnngui.core.models.opening.other_kinds import is_beside_models, is_named_like_a_model
from cnngui.core.pictures.addresses import text_of
from cnngui.core.pictures.gathering import Thing
from cnngui.core.pictures.html_fragment import MOST_BYTES, HtmlFragment, may_hold_picture, source_url
from cnngui.gui.common.local_files import is_address, listed, named_in

BITMAPS = (
    *("image/png", "image/jpeg", "image/jpg", "image/webp", "image/gif", "image/apng", "image/tiff"),
    *("image/bmp", "image/x-bmp", "image/x-MS-bmp", "image/x-ms-bmp"),
    *("image/avif", "image/heic", "image/heif", "image/jp2", "image/x-portable-pixmap"),
    *("image/vnd.microsoft.icon", "image/x-icon"),
)
"""The formats that are taken as they come, best first."""

ONE_MODEL = "Only one model can be opened at a time"
MOST_TEXT = 1_000_000  # letters of a text that is looked through for addresses and paths

# Where browsers put the address of the page: Chrome on Linux, Firefox, and all on Windows, in the header of the HTML.
_PAGES = ("chromium/x-source-url", "text/x-moz-url-priv")
_WINDOWS_HTML = 'application/x-qt-windows-mime;value="HTML Format"'


def things_of(mime: QMimeData) -> list[Thing]:
    """The files, folders, addresses or piece of a web page.

    The picture in a link comes before the page behind it, and a list of files before the text that comes with it.
    """
    found = listed(mime)
    if len(found) < 2 and (html := _html(mime)):
        return [HtmlFragment(html, _page(mime, found), tuple(found or _named_by_text(mime)))]
    return [*(found or _named_by_text(mime))]


def bitmap_of(mime: QMimeData) -> bytes:
    """The bytes of an image file: as they came, or else an uncompressed one, which is quick. b"" without an image."""
    for kind in BITMAPS:
        if data := _data(mime, kind):
            return data
    image = QImage(mime.imageData()) if mime.hasImage() else QImage()
    if image.isNull():
        kinds = (kind for kind in mime.formats() if kind.startswith("image/"))  # what it is says who decodes it
        return next(filter(None, (_data(mime, kind) for kind in kinds)), b"")
    saved = QByteArray()
    buffer = QBuffer(saved)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "BMP")  # type: ignore[call-overload]
    return bytes(saved.data())


def has_bitmap(mime: QMimeData) -> bool:
    """Whether there seems to be an image without a file. Decodes nothing."""
    return mime.hasImage() or any(kind.startswith("image/") for kind in mime.formats())


def contents_of(mime: QMimeData) -> bytes | list[Thing]:
    """What to classify: the bytes of an image file, or files, folders and addresses without the models among them."""
    things = things_of(mime)
    if not any(isinstance(thing, Path) for thing in things):
        bitmap = bitmap_of(mime)  # a browser offers an address as well, but this needs no download
        if bitmap:
            return bitmap
    return pictures_among(things)


def pictures_among(things: Sequence[Thing]) -> list[Thing]:
    """All but the models, and what lies beside those."""
    rest = [thing for thing in things if not is_model(thing)]
    if len(rest) == len(things):
        return rest
    return [thing for thing in rest if not (isinstance(thing, Path) and is_beside_models(thing))]


def is_model(thing: Thing) -> bool:
    """Whether it is a model, going by its name; also one that only other programs open, which is then said."""
    return isinstance(thing, Path) and is_named_like_a_model(thing) and not is_folder(thing)


def models_of(mime: QMimeData) -> list[Path]:
    """The models among the files."""
    return [thing for thing in things_of(mime) if isinstance(thing, Path) and is_model(thing)]


def accept_copy(event: QDropEvent) -> None:
    """Take what is dragged or dropped as a copy: a program that hears of a move removes its own."""
    event.setDropAction(Qt.DropAction.CopyAction)
    event.accept()


def folder_of(mime: QMimeData) -> Path | None:
    """The folder in what is dragged, if that is one folder and nothing else."""
    things = things_of(mime)
    folder = things[0] if len(things) == 1 else None
    return folder if isinstance(folder, Path) and is_folder(folder) else None


def _html(mime: QMimeData) -> bytes:
    """A piece of a web page with a picture in it; b"" without one."""
    html = _data(mime, "text/html")
    return html if may_hold_picture(html) else b""


def _page(mime: QMimeData, found: Sequence[Path | str]) -> str:
    """The address of the page that a piece is from, or else of what its link leads to, which often lies beside it."""
    pages = (text_of(_data(mime, kind)).partition("\n")[0].strip() for kind in _PAGES if mime.hasFormat(kind))
    page = source_url(_data(mime, _WINDOWS_HTML)) or next(filter(None, pages), "")
    if page or not found:
        return page
    return found[0].as_uri() if isinstance(found[0], Path) else found[0]


def _named_by_text(mime: QMimeData) -> list[Path | str]:
    """The addresses in a text, or the paths, if it consists of nothing else."""
    if not mime.hasText():
        return []
    text = mime.text().strip()
    if text[:5].lower() == "data:":
        return named_in([text])
    lines = [line for each in text[:MOST_TEXT].splitlines() if (line := _unquoted(each.strip()))]
    paths = [None if is_address(line) else _path(line) for line in lines]
    if all(path or is_address(line) for path, line in zip(paths, lines, strict=True)):
        return [path or named_in([line])[0] for path, line in zip(paths, lines, strict=True)]
    return named_in(lines)


def _unquoted(line: str) -> str:
    """A line without the quotes around it, as Windows’ “Copy as path” and terminals put them."""
    is_quoted = len(line) > 2 and line[0] == line[-1] and line[0] in "\"'"
    return line[1:-1] if is_quoted else line


def _path(line: str) -> Path | None:
    """The absolute path in a line, or None."""
    try:
        path = Path(line).expanduser()
    except (RuntimeError, ValueError):  # a home folder that nobody knows, or a null character in its name
        return None
    return path if path.is_absolute() else None


def _data(mime: QMimeData, kind: str) -> bytes:
    return bytes(mime.data(kind).left(MOST_BYTES).data()) if mime.hasFormat(kind) else b""
