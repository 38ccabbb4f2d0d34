"""A training: from a data set and a recipe to a model."""

import platform
import threading
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from cnngui.core import device
from cnngui.core.answers.classifier import IMAGES_PER_CALL, Classifier
from cnngui.core.answers.evaluation import cross_entropy, evaluate_with_answers
from cnngui.core.answers.saved_answers import SavedAnswers
from cnngui.core.data.datasets import Dataset
from cnngui.core.errors import Diverged, Stopped
from cnngui.core.models.card import Card, TrainingRecord, versions
from cnngui.core.models.familiarity import REMEMBERED, Familiarity
from cnngui.core.networks.presets import build
from cnngui.core.progress import Progress, Report, ShouldStop, never_stop, no_report
from cnngui.core.recipes.recipe import Recipe
from cnngui.core.runs.record import Environment, Session, now
from cnngui.core.runs.writer import RunWriter
from cnngui.core.tensorflow_start import start_tensorflow
from cnngui.core.training.control import Control, Stopwatch

if TYPE_CHECKING:
    import keras

    from cnngui.core.data.batches import Batches

LEAST_STATISTICS_BATCHES = 8  # used for batch normalisation even after a stop
DIVERGED = "The training diverged: its loss is no longer a finite number. Try a lower learning rate."
LEAST_CALIBRATION_IMAGES = 100  # fewer validation images would make the temperature noise

_building = threading.Lock()  # the seed and the precision are those of the whole process: one network at a time


@dataclass(frozen=True, eq=False)
class Trained:
    """A trained model, not yet saved.

    network: takes raw pixels (float32, n × height × width × 3, 0–255), returns probabilities (float32, n × classes).
    classes: their names, in the order of the network's outputs.
    stopped: whether the training was stopped early; the test images are not evaluated then.
    answers: on the test images; None if they are not evaluated.
    """

    network: "keras.Model"
    classes: tuple[str, ...]
    training: TrainingRecord
    familiarity: Familiarity
    stopped: bool = False
    answers: SavedAnswers | None = None

    @property
    def card(self) -> Card:
        """The model's card."""
        return Card(self.classes, self.training)

    def classifier(self) -> Classifier:
        """The model, ready to classify."""
        return Classifier(self.network, self.card, self.familiarity)


def train(
    dataset: Dataset,
    recipe: Recipe,
    *,
    progress: Report = no_report,
    should_stop: ShouldStop = never_stop,
    control: Control | None = None,
    run: RunWriter | None = None,
) -> Trained:
    """Train the recipe's network on the data set, then evaluate it once on the test images.

    ``progress`` gets Progress before and after the training, BatchProgress and EpochResult during it.
    run: gets the checkpoints; the training goes on from the one it has.
    When ``should_stop`` returns true, the training ends within one batch and returns what it has learnt; after a warm
    restart, that is the average of the complete cycles.
    Raises Diverged if the loss is no longer a finite number, Stopped if it is stopped and discarded, and UserError if
    the run's checkpoint is that of another network.
    """
    control = control or Control()
    watch = Stopwatch(run.checkpoint.seconds if run is not None and run.checkpoint is not None else 0.0)
    progress(Progress("Preparing the network"))
    start_tensorflow()
    from cnngui.core.training.averaging import average_weights
    from cnngui.core.training.learning import Learning

    precision = precision_of(recipe)
    network = build_network(dataset, recipe, precision)
    final = build_network(dataset, recipe, "float32")  # built now, so that a stop does not wait for it
    if run is not None:
        run.begin_session(_session(run, precision))
    learning = Learning(
        network, dataset, recipe, watch=watch, report=progress, should_stop=should_stop, control=control, run=run
    )
    learning.learn()
    recipe = learning.recipe  # it may have more epochs now
    if learning.diverged:
        raise Diverged(DIVERGED)
    if learning.stopped and not control.keeps:
        raise Stopped
    learning.finish()
    averaging, batches = recipe.optimization.averaging, _batches(dataset, recipe)
    if averaging == "cycles" and learning.best is None and learning.ends:
        network.set_weights(average_weights(learning.ends))
    if averaging == "moving" or (averaging == "cycles" and len(learning.ends) > 1):
        _update_statistics(network, batches, progress, should_stop)
    final.set_weights(network.get_weights())
    training = TrainingRecord(
        data=dataset.title,
        source=dataset.source,
        images={"training": len(dataset.train), "validation": len(dataset.validation), "test": len(dataset.test)},
        recipe=recipe,
        history=tuple(learning.history),
        test_loss=None,
        test_accuracy=None,
        seconds=watch.seconds,
        precision=precision,
        ended=datetime.now().astimezone().isoformat(timespec="seconds"),
        doubles=dataset.doubles or (),
    )
    trained = _calibrated(final, training, dataset, progress, should_stop)
    if learning.stopped:
        return replace(trained, stopped=True)
    try:
        test, probabilities = evaluate_with_answers(
            trained.classifier(), dataset, progress=progress, should_stop=should_stop
        )
    except Stopped:
        return replace(trained, stopped=True)
    return replace(
        trained,
        answers=SavedAnswers.of(dataset.test.images, dataset.test.labels, probabilities),
        training=replace(
            trained.training,
            test_loss=test.loss,
            test_accuracy=test.accuracy,
            test_most_frequent=test.score.most_frequent,
            seconds=watch.seconds,
        ),
    )


def precision_of(recipe: Recipe) -> str:
    """The Keras dtype policy that the recipe's network is trained in here."""
    # Small networks gain nothing from a lower precision, and depthwise convolutions are slower in it.
    return device.fastest_precision() if recipe.network.shape in ("whitened", "residual") else "float32"


def _session(run: RunWriter, precision: str) -> Session:
    epoch = run.checkpoint.epoch if run.checkpoint is not None else 0
    return Session(now(), epoch, Environment(versions(), device.describe(), precision, platform.node()))


def _calibrated(
    network: "keras.Model", training: TrainingRecord, dataset: Dataset, progress: Report, should_stop: ShouldStop
) -> Trained:
    """The trained network as the model to save: with its temperature and familiarity.

    network: float32, returns logits. training: its temperature is ignored. After a stop, fewer images are used.
    Raises Diverged if its answers are not finite.
    """
    from cnngui.core.models.deployment import best_temperature, deployed, tempered
    from cnngui.core.networks.layers import FEATURES

    mirror = (
        training.recipe.augmentation.horizontal_flip
    )  # otherwise the network does not know that a mirror image shows the same
    plain = Classifier(deployed(network, mirror=False), Card(dataset.classes, training))
    probabilities, validation = _answers(plain, dataset.validation.images, mirror, progress, should_stop)
    _, remembered = _answers(plain, dataset.train.images[:REMEMBERED], mirror, progress, should_stop)
    if not all(np.isfinite(each).all() for each in (probabilities, validation, remembered)):
        raise Diverged(DIVERGED)  # the last update may do what no loss has shown yet
    labels = dataset.validation.labels[: len(validation)]
    # As good as the logits: the logarithms differ from them by the same number in all of a row.
    logits = np.log(np.maximum(probabilities, np.finfo(np.float32).tiny))
    temperature = best_temperature(logits, labels) if len(labels) >= LEAST_CALIBRATION_IMAGES else 1.0
    is_complete = len(labels) == len(dataset.validation)
    loss = cross_entropy(tempered(logits, temperature), labels) if is_complete else None
    return Trained(
        network=deployed(network, mirror=mirror, temperature=temperature),
        classes=dataset.classes,
        training=replace(training, temperature=temperature, validation_loss=loss),
        familiarity=Familiarity.fitted(remembered, validation, split=network.get_layer(FEATURES).output.shape[-1]),
    )


def _answers(
    classifier: Classifier, images: NDArray[np.uint8], mirror: bool, progress: Report, should_stop: ShouldStop
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Probabilities (views, n, classes) and mean features of the views (n, units); after a stop, of fewer images.

    mirror: whether the mirror image of each image is a second view.
    """
    parts: list[tuple[NDArray[np.float32], NDArray[np.float32]]] = []
    for start in range(0, len(images), IMAGES_PER_CALL):
        if parts and should_stop():
            break
        progress(Progress("Calibrating the model", start, len(images)))
        chunk = images[start : start + IMAGES_PER_CALL]
        views = [classifier.look(view) for view in ([chunk, chunk[:, :, ::-1]] if mirror else [chunk])]
        probabilities, features = (np.stack(part) for part in zip(*views, strict=True))
        parts.append((probabilities, features.mean(0)))
    return np.concatenate([part for part, _ in parts], axis=1), np.concatenate([part for _, part in parts])


def build_network(dataset: Dataset, recipe: Recipe, precision: str) -> "keras.Model":
    """A new network for the recipe, returning logits, under the Keras dtype policy ``precision``."""
    import keras

    with _building:
        keras.utils.set_random_seed(recipe.seed)
        before = keras.config.dtype_policy()
        keras.config.set_dtype_policy(precision)
        try:
            return build(recipe.network, dataset.train.images, len(dataset.classes))
        finally:
            keras.config.set_dtype_policy(before)


def _update_statistics(network: "keras.Model", batches: "Batches", progress: Report, should_stop: ShouldStop) -> None:
    """Compute the statistics of averaged weights. After a stop, fewer batches are used.

    batches: of the training images, before their first epoch, so that CutMix is not applied.
    """
    from cnngui.core.training.averaging import update_statistics

    def images() -> Iterator[NDArray[np.uint8]]:
        for index in range(len(batches)):
            if index >= LEAST_STATISTICS_BATCHES and should_stop():
                return
            progress(Progress("Averaging the weights", index, len(batches)))
            yield batches[index][0]

    update_statistics(network, images())


def _batches(dataset: Dataset, recipe: Recipe) -> "Batches":
    """The training images, augmented as the recipe says."""
    from cnngui.core.data.batches import Batches

    return Batches(dataset.train, len(dataset.classes), recipe.optimization.batch_size, recipe)
