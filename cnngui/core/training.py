"""A training, from a data set and a recipe to a model."""

import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from cnngui.core import device
from cnngui.core.classifier import Classifier
from cnngui.core.datasets import Dataset
from cnngui.core.errors import Stopped, UserError
from cnngui.core.evaluation import evaluate
from cnngui.core.model_file import Card
from cnngui.core.progress import EpochResult, Progress, Report, ShouldStop, never_stop, no_report
from cnngui.core.recipes import Recipe
from cnngui.core.start import start_tensorflow

if TYPE_CHECKING:
    import keras

VALIDATION_BATCH = 500


@dataclass(frozen=True, eq=False)
class Trained:
    """What a training came to, not yet saved.

    network: takes raw pixels (float32, n × height × width × 3, 0–255), returns probabilities (float32, n × classes).
    stopped: whether it was stopped early; then nothing is known of the test images.
    """

    network: "keras.Model"
    card: Card
    stopped: bool


def train(
    dataset: Dataset, recipe: Recipe, *, progress: Report = no_report, should_stop: ShouldStop = never_stop
) -> Trained:
    """Train the recipe's network on the data set, then look at the test images once.

    ``progress`` gets Progress for what is done before and after, BatchProgress and EpochResult in between.
    When ``should_stop`` turns true the training ends within one batch and what it has learnt is returned.
    Raises UserError where the training comes to nothing, since its loss is no longer a number.
    """
    began = time.monotonic()
    progress(Progress("Preparing the network"))
    start_tensorflow()
    import keras

    from cnngui.core.callbacks import ProgressCallback

    # Adam's networks are the article's, too small to gain by another precision.
    precision = device.fastest_precision() if recipe.optimizer == "sgd" else "float32"
    network = _build(dataset, recipe, precision)
    deployed = _build(dataset, recipe, "float32")  # now, so that a stop need not wait for it
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
    _fit(network, dataset, recipe, callback)
    if callback.diverged:
        raise UserError("The loss grew beyond all bounds, so nothing was learnt. Try a lower learning rate.")

    deployed.set_weights(network.get_weights())
    deployed = keras.Model(deployed.inputs[0], keras.layers.Softmax(name="probabilities")(deployed.outputs[0]))
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
    )
    if callback.stopped:
        return Trained(deployed, card, stopped=True)
    try:
        test = evaluate(Classifier(deployed, card), dataset, progress=progress, should_stop=should_stop)
    except Stopped:
        return Trained(deployed, card, stopped=True)
    seconds = time.monotonic() - began
    return Trained(
        deployed, replace(card, test_loss=test.loss, test_accuracy=test.accuracy, seconds=seconds), stopped=False
    )


def _build(dataset: Dataset, recipe: Recipe, precision: str) -> "keras.Model":
    """The recipe's network, new, returning logits, under the Keras dtype policy ``precision``."""
    import keras

    from cnngui.core.networks import NETWORKS

    keras.utils.set_random_seed(recipe.seed)
    before = keras.config.dtype_policy()
    keras.config.set_dtype_policy(precision)
    try:
        return NETWORKS[recipe.network](dataset.train.images, len(dataset.classes), recipe.width)
    finally:
        keras.config.set_dtype_policy(before)


def _fit(network: "keras.Model", dataset: Dataset, recipe: Recipe, callback: "keras.callbacks.Callback") -> None:
    import keras

    from cnngui.core.batches import Batches
    from cnngui.core.optimizers import optimizer

    classes = len(dataset.classes)
    training = Batches(dataset.train, classes, recipe.batch_size, augment=recipe.augment, seed=recipe.seed)
    network.compile(
        optimizer(recipe, steps=recipe.epochs * len(training)),
        keras.losses.CategoricalCrossentropy(from_logits=True, label_smoothing=recipe.label_smoothing),
        metrics=["accuracy"],
        jit_compile=False,  # XLA makes these networks slower on a processor
    )
    network.fit(
        training,
        epochs=recipe.epochs,
        validation_data=Batches(dataset.validation, classes, VALIDATION_BATCH),
        callbacks=[callback],
        shuffle=False,  # Batches does, by the seed alone; Keras would shuffle its batches once more
        verbose=0,
    )
