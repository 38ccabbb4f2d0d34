"""The first phase of a training that begins with another model: only the last layer learns.

This module imports Keras: import it inside functions only.
"""

from dataclasses import dataclass
from typing import Any

import keras
import numpy as np
from numpy.typing import NDArray

from cnngui.core.answers.evaluation import cross_entropy
from cnngui.core.checks.suspects import Head
from cnngui.core.data.augmentation import augmented
from cnngui.core.data.datasets import Dataset, Split
from cnngui.core.models.deployment import traced
from cnngui.core.models.familiarity import REMEMBERED
from cnngui.core.networks.transferred import CLASSES, HEAD, split_of
from cnngui.core.progress import BatchProgress, EpochResult
from cnngui.core.recipes.recipe import Recipe
from cnngui.core.runs.checkpoint import Checkpoint
from cnngui.core.runs.features import features_path, read_features, write_features
from cnngui.core.training.control import Conduct
from cnngui.core.training.head import (
    ROWS_AT_ONCE,
    STEPS_AT_ONCE,
    crossed_logits,
    fit_head,
    heads,
    unit_rows,
)
from cnngui.core.training.looked import Look, Looked, alone, look, with_mirror
from cnngui.core.training.trained import LEAST_CALIBRATION_IMAGES, Seen

EPOCHS = 20  # of a head that learns before other layers do: they are to begin soon, and it learns on with them
MOST_COPIES, COPIED_IMAGES = 8, 160  # of few images, augmented copies help: with five a class by two points


@dataclass(frozen=True, eq=False)
class FirstHead:
    """What the first phase has found.

    seen: what the network sees in the images, with the head's probabilities; after a stop, in fewer.
    history: a result for each epoch of twenty steps. recipe: with the epochs that were asked for meanwhile.
    stopped: whether it was.
    """

    seen: Seen
    history: tuple[EpochResult, ...]
    recipe: Recipe
    stopped: bool


class HeadTraining:
    """Trains the last layer of a network of :func:`cnngui.core.networks.transferred.with_head`."""

    def __init__(
        self,
        network: keras.Model,
        dataset: Dataset,
        recipe: Recipe,
        conduct: Conduct,
    ) -> None:
        self._network, self._dataset, self._recipe = network, dataset, recipe
        self._watch, self._report, self._run = conduct.watch, conduct.report, conduct.run
        self._should_stop, self._control = conduct.should_stop, conduct.control
        self._history: list[EpochResult] = []
        self._is_whole = recipe.network.is_head_only  # otherwise it is only the first phase

    def learn(self, precision: str) -> FirstHead:
        """Look at the images, and find the best last layer for what is seen. After a stop, it is less good.

        precision: the Keras dtype policy in which the frozen convolutions compute.
        """
        dataset, classes = self._dataset, len(self._dataset.classes)
        answer = traced(self._network, precision=precision)
        training = self._looked(answer, dataset.train, "training")
        validation = self._looked(answer, dataset.validation, "validation")
        labels, held = (split.labels for split in (dataset.train, dataset.validation))
        labels, held = labels[: training.shape[1]], held[: validation.shape[1]]
        split = split_of(self._network)
        seen, checked = unit_rows(training, split), unit_rows(validation, split)
        training = training[:, :REMEMBERED].copy()  # which frees the rest: of many images, hundreds of megabytes
        head, stopped = self._descend(seen, labels, checked[: self._views], held)
        crossed = None
        if self._is_whole and not stopped and len(held) < LEAST_CALIBRATION_IMAGES:
            # So few images are worth more to the head than to its calibration, which cross-validation does as well.
            rows, known = np.concatenate([seen, checked], axis=1), np.concatenate([labels, held])
            groups = _groups(dataset.train, dataset.validation)
            crossed = crossed_logits(rows, known, classes, groups)[: self._views], known
            steps = self._epochs * STEPS_AT_ONCE
            head = fit_head(np.concatenate(rows), np.tile(known, len(rows)), classes, steps)
        self._network.get_layer(HEAD).get_layer(CLASSES).set_weights(list(head))
        found = Seen(self._answered(training, seen, head), self._answered(validation, checked, head), crossed)
        recipe = self._recipe.changed({"optimization.epochs": self._epochs}) if self._is_whole else self._recipe
        return FirstHead(found, tuple(self._history), recipe, stopped)

    @property
    def _epochs(self) -> int:
        return max(self._control.epochs, self._recipe.optimization.epochs) if self._is_whole else EPOCHS

    @property
    def _views(self) -> int:
        """How many views of an image the model will look at; those behind them are for the head's training alone."""
        return 2 if self._recipe.augmentation.horizontal_flip else 1

    def _looked(self, answer: Look, split: Split, part: str) -> NDArray[np.float32]:
        """What is seen in a part of the images, float32 (views, n, units); kept while the run goes on."""
        path = features_path(self._run.folder, part, self._recipe) if self._run is not None else None
        kept = read_features(path, len(split)) if path is not None else None
        if kept is not None:
            return kept
        found = self._look(answer, split, f"Looking at the {part} images").features
        if path is not None and self._is_whole and found.shape[1] == len(split):
            write_features(path, found)
        return found

    def _look(self, answer: Look, split: Split, text: str) -> Looked:
        rng = np.random.default_rng(self._recipe.seed)
        count = min(MOST_COPIES, COPIED_IMAGES // len(self._dataset.train))
        settings = self._recipe.augmentation

        def views(images: NDArray[np.uint8]) -> list[NDArray[np.uint8]]:
            shown = with_mirror(images) if settings.horizontal_flip else alone(images)
            for _ in range(count):
                flipped = rng.random(len(images)) < 0.5
                offsets = rng.integers(0, 2 * settings.shift + 1, size=(len(images), 2))
                shown.append(augmented(images, settings, flipped, offsets, rng))
            return shown

        return look(answer, split.images, views, text=text, progress=self._report, should_stop=self._should_stop)

    def _answered(self, features: NDArray[np.float32], rows: NDArray[np.float32], head: Head) -> Looked:
        """What is seen in the views that the model will look at, with the head's probabilities."""
        count = features.shape[1]
        return Looked(_probabilities(rows[: self._views, :count], head), features[: self._views])

    def _descend(
        self,
        seen: NDArray[np.float32],
        labels: NDArray[np.int32],
        checked: NDArray[np.float32],
        held: NDArray[np.int32],
    ) -> tuple[Head, bool]:
        """The head after all epochs, and whether it was stopped before. Both features have rows of length 1."""
        views, classes = len(seen), len(self._dataset.classes)
        rows, targets = seen.reshape(-1, seen.shape[-1]), np.tile(labels, views)
        before = self._run.checkpoint.epoch if self._run is not None and self._run.checkpoint is not None else 0
        for epoch, head in enumerate(heads(rows, targets, classes), 1):
            self._pause()
            stopped = self._should_stop()
            is_last = stopped or epoch >= self._epochs
            if self._is_whole or is_last:
                own = _result(_probabilities(rows[None], head), targets)
                other = _result(_probabilities(checked, head), held)
                self._history.append(EpochResult(epoch, *own, *other, self._watch.seconds))
            if self._is_whole and epoch > before:
                self._tell(self._history[-1], len(labels))
            if is_last:
                break
        if self._is_whole and self._run is not None and epoch > before:
            self._run.save(lambda: self._checkpoint(head))
        return head, stopped

    def _tell(self, result: EpochResult, images: int) -> None:
        speed = result.epoch * STEPS_AT_ONCE * images / max(result.seconds, 1e-3)
        left = result.seconds / result.epoch * (self._epochs - result.epoch)
        loss, accuracy = result.loss, result.accuracy
        epochs = self._epochs
        self._report(BatchProgress(result.epoch, epochs, 1, 1, loss, accuracy, speed, result.seconds, left))
        self._report(result)

    def _pause(self) -> None:
        if self._control.is_paused:
            alive = self._run.stay_alive if self._run is not None else None
            self._watch.leave_out(self._control.wait(self._should_stop, alive))

    def _checkpoint(self, head: Head) -> Checkpoint:
        """Says how far the head has come; it is found again from the images themselves."""
        epoch, rows = len(self._history), self._run.rows if self._run is not None else 0
        return Checkpoint(epoch, 0, epoch, self._watch.seconds, head, (), {}, tuple(self._history), rows=rows)


def _groups(train: Split, validation: Split) -> NDArray[np.int32]:
    """The number of each image's group of near-doubles, of both parts, one after the other: int32 (n,)."""
    alone = np.arange(max(len(train), len(validation)), dtype=np.int32)
    of_train = alone[: len(train)] if train.groups is None else train.groups
    of_validation = validation.groups
    if of_validation is None:
        of_validation = of_train.max(initial=0) + 1 + alone[: len(validation)]
    return np.concatenate([of_train, of_validation])


def _probabilities(features: NDArray[np.float32], head: Head) -> NDArray[np.float32]:
    """Of each view (views, n, classes). features: (views, n, units), rows of length 1."""
    kernel, bias = head
    found = np.empty((*features.shape[:2], len(bias)), np.float32)
    with keras.device("CPU"):
        for view, of_view in zip(found, features, strict=True):
            for start in range(0, len(view), ROWS_AT_ONCE):
                part = slice(start, start + ROWS_AT_ONCE)
                logits: Any = keras.ops.matmul(of_view[part], kernel) + bias
                view[part] = keras.ops.convert_to_numpy(keras.ops.softmax(logits))
    return found


def _result(probabilities: NDArray[np.float32], labels: NDArray[np.integer]) -> tuple[float, float]:
    """The cross-entropy and accuracy of the views' mean probabilities."""
    means = probabilities.mean(0)
    return cross_entropy(means, labels), float((means.argmax(1) == labels).mean())
