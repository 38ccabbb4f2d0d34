"""What happens to a collection beside the window: it is read, changed, and read again."""

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from cnngui.core.data.collections import collection as collections
from cnngui.core.data.collections.adding import add
from cnngui.core.data.collections.arrivals import Addition
from cnngui.core.data.collections.aside import leftovers
from cnngui.core.data.collections.changes import Change, make
from cnngui.core.data.collections.collection import Collection
from cnngui.core.data.collections.notes import needed, notes
from cnngui.core.data.collections.shelves import Pictures
from cnngui.core.errors import UserError
from cnngui.core.files import is_folder
from cnngui.core.progress import Report, ShouldStop
from cnngui.core.sentences import counted
from cnngui.gui.common.trash import to_trash

Plan = Callable[[Collection], Change]
"""A change of the collection as it is now. It may raise UserError."""


@dataclass(frozen=True)
class Done:
    """What was done. inverse: undoes it. notice: a sentence in passing."""

    inverse: Change
    notice: str = ""


Deed = Callable[[Collection, Report, ShouldStop], Done]
"""Does something to a collection that has just been read. It may raise UserError and Stopped."""


@dataclass(frozen=True)
class Outcome:
    """The collection afterwards, what should be known about it, and what was done.

    needed: what is missing before a training. error: why nothing was done.
    """

    collection: Collection
    notes: tuple[str, ...]
    needed: str
    done: Done | None = None
    error: str = ""


def perform(
    folder: Path, before: Collection | None, deed: Deed | None, progress: Report, should_stop: ShouldStop
) -> Outcome:
    """Read the collection, do something to it if it is to be, and read it again.

    before: as it was last read; what has not changed is taken from there, so that the window can tell at once.
    Raises UserError if the collection cannot be read, and Stopped.
    """
    now = collections.read(folder, should_stop)
    done, error = None, ""
    if deed is not None:
        try:
            done = deed(now, progress, should_stop)
        except UserError as problem:
            error = str(problem)
        now = collections.read(folder)  # a stop came too late
    now = _sharing(now, before)
    return Outcome(now, notes(now), needed(now), done, error)


def changing(plan: Plan, notice: str) -> Deed:
    """Make a planned change."""

    def deed(now: Collection, progress: Report, should_stop: ShouldStop) -> Done:
        change = plan(now)
        return Done(make(now.folder, change, progress, should_stop), notice if change else "")

    return deed


def undoing(inverse: Change, title: str) -> Deed:
    """Take back what was done, as far as its files are still where it put them."""

    def deed(now: Collection, progress: Report, should_stop: ShouldStop) -> Done:
        there = tuple(move for move in inverse.moves if os.path.lexists(move.source))
        gone = len(inverse.moves) - len(there)
        notice = f"Undone: {title}." + (f" {counted(gone, 'file')} could not be found." if gone else "")
        return Done(make(now.folder, replace(inverse, moves=there), progress, should_stop), notice)

    return deed


def adding(things: Sequence[Addition], label: str | None, *, copy: bool) -> Deed:
    """Add pictures, as :func:`cnngui.core.data.collections.adding.add` does."""

    def deed(now: Collection, progress: Report, should_stop: ShouldStop) -> Done:
        added = add(now, things, label, copy=copy, progress=progress, should_stop=should_stop)
        where = f" to {label}" if label else ""
        notice = f"{counted(added.count, 'picture')} added{where}." if added.count else "No picture was added."
        return Done(added.undo, " ".join((notice, *added.left_out)))

    return deed


def make_or_keep(folder: Path) -> None:
    """Make the folder of a collection, unless it is there."""
    if not is_folder(folder):
        collections.create(folder)


def clear_up(folder: Path) -> None:
    """Move what was removed to the trash, now that it cannot be brought back any more."""
    to_trash(leftovers(folder))


def _sharing(now: Collection, before: Collection | None) -> Collection:
    """The collection with the very objects of before where they are equal: one shelf is compared with "is"."""
    if before is None or before.folder != now.folder:
        return now
    if now == before:
        return before
    return replace(now, shelves={shelf: _either(before.shelves.get(shelf), new) for shelf, new in now.shelves.items()})


def _either(old: Pictures | None, new: Pictures) -> Pictures:
    return old if old is not None and old == new else new
