"""The training images that are most like a picture, among those that a model remembers."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from cnngui.core.answers.classifier import Classifier
from cnngui.core.data import cifar10, datasets
from cnngui.core.data.datasets import Split
from cnngui.core.errors import UserError
from cnngui.core.files import is_folder
from cnngui.core.models.familiarity import directions
from cnngui.core.progress import ShouldStop, never_stop

COUNT = 5
CHECKED = 10  # images, by which the data is known to be what the model has learnt from
SAME = 0.995  # the least cosine for the same image, whatever a processor's precision does


@dataclass(frozen=True, eq=False)
class Similar:
    """A training image, uint8 (height, width, 3), its class, and how alike it is, −1 to 1 (a cosine)."""

    image: NDArray[np.uint8]
    label: str
    likeness: float


def remembered_images(
    classifier: Classifier, data_dir: Path | None = None, *, should_stop: ShouldStop = never_stop
) -> Split | None:
    """The training images that the model remembers, in its order; None where they are not on this computer.

    ``data_dir`` is where CIFAR-10 is, as in :func:`cnngui.core.data.datasets.load`; nothing is downloaded for this.
    Raises Stopped.
    """
    card, familiarity = classifier.card, classifier.familiarity
    if familiarity is None or card.recipe is None or not _is_there(card.source, data_dir):
        return None
    recipe = card.recipe
    try:
        dataset = datasets.load(
            card.source, data_dir=data_dir, seed=recipe.seed, held_out=recipe.held_out, should_stop=should_stop
        )
    except UserError:  # what is left there is no data any more
        return None
    count = len(familiarity.remembered)
    images, labels = dataset.train.images[:count].copy(), dataset.train.labels[:count]  # the rest is not kept
    if dataset.classes != card.classes or len(labels) < count or images.shape[1:3] != classifier.image_size:
        return None
    _, features = classifier.look(images[:CHECKED])
    likeness = (directions(features, familiarity.split) * familiarity.remembered[:CHECKED]).sum(1)
    return Split(images, labels) if likeness.min() > SAME else None


def most_similar(classifier: Classifier, views: NDArray[np.uint8], remembered: Split) -> list[Similar]:
    """The five images nearest to a picture, the nearest first, by the mean over its views.

    views: uint8 (views, height, width, 3). remembered: as :func:`remembered_images` has found them for this classifier.
    The likeness is the one by which :class:`~cnngui.core.models.familiarity.Familiarity` knows what is familiar.
    """
    if classifier.familiarity is None:
        return []
    _, features = classifier.look(views)
    likeness = classifier.familiarity.likeness(features).mean(0)
    nearest = np.argsort(-likeness)[:COUNT]
    classes = classifier.card.classes
    return [Similar(remembered.images[i], classes[remembered.labels[i]], float(likeness[i])) for i in nearest]


def _is_there(source: str, data_dir: Path | None) -> bool:
    if source == datasets.SHAPES:
        return True
    if source != datasets.CIFAR10:
        # A card may come from anyone: looking at a place like \\\\server\\share would sign in there.
        leads_elsewhere = source.replace("/", "\\").startswith("\\\\")
        return source != "" and not leads_elsewhere and is_folder(Path(source))
    try:
        place = cifar10.find(data_dir)
    except UserError:
        return False
    return place is not None and place.is_dir()
