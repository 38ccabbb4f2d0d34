"""A training: from a data set and a recipe to a model."""

import platform
import threading
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from cnngui.core import device
from cnngui.core.data.datasets import Dataset
from cnngui.core.device import Devices
from cnngui.core.errors import Diverged, Stopped
from cnngui.core.models.card import versions
from cnngui.core.networks.presets import build
from cnngui.core.progress import Progress, Report, ShouldStop, never_stop, no_report
from cnngui.core.recipes.recipe import Recipe
from cnngui.core.runs.record import Environment, Session, now
from cnngui.core.runs.writer import RunWriter
from cnngui.core.tensorflow_start import start_tensorflow
from cnngui.core.training import distribution
from cnngui.core.training.control import Conduct, Control, Stopwatch
from cnngui.core.training.trained import DIVERGED, Finishing, Trained

if TYPE_CHECKING:
    import keras

    from cnngui.core.training.learning import Learning

LEAST_STATISTICS_BATCHES = 8  # used for batch normalisation even after a stop

_building = threading.Lock()  # the seed and the precision are those of the whole process: one network at a time


def train(
    dataset: Dataset,
    recipe: Recipe,
    *,
    progress: Report = no_report,
    should_stop: ShouldStop = never_stop,
    control: Control | None = None,
    devices: Devices = Devices.FIRST,
    run: RunWriter | None = None,
    first_model: Callable[[Trained], None] | None = None,
    tests: bool = True,
) -> Trained:
    """Train the recipe's network on the data set, then evaluate it once on the test images, if ``tests``.

    A training that begins with another model has two phases: first the last layer learns, alone, then with what else
    may change.

    ``progress`` gets Progress before and after the training, BatchProgress and EpochResult during it.
    devices: what to compute on.
    run: gets the checkpoints; the training goes on from the one it has.
    first_model: gets the model after the first phase, if a second one follows.
    When ``should_stop`` returns true, the training ends within one batch and returns what it has learnt; after a warm
    restart, that is the average of the complete cycles.
    Raises Diverged if the loss is no longer a finite number, Stopped if it is stopped and discarded, and UserError if
    the run's checkpoint is that of another network, or the model to begin with cannot be used.
    """
    control = control or Control()
    watch = Stopwatch(run.checkpoint.seconds if run is not None and run.checkpoint is not None else 0.0)
    progress(Progress("Preparing the network"))
    start_tensorflow()
    with distribution.on(devices):
        conduct = Conduct(watch, progress, should_stop, control, run, tests)
        return _trained(dataset, recipe, conduct, devices, first_model)


def _trained(
    dataset: Dataset,
    recipe: Recipe,
    conduct: Conduct,
    devices: Devices,
    first_model: Callable[[Trained], None] | None,
) -> Trained:
    from cnngui.core.training.learning import Learning

    watch, progress, should_stop, run = conduct.watch, conduct.report, conduct.should_stop, conduct.run
    precision = precision_of(recipe, devices)
    network = build_network(dataset, recipe, precision)
    final = _in_float32(network, dataset, recipe)  # built now, so that a stop does not wait for it
    used = distribution.used(devices, dataset, recipe)
    if run is not None:
        run.begin_session(_session(run, precision, device.describe(devices, max(1, len(used)))))
    if recipe.network.begins and (recipe.network.is_head_only or run is None or run.checkpoint is None):
        from cnngui.core.training.first_head import HeadTraining

        first = HeadTraining(network, dataset, recipe, conduct).learn(precision)
        if first.stopped and not conduct.control.keeps:
            raise Stopped
        finishing = Finishing(
            dataset, first.recipe, precision, first.history, watch, progress, should_stop, conduct.tests
        )
        if recipe.network.is_head_only or first.stopped:
            return finishing.model(network, first.seen, stopped=first.stopped)
        if first_model is not None:
            first_model(finishing.calibrated(network, first.seen))
    with distribution.spread(network, used, lambda: build_network(dataset, recipe, precision)) as learner:
        learning = Learning(learner, dataset, recipe, conduct)
        learning.learn()
        if learning.diverged:
            raise Diverged(DIVERGED)
        if learning.stopped and not conduct.control.keeps:
            raise Stopped
        learning.finish()
    _finish_weights(network, learning, dataset, progress, should_stop)
    final.set_weights(network.get_weights())  # if they are not the same
    finishing = Finishing(  # of a recipe that may have more epochs now
        dataset, learning.recipe, precision, tuple(learning.history), watch, progress, should_stop, conduct.tests
    )
    return finishing.model(final, finishing.look(final), stopped=learning.stopped)


def _in_float32(network: "keras.Model", dataset: Dataset, recipe: Recipe) -> "keras.Model":
    """The network in float32, without what it is compiled with."""
    import keras

    if recipe.network.begins or network.dtype_policy.name == "float32":
        return keras.Model(network.inputs[0], network.outputs[0], name=network.name)
    return build_network(dataset, recipe, "float32")


def precision_of(recipe: Recipe, devices: Devices = Devices.FIRST) -> str:
    """The Keras dtype policy that the recipe's network is trained in on these devices.

    What begins with the shipped model is trained in float32, and answers in this precision.
    """
    # Small networks gain nothing from a lower precision, and depthwise convolutions are slower in it.
    network = recipe.network
    gains = network.begin == "shipped" or (not network.begins and network.shape in ("whitened", "residual"))
    if not gains:
        return "float32"
    return device.cpu_precision() if devices == Devices.CPU else device.fastest_precision()


def _session(run: RunWriter, precision: str, computing: str) -> Session:
    epoch = run.checkpoint.epoch if run.checkpoint is not None else 0
    return Session(now(), epoch, Environment(versions(), computing, precision, platform.node()))


def build_network(dataset: Dataset, recipe: Recipe, precision: str) -> "keras.Model":
    """The network that the recipe begins with, returning logits, under the Keras dtype policy ``precision``.

    Raises UserError if it cannot be built, or the model that it begins with cannot be used.
    """
    import keras

    from cnngui.core.training.transfer import begun

    classes = len(dataset.classes)
    with _building:
        keras.utils.set_random_seed(recipe.seed)
        before = keras.config.dtype_policy()
        keras.config.set_dtype_policy(precision)
        try:
            if recipe.network.begins:
                return begun(recipe.network, dataset.train.images.shape[1:], classes)
            return build(recipe.network, dataset.train.images, classes)
        finally:
            keras.config.set_dtype_policy(before)


def _finish_weights(
    network: "keras.Model", learning: "Learning", dataset: Dataset, progress: Report, should_stop: ShouldStop
) -> None:
    """Give the network, which has the last or the best weights, the average ones if the recipe says so."""
    from cnngui.core.training.averaging import average_weights

    averaging = learning.recipe.optimization.averaging
    if averaging == "cycles" and learning.best is None and learning.ends:
        network.set_weights(average_weights(learning.ends))
    if averaging == "moving" or (averaging == "cycles" and len(learning.ends) > 1):
        _update_statistics(network, dataset, learning.recipe, progress, should_stop)


def _update_statistics(
    network: "keras.Model", dataset: Dataset, recipe: Recipe, progress: Report, should_stop: ShouldStop
) -> None:
    """Compute the statistics of averaged weights. After a stop, fewer batches are used."""
    from cnngui.core.data.batches import Batches
    from cnngui.core.training.averaging import update_statistics

    # Before their first epoch, so that CutMix is not applied.
    batches = Batches(dataset.train, len(dataset.classes), recipe.optimization.batch_size, recipe)

    def images() -> Iterator[NDArray[np.uint8]]:
        for index in range(len(batches)):
            if index >= LEAST_STATISTICS_BATCHES and should_stop():
                return
            progress(Progress("Averaging the weights", index, len(batches)))
            yield batches[index][0]

    update_statistics(network, images())
