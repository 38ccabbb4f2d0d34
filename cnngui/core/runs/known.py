"""The runs of a list that is read again and again: what has ended is read once."""

import time
from pathlib import Path

from cnngui.core.runs.library import ListedRun, Status, describe

ENDED = (Status.STOPPED, Status.PRUNED, Status.FINISHED, Status.FAILED)
SETTLED_SECONDS = 3.0  # file systems round times: a folder that was changed so lately may be so again unseen


class KnownRuns:
    """Describes runs as :func:`cnngui.core.runs.library.describe` does, and remembers those that have ended.

    Whatever changes such a run renames a file in its folder, and that changes the folder's time.
    """

    def __init__(self) -> None:
        self._known: dict[tuple[Path, str], tuple[int, ListedRun]] = {}

    def describe(self, path: Path, name: str, *, kept: bool = False, search: str = "") -> ListedRun | None:
        """The list entry for the run of the model at ``path``; None if there is none."""
        changed = _changed(path.parent)
        stamp, run = self._known.get((path, search), (0, None))
        if run is not None and stamp == changed:
            return run
        self._known.pop((path, search), None)
        found = describe(path, name, kept=kept, search=search)
        is_settled = 0 < changed < time.time_ns() - SETTLED_SECONDS * 1e9
        if found is not None and found.status in ENDED and not found.problem and is_settled:
            self._known[path, search] = changed, found
        return found


def _changed(folder: Path) -> int:
    """When something in the folder was last created or renamed, in nanoseconds since 1970; 0 if it is not there."""
    try:
        return folder.stat().st_mtime_ns
    except OSError:
        return 0
