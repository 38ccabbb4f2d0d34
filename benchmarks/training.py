"""The overhead of a training: python benchmarks/training.py [speed | memory | same | answers] [RECIPE]

Needs CIFAR-10, see CNNGUI_DATA_DIR. Set QT_QPA_PLATFORM=offscreen without a display.

speed: an epoch of the recipe (standard by default) with Keras' fit alone, on arrays in memory, and as the window trains
it, with augmentation, callbacks, checkpoints and live plot; in turn, three times. Prints the images per second of both,
their ratio, the GFLOP/s of the training and those of a bare convolution, forward and backward. The time in the window
includes the checkpoint at the epoch's end, but not the validation, which fit does not have either.
memory: the resident memory of a process that trains the recipe ten times for an epoch of 5,000 images.
same: the recipe twice with the same seed, for one epoch: initial weights, order of images, validation accuracy.
answers: the time of an epoch of the recipe, of 4,000 answers to 32×32 picture files, and of both at once, and whether
the answers are the same. Both at once should take no longer than one after the other.
"""

import argparse
import hashlib
import os
import resource
import statistics
import tempfile
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from itertools import chain
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from cnngui import paths
from cnngui.core import device
from cnngui.core.answers.classifier import Classifier
from cnngui.core.answers.prediction import predict
from cnngui.core.data import batches as training_batches
from cnngui.core.data import datasets
from cnngui.core.data.datasets import Dataset, Split
from cnngui.core.data.sources import CIFAR10
from cnngui.core.progress import BatchProgress, EpochResult, Report, Reported, ShouldStop
from cnngui.core.recipes.presets import preset
from cnngui.core.recipes.recipe import Recipe
from cnngui.core.runs.opening import new_record, open_run
from cnngui.core.tensorflow_start import start_tensorflow
from cnngui.core.training import train as training

ROUNDS = 3
SPEED_IMAGES = 20_480  # whole batches: a shorter last one would be traced anew in fit's timed run
MEMORY_IMAGES = 5_000
ANSWERS = 4_000


def first(dataset: Dataset, images: int) -> Dataset:
    """The data set with only its first training images and 500 images each for validation and test."""
    train, validation = dataset.train, dataset.validation
    return replace(
        dataset,
        train=Split(train.images[:images], train.labels[:images]),
        validation=Split(validation.images[:500], validation.labels[:500]),
        test=Split(dataset.test.images[:500], dataset.test.labels[:500]),
    )


def mmac(network: Any) -> float:
    """Millions of multiply-adds per image, in all convolutions and dense layers that are trained."""
    import keras

    total = 0
    for layer in network.layers:
        if layer.trainable_weights and isinstance(layer, (keras.layers.Conv2D, keras.layers.Dense)):
            places = int(np.prod(layer.output.shape[1:-1])) if layer.output.shape[1:-1] else 1
            total += places * int(np.prod(layer.trainable_weights[0].shape))
    return total / 1e6


def convolution_gflops(precision: str) -> float:
    """The GFLOP/s of a 3×3 convolution of 128 channels, forward and backward, on 512 images of 16×16."""
    import tensorflow as tf

    kind = tf.bfloat16 if precision == "mixed_bfloat16" else tf.float32
    x = tf.cast(tf.random.normal((512, 16, 16, 128)), kind)
    kernel = tf.cast(tf.random.normal((3, 3, 128, 128)), kind)

    def gradients() -> Any:
        with tf.GradientTape() as tape:
            tape.watch([x, kernel])
            y = tf.nn.conv2d(x, kernel, 1, "SAME")
        return tape.gradient(y, [x, kernel])

    step = tf.function(gradients)
    times = []
    for _ in range(12):
        began = time.perf_counter()
        step()[0].numpy()
        times.append(time.perf_counter() - began)
    return 6 * 512 * 256 * 9 * 128 * 128 / statistics.median(times[2:]) / 1e9


def bare(dataset: Dataset, recipe: Recipe) -> float:
    """Images per second of Keras' fit, with our network and optimizer only."""
    import keras

    from cnngui.core.training.optimizers import optimizer

    network = training.build_network(dataset, recipe, device.fastest_precision())
    labels = np.eye(len(dataset.classes), dtype=np.float32)[dataset.train.labels]
    network.compile(
        optimizer(recipe),
        keras.losses.CategoricalCrossentropy(from_logits=True, label_smoothing=recipe.optimization.label_smoothing),
        metrics=["accuracy"],
        jit_compile=False,
    )
    warm = 2 * recipe.optimization.batch_size
    network.fit(dataset.train.images[:warm], labels[:warm], batch_size=recipe.optimization.batch_size, verbose=0)
    times: list[float] = []

    def mark(*_: Any) -> None:
        times.append(time.perf_counter())

    # Not around fit itself, at whose end tf.data sometimes waits for up to ten seconds.
    clock = keras.callbacks.LambdaCallback(on_epoch_begin=mark, on_epoch_end=mark)
    network.fit(dataset.train.images, labels, batch_size=recipe.optimization.batch_size, verbose=0, callbacks=[clock])
    return len(labels) / (times[1] - times[0])


def windowed(dataset: Dataset, recipe: Recipe) -> float:
    """Images per second of a training in the window's worker, with the run's folder and the live plot."""
    from PySide6.QtCore import QEventLoop

    from cnngui.gui.common.worker import Worker
    from cnngui.gui.train.plot.live_plot import LivePlot
    from cnngui.gui.train.plot.series import Caption

    plot = LivePlot()
    plot.resize(900, 500)
    plot.show()
    plot.begin(Caption(Path("model.keras"), "A training", dataset.title, recipe))  # makes the graphs, once in its life
    marks: list[tuple[int, float]] = []
    costs: list[float] = []  # seconds of the checkpoint at the epoch's end, which comes after the last mark

    def train(report: Report, should_stop: ShouldStop) -> None:
        record = new_record(dataset.source, dataset.title, None, ())
        with (
            tempfile.TemporaryDirectory() as folder,
            open_run(Path(folder), recipe, record, report, resume=False) as run,
        ):

            def keep(value: Reported) -> None:
                run.add(value)
                report(value)

            run.begin(record, recipe)
            training.train(dataset, recipe, progress=keep, should_stop=should_stop, run=run)
            costs.append(run._cost)

    def take(value: object) -> None:
        if isinstance(value, (BatchProgress, EpochResult)):
            plot.add(value)
        if isinstance(value, BatchProgress):
            marks.append((value.batch, time.perf_counter()))

    worker = Worker(train)
    loop = QEventLoop()
    worker.progressed.connect(take)
    worker.finished.connect(loop.quit)
    worker.start()
    loop.exec()
    (start, began), (end, ended) = next(mark for mark in marks if mark[0] >= 2), marks[-1]
    return (end - start) * recipe.optimization.batch_size / (ended - began + sum(costs))


def speed(dataset: Dataset, recipe: Recipe) -> None:
    """Print images per second, ratio and GFLOP/s."""
    from PySide6.QtWidgets import QApplication

    application = QApplication([])
    start_tensorflow()
    some, once = first(dataset, SPEED_IMAGES), recipe.changed({"optimization.epochs": 1})
    rows = [(bare(some, once), windowed(some, once)) for _ in range(ROUNDS)]
    of_fit, of_window = (statistics.median(column) for column in zip(*rows, strict=True))
    precision = device.fastest_precision()
    work = mmac(training.build_network(some, once, "float32"))
    print("images/s of fit alone and in the window: " + ", ".join(f"{a:.0f} {b:.0f}" for a, b in rows))
    print(f"medians {of_fit:.0f} and {of_window:.0f}: the window has {of_window / of_fit:.3f} of fit's")
    print(f"{work:.1f} MMAC an image, {precision}: {6 * work * of_window / 1e3:.0f} GFLOP/s in the window")
    print(f"a bare convolution, forward and backward: {convolution_gflops(precision):.0f} GFLOP/s")
    application.quit()


def memory(dataset: Dataset, recipe: Recipe) -> None:
    """Print the resident memory after each of ten trainings, and the peak."""
    start_tensorflow()
    some = first(dataset, MEMORY_IMAGES)
    after = []
    for _ in range(10):
        training.train(some, recipe.changed({"optimization.epochs": 1}))
        after.append(resident())
    print("MB after each training: " + " ".join(f"{megabytes:.0f}" for megabytes in after))
    print(f"from the second to the tenth: {after[-1] / after[1] - 1:+.1%}")
    print(f"highest: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")


def resident() -> float:
    """This process's resident memory in megabytes (Linux)."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6


def same(dataset: Dataset, recipe: Recipe) -> None:
    """Print what must be the same in two trainings with the same seed."""
    start_tensorflow()
    once = recipe.changed({"optimization.epochs": 1})
    for _ in range(2):
        weights = training.build_network(dataset, once, device.fastest_precision()).get_weights()
        batches = training_batches.Batches(dataset.train, len(dataset.classes), once.optimization.batch_size, once)
        seen = hashlib.sha256(b"".join(batches[index][0].tobytes() for index in range(len(batches)))).hexdigest()
        initial = hashlib.sha256(b"".join(weight.tobytes() for weight in weights)).hexdigest()
        accuracy = training.train(dataset, once).training.history[-1].val_accuracy
        print(f"initial weights {initial[:12]}, images {seen[:12]}, validation accuracy {accuracy:.4f}", flush=True)


def answers(dataset: Dataset, recipe: Recipe) -> None:
    """Print how much answers slow down a training."""
    start_tensorflow()
    some, once = first(dataset, SPEED_IMAGES), recipe.changed({"optimization.epochs": 1})
    classifier = Classifier.load(paths.shipped_model())
    with tempfile.TemporaryDirectory() as name:
        files = [Path(name) / f"{number}.png" for number in range(ANSWERS)]
        for path, image in zip(files, dataset.validation.images, strict=False):
            Image.fromarray(image).save(path)

        def classify() -> list[str]:
            found = chain.from_iterable(predict(classifier, files))
            return [each.classification.label for each in found if each.classification]

        def train() -> None:
            training.train(some, once)

        train()  # warms up
        both, apart = [], []
        for _ in range(ROUNDS):
            apart.append((timed(train), timed(classify)))
            labels: list[str] = []
            thread = threading.Thread(target=lambda: labels.extend(classify()))  # noqa: B023
            began = time.perf_counter()
            thread.start()
            train()
            thread.join()
            both.append(time.perf_counter() - began)
            assert labels == classify()
    for (alone, answering), together in zip(apart, both, strict=True):
        share = together / (alone + answering)
        print(
            f"training {alone:.1f} s, {ANSWERS} answers {answering:.1f} s, both at once {together:.1f} s: {share:.2f}"
        )
    print("the answers are the same")


def timed(work: Callable[[], object]) -> float:
    """The time that the work takes, in seconds."""
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


MEASUREMENTS: dict[str, Callable[[Dataset, Recipe], None]] = {
    "speed": speed,
    "memory": memory,
    "same": same,
    "answers": answers,
}


def main() -> None:
    """Run the chosen measurement."""
    parser = argparse.ArgumentParser()
    parser.add_argument("what", nargs="?", choices=MEASUREMENTS, default="speed")
    parser.add_argument("recipe", nargs="?", default="standard")
    options = parser.parse_args()
    MEASUREMENTS[options.what](datasets.load(CIFAR10), preset(options.recipe))


if __name__ == "__main__":
    main()
