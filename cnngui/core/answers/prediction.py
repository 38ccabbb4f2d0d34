"""Classify picture files, a few at a time."""

import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from cnngui.core import memory
from cnngui.core.answers.classifier import NO_NUMBERS, Classification, Classifier
from cnngui.core.errors import UserError
from cnngui.core.pictures import decoding, images
from cnngui.core.pictures.decoding import Source
from cnngui.core.pictures.gathering import Gathered
from cnngui.core.progress import ShouldStop, never_stop

PICTURES_PER_CALL = 128  # with 32, each picture takes half as long again
WAIT_SECONDS = 0.1  # no answer waits longer than this for others
NO_MEMORY = "There is not enough memory to classify this picture. Close other programs, or choose a smaller model."


@dataclass(frozen=True, eq=False)
class Prediction:
    """The answer for a picture, or the reason why there is none.

    pixels: what the network saw, uint8 (views, height, width, 3).
    error: a sentence for the user; if there is one, classification and pixels are None.
    """

    source: Source
    classification: Classification | None = None
    pixels: NDArray[np.uint8] | None = None
    error: str | None = None


def predict(
    classifier: Classifier, sources: Sequence[Source], *, should_stop: ShouldStop = never_stop
) -> Iterator[list[Prediction]]:
    """Classify all sources, in order, a few at a time. Ends early when ``should_stop`` returns true."""
    batch: list[Prediction] = []
    began = time.monotonic()
    for source in sources:
        if should_stop():
            return
        batch.append(_read(source, classifier))
        if len(batch) == PICTURES_PER_CALL or time.monotonic() - began > WAIT_SECONDS:
            yield _answered(classifier, batch)
            batch, began = [], time.monotonic()
    if batch:
        yield _answered(classifier, batch)


def predict_found(classifier: Classifier, groups: Iterable[Sequence[Gathered]]) -> Iterator[Prediction]:
    """Classify what :func:`cnngui.core.pictures.gathering.gather` finds, in order; no more than a group is held."""
    for group in groups:
        answers = chain.from_iterable(predict(classifier, [each.source for each in group if not each.error]))
        for each in group:
            yield Prediction(each.source, error=each.error) if each.error else next(answers)


def views_of(source: Source, classifier: Classifier) -> NDArray[np.uint8]:
    """The views of a picture that the classifier answers together: uint8 (views, height, width, 3).

    Raises UserError as :func:`cnngui.core.pictures.images.read` does.
    """
    size = classifier.image_size
    picture = images.read(source, max(images.READ_SIDE, *size))
    return images.to_pixels(picture, size)[None] if classifier.sees_whole else images.to_views(picture, size)


def _read(source: Source, classifier: Classifier) -> Prediction:
    """The picture's pixels, not yet classified, or the reason why it cannot be read."""
    try:
        pixels = views_of(source, classifier)
    except UserError as error:
        return Prediction(source, error=str(error))
    except MemoryError:  # only this picture is too large
        return Prediction(source, error=decoding.NO_MEMORY)
    return Prediction(source, pixels=pixels)


def _answered(classifier: Classifier, batch: list[Prediction]) -> list[Prediction]:
    pixels = [prediction.pixels for prediction in batch if prediction.pixels is not None]
    try:
        answers = iter(classifier.classify(pixels))
    except Exception as error:
        if not memory.is_exhausted(error):
            raise
        return [item if item.pixels is None else Prediction(item.source, error=NO_MEMORY) for item in batch]
    return [item if item.pixels is None else _with(item, next(answers)) for item in batch]


def _with(item: Prediction, answer: Classification) -> Prediction:
    if answer.is_number:
        return replace(item, classification=answer)
    return Prediction(item.source, error=NO_NUMBERS)
