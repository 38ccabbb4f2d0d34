"""Which runs the list shows."""

from dataclasses import dataclass
from enum import StrEnum

from cnngui.core.runs.library import ListedRun


class Which(StrEnum):
    """Runs that are archived, and trials of searches, are hidden unless they are asked for."""

    ACTIVE = "Active"
    ARCHIVED = "Archived"
    TRIALS = "Trials of searches"
    ALL = "All"


@dataclass(frozen=True)
class RunFilter:
    """What has to hold of a run. text: all its words are in its name, data, recipe, tags or note. tag: "" for any.

    A search’s name as the text shows its trials, whatever else is chosen.
    """

    text: str = ""
    which: Which = Which.ACTIVE
    tag: str = ""

    def matches(self, run: ListedRun) -> bool:
        """Whether the run is shown."""
        if self.tag and self.tag not in run.notes.tags:
            return False
        words = self.text.casefold().split()
        if run.search and words and all(word in run.search.casefold() for word in words):
            return True
        is_wanted = self.which in (Which.ALL, _kind(run))
        if not (is_wanted and words):
            return is_wanted
        told = (run.name, run.search, run.data, run.recipe_title, *run.notes.tags, run.notes.note)
        return all(word in "\n".join(told).casefold() for word in words)


def _kind(run: ListedRun) -> Which:
    if run.notes.archived:
        return Which.ARCHIVED
    return Which.TRIALS if run.search else Which.ACTIVE
