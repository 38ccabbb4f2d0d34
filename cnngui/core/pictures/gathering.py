"""From what people drop, paste or name to pictures: files as they are, folders searched, addresses fetched."""

import os
import time
import urllib.parse
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from cnngui.core.errors import UserError
from cnngui.core.files import is_folder
from cnngui.core.pictures import web
from cnngui.core.pictures.images import SUFFIXES, Source
from cnngui.core.progress import ShouldStop, never_stop

Thing = Path | str
"""What may hold pictures: the path of a file or folder, or an http, https or data address."""

GROUP = 200  # pictures handed over at once, at most
WAIT_SECONDS = 0.1  # or as many as are found in this time


@dataclass(frozen=True)
class Gathered:
    """A picture, not yet read, or the reason why there is none.

    name: the file's, or its path inside the folder that was dropped, or the last part of its address.
    folder: for a picture from a folder, the sub-folder directly below the one that was dropped, or that one itself.
    error: a sentence where there is no picture; the source then says only where it was looked for.
    """

    source: Source
    name: str
    folder: str | None = None
    error: str | None = None


def gather(things: Sequence[Thing], should_stop: ShouldStop = never_stop) -> Iterator[list[Gathered]]:
    """All pictures in these things, in their order, a few at a time; ends early when ``should_stop`` turns true.

    Raises Stopped where an address was being fetched then.
    """
    group: list[Gathered] = []
    began = time.monotonic()
    for thing in things:
        if group and isinstance(thing, str):  # fetching it may take seconds
            yield group
            group = []
        for found in _look(thing, should_stop):
            if should_stop():
                return
            group.append(found)
            if len(group) == GROUP or time.monotonic() - began > WAIT_SECONDS:
                yield group
                group, began = [], time.monotonic()
    if group:
        yield group


def pictures_below(
    folder: Path, failures: list[OSError] | None = None, should_stop: ShouldStop = never_stop
) -> Iterator[Path]:
    """The files in ``folder`` and its sub-folders that are pictures by their endings, folder after folder, by name.

    Hidden files and folders are left out, and links to folders are not followed, which could lead in a circle.
    failures: takes the errors of folders that cannot be read.
    """
    for parent, folders, names in os.walk(folder, onerror=None if failures is None else failures.append):
        if should_stop():
            return
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            if not name.startswith(".") and name.lower().endswith(SUFFIXES):
                yield Path(parent, name)


def _look(thing: Thing, should_stop: ShouldStop) -> Iterator[Gathered]:
    if isinstance(thing, str):
        yield _fetched(thing, should_stop)
    elif is_folder(thing):
        yield from _in_folder(thing, should_stop)
    else:
        yield Gathered(thing, thing.name or str(thing))


def _in_folder(folder: Path, should_stop: ShouldStop) -> Iterator[Gathered]:
    failures: list[OSError] = []
    found = False
    for path in pictures_below(folder, failures, should_stop):
        found = True
        inside = path.relative_to(folder)
        yield Gathered(path, str(inside), folder=inside.parts[0] if len(inside.parts) > 1 else folder.name)
    for failure in failures:
        place = Path(failure.filename or folder)
        yield Gathered(place, place.name, error=f"This folder cannot be read: {failure.strerror}.")
    if not found and not failures:
        yield Gathered(folder, folder.name, error="There is no picture in this folder, nor in the folders inside it.")


def _fetched(address: str, should_stop: ShouldStop) -> Gathered:
    name = _name(address)
    try:
        return Gathered(web.fetch(address, should_stop), name)
    except UserError as error:
        return Gathered(b"", name, error=str(error))


def _name(address: str) -> str:
    """What a picture behind an address may be called."""
    scheme, _, rest = address.partition(":")
    if scheme.lower() == "data":
        return "picture from a page"
    try:
        parts = urllib.parse.urlsplit(address)
    except ValueError:
        return rest
    return urllib.parse.unquote(PurePosixPath(parts.path).name) or parts.netloc or address
