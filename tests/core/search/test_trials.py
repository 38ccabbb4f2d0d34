from datetime import datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from cnngui.core.recipes.presets import QUICK
from cnngui.core.recipes.setting import Range, Value
from cnngui.core.search.plan import Aim, Plan
from cnngui.core.search.trials import Standing, State, Trial, worked

NOON = datetime(2026, 1, 1, 12)
PLAN = Plan(QUICK, {"network.dropout": Range(0.0, 0.5)})


def trial(number: int, begin: float, end: float, accuracy: float = 0.5, **others: object) -> Trial:
    """A finished trial, with times in seconds after noon."""
    values: dict[str, Value] = {"network.dropout": number / 10}
    found = {
        "state": State.FINISHED,
        "values": values,
        "accuracy": accuracy,
        "began": NOON + timedelta(seconds=begin),
        "ended": NOON + timedelta(seconds=end),
    }
    return Trial(number, **(found | others))  # type: ignore[arg-type]


def test_time_counts_once_however_many_work() -> None:
    trials = [trial(1, 0, 10), trial(2, 5, 12), trial(3, 20, 21), trial(4, 6, 8)]
    assert worked(trials) == 13
    assert worked([]) == 0
    assert worked([trial(1, 0, 10, state=State.FAILED), trial(2, 0, 5, ended=None)]) == 0


@given(st.lists(st.tuples(st.integers(0, 50), st.integers(0, 50)), max_size=8))
def test_it_is_the_number_of_seconds_in_which_anyone_works(spans: list[tuple[int, int]]) -> None:
    trials = [trial(1, begin, begin + length) for begin, length in spans]
    assert worked(trials) == len({second for begin, length in spans for second in range(begin, begin + length)})


def test_the_best_over_time_only_grows() -> None:
    trials = (trial(1, 0, 10, 0.5), trial(2, 10, 20, 0.4), trial(3, 20, 30, 0.7), trial(4, 30, 40, 0.7))
    standing = Standing("a", PLAN, "", trials)
    assert standing.best_over_time() == ((10, 0.5), (30, 0.7))
    assert standing.best == trials[2]
    assert standing.front == (trials[2],)
    assert standing.recipe(trials[2]).network.dropout == 0.3
    assert Standing("a", PLAN, "", ()).best is None


def test_the_front_has_what_nothing_beats_in_both() -> None:
    trials = (
        trial(1, 0, 1, 0.9, milliseconds=5.0),
        trial(2, 1, 2, 0.8, milliseconds=6.0),
        trial(3, 2, 3, 0.8, milliseconds=2.0),
        trial(4, 3, 4, 0.9, milliseconds=4.0),
        trial(5, 4, 5, 0.7, milliseconds=2.0),
    )
    plan = Plan(QUICK, PLAN.space, aim=Aim.BOTH)
    assert Standing("a", plan, "", trials).front == (trials[3], trials[2])
