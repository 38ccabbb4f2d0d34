"""Short trainings that find something out: which learning rate suits, and how long a training takes.

Source of the range test: Smith, "Cyclical Learning Rates for Training Neural Networks", 2017.
"""

import math
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from cnngui.core.data.datasets import Dataset, Split
from cnngui.core.errors import Stopped
from cnngui.core.progress import ShouldStop, never_stop
from cnngui.core.recipes.recipe import Recipe
from cnngui.core.tensorflow_start import start_tensorflow
from cnngui.core.training.train import build_network, precision_of

if TYPE_CHECKING:
    import keras

MOST_SECONDS = 45.0  # of a range test; with its preparation, at most a minute
LEAST_STEPS, MOST_STEPS = 40, 1000
RANGES = {"sgd": (1e-3, 30.0), "adam": (1e-5, 0.1), "adamw": (1e-5, 0.1)}
WINDOWS = 8  # of the curve: within one, its slope is noise
CLEARLY = 0.02  # of the first loss: it has to fall by that much
NOISE = 4.0  # and by so many standard deviations of the first quarter of the losses
SMOOTHING = 0.9  # of the losses: each counts 1 / (1 - 0.9) = ten steps
DIVERGED = 4.0  # times the lowest loss, after which a larger rate tells nothing more
TIMED_SECONDS = 1.5


@dataclass(frozen=True)
class RangePoint:
    """A step of a range test. rate: its learning rate. loss: smoothed."""

    rate: float
    loss: float


def range_test(
    dataset: Dataset,
    recipe: Recipe,
    *,
    found: Callable[[RangePoint], None],
    should_stop: ShouldStop = never_stop,
) -> tuple[RangePoint, ...]:
    """Train with a rate that grows with each step until the loss explodes, for MOST_STEPS or MOST_SECONDS at most.

    How fast it grows follows the clock, so that a slow computer comes to the highest rate, too.

    found: is called with each point. Raises Stopped, and UserError if the network cannot be built.
    """
    network, batches = _prepared(dataset, recipe)
    low, high = RANGES[recipe.optimization.optimizer]
    points: list[RangePoint] = []
    smoothed, weight, lowest = 0.0, 0.0, math.inf
    began = math.inf
    for step, (images, labels) in enumerate(batches):
        if should_stop():
            raise Stopped
        if step == 1:
            began = time.monotonic()  # the first one traces the graph
        done = min(1.0, max(step / (MOST_STEPS - 1), (time.monotonic() - began) / MOST_SECONDS))
        rate = low * (high / low) ** done
        network.optimizer.learning_rate = rate
        loss = float(network.train_on_batch(images, labels))
        if not math.isfinite(loss):
            break
        weight = SMOOTHING * weight + 1 - SMOOTHING
        smoothed = SMOOTHING * smoothed + (1 - SMOOTHING) * loss
        points.append(RangePoint(rate, smoothed / weight))
        lowest = min(lowest, points[-1].loss)
        found(points[-1])
        if done == 1 or (step > LEAST_STEPS // 2 and points[-1].loss > DIVERGED * lowest):
            break
    return tuple(points)


def suggested_rate(points: tuple[RangePoint, ...]) -> float | None:
    """The rate at which the loss falls fastest, by its smoothed curve, rounded to one digit.

    None if it never falls clearly.
    """
    if len(points) < LEAST_STEPS // 2:
        return None
    rates, losses = np.log([point.rate for point in points]), np.array([point.loss for point in points])
    first, lowest = len(points) // 10, int(losses.argmin())  # the first losses are averages of few
    if lowest < first + 5:
        return None
    noise = float(np.std(losses[first : first + len(losses) // 4]))
    if losses[first] - losses[lowest] < max(CLEARLY * losses[first], NOISE * noise):
        return None
    span = max(2, len(points) // WINDOWS)
    places = np.arange(first, lowest + 1 - span)
    if not len(places):
        return None
    slopes = (losses[places + span] - losses[places]) / (rates[places + span] - rates[places])
    steepest = int(places[slopes.argmin()])
    rate = points[steepest + span // 2].rate
    digit = 10 ** math.floor(math.log10(rate))
    return float(f"{round(rate / digit) * digit:.1g}")


def seconds_per_image(
    recipe: Recipe, shape: tuple[int, int, int], classes: int, *, should_stop: ShouldStop = never_stop
) -> float:
    """How long this computer trains on one image, measured on a few steps on noise. Raises Stopped and UserError."""
    rng = np.random.default_rng(0)
    images = rng.integers(0, 256, (max(64, recipe.optimization.batch_size), *shape), np.uint8)
    split = Split(images, (np.arange(len(images)) % classes).astype(np.int32))
    dataset = Dataset("noise", "Noise", tuple(map(str, range(classes))), split, split, split)
    network, batches = _prepared(dataset, recipe)
    began, done = 0.0, 0
    for step, (some, labels) in enumerate(batches):
        if should_stop():
            raise Stopped
        network.train_on_batch(some, labels)
        if step == 0:
            began = time.monotonic()  # the first one traces the graph
            continue
        done += len(some)
        if time.monotonic() - began > TIMED_SECONDS:
            break
    return (time.monotonic() - began) / done


def _prepared(dataset: Dataset, recipe: Recipe) -> "tuple[keras.Model, Iterator[Any]]":
    start_tensorflow()
    import keras

    from cnngui.core.data.batches import Batches
    from cnngui.core.training.optimizers import optimizer

    network = build_network(dataset, recipe, precision_of(recipe))
    made = optimizer(recipe)
    smoothing = recipe.optimization.label_smoothing
    network.compile(
        made, keras.losses.CategoricalCrossentropy(from_logits=True, label_smoothing=smoothing), jit_compile=False
    )
    batches = Batches(dataset.train, len(dataset.classes), recipe.optimization.batch_size, recipe)

    def endless() -> Iterator[Any]:
        while True:
            batches.begin_epoch()
            for index in range(len(batches)):
                yield batches[index]

    return network, endless()
