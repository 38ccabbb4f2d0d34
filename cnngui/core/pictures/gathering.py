"""Find the pictures in what the user drops, pastes or names: files, folders and web addresses."""

import time
import urllib.parse
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from cnngui.core.errors import UserError
from cnngui.core.files import is_folder, is_remote
from cnngui.core.pictures import web
from cnngui.core.pictures.addresses import local_path, out_of_reach
from cnngui.core.pictures.archives import UNPACK, is_archive
from cnngui.core.pictures.decoding import Source
from cnngui.core.pictures.folders import FolderWalk, begins_like_picture, kind_of
from cnngui.core.pictures.html_fragment import HtmlFragment, pictures_in
from cnngui.core.progress import ShouldStop, never_stop
from cnngui.core.sentences import counted

Thing = Path | str | HtmlFragment
"""Something that may hold pictures: the path of a file or folder, an address, or a piece of a web page."""

GROUP = 200  # pictures per group, at most
WAIT_SECONDS = 0.1  # a group is delivered after this time even if it is smaller


@dataclass(frozen=True)
class Gathered:
    """A picture that was found but not yet read, or the reason why there is none.

    name: of the file, or its path inside the dropped folder, or the last part of its address.
    folder: for a picture from a dropped folder, the sub-folder of that folder that holds it, or that folder itself.
    error: a sentence if there is no picture; the source then only says where it was expected.
    """

    source: Source
    name: str
    folder: str | None = None
    error: str | None = None


def gather(
    things: Iterable[Thing], should_stop: ShouldStop = never_stop, passed_over: Counter[str] | None = None
) -> Iterator[list[Gathered]]:
    """Find all pictures in ``things``, in order, a few at a time. Ends early when ``should_stop`` returns true.

    passed_over: counts the other files in folders, by kind, as :class:`FolderWalk` does.
    Raises Stopped if that happens while an address is being fetched.
    """
    group: list[Gathered] = []
    began = time.monotonic()
    for thing in things:
        if group and not isinstance(thing, Path):  # fetching it may take seconds
            yield group
            group = []
        for found in _look(thing, should_stop, passed_over):
            if should_stop():
                return
            group.append(found)
            if len(group) == GROUP or time.monotonic() - began > WAIT_SECONDS:
                yield group
                group, began = [], time.monotonic()
    if group:
        yield group


def _look(thing: Thing, should_stop: ShouldStop, passed_over: Counter[str] | None) -> Iterator[Gathered]:
    if isinstance(thing, HtmlFragment):
        yield from _in_page(thing, should_stop, passed_over)
    elif isinstance(thing, str):
        yield _fetched(thing, should_stop)
    elif is_folder(thing):
        yield from _in_folder(thing, should_stop, passed_over)
    elif is_archive(thing) and not begins_like_picture(thing):
        yield Gathered(thing, thing.name, error=UNPACK)
    else:
        yield Gathered(thing, thing.name or str(thing))


def _in_folder(folder: Path, should_stop: ShouldStop, passed_over: Counter[str] | None) -> Iterator[Gathered]:
    walk = FolderWalk(folder, should_stop)
    found = False
    for path in walk:
        found = True
        inside = path.relative_to(folder)
        yield Gathered(path, str(inside), folder=inside.parts[0] if len(inside.parts) > 1 else folder.name)
    if passed_over is not None:
        passed_over += walk.passed_over + Counter(map(kind_of, walk.tables))
    for place, problem in walk.unreadable:
        yield Gathered(place, place.name, error=problem)
    if not found and not walk.unreadable:
        yield Gathered(folder, folder.name, error="There are no pictures in this folder or its sub-folders.")


def _in_page(fragment: HtmlFragment, should_stop: ShouldStop, passed_over: Counter[str] | None) -> Iterator[Gathered]:
    """The pictures that it shows, or else those in what it leads to. All that are fetched hold 100 MB at most."""
    pictures, size = pictures_in(fragment, should_stop), 0
    for number, address in enumerate(pictures):
        if size > web.MAX_BYTES:
            left = counted(len(pictures) - number, "picture")
            yield Gathered(b"", "web page", error=f"{left} left out: together they are too large. {web.SAVE_IT}")
            break
        found = _named_by_page(address, should_stop)
        size += len(found.source) if isinstance(found.source, bytes) else 0
        yield found
    if pictures:
        return
    for thing in fragment.otherwise:
        yield from _look(thing, should_stop, passed_over)
    if not fragment.otherwise:
        yield Gathered(b"", "web page", error=f"There is no picture in this part of a web page. {web.SAVE_IT}")


def _named_by_page(address: str, should_stop: ShouldStop) -> Gathered:
    """A picture that a page names. A file is a picture or nothing; a folder is not looked into."""
    path = local_path(address)
    if path is None:
        return _fetched(address, should_stop)
    if is_remote(str(path)):
        return Gathered(b"", path.name, error=f"The page names a file of another computer. {web.SAVE_IT}")
    problem = None if begins_like_picture(path) else f"The page names a file that is gone, or no picture. {web.SAVE_IT}"
    return Gathered(path, path.name or str(path), error=problem)


def _fetched(address: str, should_stop: ShouldStop) -> Gathered:
    name = _name(address)
    if (reason := out_of_reach(address)) is not None:
        return Gathered(b"", name, error=reason)
    try:
        return Gathered(web.fetch(address, should_stop), name)
    except UserError as error:
        return Gathered(b"", name, error=str(error))


def _name(address: str) -> str:
    """A name for the picture at an address."""
    scheme, _, rest = address.partition(":")
    if scheme.lower() == "data":
        return "picture from a web page"
    try:
        parts = urllib.parse.urlsplit(address)
    except ValueError:
        return rest
    return urllib.parse.unquote(PurePosixPath(parts.path).name) or parts.netloc or address
