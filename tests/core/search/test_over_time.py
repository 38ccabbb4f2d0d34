"""After how much work each trial of a search was there."""

from datetime import datetime, timedelta

from cnngui.core.recipes.presets import STANDARD
from cnngui.core.search.plan import Plan
from cnngui.core.search.space import usual
from cnngui.core.search.trials import Standing, State, Trial, worked

PLAN = Plan(STANDARD, {"network.dropout": usual("network.dropout", STANDARD)})
NOON = datetime(2026, 11, 2, 12)


def trial(number: int, began: int, ended: int, accuracy: float, state: State = State.FINISHED) -> Trial:
    """A trial that was trained between these seconds after noon."""
    times = [NOON + timedelta(seconds=each) for each in (began, ended)]
    return Trial(number, state, {}, accuracy, began=times[0], ended=times[1])


def test_only_the_time_counts_in_which_something_was_trained() -> None:
    trials = (
        trial(1, 0, 10, 0.5),
        trial(2, 5, 30, 0.4),  # beside it
        trial(3, 8, 20, 0.6),
        trial(4, 100, 110, 0.9, State.PRUNED),  # after a night
        trial(5, 110, 130, 0.7),
        trial(6, 200, 300, 0.8, State.FAILED),
        Trial(7, State.RUNNING, {}, began=NOON),
    )
    standing = Standing("search", PLAN, "", trials)
    assert [(seconds, each.number) for seconds, each in standing.over_time] == [(10, 1), (20, 3), (30, 2), (60, 5)]
    assert standing.best_over_time() == ((10, 0.5), (20, 0.6), (60, 0.7))
    assert standing.seconds == worked(trials) == 60


def test_before_a_trial_has_ended_there_is_nothing() -> None:
    standing = Standing("search", PLAN, "", (Trial(1, State.RUNNING, {}, began=NOON),))
    assert (standing.over_time, standing.best_over_time(), standing.seconds) == ((), (), 0.0)
