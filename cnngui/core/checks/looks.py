"""What pictures look like, in numbers small enough to compare thousands of them."""

import hashlib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from cnngui import paths
from cnngui.core.answers.classifier import Classifier
from cnngui.core.models.familiarity import directions
from cnngui.core.pictures.images import resized

SIDE = 32  # of the grey pictures, in pixels: the usual size for a perceptual hash
_LUMA = np.array([0.299, 0.587, 0.114], np.float32)  # of red, green and blue (ITU-R BT.601)


@dataclass(frozen=True, eq=False)
class Looks:
    """What n pictures look like.

    pixels: in grey, uint8 (n, 32, 32). features: the directions of a network's features of both depths, float16
    (n, units), each of length 1; see :func:`cnngui.core.models.familiarity.directions`.
    """

    pixels: NDArray[np.uint8]
    features: NDArray[np.float16]

    def __len__(self) -> int:
        return len(self.pixels)


@dataclass(frozen=True, eq=False)
class Extractor:
    """Makes looks with a model's features. key: identifies the model, for what is remembered."""

    classifier: Classifier
    key: str

    @classmethod
    def load(cls, model: Path | None = None) -> "Extractor":
        """That of a model, by default the one that ships. Raises UserError as :meth:`Classifier.load`."""
        path = model or paths.shipped_model()
        return cls.of(Classifier.load(path), path)

    @classmethod
    def of(cls, classifier: Classifier, path: Path) -> "Extractor":
        """That of a model that is open. path: of its file, whose content is the key. Raises OSError."""
        return cls(classifier, hashlib.blake2b(path.read_bytes(), digest_size=16).hexdigest())

    def looks(self, images: NDArray[np.uint8]) -> Looks:
        """The looks of RGB images, uint8 (n, height, width, 3)."""
        _, features = self.classifier.look(resized(images, self.classifier.image_size))
        familiarity = self.classifier.familiarity
        split = features.shape[1] if familiarity is None else familiarity.split
        small = resized(images, (SIDE, SIDE)).astype(np.float32)
        return Looks(np.rint(small @ _LUMA).astype(np.uint8), directions(features, split).astype(np.float16))


@cache
def shipped_extractor() -> Extractor:
    """That of the model that ships, opened once: it is a second's work. Raises UserError as :meth:`Extractor.load`."""
    return Extractor.load()
