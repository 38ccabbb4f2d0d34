import math
from dataclasses import replace

import numpy as np
import pytest

from cnngui.core.data.datasets import Dataset
from cnngui.core.errors import Stopped, UserError
from cnngui.core.recipes.layers import Convolution
from cnngui.core.recipes.parts import NetworkSettings
from cnngui.core.recipes.recipe import Recipe
from cnngui.core.training import trial
from cnngui.core.training.trial import RANGES, RangePoint, range_test, seconds_per_image, suggested_rate


@pytest.mark.parametrize("optimizer", ["sgd", "adam"])
def test_a_range_test_finds_a_rate_that_learns(
    easy: Dataset, tiny: Recipe, optimizer: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(trial, "MOST_STEPS", 150)
    found: list[RangePoint] = []
    recipe = tiny.changed({"optimization.optimizer": optimizer})
    points = range_test(easy, recipe, found=found.append)
    assert list(points) == found
    rates = [point.rate for point in points]
    assert rates == sorted(rates)
    low, high = RANGES[optimizer]
    assert rates[0] == pytest.approx(low)
    assert rates[-1] <= high * 1.0001
    suggested = suggested_rate(points)
    assert suggested is not None
    assert low < suggested < high
    assert f"{suggested:.1g}" == f"{suggested:g}"


def test_a_slow_computer_comes_to_the_highest_rate(
    easy: Dataset, tiny: Recipe, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(trial, "MOST_SECONDS", 0.3)
    monkeypatch.setattr(trial, "MOST_STEPS", 10**9)
    monkeypatch.setattr(trial, "DIVERGED", math.inf)
    points = range_test(easy, tiny.changed({"optimization.optimizer": "adam"}), found=lambda _point: None)
    assert points[-1].rate == pytest.approx(RANGES["adam"][1])


def test_it_stops(easy: Dataset, tiny: Recipe) -> None:
    with pytest.raises(Stopped):
        range_test(easy, tiny, found=lambda _point: None, should_stop=lambda: True)


def curve(loss: list[float]) -> tuple[RangePoint, ...]:
    return tuple(RangePoint(10 ** (-4 + 4 * number / len(loss)), value) for number, value in enumerate(loss))


def test_the_suggestion_is_where_the_loss_falls_fastest() -> None:
    places = np.linspace(-4, 0, 100)
    falling = 2 - 1 / (1 + np.exp(-8 * (places + 2)))  # steepest at 0.01
    assert suggested_rate(curve(falling.tolist())) == pytest.approx(0.01, rel=0.2)


def test_a_small_fall_is_enough_if_it_is_clear() -> None:
    falling = [2.3] * 200 + [2.3 - 0.001 * step for step in range(80)] + [2.5] * 20
    suggested = suggested_rate(curve(falling))
    assert suggested is not None
    assert 0.01 < suggested < 0.5


NOISE = (2.3 + 0.05 * np.random.default_rng(0).standard_normal(300)).tolist()


@pytest.mark.parametrize("loss", [[2.0] * 100, NOISE, [2.0 + 0.01 * step for step in range(100)], [2.0, 1.0], []])
def test_without_a_fall_nothing_is_suggested(loss: list[float]) -> None:
    assert suggested_rate(curve(loss)) is None


def test_the_time_for_an_image(tiny: Recipe, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(trial, "TIMED_SECONDS", 0.1)
    seconds = seconds_per_image(tiny, (32, 32, 3), 3)
    assert 0 < seconds < 1
    assert math.isfinite(seconds)
    with pytest.raises(Stopped):
        seconds_per_image(tiny, (32, 32, 3), 3, should_stop=lambda: True)


def test_layers_that_cannot_work_have_no_time(tiny: Recipe) -> None:
    with pytest.raises(UserError, match="Add Flatten or Global pooling"):
        seconds_per_image(replace(tiny, network=NetworkSettings("layers", layers=(Convolution(),))), (32, 32, 3), 3)
