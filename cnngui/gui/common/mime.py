"""What a drag, a drop or the clipboard holds."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QMimeData
from PySide6.QtGui import QImage

from cnngui.core.files import is_folder
from cnngui.core.models.other_kinds import is_named_like_a_model
from cnngui.core.pictures.formats import SUFFIXES
from cnngui.core.pictures.gathering import Thing
from cnngui.gui.common.local_files import local_files
from cnngui.gui.common.words import shortened

ADDRESSES = ("http://", "https://", "data:image/")
BITMAPS = (
    *("image/png", "image/jpeg", "image/webp", "image/gif", "image/bmp"),
    *("image/avif", "image/heic", "image/heif"),
)
ONE_MODEL = "Only one model can be opened at a time"


def things_of(mime: QMimeData) -> list[Thing]:
    """The files and folders, or, if there are none, the addresses."""
    if files := local_files(mime):
        return list(files)
    addresses = [bytes(url.toEncoded().data()).decode() for url in mime.urls()] or mime.text().split("\n")
    return [address.strip() for address in addresses if address.strip().lower().startswith(ADDRESSES)]


def bitmap_of(mime: QMimeData) -> bytes:
    """The bytes of an image file: as they came, or else an uncompressed one, which is quick. b"" without an image."""
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


def contents_of(mime: QMimeData) -> bytes | list[Thing]:
    """What to classify: the bytes of an image file, or files, folders and addresses without the models among them."""
    things = things_of(mime)
    if not any(isinstance(thing, Path) for thing in things):
        bitmap = bitmap_of(mime)  # a browser offers an address as well, but this needs no download
        if bitmap:
            return bitmap
    return [thing for thing in things if not is_model(thing)]


def is_model(thing: Thing) -> bool:
    """Whether it is a model, going by its name; also one that only other programs open, which is then said."""
    return isinstance(thing, Path) and is_named_like_a_model(thing) and not is_folder(thing)


def models_of(mime: QMimeData) -> list[Path]:
    """The models among the files."""
    return [thing for thing in things_of(mime) if isinstance(thing, Path) and is_model(thing)]


def folder_of(mime: QMimeData) -> Path | None:
    """The folder in what is dragged, if that is one folder and nothing else."""
    things = things_of(mime)
    folder = things[0] if len(things) == 1 else None
    return folder if isinstance(folder, Path) and is_folder(folder) else None


@dataclass(frozen=True)
class Offer:
    """What a drop would do, in words. welcome: whether it would do anything."""

    text: str
    welcome: bool = True


def offer_of(mime: QMimeData) -> Offer:
    """What a drop of this would do: open a model, classify pictures, or both."""
    things = things_of(mime)
    files = [thing for thing in things if isinstance(thing, Path)]
    models = [file for file in files if is_model(file)]
    if len(models) > 1:
        return Offer(ONE_MODEL, False)
    rest = [file for file in files if file not in models] if models else files
    if models:
        opening = f"Drop to open the model “{shortened(models[0].name)}”"
        return Offer(f"{opening} and {_classifying(rest)}" if rest else opening)
    if rest:
        return Offer(f"Drop to {_classifying(rest)}")
    if mime.hasImage() or any(mime.hasFormat(kind) for kind in BITMAPS):
        return Offer("Drop to classify")
    if not things:
        return Offer("Not a picture, model, file or folder", False)
    here = all(str(thing).lower().startswith("data:") for thing in things)
    return Offer("Drop to classify" if here else "Drop to download and classify")


def _classifying(files: Sequence[Path]) -> str:
    first, has_folders = files[0], is_folder(files[0])
    if len(files) > 1:
        return f"classify {len(files):,} files" + (" and folders" if has_folders else "")
    if has_folders:
        return f"classify all pictures in “{shortened(first.name)}”"
    return "classify" if first.suffix.lower() in SUFFIXES else f"try “{shortened(first.name)}” as a picture"
