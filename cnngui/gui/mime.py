"""What is in something that is dragged, dropped or pasted."""

from pathlib import Path

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QMimeData
from PySide6.QtGui import QImage

from cnngui.core.files import is_folder
from cnngui.core.gathering import Thing

ADDRESSES = ("http://", "https://", "data:image/")
BITMAPS = ("image/png", "image/jpeg", "image/webp", "image/gif", "image/bmp")


def things_of(mime: QMimeData) -> list[Thing]:
    """The files and folders in something dropped or pasted, else its addresses."""
    files: list[Thing] = [Path(url.toLocalFile()) for url in mime.urls() if url.isLocalFile()]
    if files:
        return files
    addresses = [bytes(url.toEncoded().data()).decode() for url in mime.urls()] or mime.text().split("\n")
    return [address.strip() for address in addresses if address.strip().lower().startswith(ADDRESSES)]


def bitmap_of(mime: QMimeData) -> bytes:
    """The picture's file as it came, which costs nothing; else an uncompressed one, which costs little."""
    for kind in BITMAPS:
        if mime.hasFormat(kind):
            return bytes(mime.data(kind).data())
    image = QImage(mime.imageData()) if mime.hasImage() else QImage()
    data = QByteArray()
    buffer = QBuffer(data)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    if not image.isNull():
        image.save(buffer, "BMP")  # type: ignore[call-overload]
    return bytes(data.data())


def offer_of(mime: QMimeData) -> str:
    """What a drop of this will do, in words; "" where there is nothing to be had."""
    things = things_of(mime)
    files = [thing for thing in things if isinstance(thing, Path)]
    if len(files) == 1:
        return f"Drop to classify all pictures in “{files[0].name}”" if is_folder(files[0]) else "Drop to classify"
    if files:
        return f"Drop to classify {len(files):,} files"
    if mime.hasImage() or any(mime.hasFormat(kind) for kind in BITMAPS):
        return "Drop to classify"
    if not things:
        return ""
    here = all(str(thing).lower().startswith("data:") for thing in things)
    return "Drop to classify" if here else "Drop to fetch the picture and classify it"
