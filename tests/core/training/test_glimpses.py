import numpy as np
import pytest

from cnngui.core.data.datasets import Dataset
from cnngui.core.networks.presets import build
from cnngui.core.progress import Glimpse
from cnngui.core.recipes.layers import Dense, Flatten, Layer
from cnngui.core.recipes.layers import article as article_layers
from cnngui.core.recipes.parts import NetworkSettings
from cnngui.core.recipes.recipe import Recipe
from cnngui.core.training import glimpses
from cnngui.core.training.control import Control
from cnngui.core.training.glimpses import first_filters
from cnngui.core.training.train import train


def seen(easy: Dataset, recipe: Recipe, control: Control) -> list[Glimpse]:
    found: list[Glimpse] = []
    train(
        easy,
        recipe,
        progress=lambda value: found.append(value) if isinstance(value, Glimpse) else None,
        control=control,
    )
    return found


def test_pinned_pictures_are_answered_after_an_epoch(
    easy: Dataset, tiny: Recipe, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(glimpses, "SHARE", 1.0)
    control = Control()
    control.pin(easy.validation.images[:5])
    found = seen(easy, tiny, control)
    assert [each.epoch for each in found] == [1, 2]
    for each in found:
        assert each.probabilities.shape == (5, 3)
        np.testing.assert_allclose(each.probabilities.sum(1), 1, atol=1e-5)
        assert each.filters.shape[1:] == (3, 3, 3)  # the first convolution's


def test_it_takes_a_hundredth_of_the_time_at_most(easy: Dataset, tiny: Recipe, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(glimpses, "SHARE", 0.0)
    control = Control()
    control.pin(easy.validation.images[:5])
    assert [each.epoch for each in seen(easy, tiny, control)] == [1]


def test_nothing_is_seen_where_nobody_looks(easy: Dataset, tiny: Recipe) -> None:
    assert seen(easy, tiny.changed({"optimization.epochs": 1}), Control()) == []


@pytest.mark.parametrize(
    ("layers", "shape"), [(article_layers(), (32, 3, 3, 3)), ((Flatten(), Dense(4)), (0, 1, 1, 3))]
)
def test_the_filters_of_the_first_convolution(easy: Dataset, layers: tuple[Layer, ...], shape: tuple[int, ...]) -> None:
    network = build(NetworkSettings("layers", layers=layers), easy.train.images, 3)
    filters = first_filters(network)
    assert filters.shape == shape
    assert filters.dtype == np.uint8
    if len(filters):
        assert all(each.max() == 255 or each.min() == 0 for each in filters)


def test_a_network_that_diverges_has_filters(easy: Dataset) -> None:
    network = build(NetworkSettings("article"), easy.train.images, 3)
    network.layers[2].kernel.assign(np.full(network.layers[2].kernel.shape, np.nan, np.float32))
    assert (first_filters(network) == 127).all()
