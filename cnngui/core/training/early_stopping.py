"""Early stopping. This module imports Keras: import it inside functions only."""

from collections.abc import Callable, Sequence
from typing import Any

import keras
import numpy as np
from numpy.typing import NDArray

from cnngui.core.progress import EpochResult
from cnngui.core.training.callbacks import CROSS_ENTROPY

Weights = list[NDArray[np.float32]]


class EarlyStopping(keras.callbacks.Callback):
    """Keeps the weights of the epoch with the lowest validation loss, and ends a training that no longer gets there.

    Keras' own has no state that a checkpoint could hold, and does not see the averaged weights.
    patience: after how many epochs without a lower loss the training ends; 0 for never, and no weights are kept.
    weights: of the best epoch, by the number of epochs before it; empty before there is one.
    has_ended: whether the patience is at its end.
    """

    def __init__(self, patience: int, current: Callable[[], Weights]) -> None:
        """current: gives the weights that the model would have if the training ended now."""
        super().__init__()
        self._patience, self._current = patience, current
        self._least = np.inf
        self._waited = 0
        self.weights: dict[int, Weights] = {}

    @property
    def has_ended(self) -> bool:
        return 0 < self._patience <= self._waited

    def go_on(self, history: Sequence[EpochResult], weights: dict[int, Weights]) -> None:
        """Go on after these epochs. weights: as they were then."""
        self.weights = dict(weights)
        for result in history:
            self._take(result.val_loss)

    def wait_anew(self) -> None:
        """The user wants more epochs: count from now on."""
        self._waited = 0

    def on_epoch_end(self, epoch: int, logs: dict[str, Any] | None = None) -> None:
        """Keep the weights if they are the best; end the training if the patience is at its end."""
        if not self._patience or self.model.stop_training or logs is None:
            return
        if self._take(float(logs[f"val_{CROSS_ENTROPY}"])):
            self.weights = {epoch + 1: self._current()}
        if self.has_ended:
            self.model.stop_training = True

    def _take(self, loss: float) -> bool:
        is_best = loss < self._least
        self._least, self._waited = min(loss, self._least), 0 if is_best else self._waited + 1
        return is_best
