"""The plotted learning rate is the one that the optimizer uses."""

from dataclasses import replace

import keras
import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from cnngui.core.recipes.presets import ARTICLE, STANDARD
from cnngui.core.recipes.recipe import Recipe
from cnngui.core.recipes.schedule import cycle_steps, learning_rate, learning_rates
from cnngui.core.training.optimizers import _rate, optimizer


def used(recipe: Recipe, steps: int) -> NDArray[np.float64]:
    """The rates of the optimizer's schedule."""
    schedule = _rate(recipe, steps)
    return np.array([float(schedule(step)) for step in range(steps)])


def plotted(recipe: Recipe, steps: int) -> NDArray[np.float64]:
    return learning_rates(recipe, np.arange(steps, dtype=np.float64), steps)


@settings(max_examples=40)
@given(
    epochs=st.integers(1, 40),
    batches=st.integers(1, 5),
    restarts=st.integers(0, 4),
    rate=st.floats(0.001, 10),
)
def test_sgd_is_the_same_at_every_step(epochs: int, batches: int, restarts: int, rate: float) -> None:
    recipe = replace(STANDARD, epochs=epochs, warm_restarts=restarts, learning_rate=rate)
    steps = epochs * batches
    np.testing.assert_allclose(plotted(recipe, steps), used(recipe, steps), rtol=2e-4, atol=2e-6 * rate)


def test_the_optimizer_itself_agrees_step_by_step() -> None:
    recipe = replace(STANDARD, epochs=16, warm_restarts=2)
    sgd = optimizer(recipe, 160)
    sgd.build([keras.Variable(np.zeros(1, np.float32))])
    rates = []
    for _ in range(160):
        rates.append(float(sgd.learning_rate))
        sgd.iterations.assign_add(1)
    np.testing.assert_allclose(plotted(recipe, 160), rates, rtol=2e-4, atol=1e-6)


@given(epochs=st.integers(1, 100), steps=st.integers(1, 500), restarts=st.integers(0, 4))
def test_adam_is_constant(epochs: int, steps: int, restarts: int) -> None:
    recipe = replace(ARTICLE, epochs=epochs, warm_restarts=restarts)
    rate = optimizer(recipe, steps).learning_rate
    np.testing.assert_allclose(plotted(recipe, steps), float(rate), rtol=1e-6)


@given(epochs=st.integers(1, 200), batches=st.integers(1, 50), restarts=st.integers(0, 4))
def test_the_cycles_are_the_whole_training(epochs: int, batches: int, restarts: int) -> None:
    recipe = replace(STANDARD, epochs=epochs, warm_restarts=restarts)
    assert cycle_steps(recipe, epochs * batches) == [batches * each for each in recipe.cycles]


def test_one_step_is_one_of_all() -> None:
    recipe = replace(STANDARD, epochs=8, warm_restarts=1)
    rates = plotted(recipe, 80)
    assert [learning_rate(recipe, step, 80) for step in range(80)] == list(rates)


def test_between_two_steps_the_rate_is_between_theirs() -> None:
    before, between, after = learning_rates(STANDARD, np.array([100.0, 100.5, 101.0]), 1000)
    assert before < between < after
