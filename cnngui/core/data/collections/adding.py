"""Adding pictures to a collection: copied into it, or left where they are and referred to."""

import filecmp
import shutil
import tempfile
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

from cnngui.core.data.collections.arrivals import Addition, Arrival, Arrivals
from cnngui.core.data.collections.changes import Change, Move, failure, make
from cnngui.core.data.collections.collection import Collection
from cnngui.core.data.collections.edits import aside
from cnngui.core.data.collections.shelves import ARRIVING, HIDDEN, Item, Shelf
from cnngui.core.errors import Stopped
from cnngui.core.pictures import kinds
from cnngui.core.pictures.formats import START, looks_like_picture
from cnngui.core.progress import Progress, Report, ShouldStop, never_stop, no_report
from cnngui.core.reading import opened

_SECONDS_BETWEEN_REPORTS = 0.05


@dataclass(frozen=True)
class Added:
    """What came of it. count: the pictures that were added. undo: takes them away again.

    left_out: a sentence for each kind of thing that was not added.
    """

    count: int
    undo: Change
    left_out: tuple[str, ...] = ()


def add(
    collection: Collection,
    things: Sequence[Addition],
    label: str | None,
    *,
    copy: bool = True,
    progress: Report = no_report,
    should_stop: ShouldStop = never_stop,
) -> Added:
    """Add the pictures in these files, folders and web addresses, and those whose bytes are given.

    label: the class that they belong to, "" for none yet, or None. Without a class, a folder that holds a folder for
        each class becomes those classes; with None, any other folder becomes a class of its name.
    copy: whether files are copied. Otherwise the collection refers to them; what has no file is written into it anyway.
        Files of the collection itself move.
    All of it is added or nothing. Raises UserError and Stopped.
    """
    progress(Progress("Looking for pictures"))
    arrivals = Arrivals(collection.classes, should_stop)
    arrivals.find(things, label)
    try:
        (collection.folder / HIDDEN).mkdir(exist_ok=True)
        staging = Path(tempfile.mkdtemp(prefix=ARRIVING, dir=collection.folder / HIDDEN))
        try:
            stage = _Stage(collection, staging, copy, progress, should_stop)
            stage.take(arrivals.pictures)
            inverse = make(collection.folder, stage.change, progress, should_stop)
        finally:
            shutil.rmtree(staging, ignore_errors=True)
    except OSError as error:
        raise failure(error, collection.folder) from error
    count = len(inverse.moves) + len(inverse.dropped)
    there = len(arrivals.pictures) - count - len(stage.problems)
    already = (f"{there:,} {'was' if there == 1 else 'were'} there already.",) if there else ()
    arrivals.problems += stage.problems
    return Added(count, _without(inverse, staging, collection), (*already, *arrivals.sentences))


class _Stage:
    """Copies pictures into a hidden folder, from where they move into their classes: no half of a file is seen there.

    change: what is to be done with them. problems: a sentence for each that is no picture.
    """

    def __init__(
        self, collection: Collection, staging: Path, copy: bool, progress: Report, should_stop: ShouldStop
    ) -> None:
        self.problems: list[str] = []
        self._collection, self._staging, self._copy = collection, staging, copy
        self._progress, self._should_stop = progress, should_stop
        self._moves: list[Move] = []
        self._references: list[Item] = []

    @property
    def change(self) -> Change:
        """Into their classes."""
        return Change(tuple(self._moves), added=tuple(self._references))

    def take(self, arrivals: Sequence[Arrival]) -> None:
        """Copy or note each of them. Raises OSError and Stopped."""
        next_report = time.monotonic()
        for number, arrival in enumerate(arrivals):
            if self._should_stop():
                raise Stopped
            if time.monotonic() >= next_report:
                text = f"{'Copying' if self._copy else 'Looking at'} pictures, {number:,} of {len(arrivals):,}"
                self._progress(Progress(text, number, len(arrivals)))
                next_report = time.monotonic() + _SECONDS_BETWEEN_REPORTS
            if problem := _problem(arrival):
                self.problems.append(f"{arrival.file_name}: {problem}")
            else:
                self._take(number, arrival)

    def _take(self, number: int, arrival: Arrival) -> None:
        shelf, source, folder = Shelf(arrival.label), arrival.source, self._collection.folder
        target = shelf.folder(folder) / arrival.file_name
        if isinstance(source, Path):
            source = source.absolute()
            if source.is_relative_to(folder):
                if source.parent != target.parent:
                    self._moves.append(Move(source, target))
                return
            if not self._copy:
                self._references.append(Item(source, shelf, is_reference=True))
                return
            if _is_copy(source, target):
                return
        staged = self._staging / f"{number}"
        if isinstance(source, Path):
            shutil.copyfile(source, staged)
            with suppress(OSError):
                shutil.copystat(source, staged)  # the day of a photograph, where the disk can keep it
        else:
            staged.write_bytes(source)
        self._moves.append(Move(staged, target))


def _problem(arrival: Arrival) -> str:
    """Why this is no picture, in a sentence; "" if it begins like one."""
    try:
        if isinstance(arrival.source, bytes):
            head = arrival.source[: kinds.HEAD]
        else:
            with opened(arrival.source) as file:
                head = file.read(kinds.HEAD)
    except OSError as error:
        return f"It could not be read ({error.strerror or error})."
    return "" if looks_like_picture(head[:START]) else kinds.named(head) or "It is not a picture."


def _is_copy(source: Path, target: Path) -> bool:
    """Whether the class holds the same file under the same name."""
    try:
        return filecmp.cmp(source, target, shallow=False)
    except OSError:
        return False


def _without(inverse: Change, staging: Path, collection: Collection) -> Change:
    """The inverse, with the copies put aside: where they were staged is gone."""
    moves = (
        Move(move.source, aside(collection, move.source)) if move.target.parent == staging else move
        for move in inverse.moves
    )
    return replace(inverse, moves=tuple(moves))
