"""The usual names of a data set's parts: train, training_set, seg_train, val, Test, …"""

import re
import unicodedata
from enum import Enum


class Part(Enum):
    """A part of a data set. UNLABELLED: pictures to be classified, of which nobody knows the class."""

    TRAIN = "train"
    VALIDATION = "validation"
    TEST = "test"
    UNLABELLED = "unlabelled"


_WORDS = {
    Part.TRAIN: ("train", "training", "trains", "trn"),
    Part.VALIDATION: ("val", "valid", "validation", "validate", "validating", "dev", "development"),
    Part.TEST: ("test", "tests", "testing", "tst", "eval", "evaluation", "evaluate", "holdout", "heldout"),
    Part.UNLABELLED: ("pred", "predict", "prediction", "predictions", "unlabeled", "unlabelled", "inference"),
}
_PART_OF_WORD = {word: part for part, words in _WORDS.items() for word in words}

# What people add to these words.
_ADDITIONS = frozenset(
    {
        *("set", "sets", "data", "dataset", "datasets", "ds", "split", "splits", "part", "subset"),
        *("folder", "dir", "directory", "files", "file", "sample", "samples", "the", "my", "of", "x", "v"),
        *(
            "image",
            "images",
            "img",
            "imgs",
            "picture",
            "pictures",
            "pic",
            "pics",
            "photo",
            "photos",
            "jpg",
            "jpeg",
            "png",
        ),
        *("seg", "segmented", "raw", "clean", "cleaned", "processed", "preprocessed", "cropped", "resized"),
        *("augmented", "aug", "original", "originals", "final", "new", "small", "big", "full", "all"),
        *("class", "classes", "labeled", "labelled"),
    }
)
_PIECES = re.compile(r"[^\W\d_]+")
_BORDERS = re.compile(r"(?<=[a-z])(?=[A-Z])")


def part_of(name: str) -> Part | None:
    """The part of a data set that a folder or table of this name usually holds, or None.

    Letter case, digits and punctuation do not count, nor do additions such as "set", "images" or "seg". A name with any
    other word names no part: "test tubes" may be a class.
    """
    text = _BORDERS.sub(" ", unicodedata.normalize("NFKC", name))
    words = [piece for found in _PIECES.findall(text) for piece in _split(found.casefold())]
    parts = {_PART_OF_WORD[word] for word in words if word in _PART_OF_WORD}
    others = [word for word in words if word not in _PART_OF_WORD and word not in _ADDITIONS]
    return parts.pop() if len(parts) == 1 and not others else None


def is_plain_train(name: str) -> bool:
    """Whether the name is just "train", which also is a vehicle."""
    return name.casefold() in ("train", "trains")


def _split(word: str) -> list[str]:
    """A word written together in its two words: "trainset" in "train" and "set"."""
    for cut in range(2, len(word) - 1):
        start, end = word[:cut], word[cut:]
        if (start in _PART_OF_WORD and end in _ADDITIONS) or (start in _ADDITIONS and end in _PART_OF_WORD):
            return [start, end]
    return [word]
