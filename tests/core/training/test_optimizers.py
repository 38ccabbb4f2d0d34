from dataclasses import replace

import keras
import numpy as np
import pytest

from cnngui.core.recipes.presets import ARTICLE, STANDARD
from cnngui.core.training.optimizers import optimizer


def moved(sgd: keras.optimizers.Optimizer, name: str, gradient: float, steps: int = 1, start: float = 0.0) -> float:
    """How far a variable of that name goes."""
    variable = keras.Variable(np.full((2,), start, np.float32), name=name)
    sgd.build([variable])
    for _ in range(steps):
        sgd.apply([keras.ops.full((2,), gradient)])
    return float(variable.numpy()[0]) - start


def test_batch_normalisation_calls_its_offset_beta() -> None:
    layer = keras.layers.BatchNormalization()
    layer.build((None, 3))
    assert layer.beta.name == "beta"


def test_only_kernels_decay() -> None:
    rate = 0.2 * STANDARD.learning_rate
    assert moved(optimizer(STANDARD, 1000), "kernel", 0.0, start=1.0) == pytest.approx(-0.0102 * rate, rel=1e-3)
    assert moved(optimizer(STANDARD, 1000), "beta", 0.0, start=1.0) == 0


def test_sgd_warms_up_and_cools_down() -> None:
    rate = optimizer(replace(STANDARD, learning_rate=2.0), steps=1000).learning_rate
    sgd = optimizer(replace(STANDARD, learning_rate=2.0), steps=1000)
    variable = keras.Variable(np.zeros(1, np.float32))
    sgd.build([variable])
    rates = []
    for _ in range(1000):
        rates.append(float(sgd.learning_rate))
        sgd.iterations.assign_add(1)
    assert float(rate) == pytest.approx(0.4)
    assert rates[0] == pytest.approx(0.4)
    assert int(np.argmax(rates)) == 230
    assert max(rates) == pytest.approx(2.0)
    assert np.all(np.diff(rates[:231]) > 0)
    assert np.all(np.diff(rates[230:]) < 0)
    assert 0 < rates[-1] < 1e-3


def test_each_restart_begins_again_at_half_the_rate() -> None:
    sgd = optimizer(replace(STANDARD, learning_rate=2.0, epochs=16, warm_restarts=2), steps=1600)
    sgd.build([keras.Variable(np.zeros(1, np.float32))])
    rates = []
    for _ in range(1600):
        rates.append(float(sgd.learning_rate))
        sgd.iterations.assign_add(1)
    for begin, end, highest in ((0, 1200, 2.0), (1200, 1400, 1.0), (1400, 1600, 1.0)):
        cycle = rates[begin:end]
        assert cycle[0] == pytest.approx(0.2 * highest)
        assert max(cycle) == pytest.approx(highest)
        assert int(np.argmax(cycle)) == round(0.23 * (end - begin))
        assert 0 < cycle[-1] < 1e-3


@pytest.mark.parametrize("steps", [1, 2, 5])
def test_the_shortest_trainings_have_a_rate(steps: int) -> None:
    sgd = optimizer(STANDARD, steps)
    sgd.build([keras.Variable(np.zeros(1, np.float32))])
    for _ in range(steps):
        assert 0 < float(sgd.learning_rate) <= STANDARD.learning_rate * 1.0001
        sgd.iterations.assign_add(1)


def test_article_is_adam_at_a_constant_rate() -> None:
    adam = optimizer(ARTICLE, steps=10)
    assert isinstance(adam, keras.optimizers.Adam)
    adam.build([keras.Variable(np.zeros(1, np.float32))])
    adam.iterations.assign(9)
    assert float(adam.learning_rate) == pytest.approx(0.001)
