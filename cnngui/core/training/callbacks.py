"""The Keras callback that reports and stops a training. This module imports Keras: import it inside functions only."""

import math
import time
from collections import deque
from collections.abc import Callable
from typing import Any

import keras

from cnngui.core.data.batches import batch_ends
from cnngui.core.progress import BatchProgress, EpochResult, Report, ShouldStop
from cnngui.core.runs.checkpoint import CurveState
from cnngui.core.training.control import Stopwatch

SMOOTHING_IMAGES = 2000  # after this many images, a value's weight in the smoothed curves has fallen to 1/e
RATE_SECONDS = 5.0  # images per second are measured over the last 5 s
REPORT_SECONDS = 0.05  # 20 updates per second make a curve look continuous
CROSS_ENTROPY = "cross_entropy"  # in Keras' logs, where "loss" includes the label smoothing


def metrics() -> list[Any]:
    """The metrics with which to compile a network for :class:`ProgressCallback`."""
    return ["accuracy", keras.metrics.CategoricalCrossentropy(from_logits=True, name=CROSS_ENTROPY)]


class ProgressCallback(keras.callbacks.Callback):
    """Reports a training's progress and ends it when it should stop.

    ``report`` gets a BatchProgress at most every 50 ms and an EpochResult after every complete epoch. Their losses
    are the cross-entropy of the labels as they are, even if the network learns from smoothed ones.
    epochs: of the whole training. rate: the learning rate by step, counted from 0. watch: the training's time.
    stopped: whether ``should_stop`` has ended the training; it does so within one batch, also during validation.
    diverged: whether the training has ended because a training or validation loss is not a finite number.
    epoch, batch: the complete epochs, and the batches since then.
    """

    def __init__(
        self,
        *,
        images: int,
        batch_size: int,
        epochs: int,
        report: Report,
        should_stop: ShouldStop,
        rate: Callable[[int], float] = lambda step: 0.0,
        watch: Stopwatch | None = None,
    ) -> None:
        super().__init__()
        self.stopped = False
        self.diverged = False
        self.epoch = self.batch = 0
        self.epochs = epochs
        self.rate = rate
        self._first = 0  # of the epoch's batches, in Keras' count
        self._batch_size = batch_size
        self._ends = batch_ends(images, batch_size)
        self.batches = len(self._ends)
        self._report = report
        self._should_stop = should_stop
        self._smooth = _Smoothed(batch_size / SMOOTHING_IMAGES)
        self._means = _RunningMeans()
        self._watch = watch or Stopwatch()
        self._reported = 0.0
        self._validation_seconds = 0.0

    @property
    def steps(self) -> int:
        """Batches since the training began."""
        return self.epoch * self.batches + self.batch

    @property
    def curves(self) -> CurveState:
        """What the curves go on from."""
        means, smooth = self._means, self._smooth
        return CurveState(means.images, means.loss, means.accuracy, smooth.weight, smooth.loss, smooth.accuracy)

    def go_on(self, epoch: int, batch: int, curves: CurveState) -> None:
        """Begin after so many complete epochs and batches; the next ``fit`` has the rest of that epoch."""
        self.epoch, self.batch, self._first = epoch, batch, batch
        self._smooth.weight, self._smooth.loss, self._smooth.accuracy = curves.weight, curves.loss, curves.accuracy
        self._means = _RunningMeans(curves.images, curves.mean_loss, curves.mean_accuracy)

    def on_epoch_begin(self, epoch: int, logs: dict[str, Any] | None = None) -> None:
        """Exclude the validation from the images per second."""
        self._batch_ends: deque[float] = deque([time.monotonic()])

    def on_train_batch_end(self, batch: int, logs: dict[str, Any] | None = None) -> None:
        """Report, unless the last report was just now, and check for a stop."""
        logs = logs or {}
        self.batch = self._first + batch + 1
        if math.isfinite(logs[CROSS_ENTROPY]):
            self._report_batch(logs)
        self._end_if_due(logs)

    def on_test_begin(self, logs: dict[str, Any] | None = None) -> None:
        """Note when the validation begins."""
        self._validation_began = time.monotonic()

    def on_test_batch_end(self, batch: int, logs: dict[str, Any] | None = None) -> None:
        """Check for a stop during the validation."""
        self._end_if_due(logs or {})

    def on_epoch_end(self, epoch: int, logs: dict[str, Any] | None = None) -> None:
        """Report the epoch, unless it was cut short."""
        if self.stopped or self.diverged or logs is None:
            return
        self._validation_seconds = time.monotonic() - self._validation_began
        self.epoch, self.batch, self._first = epoch + 1, 0, 0
        self._means = _RunningMeans()  # as Keras does
        loss, accuracy = (float(logs[name]) for name in (CROSS_ENTROPY, "accuracy"))
        val_loss, val_accuracy = (float(logs[f"val_{name}"]) for name in (CROSS_ENTROPY, "accuracy"))
        self._report(EpochResult(self.epoch, loss, accuracy, val_loss, val_accuracy, self._watch.seconds))

    def paused(self, seconds: float) -> None:
        """The training has waited so long; its speed is measured anew."""
        self._watch.leave_out(seconds)
        self._batch_ends = deque([time.monotonic()])

    def _report_batch(self, logs: dict[str, Any]) -> None:
        now = time.monotonic()
        self._batch_ends.append(now)
        while len(self._batch_ends) > 2 and now - self._batch_ends[0] > RATE_SECONDS:
            self._batch_ends.popleft()
        loss, accuracy = self._smooth.add(*self._means.latest(self._ends[self.batch - 1], logs))
        if now - self._reported >= REPORT_SECONDS or self.batch == self.batches:
            self._reported = now
            self._report(self._progress(loss, accuracy, now))

    def _end_if_due(self, logs: dict[str, Any]) -> None:
        self.stopped |= self._should_stop()
        # Keras' TerminateOnNaN would print to standard output, which is for results.
        self.diverged |= not math.isfinite(logs[CROSS_ENTROPY])
        if self.stopped or self.diverged:
            self.model.stop_training = True  # set after every batch, because fit() resets it at its start
            self.model.stop_evaluating = True

    def _progress(self, loss: float, accuracy: float, now: float) -> BatchProgress:
        seconds_per_batch = (now - self._batch_ends[0]) / max(1, len(self._batch_ends) - 1)
        epochs_left = self.epochs - self.epoch - 1
        batches_left = self.batches - self.batch + epochs_left * self.batches
        return BatchProgress(
            epoch=self.epoch + 1,
            epochs=self.epochs,
            batch=self.batch,
            batches=self.batches,
            loss=loss,
            accuracy=accuracy,
            images_per_second=self._batch_size / max(seconds_per_batch, 1e-9),
            seconds=self._watch.seconds,
            seconds_left=batches_left * seconds_per_batch + (epochs_left + 1) * self._validation_seconds,
            learning_rate=self.rate(self.steps - 1),
        )


class _RunningMeans:
    """Recovers each batch's values from Keras' logs, which hold the means over the epoch so far.

    images: so far in this epoch. loss, accuracy: their means.
    """

    def __init__(self, images: int = 0, loss: float = 0.0, accuracy: float = 0.0) -> None:
        self.images, self.loss, self.accuracy = images, loss, accuracy

    def latest(self, images: int, logs: dict[str, Any]) -> tuple[float, float]:
        """The last batch's loss and accuracy. images: the number of images so far in this epoch."""
        loss, accuracy, new = float(logs[CROSS_ENTROPY]), float(logs["accuracy"]), images - self.images
        latest = (
            (loss * images - self.loss * self.images) / new,
            (accuracy * images - self.accuracy * self.images) / new,
        )
        self.images, self.loss, self.accuracy = images, loss, accuracy
        return latest


class _Smoothed:
    """An exponential moving average of pairs, with Adam's bias correction for its first values.

    weight, loss, accuracy: the sums so far.
    """

    def __init__(self, step: float) -> None:
        self._keep = math.exp(-step)
        self.weight = self.loss = self.accuracy = 0.0

    def add(self, loss: float, accuracy: float) -> tuple[float, float]:
        self.weight = self._keep * self.weight + 1 - self._keep
        self.loss = self._keep * self.loss + (1 - self._keep) * loss
        self.accuracy = self._keep * self.accuracy + (1 - self._keep) * accuracy
        return self.loss / self.weight, self.accuracy / self.weight
