"""Changes of a collection: files that move inside it, and notes in its hidden folder. Each has an inverse."""

import errno
import os
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import NamedTuple

from cnngui.core.data.collections.references import read_references, write_references
from cnngui.core.data.collections.settled import read_settled, write_settled
from cnngui.core.data.collections.shelves import Item
from cnngui.core.errors import Stopped, UserError
from cnngui.core.progress import Progress, Report, ShouldStop, never_stop, no_report

_SECONDS_BETWEEN_REPORTS = 0.05
_FULL = (errno.ENOSPC, errno.EDQUOT)


class Move(NamedTuple):
    """A file or folder that gets another place on the same disk."""

    source: Path
    target: Path


@dataclass(frozen=True)
class Change:
    """What is to be done to a collection. Nothing is deleted and no file outside it is touched.

    made: folders that are needed. moves: in this order. unmade: folders that go at the end if they are empty.
    dropped, added: the references that are no longer and newly there.
    reopened, settled: the keys of what is to be looked at again, and of what a person leaves as it is.
    """

    moves: tuple[Move, ...] = ()
    dropped: tuple[Item, ...] = ()
    added: tuple[Item, ...] = ()
    made: tuple[Path, ...] = ()
    unmade: tuple[Path, ...] = ()
    reopened: tuple[str, ...] = ()
    settled: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        """Whether it changes anything."""
        return self != Change()


def make(
    collection: Path, change: Change, progress: Report = no_report, should_stop: ShouldStop = never_stop
) -> Change:
    """Make the change, all of it or nothing, and return its inverse.

    A target that is taken gets a number: nothing is written over.
    Raises UserError with the reason, and Stopped; both leave the collection as it was.
    """
    work = _Work(progress, should_stop)
    try:
        for folder in change.made:
            work.need(folder)
        work.move(change.moves)
        added = _refer(collection, change)
        _settle(collection, change)
    except BaseException as error:
        work.take_back()
        if isinstance(error, OSError):
            raise failure(error, collection) from error
        raise
    inverse = tuple(Move(move.target, move.source) for move in reversed(work.moved))
    unmade = tuple(folder for folder in change.unmade if _vanishes(folder))
    return Change(
        inverse,
        dropped=added,
        added=change.dropped,
        made=unmade,
        unmade=tuple(reversed(work.made)),
        reopened=change.settled,
        settled=change.reopened,
    )


def failure(error: OSError, collection: Path) -> UserError:
    """Why a change was not made, and what to do."""
    if error.errno in _FULL:
        return UserError(f"The disk of {collection} is full. Free some space there, then try again.")
    if isinstance(error, FileNotFoundError):
        gone = Path(str(error.filename)).name
        return UserError(f"“{gone}” is no longer there: another program has moved or removed it. Try again.")
    if isinstance(error, PermissionError) or error.errno == errno.EROFS:
        return UserError(f"{collection} can only be read. Copy it to a folder of your own, or change its permissions.")
    if error.errno == errno.EXDEV:
        return UserError(f"A part of {collection} lies on another disk. Move its files with a file manager.")
    return UserError(f"{collection} could not be changed ({error.strerror or error}). Check its disk.")


def free(path: Path) -> Path:
    """The path, or the first of "name 2", "name 3" … beside it that is not taken."""
    if not os.path.lexists(path):
        return path
    numbered = (path.with_name(f"{path.stem} {number}{path.suffix}") for number in count(2))
    return next(each for each in numbered if not os.path.lexists(each))


class _Work:
    """What has been done to a collection so far. moved, made: the moves and the new folders, in their order."""

    def __init__(self, progress: Report, should_stop: ShouldStop) -> None:
        self.moved: list[Move] = []
        self.made: list[Path] = []
        self._there: set[Path] = set()
        self._progress, self._should_stop = progress, should_stop

    def need(self, folder: Path) -> None:
        """Make the folder and those around it, unless they are there."""
        if folder in self._there:
            return
        missing = [each for each in (folder, *folder.parents) if not os.path.lexists(each)]
        for each in reversed(missing):
            each.mkdir(exist_ok=True)
            self.made.append(each)
        self._there.add(folder)

    def move(self, moves: Sequence[Move]) -> None:
        """Move all, in their order. Raises OSError and Stopped."""
        next_report = time.monotonic() + _SECONDS_BETWEEN_REPORTS
        for number, (source, target) in enumerate(moves):
            if self._should_stop():
                raise Stopped
            if time.monotonic() >= next_report:
                self._progress(Progress(f"Moving pictures, {number:,} of {len(moves):,}", number, len(moves)))
                next_report = time.monotonic() + _SECONDS_BETWEEN_REPORTS
            self.need(target.parent)
            place = target if _is_same(source, target) else free(target)
            source.rename(place)
            self.moved.append(Move(source, place))

    def take_back(self) -> None:
        """Undo all of it."""
        for move in reversed(self.moved):
            with suppress(OSError):
                move.target.rename(move.source)
        for folder in reversed(self.made):
            _vanishes(folder)


def _vanishes(folder: Path) -> bool:
    """Remove the folder if it is empty; whether it was."""
    try:
        folder.rmdir()
    except OSError:
        return False
    return True


def _is_same(source: Path, target: Path) -> bool:
    """Whether both names are one file: where letter case does not count, a class may change only that."""
    try:
        return source.parent == target.parent and source.name != target.name and source.samefile(target)
    except OSError:
        return False


def _refer(collection: Path, change: Change) -> tuple[Item, ...]:
    """Bring the references up to date. Returns those that were really added."""
    if not change.dropped and not change.added:
        return ()
    before = read_references(collection)
    dropped = set(change.dropped)
    rest = [item for item in before if item not in dropped]
    there = set(rest)
    added = tuple(item for item in dict.fromkeys(change.added) if item not in there)
    write_references(collection, [*rest, *added])
    return added


def _settle(collection: Path, change: Change) -> None:
    """Bring the keys of what is settled up to date."""
    if change.reopened or change.settled:
        write_settled(collection, (read_settled(collection) - {*change.reopened}) | {*change.settled})
