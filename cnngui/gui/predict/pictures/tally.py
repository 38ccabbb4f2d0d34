"""How many pictures of each kind the list holds."""

from collections import Counter
from dataclasses import dataclass, field

from cnngui.gui.predict.pictures.picture import Picture

Outcome = tuple[str, str]
"""A picture's label and what the model says, which may be "none of these"."""


@dataclass
class Tally:
    """Counts that are kept up picture by picture: ten thousand are too many to look through at every answer.

    waiting: without an answer so far. failures: that cannot be read. cancelled: which another model had an answer for.
    labelled: whose label is known.
    outcomes: how often each answer was given to pictures of each label.
    """

    waiting: int = 0
    failures: int = 0
    cancelled: int = 0
    labelled: int = 0
    outcomes: Counter[Outcome] = field(default_factory=Counter)

    def add(self, picture: Picture) -> None:
        """Count this picture."""
        self._count(picture, 1)

    def remove(self, picture: Picture) -> None:
        """Count it no more."""
        self._count(picture, -1)

    @property
    def answered(self) -> int:
        """How many labelled pictures have an answer."""
        return self.outcomes.total()

    @property
    def right(self) -> int:
        """How many of those are named by their label."""
        return sum(count for (truth, label), count in self.outcomes.items() if truth == label)

    def _count(self, picture: Picture, by: int) -> None:
        self.waiting += by * picture.waits
        self.failures += by * picture.is_refused
        self.cancelled += by * picture.is_cancelled
        if picture.truth is not None:
            self.labelled += by
            if picture.label is not None:
                self.outcomes[picture.truth, picture.label] += by
