"""What a drop would do, in words."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QMimeData

from cnngui.core.files import is_folder
from cnngui.core.pictures.addresses import out_of_reach
from cnngui.core.pictures.archives import UNPACK, is_archive
from cnngui.core.pictures.formats import SUFFIXES
from cnngui.core.pictures.gathering import Thing
from cnngui.core.pictures.html_fragment import HtmlFragment
from cnngui.gui.common.mime import ONE_MODEL, has_bitmap, is_model, pictures_among, things_of
from cnngui.gui.common.words import shortened


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
    if reason := refusal(things, mime):
        return Offer(reason, False)
    rest = [thing for thing in pictures_among(files) if isinstance(thing, Path)]
    if models:
        opening = f"Drop to open the model “{shortened(models[0].name)}”"
        return Offer(f"{opening} and {_classifying(rest)}" if rest else opening)
    if rest:
        return Offer(f"Drop to {_classifying(rest)}")
    if has_bitmap(mime):
        return Offer("Drop to classify")
    if not things:
        return Offer("Not a picture, model, file or folder", False)
    return Offer(_fetching(things))


def refusal(things: Sequence[Thing], mime: QMimeData) -> str | None:
    """Why none of the things in it can be taken, and what to do: they lie elsewhere, or are one archive."""
    if len(things) == 1 and isinstance(things[0], Path) and is_archive(things[0]) and not is_folder(things[0]):
        return UNPACK
    if not things or has_bitmap(mime):
        return None
    reasons = [out_of_reach(thing) if isinstance(thing, str) else None for thing in things]
    return reasons[0] if all(reasons) else None


def _fetching(things: Sequence[Thing]) -> str:
    if any(isinstance(thing, HtmlFragment) for thing in things):
        return "Drop to classify the picture from the page"
    is_here = all(isinstance(thing, str) and thing[:5].lower() == "data:" for thing in things)
    return "Drop to classify" if is_here else "Drop to download and classify"


def _classifying(files: Sequence[Path]) -> str:
    first, has_folders = files[0], is_folder(files[0])
    if len(files) > 1:
        return f"classify {len(files):,} files" + (" and folders" if has_folders else "")
    if has_folders:
        return f"classify all pictures in “{shortened(first.name)}”"
    return "classify" if first.suffix.lower() in SUFFIXES else f"try “{shortened(first.name)}” as a picture"
