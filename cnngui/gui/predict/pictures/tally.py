"""Counts of the pictures in the list."""

from collections import Counter
from dataclasses import dataclass, field

from cnngui.core.answers.evaluation import BINS, Bin, bin_of
from cnngui.gui.predict.pictures.picture import Picture

MatrixCell = tuple[str, str]
"""A cell of the confusion matrix: a picture's label, and the answer, which may be "none of these"."""


@dataclass
class BinTally:
    """The answered labelled pictures of a range of confidence.

    images: how many. confidence: the sum of theirs. right: for how many the likeliest class is the true one.
    """

    images: int = 0
    confidence: float = 0.0
    right: int = 0


@dataclass
class Tally:
    """Counts that follow the list picture by picture: counting ten thousand anew after each answer would be slow.

    waiting: not yet classified. unreadable: with an error instead of an answer. cancelled: had an answer from another
    model, but were cancelled before this one gave theirs. labelled: with a known label. trained_on: training images
    of the model.
    cells: how many labelled pictures fall into each cell of the confusion matrix. bins: the same by confidence.
    """

    waiting: int = 0
    unreadable: int = 0
    cancelled: int = 0
    labelled: int = 0
    trained_on: int = 0
    cells: Counter[MatrixCell] = field(default_factory=Counter)
    bins: list[BinTally] = field(default_factory=lambda: [BinTally() for _ in range(BINS)])

    def add(self, picture: Picture) -> None:
        """Count this picture in."""
        self._count(picture, 1)

    def remove(self, picture: Picture) -> None:
        """Count it out again."""
        self._count(picture, -1)

    @property
    def answered(self) -> int:
        """How many labelled pictures have an answer."""
        return self.cells.total()

    @property
    def correct(self) -> int:
        """How many of those are classified correctly."""
        return sum(count for (truth, label), count in self.cells.items() if truth == label)

    @property
    def reliability(self) -> list[Bin]:
        """The bins of the reliability diagram."""
        return [
            Bin(each.images, each.confidence / max(1, each.images), each.right / max(1, each.images))
            for each in self.bins
        ]

    def _count(self, picture: Picture, by: int) -> None:
        self.waiting += by * picture.waits
        self.unreadable += by * picture.is_unreadable
        self.cancelled += by * picture.is_cancelled
        self.trained_on += by * (picture.answer is not None and picture.answer.trained_on)
        if picture.truth is not None:
            self.labelled += by
            if picture.answer is not None and picture.label is not None:
                self.cells[picture.truth, picture.label] += by
                counted = self.bins[bin_of(picture.answer.confidence)]
                counted.images += by
                counted.confidence += by * picture.answer.confidence
                counted.right += by * (picture.answer.label == picture.truth)
