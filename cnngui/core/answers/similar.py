"""The training images most similar to a picture, among those whose features the model stores."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from cnngui.core.answers.classifier import Classifier
from cnngui.core.data import datasets, test_part
from cnngui.core.data.datasets import Split
from cnngui.core.data.stored_images import taken
from cnngui.core.errors import UserError
from cnngui.core.models.familiarity import directions
from cnngui.core.progress import ShouldStop, never_stop

COUNT = 5
CHECKED = 10  # images that are compared to make sure that the data is what the model was trained on
SAME = 0.995  # lowest cosine similarity of the same image in different precisions


@dataclass(frozen=True, eq=False)
class Similar:
    """A training image, uint8 (height, width, 3), its class, and its cosine similarity to the picture, −1 to 1."""

    image: NDArray[np.uint8]
    label: str
    similarity: float


def remembered_images(
    classifier: Classifier, data_dir: Path | None = None, *, should_stop: ShouldStop = never_stop
) -> Split | None:
    """The training images whose features the model stores, in its order; None if they are not on this computer.

    data_dir: where CIFAR-10 is, as in :func:`cnngui.core.data.datasets.load`; nothing is downloaded.
    Raises Stopped.
    """
    card, familiarity = classifier.card, classifier.familiarity
    training = card.training
    if familiarity is None or training is None or not may_remember(classifier, data_dir):
        return None
    try:
        dataset = datasets.load(
            training.source,
            data_dir=data_dir,
            seed=training.recipe.seed,
            validation_fraction=training.recipe.validation.fraction,
            doubles=training.doubles,
            side=classifier.image_size[0],
            should_stop=should_stop,
        )
    except UserError:  # the data is no longer complete
        return None
    count = len(familiarity.remembered)
    images = taken(dataset.train.images, np.arange(min(count, len(dataset.train))))  # the copy frees the rest
    labels = dataset.train.labels[:count]
    if dataset.classes != card.classes or len(labels) < count or images.shape[1:3] != classifier.image_size:
        return None
    _, features = classifier.look(images[:CHECKED])
    similarity = (directions(features, familiarity.split) * familiarity.remembered[:CHECKED]).sum(1)
    return Split(images, labels) if similarity.min() > SAME else None


def may_remember(classifier: Classifier, data_dir: Path | None = None) -> bool:
    """Whether the model stores features, and its data seems to be on this computer. Nothing is read."""
    training = classifier.card.training
    return (
        classifier.familiarity is not None and training is not None and not test_part.missing(training.source, data_dir)
    )


def most_similar(classifier: Classifier, views: NDArray[np.uint8], remembered: Split) -> list[Similar]:
    """The five training images most similar to a picture, most similar first.

    views: uint8 (views, height, width, 3). remembered: what :func:`remembered_images` returns for this classifier.
    Similarity is that of :class:`~cnngui.core.models.familiarity.Familiarity`, averaged over the views.
    """
    if classifier.familiarity is None:
        return []
    _, features = classifier.look(views)
    similarity = classifier.familiarity.similarities(features).mean(0)
    nearest = np.argsort(-similarity)[:COUNT]
    classes = classifier.card.classes
    return [Similar(remembered.images[i], classes[remembered.labels[i]], float(similarity[i])) for i in nearest]
