"""Searches that nobody has made."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from cnngui.core.recipes.presets import STANDARD
from cnngui.core.recipes.setting import Range, Value
from cnngui.core.search.plan import Aim, Plan
from cnngui.core.search.space import Choice, Space
from cnngui.core.search.trials import Standing, State, Trial
from cnngui.gui.train.search.results.view import SearchResults

SPACE: Space = {
    "network.width": Range(8, 64),
    "optimization.learning_rate": Range(0.001, 1.0, is_logarithmic=True),
    "augmentation.horizontal_flip": Choice((False, True)),
}
BEGAN = datetime(2026, 11, 2, 9)


def trial(number: int, accuracy: float | None, state: State = State.FINISHED, **more: Any) -> Trial:
    """A trial of a minute, with a run; each has other values than the others."""
    began = BEGAN + timedelta(minutes=number - 1)
    values: dict[str, Value] = {
        "network.width": 8 * number,
        "optimization.learning_rate": number / 100,
        "augmentation.horizontal_flip": number % 2 == 0,
    }
    ended = None if state == State.RUNNING else began + timedelta(minutes=1)
    known = {"began": began, "ended": ended, "computer": "one", "run": f"search-{number:04}"}
    return Trial(number, state, values, accuracy, **(known | more))


def standing(*trials: Trial, aim: Aim = Aim.ACCURACY) -> Standing:
    """How a search with these trials stands."""
    return Standing("search", Plan(STANDARD, SPACE, aim), "Drawn shapes", trials)


FOUR = standing(
    trial(1, 0.5),
    trial(2, 0.9),
    trial(3, 0.3, State.PRUNED),
    trial(4, None, State.FAILED, reason="The loss is no longer a number."),
    trial(5, 0.7),
    trial(6, None, State.RUNNING),
)
"""Three finished trials, the second of which is the best, and a pruned, a failed and a running one."""

FRONT = standing(
    trial(1, 0.9, milliseconds=4.0),
    trial(2, 0.8, milliseconds=1.0),
    trial(3, 0.7, milliseconds=2.0),
    aim=Aim.BOTH,
)
"""Two trials worth choosing, and one that is neither more accurate nor faster than the second."""


@pytest.fixture
def view(qtbot: QtBot) -> Iterator[SearchResults]:
    """The results, in view."""
    made = SearchResults()
    qtbot.addWidget(made)
    made.resize(620, 460)
    made.show()
    qtbot.waitExposed(made)
    yield made
    made.stop()
