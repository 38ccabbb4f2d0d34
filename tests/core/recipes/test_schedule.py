import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from cnngui.core.recipes.presets import ARTICLE, STANDARD
from cnngui.core.recipes.recipe import SETTINGS, Recipe
from cnngui.core.recipes.schedule import cycle_steps, learning_rate, learning_rates

SCHEDULES = list(SETTINGS["optimization.schedule"].choices or ())


def rates_of(recipe: Recipe, steps: int) -> NDArray[np.float64]:
    return learning_rates(recipe, np.arange(steps, dtype=np.float64), steps)


def scheduled(schedule: str, rate: float = 2.0) -> Recipe:
    return STANDARD.changed({"optimization.schedule": schedule, "optimization.learning_rate": rate})


def test_cosine_warms_up_and_cools_down() -> None:
    rates = rates_of(scheduled("cosine"), 1000)
    assert rates[0] == pytest.approx(0.4)
    assert int(np.argmax(rates)) == 230
    assert rates.max() == pytest.approx(2.0)
    assert np.all(np.diff(rates[:231]) > 0)
    assert np.all(np.diff(rates[230:]) < 0)
    assert 0 < rates[-1] < 1e-3


def test_each_restart_begins_again_at_half_the_rate() -> None:
    recipe = scheduled("restarts").changed({"optimization.epochs": 16, "optimization.warm_restarts": 2})
    rates = rates_of(recipe, 1600)
    for begin, end, highest in ((0, 1200, 2.0), (1200, 1400, 1.0), (1400, 1600, 1.0)):
        cycle = rates[begin:end]
        assert cycle[0] == pytest.approx(0.2 * highest)
        assert max(cycle) == pytest.approx(highest)
        assert int(np.argmax(cycle)) == round(0.23 * (end - begin))
        assert 0 < cycle[-1] < 1e-3


def test_one_cycle_goes_up_and_down_along_a_cosine() -> None:
    rates = rates_of(scheduled("one_cycle").changed({"optimization.warm_up": 0.3}), 1000)
    assert rates[0] == pytest.approx(2 / 25)
    assert int(np.argmax(rates)) == 300
    assert rates.max() == pytest.approx(2)
    assert rates[150] == pytest.approx((2 + 2 / 25) / 2)
    assert rates[650] == pytest.approx(1, abs=0.01)
    assert 0 < rates[-1] < 1e-4


def test_step_divides_by_ten_twice() -> None:
    rates = rates_of(scheduled("step"), 100)
    np.testing.assert_allclose(rates, [2.0] * 50 + [0.2] * 25 + [0.02] * 25)


def test_without_warm_up_the_first_step_is_at_the_peak() -> None:
    for schedule in ("cosine", "one_cycle", "restarts"):
        rates = rates_of(scheduled(schedule).changed({"optimization.warm_up": 0.0}), 100)
        assert rates[0] == rates.max() == pytest.approx(2.0)


@given(
    schedule=st.sampled_from(SCHEDULES),
    steps=st.integers(1, 500),
    epochs=st.integers(1, 40),
    warm_up=st.floats(0, 0.9),
    rate=st.floats(0.000001, 100),
)
def test_every_step_has_a_rate_up_to_the_peak(
    schedule: str, steps: int, epochs: int, warm_up: float, rate: float
) -> None:
    recipe = scheduled(schedule, rate).changed({"optimization.epochs": epochs, "optimization.warm_up": warm_up})
    rates = rates_of(recipe, epochs * steps)
    assert np.all(rates > 0)
    assert np.all(rates <= rate * (1 + 1e-9))


@given(epochs=st.integers(1, 100), steps=st.integers(1, 500), restarts=st.integers(0, 4))
def test_the_articles_rate_is_constant(epochs: int, steps: int, restarts: int) -> None:
    recipe = ARTICLE.changed({"optimization.epochs": epochs, "optimization.warm_restarts": restarts})
    assert set(rates_of(recipe, steps)) == {0.001}


@given(epochs=st.integers(1, 200), batches=st.integers(1, 50), restarts=st.integers(0, 4))
def test_the_cycles_are_the_whole_training(epochs: int, batches: int, restarts: int) -> None:
    recipe = STANDARD.changed(
        {
            "optimization.epochs": epochs,
            "optimization.warm_restarts": restarts,
            "optimization.schedule": "restarts",
            "optimization.averaging": "cycles",
        }
    )
    assert cycle_steps(recipe, epochs * batches) == [batches * each for each in recipe.cycles]


def test_one_step_is_one_of_all() -> None:
    recipe = STANDARD.changed(
        {
            "optimization.epochs": 8,
            "optimization.warm_restarts": 1,
            "optimization.schedule": "restarts",
            "optimization.averaging": "cycles",
        }
    )
    rates = rates_of(recipe, 80)
    assert [learning_rate(recipe, step, 80) for step in range(80)] == list(rates)


def test_between_two_steps_the_rate_is_between_theirs() -> None:
    before, between, after = learning_rates(STANDARD, np.array([100.0, 100.5, 101.0]), 1000)
    assert before < between < after
