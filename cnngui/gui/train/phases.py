"""What a training is doing, and how it may end."""

from dataclasses import dataclass
from enum import Enum, auto
from pathlib import Path

from cnngui.core.errors import UserError
from cnngui.core.training.job import JobResult


class Phase(Enum):
    """What is going on.

    FINISHING: the last epoch has ended, and the model is made of it and measured.
    UNSAVED: a model is trained and could not be saved; its worker waits for another place.
    """

    IDLE = auto()
    PREPARING = auto()
    TRAINING = auto()
    PAUSED = auto()
    FINISHING = auto()
    STOPPING = auto()
    SAVING = auto()
    UNSAVED = auto()


@dataclass(frozen=True)
class Broken:
    """A training ended by a bug, which :mod:`cnngui.gui.common.bugs` shows."""


@dataclass(frozen=True)
class Cancelled:
    """A training was stopped before it learnt anything."""


@dataclass(frozen=True)
class Discarded:
    """A training was stopped and makes no model.

    path: of the model that it would have made. run_stays: whether its run is again what it was before it went on.
    """

    path: Path
    run_stays: bool = False


@dataclass(frozen=True)
class CannotSave:
    """The trained model cannot be saved at ``path``, for the reason ``error``; it is kept in memory."""

    error: UserError
    path: Path


Ending = JobResult | UserError | Cancelled | Discarded | Broken
"""How a training ends."""
