import math
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

import keras
import numpy as np
import pytest

from cnngui.core.data.batches import Batches
from cnngui.core.data.datasets import Dataset
from cnngui.core.progress import BatchProgress, EpochResult, Report, Reported, ShouldStop, never_stop, no_report
from cnngui.core.training import callbacks
from cnngui.core.training.callbacks import CROSS_ENTROPY, ProgressCallback

BATCH = 40
BATCHES = 6  # an epoch's: 240 images
VALIDATION_BATCHES = 8  # of 6 images


class Counter(keras.callbacks.Callback):  # type: ignore[misc, unused-ignore]
    """Counts what Keras did, after the callback that is tested."""

    def __init__(self) -> None:
        super().__init__()
        self.trained = self.validated = 0
        self.train_logs: list[dict[str, Any]] = []
        self.epoch_logs: list[dict[str, Any]] = []

    def on_train_batch_end(self, batch: int, logs: dict[str, Any] | None = None) -> None:
        self.trained += 1
        self.train_logs.append(dict(logs or {}))

    def on_test_batch_end(self, batch: int, logs: dict[str, Any] | None = None) -> None:
        self.validated += 1

    def on_epoch_end(self, epoch: int, logs: dict[str, Any] | None = None) -> None:
        self.epoch_logs.append(dict(logs or {}))


@dataclass
class Fitted:
    counter: Counter
    callback: ProgressCallback
    reports: list[Any] = field(default_factory=list)

    @property
    def batches(self) -> list[BatchProgress]:
        return [report for report in self.reports if isinstance(report, BatchProgress)]

    @property
    def epochs(self) -> list[EpochResult]:
        return [report for report in self.reports if isinstance(report, EpochResult)]


Fit = Callable[..., Fitted]


@pytest.fixture
def fit(easy: Dataset, monkeypatch: pytest.MonkeyPatch) -> Fit:
    """Fits a linear model for two epochs, reporting every batch."""
    monkeypatch.setattr(callbacks, "REPORT_SECONDS", 0.0)

    def fit(
        *, should_stop: Callable[[Counter], bool] = lambda _: False, report: Report = no_report, rate: float = 0.01
    ) -> Fitted:
        keras.utils.set_random_seed(0)
        network = keras.Sequential(
            [keras.Input((32, 32, 3)), keras.layers.Rescaling(1 / 255), keras.layers.Flatten(), keras.layers.Dense(3)]
        )
        network.compile(
            keras.optimizers.SGD(rate),
            keras.losses.CategoricalCrossentropy(from_logits=True),
            metrics=callbacks.metrics(),
        )
        counter = Counter()
        reports: list[Any] = []

        def collect(value: Reported) -> None:
            reports.append(value)
            report(value)

        stop: ShouldStop = lambda: should_stop(counter)  # noqa: E731
        callback = ProgressCallback(images=240, batch_size=BATCH, epochs=2, report=collect, should_stop=stop)
        network.fit(
            Batches(easy.train, 3, BATCH).dataset(),
            epochs=2,
            validation_data=Batches(easy.validation, 3, 6).dataset(),
            callbacks=[callback, counter],
            shuffle=False,
            verbose=0,
        )
        return Fitted(counter, callback, reports)

    return fit


def test_an_epoch_result_for_each_epoch(fit: Fit) -> None:
    fitted = fit()
    assert not fitted.callback.stopped
    assert not fitted.callback.diverged
    assert [result.epoch for result in fitted.epochs] == [1, 2]
    for result, logs in zip(fitted.epochs, fitted.counter.epoch_logs, strict=True):
        assert (result.loss, result.accuracy) == pytest.approx((logs[CROSS_ENTROPY], logs["accuracy"]))
        assert (result.val_loss, result.val_accuracy) == pytest.approx(
            (logs[f"val_{CROSS_ENTROPY}"], logs["val_accuracy"])
        )
    assert 0 < fitted.epochs[0].seconds < fitted.epochs[1].seconds


def test_a_report_for_each_batch(fit: Fit) -> None:
    reports = fit().batches
    assert [(report.epoch, report.batch) for report in reports] == [
        (epoch, batch) for epoch in (1, 2) for batch in range(1, BATCHES + 1)
    ]
    for report in reports:
        assert (report.epochs, report.batches) == (2, BATCHES)
        assert report.images_per_second > 0
    assert all(before.seconds < after.seconds for before, after in pairwise(reports))
    assert all(report.seconds_left > 0 for report in reports[:-1])


def test_reports_are_at_least_some_time_apart(fit: Fit, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(callbacks, "REPORT_SECONDS", 1000.0)
    # The first, since there was none before it, and each epoch's last, so that curves and bars reach their end.
    places = [(report.epoch, report.batch) for report in fit().batches]
    assert places[-2:] == [(1, BATCHES), (2, BATCHES)]
    assert len(places) <= 3


def test_losses_and_accuracies_are_smoothed(fit: Fit) -> None:
    """An exponential average of the batches' own values; Keras' logs hold the mean since the epoch's begin."""
    fitted = fit()
    single: list[tuple[float, float]] = []
    for number, logs in enumerate(fitted.counter.train_logs):
        done = number % BATCHES
        before = fitted.counter.train_logs[number - 1] if done else {CROSS_ENTROPY: 0.0, "accuracy": 0.0}
        loss, accuracy = ((done + 1) * logs[name] - done * before[name] for name in (CROSS_ENTROPY, "accuracy"))
        single.append((loss, accuracy))
    assert np.ptp([loss for loss, _ in single]) > 0.1  # or there would be nothing to smooth
    for number, report in enumerate(fitted.batches, start=1):
        ages = np.arange(number)[::-1]
        weights = np.exp(-ages * BATCH / callbacks.SMOOTHING_IMAGES)
        loss, accuracy = np.average(single[:number], axis=0, weights=weights)
        assert report.loss == pytest.approx(loss, rel=1e-4)
        assert report.accuracy == pytest.approx(accuracy, rel=1e-4)


def test_a_shorter_last_batch_counts_by_its_images(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(callbacks, "SMOOTHING_IMAGES", 1e-3)  # what is reported is the last batch's own value
    reports: list[Any] = []
    callback = ProgressCallback(images=6, batch_size=4, epochs=1, report=reports.append, should_stop=never_stop)
    callback.on_epoch_begin(0)
    callback.on_train_batch_end(0, {CROSS_ENTROPY: 1.0, "accuracy": 0.25})
    callback.on_train_batch_end(1, {CROSS_ENTROPY: (4 * 1.0 + 2 * 4.0) / 6, "accuracy": (4 * 0.25 + 2 * 1.0) / 6})
    assert (reports[-1].loss, reports[-1].accuracy) == pytest.approx((4.0, 1.0))


@pytest.mark.parametrize("batch", [1, 3, BATCHES + 2])
def test_a_stop_ends_the_training_within_its_batch(fit: Fit, batch: int) -> None:
    # The counter comes after the callback, so it stands at batch - 1 when the callback asks after that batch.
    fitted = fit(should_stop=lambda counter: counter.trained >= batch - 1)
    assert fitted.callback.stopped
    assert fitted.counter.trained == batch
    assert len(fitted.epochs) == batch // BATCHES  # none for the broken epoch
    whole_validations = VALIDATION_BATCHES * (batch // BATCHES)
    assert fitted.counter.validated <= whole_validations + 1  # and hardly any validation


def test_a_stop_before_the_training_ends_it_after_a_batch(fit: Fit) -> None:
    fitted = fit(should_stop=lambda _: True)
    assert (fitted.callback.stopped, fitted.counter.trained, fitted.epochs) == (True, 1, [])


def test_a_stop_while_it_reports_ends_it_after_that_batch(fit: Fit) -> None:
    asked: list[object] = []
    fitted = fit(report=asked.append, should_stop=lambda _: len(asked) >= 4)
    assert fitted.counter.trained == 4


def test_a_stop_during_the_validation(fit: Fit) -> None:
    fitted = fit(should_stop=lambda counter: counter.validated >= 2)
    assert fitted.callback.stopped
    assert fitted.counter.trained == BATCHES
    assert fitted.counter.validated == 3
    assert fitted.epochs == []


def test_a_loss_beyond_all_bounds_ends_the_training(fit: Fit, capsys: pytest.CaptureFixture[str]) -> None:
    fitted = fit(rate=1e38)
    assert fitted.callback.diverged
    assert not fitted.callback.stopped
    assert fitted.counter.trained < BATCHES
    assert fitted.counter.validated <= 1
    assert fitted.epochs == []
    assert all(math.isfinite(report.loss) for report in fitted.batches)
    assert capsys.readouterr().out == ""


def test_time_left_shrinks_to_the_last_validation(easy: Dataset) -> None:
    """With a clock of our own: batches of 2 s and validations of 10 s."""
    reports: list[Any] = []
    with pytest.MonkeyPatch.context() as patch:
        now = 100.0
        patch.setattr(time, "monotonic", lambda: now)
        callback = ProgressCallback(images=100, batch_size=40, epochs=2, report=reports.append, should_stop=never_stop)
        for epoch in range(2):
            callback.on_epoch_begin(epoch)
            for batch in range(3):
                now += 2
                callback.on_train_batch_end(batch, {CROSS_ENTROPY: 1.0, "accuracy": 0.5})
            callback.on_test_begin()
            now += 10
            ended = {CROSS_ENTROPY: 1.0, "accuracy": 0.5}
            callback.on_epoch_end(epoch, {**ended, **{f"val_{name}": value for name, value in ended.items()}})
    batches = [report for report in reports if isinstance(report, BatchProgress)]
    assert [report.images_per_second for report in batches] == pytest.approx([20] * 6)
    assert [report.seconds_left for report in batches[3:]] == pytest.approx([14, 12, 10])
    assert [report.seconds for report in batches] == pytest.approx([2, 4, 6, 18, 20, 22])
