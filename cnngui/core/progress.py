"""How long work reports where it is and learns that it should stop.

Every long function of the core takes ``progress`` and ``should_stop``. It calls ``progress`` with a frozen value and
ends, by raising :class:`~cnngui.core.errors.Stopped` or with what it has so far, soon after ``should_stop`` is true.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

ShouldStop = Callable[[], bool]
Report = Callable[[Any], None]


@dataclass(frozen=True)
class Progress:
    """A step of some long work.

    text: what is being done, for a person ("Downloading CIFAR-10, 41 of 170 MB").
    done, total: how far it is, in any one unit; total is 0 where it is not known.
    """

    text: str
    done: int = 0
    total: int = 0


def never_stop() -> bool:
    """The ``should_stop`` of work that nobody can stop."""
    return False


def no_report(_value: object) -> None:
    """The ``progress`` of work that nobody watches."""


@dataclass(frozen=True)
class BatchProgress:
    """Where a training is, after a batch.

    epoch, batch: counted from 1, of ``epochs`` and ``batches`` (an epoch's).
    loss, accuracy: of the training batches so far, smoothed; accuracy lies between 0 and 1.
    images_per_second: over the last seconds. seconds: since the training began. seconds_left: what is expected.
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

    @property
    def done(self) -> int:
        """The batches so far, of all epochs."""
        return (self.epoch - 1) * self.batches + self.batch

    @property
    def total(self) -> int:
        """The batches of the whole training."""
        return self.epochs * self.batches

    @property
    def epochs_done(self) -> float:
        """How many epochs have passed, with the fraction of this one: 1.5 in the middle of the second."""
        return self.done / self.batches


@dataclass(frozen=True)
class EpochResult:
    """What an epoch came to: mean training loss and accuracy, and those of the validation images after it.

    epoch: counted from 1. Accuracies lie between 0 and 1. seconds: since the training began.
    """

    epoch: int
    loss: float
    accuracy: float
    val_loss: float
    val_accuracy: float
    seconds: float
