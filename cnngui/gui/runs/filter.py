"""Which runs the list shows."""

from dataclasses import dataclass
from enum import StrEnum

from cnngui.core.runs.library import ListedRun


class Which(StrEnum):
    """Runs that are archived are hidden unless they are asked for."""

    ACTIVE = "Active"
    ARCHIVED = "Archived"
    ALL = "All"


@dataclass(frozen=True)
class RunFilter:
    """What has to hold of a run. text: all its words are in its name, data, recipe, tags or note. tag: "" for any."""

    text: str = ""
    which: Which = Which.ACTIVE
    tag: str = ""

    def matches(self, run: ListedRun) -> bool:
        """Whether the run is shown."""
        if self.tag and self.tag not in run.notes.tags:
            return False
        if self.which != Which.ALL and run.notes.archived != (self.which == Which.ARCHIVED):
            return False
        words = self.text.casefold().split()
        if not words:
            return True
        told = "\n".join((run.name, run.data, run.recipe_title, *run.notes.tags, run.notes.note)).casefold()
        return all(word in told for word in words)
