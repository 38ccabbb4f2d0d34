"""Reads the pictures of a data set once, as a check needs them."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import numpy as np

from cnngui.core.checks.looks import Extractor, Looks
from cnngui.core.checks.store import LookStore, Seen
from cnngui.core.data.layout import Layout
from cnngui.core.data.part_names import Part
from cnngui.core.errors import Stopped, UserError
from cnngui.core.pictures import decoding, images
from cnngui.core.progress import Progress, Report, ShouldStop, never_stop, no_report

AT_ONCE = 250  # pictures whose pixels are in memory together
GREY = 8  # of 255: how far red, green and blue lie apart at most in a picture without colours
_CHUNK = 1 << 20  # bytes of a file that are read at once


@dataclass(frozen=True)
class Picture:
    """A picture of a data set and what is known of it.

    label: an index into the classes. error: why it cannot be read, or "". content: a digest of the file.
    side: its shorter side in pixels; at least 256 of a larger picture. is_grey: whether it has no colours.
    """

    path: Path
    label: int
    part: Part
    error: str = ""
    content: bytes = b""
    side: int = 0
    is_grey: bool = False


def listed(layout: Layout) -> tuple[Picture, ...]:
    """All pictures of a data set; nothing is read."""
    parts = ((Part.TRAIN, layout.train), (Part.VALIDATION, layout.validation), (Part.TEST, layout.test))
    return tuple(Picture(path, label, part) for part, files in parts for path, label in files or ())


def examine(
    pictures: Sequence[Picture],
    extractor: Extractor,
    store: LookStore,
    progress: Report = no_report,
    should_stop: ShouldStop = never_stop,
) -> tuple[tuple[Picture, ...], Looks]:
    """The pictures with what is found in them, and the looks of those that can be read, in order.

    What the store remembers is not read again. Raises Stopped; what was read by then is remembered.
    """
    found: list[Picture] = []
    rows: list[Seen] = []
    for start in range(0, len(pictures), AT_ONCE):
        progress(Progress(f"Looking at the pictures, {start:,} of {len(pictures):,}", start, len(pictures)))
        for picture, seen in _examined(pictures[start : start + AT_ONCE], extractor, store, should_stop):
            found.append(picture)
            if seen is not None:
                rows.append(seen)
        store.save()
    if not rows:
        return tuple(found), extractor.looks(np.zeros((0, 1, 1, 3), np.uint8))
    return tuple(found), Looks(np.stack([row.pixels for row in rows]), np.stack([row.features for row in rows]))


def _examined(
    batch: Sequence[Picture], extractor: Extractor, store: LookStore, should_stop: ShouldStop
) -> Iterator[tuple[Picture, Seen | None]]:
    """Each picture with what is found in it, and its row, None if it cannot be read."""
    stamps = [_stamp(picture.path) for picture in batch]
    known = [store.content_of(picture.path, stamp) for picture, stamp in zip(batch, stamps, strict=True)]
    batch = [_identified(picture, content) for picture, content in zip(batch, known, strict=True)]
    places = {picture.content: picture.path for picture in batch if not picture.error}
    rows = {content: seen for content in places if (seen := store.get(content)) is not None}
    new, errors = _read({content: places[content] for content in places.keys() - rows.keys()}, extractor, should_stop)
    rows |= new
    store.put(new)
    store.put_files(
        (picture.path, stamp, picture.content)
        for picture, stamp, content in zip(batch, stamps, known, strict=True)
        if content is None and picture.content in rows
    )
    for picture in batch:
        if (seen := rows.get(picture.content)) is None:
            yield replace(picture, error=picture.error or errors[picture.content]), None
        else:
            yield replace(picture, side=seen.side, is_grey=seen.is_grey), seen


def _stamp(path: Path) -> str:
    """The file's size and time: as long as they are the same, so is its content."""
    try:
        status = path.stat()
    except OSError:
        return ""
    return f"{status.st_size} {status.st_mtime_ns}"


def _identified(picture: Picture, content: bytes | None) -> Picture:
    """The picture with the digest of its file, which may be known; or with the reason why there is none."""
    try:
        return replace(picture, content=content or _digest(picture.path))
    except UserError as error:
        return replace(picture, error=str(error))


def _read(
    places: Mapping[bytes, Path], extractor: Extractor, should_stop: ShouldStop
) -> tuple[dict[bytes, Seen], dict[bytes, str]]:
    """The rows of the files by their content, and why the others cannot be read. Raises Stopped."""
    views, sides, errors = [], {}, {}
    for content, path in places.items():
        if should_stop():
            raise Stopped
        try:
            image = images.read(path, images.READ_SIDE)
        except UserError as error:
            errors[content] = str(error)
            continue
        views.append(images.to_pixels(image, extractor.classifier.image_size))
        sides[content] = min(image.size)
    if not views:
        return {}, errors
    pixels = np.stack(views)
    looks = extractor.looks(pixels)
    is_grey = (pixels.max(3) - pixels.min(3)).max((1, 2)) <= GREY
    rows = zip(sides.items(), is_grey.tolist(), looks.pixels, looks.features, strict=True)
    return {content: Seen(side, grey, small, features) for (content, side), grey, small, features in rows}, errors


def _digest(path: Path) -> bytes:
    """A digest of the file's content. Raises UserError."""
    digest = hashlib.blake2b(digest_size=16)
    try:
        with decoding.opened(path) as file:
            for part in iter(partial(file.read, _CHUNK), b""):
                digest.update(part)
    except OSError as error:
        raise UserError(decoding.DAMAGED) from error
    return digest.digest()
