"""What a search is doing, and how it may end."""

from dataclasses import dataclass
from enum import Enum, auto
from pathlib import Path

from cnngui.core.errors import UserError
from cnngui.core.recipes.recipe import Recipe
from cnngui.core.search.trials import Standing


class SearchPhase(Enum):
    """What is going on. PREPARING: until the first trial begins."""

    IDLE = auto()
    PREPARING = auto()
    RUNNING = auto()
    PAUSED = auto()
    STOPPING = auto()


@dataclass(frozen=True)
class TrialBegan:
    """A trial of this window's search. number: from 1. data: its title. path: of the model to be."""

    number: int
    data: str
    recipe: Recipe
    path: Path


@dataclass(frozen=True)
class Searched:
    """A search has ended: its budget is used up, or, if ``is_stopped``, the user ended it."""

    standing: Standing
    is_stopped: bool


@dataclass(frozen=True)
class NotBegun:
    """A search was stopped while its data was read."""


@dataclass(frozen=True)
class SearchBroken:
    """A search ended by a bug, which :mod:`cnngui.gui.common.bugs` shows."""


SearchEnding = Searched | NotBegun | SearchBroken | UserError
"""How a search ends."""
