"""Searches that are on disk already: to go on with one, and to find those that were interrupted."""

import math
from pathlib import Path

from cnngui.core.errors import Stopped, UserError
from cnngui.core.progress import ShouldStop, never_stop
from cnngui.core.runs.folder import RECORD
from cnngui.core.runs.lock import is_written
from cnngui.core.runs.record import Phase, read_record
from cnngui.core.search.folder import SearchRecord, is_search, read_search
from cnngui.core.search.search import Search
from cnngui.core.search.storage import DATABASE, Place
from cnngui.core.search.trials import Standing, spent
from cnngui.core.search.worker import Budget


def record_of(folder: Path) -> SearchRecord:
    """The record of the search in a folder. Raises UserError if there is none, or its file of trials is gone."""
    record = read_search(folder)
    if record is None:
        raise UserError(f"{folder} holds no search. Choose the folder that a search has made.")
    if not record.storage and not (folder / DATABASE).is_file():
        raise UserError(f"{DATABASE} is missing in {folder}. Copy the whole folder of the search again.")
    return record


class UnknownServerError(UserError):
    """A folder names a server with which the user has had nothing to do: it may belong to whoever made the folder.

    server: its address, without a password.
    """

    def __init__(self, server: str) -> None:
        super().__init__(
            f"It is noted on the server {server}. Connect only if you know that server: it learns who you are, and "
            "may ask for your password."
        )
        self.server = server


def place_of(folder: Path, known_server: str) -> tuple[Place, str]:
    """Where the search in a folder is noted, and its name.

    known_server: the only one that the folder may name, as ``Place.shown``. Raises UnknownServerError if it names
    another, and UserError as :func:`record_of` does.
    """
    record = record_of(folder)
    place = record.place(folder)
    if place.is_shared and place.shown != known_server:
        raise UnknownServerError(place.shown)
    return place, record.name


def continued(folder: Path, standing: Standing, more: Budget) -> Search:
    """The search in a folder, to go on with it.

    standing: how it stands. more: what it may take from now on. Raises UserError as :func:`record_of` does.
    """
    record = record_of(folder)
    seconds = more.seconds + spent(standing.trials, record.id) if math.isfinite(more.seconds) else math.inf
    return Search(
        folder,
        record.source,
        data_dir=Path(record.data_dir) if record.data_dir else None,
        budget=Budget(seconds, more.trials + len(standing.ended)),
        place=record.place(folder),
        name=record.name,
    )


def interrupted(folder: Path, *, should_stop: ShouldStop = never_stop) -> tuple[Path, ...]:
    """The folders of the searches below ``folder`` whose program ended in the middle of a trial, the newest first.

    What cannot be read is none. Raises Stopped.
    """
    found = []
    try:
        for each in sorted(folder.iterdir(), reverse=True):
            if should_stop():
                raise Stopped
            if is_search(each) and any(_is_broken_off(run) for run in each.iterdir()):
                found.append(each)
    except OSError:  # the list of runs says why
        return ()
    return tuple(found)


def _is_broken_off(run: Path) -> bool:
    try:
        record = read_record(run) if (run / RECORD).is_file() else None
    except (OSError, UserError):
        return False
    return record is not None and record.phase == Phase.TRAINING and not is_written(run)
