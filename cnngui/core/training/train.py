"""A training, from a data set and a recipe to a model."""

import gc
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from cnngui.core import device
from cnngui.core.answers.classifier import BATCH, Classifier
from cnngui.core.answers.evaluation import evaluate
from cnngui.core.data.datasets import Dataset
from cnngui.core.errors import Stopped, UserError
from cnngui.core.models.familiarity import REMEMBERED, Familiarity
from cnngui.core.models.file import Card
from cnngui.core.progress import EpochResult, Progress, Report, ShouldStop, never_stop, no_report
from cnngui.core.recipes.recipe import Recipe
from cnngui.core.tensorflow_start import start_tensorflow

if TYPE_CHECKING:
    import keras

    from cnngui.core.data.batches import Batches

VALIDATION_BATCH = 500
FEWEST_BATCHES = 8  # that are looked at after a stop
FEWEST_FOR_TEMPERATURE = 100  # validation images: on fewer it would be noise


@dataclass(frozen=True, eq=False)
class Trained:
    """What a training came to, not yet saved.

    network: takes raw pixels (float32, n × height × width × 3, 0–255), returns probabilities (float32, n × classes).
    familiarity: what familiar pictures are known by.
    stopped: whether it was stopped early; then nothing is known of the test images.
    """

    network: "keras.Model"
    card: Card
    familiarity: Familiarity
    stopped: bool

    def classifier(self) -> Classifier:
        """The model, ready to answer."""
        return Classifier(self.network, self.card, self.familiarity)


def train(
    dataset: Dataset, recipe: Recipe, *, progress: Report = no_report, should_stop: ShouldStop = never_stop
) -> Trained:
    """Train the recipe's network on the data set, then look at the test images once.

    ``progress`` gets Progress for what is done before and after, BatchProgress and EpochResult in between.
    When ``should_stop`` turns true the training ends within one batch and what it has learnt is returned; after a
    restart that is the average of the cycles that were over.
    Raises UserError where the training comes to nothing, since its loss is no longer a number.
    """
    began = time.monotonic()
    progress(Progress("Preparing the network"))
    start_tensorflow()
    gc.collect()  # or an earlier training, whose network is full of cycles, would be in memory beside this one
    from cnngui.core.training.callbacks import ProgressCallback

    # Adam's networks are the article's, too small to gain by another precision.
    precision = device.fastest_precision() if recipe.optimizer == "sgd" else "float32"
    network = _build(dataset, recipe, precision)
    answering = _build(dataset, recipe, "float32")  # now, so that a stop need not wait for it
    history: list[EpochResult] = []

    def report(value: object) -> None:
        if isinstance(value, EpochResult):
            history.append(value)
        progress(value)

    callback = ProgressCallback(
        images=len(dataset.train),
        batch_size=recipe.batch_size,
        epochs=recipe.epochs,
        report=report,
        should_stop=should_stop,
    )
    ends = _fit(network, dataset, recipe, callback)
    if callback.diverged:
        raise UserError("The loss grew beyond all bounds, so nothing was learnt. Try a lower learning rate.")
    if ends and len(recipe.cycles) > 1:
        _average(network, ends, _batches(dataset, recipe), progress, should_stop)
    answering.set_weights(network.get_weights())
    card = Card(
        classes=dataset.classes,
        data=dataset.title,
        images={"training": len(dataset.train), "validation": len(dataset.validation), "test": len(dataset.test)},
        recipe=recipe,
        history=tuple(history),
        test_loss=None,
        test_accuracy=None,
        seconds=time.monotonic() - began,
        precision=precision,
        source=dataset.source,
    )
    trained = _calibrated(answering, card, recipe, dataset, progress, should_stop)
    if callback.stopped:
        return replace(trained, stopped=True)
    try:
        test = evaluate(trained.classifier(), dataset, progress=progress, should_stop=should_stop)
    except Stopped:
        return replace(trained, stopped=True)
    card = replace(trained.card, test_loss=test.loss, test_accuracy=test.accuracy, seconds=time.monotonic() - began)
    return replace(trained, card=card)


def _calibrated(
    network: "keras.Model", card: Card, recipe: Recipe, dataset: Dataset, progress: Report, should_stop: ShouldStop
) -> Trained:
    """The trained network as it answers: with a temperature, and with what familiar pictures are known by.

    network: float32, returns logits. card: its temperature is not used. After a stop fewer images are looked at.
    """
    from cnngui.core.models.deployment import best_temperature, deployed
    from cnngui.core.networks.presets import FEATURES

    mirror = recipe.augment  # only then has it learnt that a mirror image shows the same
    plain = Classifier(deployed(network, mirror=False), card)
    probabilities, validation = _looked_at(plain, dataset.validation.images, mirror, progress, should_stop)
    _, remembered = _looked_at(plain, dataset.train.images[:REMEMBERED], mirror, progress, should_stop)
    temperature = 1.0
    if (count := len(validation)) >= FEWEST_FOR_TEMPERATURE:
        # As good as logits, which differ from their probabilities' logarithms by one number in each row.
        logits = np.log(np.maximum(probabilities, np.finfo(np.float32).tiny))
        temperature = best_temperature(logits, dataset.validation.labels[:count])
    return Trained(
        network=deployed(network, mirror=mirror, temperature=temperature),
        card=replace(card, temperature=temperature),
        familiarity=Familiarity.fitted(remembered, validation, split=network.get_layer(FEATURES).output.shape[-1]),
        stopped=False,
    )


def _looked_at(
    classifier: Classifier, images: NDArray[np.uint8], mirror: bool, progress: Report, should_stop: ShouldStop
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Probabilities (views, n, classes) and the views' mean features (n, units); after a stop, of the first only.

    mirror: whether each image is also looked at in the mirror.
    """
    parts: list[tuple[NDArray[np.float32], NDArray[np.float32]]] = []
    for start in range(0, len(images), BATCH):
        if parts and should_stop():
            break
        progress(Progress("Calibrating the answers", start, len(images)))
        some = images[start : start + BATCH]
        looks = [classifier.look(view) for view in ([some, some[:, :, ::-1]] if mirror else [some])]
        probabilities, features = (np.stack(part) for part in zip(*looks, strict=True))
        parts.append((probabilities, features.mean(0)))
    return np.concatenate([part for part, _ in parts], axis=1), np.concatenate([part for _, part in parts])


def _build(dataset: Dataset, recipe: Recipe, precision: str) -> "keras.Model":
    """The recipe's network, new, returning logits, under the Keras dtype policy ``precision``."""
    import keras

    from cnngui.core.networks.presets import NETWORKS

    keras.utils.set_random_seed(recipe.seed)
    before = keras.config.dtype_policy()
    keras.config.set_dtype_policy(precision)
    try:
        return NETWORKS[recipe.network](dataset.train.images, len(dataset.classes), recipe.width)
    finally:
        keras.config.set_dtype_policy(before)


def _fit(
    network: "keras.Model", dataset: Dataset, recipe: Recipe, callback: "keras.callbacks.Callback"
) -> list[list[NDArray[np.float32]]]:
    """Train the network; the weights at the ends of its cycles, as far as it came."""
    import keras

    from cnngui.core.data.batches import Batches
    from cnngui.core.training.averaging import CycleEnds
    from cnngui.core.training.optimizers import optimizer

    training = _batches(dataset, recipe)
    validation = Batches(dataset.validation, len(dataset.classes), VALIDATION_BATCH)
    beginning = keras.callbacks.LambdaCallback(on_epoch_begin=lambda epoch, logs: training.begin_epoch())
    ends = CycleEnds(recipe.cycles)
    network.compile(
        optimizer(recipe, steps=recipe.epochs * len(training)),
        keras.losses.CategoricalCrossentropy(from_logits=True, label_smoothing=recipe.label_smoothing),
        metrics=["accuracy"],
        jit_compile=False,  # XLA makes these networks slower on a processor
    )
    network.fit(
        training.dataset(),
        epochs=recipe.epochs,
        validation_data=validation.dataset(),
        callbacks=[beginning, ends, callback],
        shuffle=False,  # Batches does, by the seed alone
        verbose=0,
    )
    return ends.kept


def _average(
    network: "keras.Model",
    ends: list[list[NDArray[np.float32]]],
    batches: "Batches",
    progress: Report,
    should_stop: ShouldStop,
) -> None:
    """Give the network the average of the cycles' ends. After a stop fewer of the batches are looked at for it.

    batches: of the training images, of which no epoch was begun, so that they are not mixed.
    """
    from cnngui.core.training.averaging import averaged, renew_statistics

    def looked_at() -> Iterator[NDArray[np.uint8]]:
        for index in range(len(batches)):
            if index >= FEWEST_BATCHES and should_stop():
                return
            progress(Progress("Averaging what was learnt", index, len(batches)))
            yield batches[index][0]

    network.set_weights(averaged(ends))
    if len(ends) > 1:
        renew_statistics(network, looked_at())


def _batches(dataset: Dataset, recipe: Recipe) -> "Batches":
    """The training images as the recipe wants them."""
    from cnngui.core.data.batches import Batches

    return Batches(
        dataset.train,
        len(dataset.classes),
        recipe.batch_size,
        augment=recipe.augment,
        photographs=recipe.photographs,
        mixed_epochs=recipe.mixed_epochs,
        seed=recipe.seed,
    )
