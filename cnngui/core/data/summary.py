"""What was found in a data set, for the user to check before a training."""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cnngui.core.data.datasets import TEST_FRACTION, TEST_SEED, RawData, Split, groups_of
from cnngui.core.data.division import hold_out
from cnngui.core.sentences import counted, some_of

SAMPLES = 4  # images shown of each class
MOST_NAMED = 12  # classes in a sentence
LEAST_MARGIN = 0.015  # a smaller one is not worth a sentence
Z = 1.96  # standard errors around a 95 % confidence interval


@dataclass(frozen=True, eq=False)
class Summary:
    """What a data set holds.

    counts: the images of each class. train, validation, test: the numbers of images in each split.
    samples: up to four images of each class, uint8 (n, side, side, 3).
    notes: sentences about what is not used. left_out: a sentence for each picture that could not be read.
    """

    title: str
    classes: tuple[str, ...]
    counts: tuple[int, ...]
    train: int
    validation: int
    test: int
    samples: tuple[NDArray[np.uint8], ...]
    notes: tuple[str, ...]
    left_out: tuple[str, ...]

    @property
    def parts(self) -> dict[str, int]:
        """The number of images for "training", "validation" and "test"."""
        return {"training": self.train, "validation": self.validation, "test": self.test}

    @property
    def division(self) -> str:
        """How the images are divided, and how little a small test set says."""
        text = f"{self.train:,} images for training, {self.validation:,} for validation, {self.test:,} for the test."
        margin = margin_of(self.test)
        if margin < LEAST_MARGIN:
            return text
        points = f"{100 * margin:.0f} percentage points"
        return f"{text} With {counted(self.test, 'test image')}, the accuracy is uncertain by up to {points}."

    @property
    def sentences(self) -> tuple[str, ...]:
        """The summary in words, without the pictures that could not be read."""
        named = [f"{name} {count:,}" for name, count in zip(self.classes, self.counts, strict=True)]
        total = counted(sum(self.counts), "image")
        head = f"{self.title}: {total} in {len(self.classes):,} classes: {some_of(named, MOST_NAMED)}."
        return (head, self.division, *self.notes)


def summarize(raw: RawData, validation_fraction: float, seed: int = 0) -> Summary:
    """Describe the data; ``validation_fraction`` and ``seed`` are those of the recipe. No image is copied for it.

    The seed matters only where near-doubles stay together.
    """
    splits = [split for split in (raw.train, raw.validation, raw.test) if split is not None]
    counts = sum(np.bincount(split.labels, minlength=len(raw.classes)) for split in splits)
    train, validation, test = _sizes(raw, validation_fraction, seed)
    return Summary(
        title=raw.title,
        classes=raw.classes,
        counts=tuple(np.asarray(counts).tolist()),
        train=train,
        validation=validation,
        test=test,
        samples=tuple(_samples(raw.train, label) for label in range(len(raw.classes))),
        notes=raw.notes,
        left_out=raw.left_out,
    )


def _sizes(raw: RawData, validation_fraction: float, seed: int) -> tuple[int, int, int]:
    """How many images :func:`cnngui.core.data.datasets.divide` puts into training, validation and test."""
    labels, groups = raw.train.labels, groups_of(raw)
    sizes = [0 if part is None else len(part) for part in (raw.test, raw.validation)]
    held_out = ((raw.test, TEST_FRACTION, TEST_SEED), (raw.validation, validation_fraction, seed))
    for place, (stored, fraction, its_seed) in enumerate(held_out):
        if stored is None:
            rest, held = hold_out(labels, fraction, its_seed, groups)
            labels, groups, sizes[place] = labels[rest], None if groups is None else groups[rest], len(held)
    return len(labels), sizes[1], sizes[0]


def margin_of(images: int) -> float:
    """Half the widest 95 % confidence interval of an accuracy, 0–1, that was measured on so many images."""
    return Z * math.sqrt(0.25 / images) if images else 1.0


def _samples(split: Split, label: int) -> NDArray[np.uint8]:
    """A few images of a class, spread over all of them."""
    members = np.flatnonzero(split.labels == label)
    chosen = members[np.linspace(0, len(members) - 1, min(SAMPLES, len(members))).astype(int)]
    samples: NDArray[np.uint8] = split.images[chosen]
    return samples
