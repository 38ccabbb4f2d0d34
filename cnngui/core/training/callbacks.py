"""The Keras callback that reports and stops a training. This module imports Keras: import it inside functions only."""

import math
import time
from collections import deque
from typing import Any

import keras

from cnngui.core.data.batches import batch_ends
from cnngui.core.progress import BatchProgress, EpochResult, Report, ShouldStop

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
    stopped: whether ``should_stop`` has ended the training; it does so within one batch, also during validation.
    diverged: whether the training has ended because a training or validation loss is not a finite number.
    """

    def __init__(self, *, images: int, batch_size: int, epochs: int, report: Report, should_stop: ShouldStop) -> None:
        super().__init__()
        self.stopped = False
        self.diverged = False
        self._epochs = epochs
        self._batch_size = batch_size
        self._ends = batch_ends(images, batch_size)
        self._batches = len(self._ends)
        self._report = report
        self._should_stop = should_stop
        self._smooth = _Smoothed(batch_size / SMOOTHING_IMAGES)
        self._began = time.monotonic()
        self._reported = 0.0
        self._validation_seconds = 0.0
        self._epoch = 0

    def on_epoch_begin(self, epoch: int, logs: dict[str, Any] | None = None) -> None:
        """Start a new running mean, as Keras does, and exclude the validation from the images per second."""
        self._epoch = epoch + 1
        self._means = _RunningMeans()
        self._batch_ends: deque[float] = deque([time.monotonic()])

    def on_train_batch_end(self, batch: int, logs: dict[str, Any] | None = None) -> None:
        """Report, unless the last report was just now, and check for a stop."""
        logs = logs or {}
        if math.isfinite(logs[CROSS_ENTROPY]):
            self._report_batch(batch + 1, logs)
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
        now = time.monotonic()
        self._validation_seconds = now - self._validation_began
        loss, accuracy = (float(logs[name]) for name in (CROSS_ENTROPY, "accuracy"))
        val_loss, val_accuracy = (float(logs[f"val_{name}"]) for name in (CROSS_ENTROPY, "accuracy"))
        self._report(EpochResult(epoch + 1, loss, accuracy, val_loss, val_accuracy, seconds=now - self._began))

    def _report_batch(self, batch: int, logs: dict[str, Any]) -> None:
        now = time.monotonic()
        self._batch_ends.append(now)
        while len(self._batch_ends) > 2 and now - self._batch_ends[0] > RATE_SECONDS:
            self._batch_ends.popleft()
        loss, accuracy = self._smooth.add(*self._means.latest(self._ends[batch - 1], logs))
        if now - self._reported >= REPORT_SECONDS or batch == self._batches:
            self._reported = now
            self._report(self._progress(batch, loss, accuracy, now))

    def _end_if_due(self, logs: dict[str, Any]) -> None:
        self.stopped |= self._should_stop()
        # Keras' TerminateOnNaN would print to standard output, which is for results.
        self.diverged |= not math.isfinite(logs[CROSS_ENTROPY])
        if self.stopped or self.diverged:
            self.model.stop_training = True  # set after every batch, because fit() resets it at its start
            self.model.stop_evaluating = True

    def _progress(self, batch: int, loss: float, accuracy: float, now: float) -> BatchProgress:
        seconds_per_batch = (now - self._batch_ends[0]) / (len(self._batch_ends) - 1)
        epochs_left = self._epochs - self._epoch
        batches_left = self._batches - batch + epochs_left * self._batches
        return BatchProgress(
            epoch=self._epoch,
            epochs=self._epochs,
            batch=batch,
            batches=self._batches,
            loss=loss,
            accuracy=accuracy,
            images_per_second=self._batch_size / max(seconds_per_batch, 1e-9),
            seconds=now - self._began,
            seconds_left=batches_left * seconds_per_batch + (epochs_left + 1) * self._validation_seconds,
        )


class _RunningMeans:
    """Recovers each batch's values from Keras' logs, which hold the means over the epoch so far."""

    def __init__(self) -> None:
        self._images = 0
        self._loss_sum = self._accuracy_sum = 0.0

    def latest(self, images: int, logs: dict[str, Any]) -> tuple[float, float]:
        """The last batch's loss and accuracy. images: the number of images so far in this epoch."""
        loss_sum, accuracy_sum, new = (
            float(logs[CROSS_ENTROPY]) * images,
            float(logs["accuracy"]) * images,
            images - self._images,
        )
        latest = (loss_sum - self._loss_sum) / new, (accuracy_sum - self._accuracy_sum) / new
        self._images, self._loss_sum, self._accuracy_sum = images, loss_sum, accuracy_sum
        return latest


class _Smoothed:
    """An exponential moving average of pairs, with Adam's bias correction for its first values."""

    def __init__(self, step: float) -> None:
        self._keep = math.exp(-step)
        self._weight = self._loss = self._accuracy = 0.0

    def add(self, loss: float, accuracy: float) -> tuple[float, float]:
        self._weight = self._keep * self._weight + 1 - self._keep
        self._loss = self._keep * self._loss + (1 - self._keep) * loss
        self._accuracy = self._keep * self._accuracy + (1 - self._keep) * accuracy
        return self._loss / self._weight, self._accuracy / self._weight
