"""The part of a training that learns. It can be left between two batches, and gone on with exactly.

This module imports Keras: import it inside functions only.
"""

from collections.abc import Callable, Sequence
from typing import Any

import keras
import numpy as np
from numpy.typing import NDArray

from cnngui.core.data.batches import Batches
from cnngui.core.data.datasets import Dataset
from cnngui.core.errors import UserError
from cnngui.core.progress import EpochResult, Reported, ShouldStop
from cnngui.core.recipes.recipe import Recipe
from cnngui.core.recipes.schedule import learning_rate
from cnngui.core.runs.checkpoint import Checkpoint
from cnngui.core.runs.writer import RunWriter
from cnngui.core.training.averaging import CycleEnds
from cnngui.core.training.callbacks import CROSS_ENTROPY, ProgressCallback, metrics
from cnngui.core.training.control import Conduct, Control
from cnngui.core.training.early_stopping import EarlyStopping
from cnngui.core.training.glimpses import Glimpses
from cnngui.core.training.loss import CrossEntropy
from cnngui.core.training.optimizers import Rates, optimizer

VALIDATION_BATCH = 250  # more gain no speed, but cost memory: the article's network needs 0.1 GB more with 500


class Learning:
    """Keras' ``fit`` of a network, from a checkpoint on if the run has one.

    recipe: with the epochs that were asked for meanwhile. history: of all complete epochs, also those before the
    checkpoint. ends: as :class:`CycleEnds` has them. stopped, diverged: as :class:`ProgressCallback` has them.
    """

    def __init__(
        self,
        network: keras.Model,
        dataset: Dataset,
        recipe: Recipe,
        conduct: Conduct,
    ) -> None:
        self._network = network
        self.recipe = recipe
        self.history: list[EpochResult] = []
        report, should_stop, control, run = conduct.report, conduct.should_stop, conduct.control, conduct.run
        self._report, self._control, self._run, self._watch = report, control, run, conduct.watch
        self._training = Batches(dataset.train, len(dataset.classes), recipe.optimization.batch_size, recipe)
        self._validation = Batches(dataset.validation, len(dataset.classes), VALIDATION_BATCH)
        self._ends = CycleEnds(recipe.cycles)
        self._early = EarlyStopping(recipe.optimization.patience, self._weights)
        self._progress = ProgressCallback(
            images=len(dataset.train),
            batch_size=recipe.optimization.batch_size,
            epochs=recipe.optimization.epochs,
            report=self._take,
            should_stop=should_stop,
            rate=self._rate,
            watch=conduct.watch,
        )
        self._callbacks = [
            keras.callbacks.LambdaCallback(on_epoch_begin=lambda epoch, logs: self._training.begin_epoch()),
            Rates(lambda: self._rate(self._progress.steps)),
            self._ends,
            self._progress,
            self._early,
            *([Glimpses(self._pinned, dataset.classes, report)] if control.pinned is not None else []),
            _Checkpoints(self._progress, run, control, self._checkpoint),
            _Pauses(self._progress, control, should_stop, self._longer_epochs, run.stay_alive if run else None),
        ]

    @property
    def ends(self) -> list[list[NDArray[np.float32]]]:
        """The network's weights at the end of each complete cycle, in order."""
        return [self._ends.weights[epoch] for epoch in sorted(self._ends.weights)]

    @property
    def best(self) -> list[NDArray[np.float32]] | None:
        """The weights of the best epoch; None without early stopping, or before the first epoch has ended."""
        return next(iter(self._early.weights.values()), None)

    @property
    def stopped(self) -> bool:
        return self._progress.stopped

    @property
    def diverged(self) -> bool:
        return self._progress.diverged

    def learn(self) -> None:
        """Train until the last epoch has ended, or until it is stopped or diverges."""
        self._compile()
        if self._run is not None and self._run.checkpoint is not None:
            self._restore(self._run.checkpoint)
        while not self.stopped and not self.diverged:
            if self._longer_epochs():
                self._replan()
            elif self._progress.epoch >= self.recipe.optimization.epochs or self._early.has_ended:
                return
            else:
                self._fit()

    def _fit(self) -> None:
        """Train for the rest of a broken epoch, or else for all epochs that are left."""
        epoch, batch = self._progress.epoch, self._progress.batch
        if batch == len(self._training):
            self._validate()
            return
        self._network.fit(
            self._training.dataset(first=batch),
            initial_epoch=epoch,
            epochs=epoch + 1
            if batch
            else self.recipe.optimization.epochs,  # Keras takes all epochs to be as long as the first
            validation_data=self._validation.dataset(),
            callbacks=self._callbacks,
            shuffle=False,  # Batches shuffles, by the recipe's seed alone
            verbose=0,
        )

    def _validate(self) -> None:
        """End an epoch that lacks its validation alone."""
        epoch, curves = self._progress.epoch, self._progress.curves
        self._training.begin_epoch()
        found = self._network.evaluate(
            self._validation.dataset(), callbacks=self._callbacks, return_dict=True, verbose=0
        )
        logs = {CROSS_ENTROPY: curves.mean_loss, "accuracy": curves.mean_accuracy}
        logs |= {f"val_{name}": value for name, value in found.items()}
        for callback in self._callbacks:
            callback.on_epoch_end(epoch, logs)

    def _compile(self) -> None:
        made = optimizer(self.recipe)
        self._network.compile(
            made,
            CrossEntropy(from_logits=True, label_smoothing=self.recipe.optimization.label_smoothing),
            metrics=metrics(),
            jit_compile=False,  # XLA makes these networks slower on a CPU
        )
        made.build(self._network.trainable_variables)
        self._build_metrics()

    def _build_metrics(self) -> None:
        """Make the metrics' variables. Keras would make them in its first step, and then trace that once more."""
        nothing = np.zeros((1, self._network.output_shape[-1]), np.float32)
        self._network.compute_metrics(None, nothing, nothing)
        self._network.reset_metrics()

    def _longer_epochs(self) -> int:
        """The epochs in all, if more than planned were asked for; else 0."""
        return self._control.epochs if self._control.epochs > self.recipe.optimization.epochs else 0

    def _replan(self) -> None:
        """Train for more epochs: the rest of the schedule is that of so many."""
        if self._run is not None and (
            self._run.checkpoint is None or self._run.checkpoint.steps != self._progress.steps
        ):
            self._run.save(self._checkpoint)  # from the one before, the new schedule would begin too early
        before = _values(self._network.optimizer.variables)
        self.recipe = self.recipe.changed({"optimization.epochs": self._longer_epochs()})
        self._progress.epochs = self.recipe.optimization.epochs
        self._early.wait_anew()
        self._ends.replan(self.recipe.cycles)
        self._training.recipe_changed(self.recipe)
        self._compile()
        self._assign(self._network.optimizer.variables, before)
        if self._run is not None:
            self._run.describe(self._run.record, self.recipe)

    def _assign(self, variables: list[Any], values: Sequence[NDArray[Any]]) -> None:
        for variable, value in zip(variables, values, strict=True):
            variable.assign(value)

    def _weights(self) -> list[NDArray[np.float32]]:
        """The weights that the trained model would have if the training ended now."""
        network = self._network
        if self.recipe.optimization.averaging != "moving":
            return list(network.get_weights())
        before = _values(network.trainable_variables)
        network.optimizer.use_average(network.trainable_variables)
        average = list(network.get_weights())
        self._assign(network.trainable_variables, before)
        return average

    def _rate(self, step: int) -> float:
        return learning_rate(self.recipe, step, self.recipe.optimization.epochs * len(self._training))

    def _pinned(self) -> NDArray[np.uint8]:
        pinned = self._control.pinned
        return pinned if pinned is not None else np.zeros((0, 1, 1, 3), np.uint8)

    def _take(self, value: Reported) -> None:
        if isinstance(value, EpochResult):
            self.history.append(value)
        self._report(value)

    def finish(self) -> None:
        """Give the network the weights that the trained model is to have, but for averages over cycles."""
        self._network.set_weights(self.best or self._weights())

    # Checkpoints

    def _variables(self) -> list[Any]:
        """All that decides the next batch but the metrics. Keras counts the metrics in once they are built."""
        others = {id(variable) for metric in self._network.metrics for variable in metric.variables}
        return [
            *(each for each in self._network.variables if id(each) not in others),
            *self._network.optimizer.variables,
        ]

    def _metrics(self) -> list[Any]:
        return [variable for metric in self._network.metrics for variable in metric.variables]

    def _checkpoint(self) -> Checkpoint:
        progress, in_epoch = self._progress, 0 < self._progress.batch < len(self._training)
        return Checkpoint(
            epoch=progress.epoch,
            batch=progress.batch,
            steps=progress.steps,
            seconds=self._watch.seconds,
            variables=tuple(_values(self._variables())),
            metrics=tuple(_values(self._metrics())) if in_epoch else (),
            ends=dict(self._ends.weights),
            best=dict(self._early.weights),
            history=tuple(self.history),
            curves=progress.curves,
            rows=self._run.rows if self._run is not None else 0,
        )

    def _restore(self, checkpoint: Checkpoint) -> None:
        """Go on from the checkpoint. Raises UserError if it is that of another network or optimizer."""
        variables = self._variables()
        if [tuple(each.shape) for each in variables] != [each.shape for each in checkpoint.variables]:
            raise UserError("The run’s checkpoint does not fit its recipe. Copy the run’s folder again.")
        self._assign(variables, checkpoint.variables)
        self.history = list(checkpoint.history)
        self._ends.weights = dict(checkpoint.ends)
        self._ends.replan(self.recipe.cycles)
        self._early.go_on(checkpoint.history, checkpoint.best)
        if self._run is not None and self._run.is_lengthened:
            self._early.wait_anew()
        self._progress.go_on(checkpoint.epoch, checkpoint.batch, checkpoint.curves)
        for _ in range(checkpoint.epoch):
            self._training.begin_epoch()
        if checkpoint.metrics:
            self._callbacks.append(_Metrics(self._metrics, checkpoint.metrics))


def _values(variables: list[Any]) -> list[NDArray[Any]]:
    return [np.array(keras.ops.convert_to_numpy(each)) for each in variables]


class _Checkpoints(keras.callbacks.Callback):
    """Writes a checkpoint at the end of an epoch, and within it when it is long, stopped or paused."""

    def __init__(
        self, progress: ProgressCallback, run: RunWriter | None, control: Control, make: Callable[[], Checkpoint]
    ) -> None:
        super().__init__()
        self._progress, self._run, self._control, self._make = progress, run, control, make
        self._is_paused = False  # and has a checkpoint

    def on_train_batch_end(self, batch: int, logs: dict[str, Any] | None = None) -> None:
        """Write one if it is due."""
        self._save(at_epoch_end=False)

    def on_test_batch_end(self, batch: int, logs: dict[str, Any] | None = None) -> None:
        """Write one if the validation is broken off; not if the epoch was, whose metrics have gone by now."""
        is_whole = self._progress.batch == self._progress.batches
        if is_whole and (self._progress.stopped or self._control.is_paused):
            self._save(at_epoch_end=False)

    def on_epoch_end(self, epoch: int, logs: dict[str, Any] | None = None) -> None:
        """Write one if the epoch is complete."""
        if not self._progress.stopped:
            self._save(at_epoch_end=True)

    def _save(self, *, at_epoch_end: bool) -> None:
        progress, run = self._progress, self._run
        if run is None or progress.diverged:
            return
        is_left = progress.stopped or (self._control.is_paused and not self._is_paused)
        is_last = at_epoch_end and (progress.epoch >= progress.epochs or self.model.stop_training)
        self._is_paused = self._control.is_paused
        if is_left or is_last or run.is_due(at_epoch_end=at_epoch_end):
            run.save(self._make)


class _Pauses(keras.callbacks.Callback):
    """Waits between two batches while the training is paused, and ends ``fit`` where more epochs are asked for."""

    def __init__(
        self,
        progress: ProgressCallback,
        control: Control,
        should_stop: ShouldStop,
        longer_epochs: Callable[[], int],
        stay_alive: Callable[[], None] | None,
    ) -> None:
        super().__init__()
        self._progress, self._control, self._stay_alive = progress, control, stay_alive
        self._should_stop, self._longer_epochs = should_stop, longer_epochs

    def on_train_batch_end(self, batch: int, logs: dict[str, Any] | None = None) -> None:
        """Wait."""
        if self._control.is_paused and not self._progress.stopped:
            self._progress.paused(self._control.wait(self._should_stop, self._stay_alive))

    def on_test_batch_end(self, batch: int, logs: dict[str, Any] | None = None) -> None:
        """Wait."""
        self.on_train_batch_end(batch)

    def on_epoch_end(self, epoch: int, logs: dict[str, Any] | None = None) -> None:
        """End ``fit``: the next one has another schedule."""
        if self._longer_epochs():
            self.model.stop_training = True


class _Metrics(keras.callbacks.Callback):
    """Gives the metrics the means of a broken epoch's first batches, once: Keras resets them at its start."""

    def __init__(self, metrics: Callable[[], list[Any]], values: tuple[NDArray[Any], ...]) -> None:
        super().__init__()
        self._metrics, self._values = metrics, values

    def on_epoch_begin(self, epoch: int, logs: dict[str, Any] | None = None) -> None:
        """Restore them."""
        values, self._values = self._values, ()
        if values:
            for variable, value in zip(self._metrics(), values, strict=True):
                variable.assign(value)
