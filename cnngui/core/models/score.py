"""How many test images a model gets right, in words, and whether that is better than guessing."""

import math
from dataclasses import dataclass

from cnngui.core.sentences import percent

SIGNIFICANCE = 0.05  # guessing gets this score or a better one in at most one of twenty tests


@dataclass(frozen=True)
class Score:
    """A result on the test images.

    accuracy: 0–1. images: their number. most_frequent: how many of them are in the class that has most. Each of the
    numbers is None if unknown.
    """

    accuracy: float
    images: int | None = None
    most_frequent: int | None = None

    @property
    def correct(self) -> int | None:
        """The number of correct images; None if unknown."""
        return None if self.images is None else round(self.accuracy * self.images)

    @property
    def is_no_better_than_guessing(self) -> bool:
        """Whether always naming the most frequent class could do as well, by a one-sided exact binomial test at 95 %.

        False if the numbers are unknown.
        """
        if self.images is None or self.correct is None or self.most_frequent is None:
            return False
        if self.correct <= self.most_frequent:  # guessing does as well in every other test
            return True
        return chance(self.correct, self.images, self.most_frequent / self.images) > SIGNIFICANCE

    @property
    def is_too_small(self) -> bool:
        """Whether there are so few images of several classes that even all of them correct may be luck."""
        if self.images is None or self.most_frequent is None or self.most_frequent == self.images:
            return False
        return chance(self.images, self.images, self.most_frequent / self.images) > SIGNIFICANCE

    @property
    def figures(self) -> str:
        """The numbers alone: "41 of 48 (85.4 %)"."""
        share = percent(self.accuracy, 1)
        return share if self.correct is None else f"{self.correct:,} of {self.images:,} ({share})"

    def __str__(self) -> str:
        """A result for people: "41 of 48 test images correct (85.4 %)", after a warning if need be."""
        return self.told_of("test images")

    def told_of(self, images: str) -> str:
        """The same for images of another kind, such as "labelled pictures"."""
        share = percent(self.accuracy, 1)
        if self.correct is None:
            return f"{share} of the {images} correct"
        text = f"{self.correct:,} of {self.images:,} {images} correct ({share})"
        if not self.is_no_better_than_guessing:
            return text
        return f"{text}, too few to tell it from guessing" if self.is_too_small else f"No better than guessing: {text}"


def chance(correct: int, images: int, share: float) -> float:
    """The probability of at least ``correct`` hits in ``images`` independent guesses. share: of a hit, 0–1."""
    if correct <= 0 or share >= 1:
        return 1.0
    if share <= 0:
        return 0.0
    total = 0.0
    for hits in range(correct, images + 1):
        term = math.exp(
            math.lgamma(images + 1)
            - math.lgamma(hits + 1)
            - math.lgamma(images - hits + 1)
            + hits * math.log(share)
            + (images - hits) * math.log1p(-share)
        )
        total += term
        if hits > images * share and term <= 1e-12 * total:  # from there on, the terms fall faster and faster
            break
    return min(total, 1.0)
