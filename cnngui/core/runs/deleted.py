"""Runs that were deleted a moment ago: in a hidden folder beside them, from where they can come back."""

from collections.abc import Iterable
from itertools import count
from pathlib import Path

from cnngui.core.errors import UserError
from cnngui.core.runs.folder import WORKER_LOCKS, is_run, is_search
from cnngui.core.runs.lock import is_held, is_written

DELETED = ".deleted"


def put_aside(folder: Path) -> Path:
    """Move the run's folder into the hidden one beside it, which is instant, and return its new path.

    Raises UserError if that fails or the run is being trained.
    """
    if is_written(folder):
        raise UserError(f"“{folder.name}” is being trained. Stop it first.")
    try:
        hidden = folder.parent / DELETED
        hidden.mkdir(exist_ok=True)
        return folder.rename(_free(hidden / folder.name))
    except OSError as error:
        raise UserError(
            f"“{folder.name}” could not be deleted ({error.strerror or error}). Check its permissions."
        ) from error


def bring_back(aside: Path, name: str) -> Path:
    """Move a run that was put aside back to where it was, and return its new path.

    name: what it was called. It gets a number if there is a run of that name again.
    Raises UserError.
    """
    try:
        return aside.rename(_free(aside.parent.parent / name))
    except FileNotFoundError as error:
        raise UserError(f"“{name}” is no longer there. Look for it in the trash.") from error
    except OSError as error:
        raise UserError(f"“{name}” could not be moved back ({error.strerror}). It is in {aside.parent}.") from error


def put_aside_in(runs: Path) -> list[Path]:
    """All that was put aside in this folder of runs and in its searches, also by an earlier window.

    What cannot be read is passed over.
    """
    hidden = [runs / DELETED, *(each / DELETED for each in _entries(runs) if is_search(each))]
    return [run for folder in hidden for run in _entries(folder)]


def to_discard(aside: Iterable[Path]) -> list[Path]:
    """What is to go for good with these runs that were put aside: they, or a search of which nothing else is left."""
    runs = set(aside)
    whole = {run.parent.parent for run in runs if _is_left_over(run.parent.parent, runs)}
    return sorted(whole | {run for run in runs if run.parent.parent not in whole})


def _is_left_over(folder: Path, gone: set[Path]) -> bool:
    """Whether the folder holds a search on which nobody works, and of its runs only those that are gone."""
    if not is_search(folder) or any(is_held(lock) for lock in folder.glob(WORKER_LOCKS)):
        return False
    return set(_entries(folder / DELETED)) <= gone and not any(is_run(each) for each in _entries(folder))


def _entries(folder: Path) -> list[Path]:
    try:
        return sorted(folder.iterdir())
    except OSError:
        return []


def _free(path: Path) -> Path:
    others = (path.with_name(f"{path.name} ({number})") for number in count(2))
    return path if not path.exists() else next(each for each in others if not each.exists())
