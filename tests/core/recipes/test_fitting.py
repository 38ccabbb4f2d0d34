import math
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnngui.core.recipes.fitting import LEAST_BATCH_SIZE, LEAST_BATCHES, MOST_EPOCHS, fitted
from cnngui.core.recipes.presets import PRESETS
from cnngui.core.recipes.recipe import Recipe

presets = st.sampled_from(list(PRESETS.values()))


@pytest.mark.parametrize("preset", PRESETS.values(), ids=list(PRESETS))
def test_nothing_changes_on_cifar10(preset: Recipe) -> None:
    for images in (45_000, 48_000, 50_000):
        assert fitted(preset, images) == preset


def test_few_images_get_small_batches_and_more_epochs() -> None:
    recipes = [fitted(PRESETS["quick"], images) for images in (172, 450, 4500)]
    assert [(recipe.batch_size, recipe.epochs) for recipe in recipes] == [(16, 60), (16, 42), (64, 17)]
    assert {recipe.learning_rate for recipe in recipes} == {PRESETS["quick"].learning_rate}


@given(presets, st.integers(1, 100_000))
def test_it_keeps_its_promises(preset: Recipe, images: int) -> None:
    recipe = fitted(preset, images)
    assert recipe.batch_size == preset.batch_size or recipe.batch_size & (recipe.batch_size - 1) == 0
    assert preset.epochs <= recipe.epochs <= max(preset.epochs, MOST_EPOCHS)
    batches = math.ceil(images / recipe.batch_size)
    assert batches >= LEAST_BATCHES or recipe.batch_size <= LEAST_BATCH_SIZE
    assert recipe.name == preset.name


@given(presets)
def test_more_images_never_mean_smaller_batches(preset: Recipe) -> None:
    sizes = [fitted(preset, images).batch_size for images in range(1, 3000, 7)]
    assert all(first <= second for first, second in pairwise(sizes))
