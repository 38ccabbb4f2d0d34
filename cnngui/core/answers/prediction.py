"""From picture files to answers, one after the other."""

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from cnngui.core.answers.classifier import Classification, Classifier
from cnngui.core.errors import UserError
from cnngui.core.pictures import images
from cnngui.core.pictures.images import Source
from cnngui.core.progress import ShouldStop, never_stop

BATCH = 128  # pictures classified in one call: by 32, each takes half as long again
WAIT_SECONDS = 0.1  # but no answer waits longer than this for others


@dataclass(frozen=True, eq=False)
class Prediction:
    """What came of one picture: an answer, or the reason why there is none.

    pixels: what the network saw, uint8 (views, height, width, 3). It is None, as is the classification, where ``error``
    has a sentence.
    """

    source: Source
    classification: Classification | None = None
    pixels: NDArray[np.uint8] | None = None
    error: str | None = None


def predict(
    classifier: Classifier, sources: Sequence[Source], *, should_stop: ShouldStop = never_stop
) -> Iterator[list[Prediction]]:
    """Answers for all sources, in their order, a few at a time; ends early when ``should_stop`` turns true."""
    batch: list[Prediction] = []
    began = time.monotonic()
    for source in sources:
        if should_stop():
            return
        batch.append(_read(source, classifier.image_size))
        if len(batch) == BATCH or time.monotonic() - began > WAIT_SECONDS:
            yield _answered(classifier, batch)
            batch, began = [], time.monotonic()
    if batch:
        yield _answered(classifier, batch)


def views_of(source: Source, size: tuple[int, int]) -> NDArray[np.uint8]:
    """What a network whose images have this size (height, width) sees of a picture: uint8 (views, height, width, 3).

    Raises UserError as :func:`cnngui.core.pictures.images.read` does.
    """
    return images.to_views(images.read(source, max(images.READ_SIDE, *size)), size)


def _read(source: Source, size: tuple[int, int]) -> Prediction:
    """The picture, not yet classified, or the reason why it cannot be."""
    try:
        pixels = views_of(source, size)
    except UserError as error:
        return Prediction(source, error=str(error))
    except MemoryError:  # this picture is too much; others need not be
        return Prediction(source, error="There is not enough memory for this picture. Reduce it, then open it again.")
    return Prediction(source, pixels=pixels)


def _answered(classifier: Classifier, batch: list[Prediction]) -> list[Prediction]:
    pixels = [prediction.pixels for prediction in batch if prediction.pixels is not None]
    answers = iter(classifier.classify(pixels))
    return [item if item.pixels is None else replace(item, classification=next(answers)) for item in batch]
