"""How long-running work reports its progress and learns that it should stop.

Every long function of the core takes ``progress`` and ``should_stop``. It passes frozen values to ``progress``. Soon
after ``should_stop`` returns true it ends: it raises :class:`~cnngui.core.errors.Stopped` or returns what it has.
"""

import signal
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cnngui.core.json_values import MOST_SECONDS, loss, number, share, whole

STOP_SIGNALS = tuple(getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name))
"""The signals that ask the program to stop: Ctrl-C, the end of the session, a closed terminal."""


@dataclass(frozen=True)
class Progress:
    """A step of the work.

    text: what is being done, for the user ("Downloading CIFAR-10, 41 of 170 MB").
    done, total: in any unit; total is 0 if unknown.
    can_stop: false while a stop has no effect, as during saving.
    """

    text: str
    done: int = 0
    total: int = 0
    can_stop: bool = True


@dataclass(frozen=True)
class BatchProgress:
    """The state of a training after a batch.

    epoch, batch: counted from 1, out of ``epochs`` and of ``batches`` per epoch.
    loss, accuracy: moving averages over the training batches; accuracy is 0–1. The loss is the mean cross-entropy of
        the labels, in nats, without label smoothing; under CutMix the labels are mixtures.
    images_per_second: over the last few seconds. seconds: of training so far, without pauses.
    seconds_left: an estimate. learning_rate: of the batch's update.
    """

    epoch: int
    epochs: int
    batch: int
    batches: int
    loss: float
    accuracy: float
    images_per_second: float
    seconds: float
    seconds_left: float
    learning_rate: float = 0.0

    @property
    def done(self) -> int:
        """Batches so far, over all epochs."""
        return (self.epoch - 1) * self.batches + self.batch

    @property
    def total(self) -> int:
        """Batches in the whole training."""
        return self.epochs * self.batches

    @property
    def epochs_done(self) -> float:
        """Epochs so far, with a fraction: 1.5 in the middle of the second."""
        return self.done / self.batches


@dataclass(frozen=True)
class EpochResult:
    """The result of an epoch: mean training loss and accuracy, then those of the validation images.

    epoch: counted from 1. Losses are as in :class:`BatchProgress`. Accuracies are 0–1. seconds: of training so far,
    without pauses.
    """

    epoch: int
    loss: float
    accuracy: float
    val_loss: float
    val_accuracy: float
    seconds: float

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> "EpochResult":
        """The result that :func:`dataclasses.asdict` turned into ``values``.

        Raises as :mod:`cnngui.core.json_values` says.
        """
        return cls(
            whole(values["epoch"], 1),
            loss(values["loss"]),
            share(values["accuracy"]),
            loss(values["val_loss"]),
            share(values["val_accuracy"]),
            number(values["seconds"], 0, MOST_SECONDS),
        )


@dataclass(frozen=True)
class DataNotes:
    """What the data set is, how it is divided, and what is not used. sentences: for the user, one a line."""

    sentences: tuple[str, ...]


@dataclass(frozen=True)
class LeftOut:
    """The files of the data set that could not be read. sentences: one for each file."""

    sentences: tuple[str, ...]


@dataclass(frozen=True)
class Trouble:
    """Something that does not end the work, such as a checkpoint that cannot be written. sentence: for the user."""

    sentence: str


@dataclass(frozen=True)
class FirstModel:
    """A model that answers already, while the rest of its training goes on.

    path: where it is saved until the training ends. accuracy: on the validation images, 0–1.
    """

    path: Path
    accuracy: float


@dataclass(frozen=True)
class Earlier:
    """The curves of a run that goes on, up to where it does.

    epochs: its complete ones. batches: epochs so far, with a fraction, loss and accuracy, for at most some thousand.
    """

    epochs: tuple[EpochResult, ...]
    batches: tuple[tuple[float, float, float], ...]


@dataclass(frozen=True, eq=False)
class Glimpse:
    """What the network makes of the pinned pictures after an epoch. Nobody writes into its arrays.

    pictures: the array that was pinned. classes: the network's. probabilities: float32 (pictures, classes).
    filters: of the first convolution, as pictures, uint8 (n, side, side, 3).
    """

    epoch: int
    pictures: NDArray[np.uint8]
    classes: tuple[str, ...]
    probabilities: NDArray[np.float32]
    filters: NDArray[np.uint8]


Reported = Progress | BatchProgress | EpochResult | DataNotes | LeftOut | Trouble | FirstModel | Earlier | Glimpse
Report = Callable[[Reported], None]
ShouldStop = Callable[[], bool]


def never_stop() -> bool:
    """The ``should_stop`` of work that cannot be stopped."""
    return False


def no_report(_value: Reported) -> None:
    """The ``progress`` of work that nobody watches."""
