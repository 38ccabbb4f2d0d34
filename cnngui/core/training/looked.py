"""What a network that no longer changes finds in images: looked at once, used for all that follows."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cnngui.core.answers.classifier import IMAGES_PER_CALL, PIXELS_PER_CALL
from cnngui.core.progress import Progress, Report, ShouldStop


@dataclass(frozen=True, eq=False)
class Looked:
    """Of n images, each in one view or in several.

    probabilities: float32 (views, n, classes). features: float32 (views, n, units).
    """

    probabilities: NDArray[np.float32]
    features: NDArray[np.float32]

    def __len__(self) -> int:
        return int(self.features.shape[1])

    @property
    def logits(self) -> NDArray[np.float32]:
        """Float32 (views, n, classes), but for a number that is the same in all of a row."""
        return np.log(np.maximum(self.probabilities, np.finfo(np.float32).tiny))

    @property
    def means(self) -> NDArray[np.float32]:
        """The mean features of the views, float32 (n, units)."""
        return np.asarray(self.features.mean(0))


Look = Callable[[NDArray[np.uint8]], Sequence[NDArray[np.float32]]]
"""From images, uint8 (n, height, width, 3), to probabilities (n, classes) and features (n, units)."""


Views = Callable[[NDArray[np.uint8]], list[NDArray[np.uint8]]]
"""From images to the views of them that are looked at; of each, as many."""


def with_mirror(images: NDArray[np.uint8]) -> list[NDArray[np.uint8]]:
    """Each image, and its mirror image."""
    return [images, images[:, :, ::-1]]


def alone(images: NDArray[np.uint8]) -> list[NDArray[np.uint8]]:
    """Each image as it is."""
    return [images]


def look(
    at: Look, images: NDArray[np.uint8], views: Views, *, text: str, progress: Report, should_stop: ShouldStop
) -> Looked:
    """Look at images, uint8 (n, height, width, 3); after a stop, at fewer, but at some.

    text: what is being done, for the user.
    """
    _, height, width, _ = images.shape
    step = max(1, min(IMAGES_PER_CALL, PIXELS_PER_CALL // (height * width)))
    whole: list[NDArray[np.float32]] = []  # made once, since they may be large
    done = 0
    for start in range(0, len(images), step):
        if done and should_stop():
            break
        progress(Progress(text, start, len(images)))
        found = [at(view) for view in views(images[start : start + step])]
        if not whole:
            whole = [np.empty((len(found), len(images), part.shape[1]), np.float32) for part in found[0]]
        for number, parts in enumerate(found):
            done = start + len(parts[0])
            for target, part in zip(whole, parts, strict=True):
                target[number, start:done] = part
    probabilities, features = (part[:, :done] for part in whole)
    return Looked(probabilities, features)
