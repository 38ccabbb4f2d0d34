import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnngui.core.recipes.fitting import LEAST_BATCH_SIZE, LEAST_BATCHES, MOST_EPOCHS, fitted
from cnngui.core.recipes.presets import PRESETS
from cnngui.core.recipes.recipe import Recipe

presets = st.sampled_from([preset for preset in PRESETS.values() if not preset.network.begins])


@pytest.mark.parametrize("preset", PRESETS.values(), ids=list(PRESETS))
def test_nothing_changes_on_cifar10(preset: Recipe) -> None:
    for images in (45_000, 48_000, 50_000):
        assert fitted(preset, images) == preset


@given(st.sampled_from(["backbone", "fine-tune"]), st.integers(1, 100_000))
def test_what_begins_with_another_model_stays_as_it_is(name: str, images: int) -> None:
    assert fitted(PRESETS[name], images) == PRESETS[name]


def test_few_images_get_small_batches_and_more_epochs() -> None:
    recipes = [fitted(PRESETS["quick"], images) for images in (172, 450, 4500)]
    assert [(recipe.optimization.batch_size, recipe.optimization.epochs) for recipe in recipes] == [
        (16, 60),
        (16, 43),
        (64, 19),
    ]
    assert {recipe.optimization.learning_rate for recipe in recipes} == {PRESETS["quick"].optimization.learning_rate}


@given(presets, st.integers(1, 100_000))
def test_it_keeps_its_promises(preset: Recipe, images: int) -> None:
    recipe = fitted(preset, images)
    assert (
        recipe.optimization.batch_size == preset.optimization.batch_size
        or recipe.optimization.batch_size & (recipe.optimization.batch_size - 1) == 0
    )
    assert preset.optimization.epochs <= recipe.optimization.epochs <= max(preset.optimization.epochs, MOST_EPOCHS)
    batches = math.ceil(images / recipe.optimization.batch_size)
    assert batches >= LEAST_BATCHES or recipe.optimization.batch_size <= LEAST_BATCH_SIZE
    assert recipe.name == preset.name


@given(presets, st.integers(1, 100_000))
def test_one_more_image_changes_little(preset: Recipe, images: int) -> None:
    fewer, more = fitted(preset, images), fitted(preset, images + 1)
    assert more.optimization.batch_size >= fewer.optimization.batch_size
    assert fewer.optimization.epochs - 1 <= more.optimization.epochs <= fewer.optimization.epochs


@pytest.mark.parametrize("images", [2048, 4096, 8192, 16_384])
def test_the_epochs_do_not_double_with_the_batch(images: int) -> None:
    before, after = (fitted(PRESETS["quick"], number) for number in (images - 1, images))
    assert after.optimization.batch_size == 2 * before.optimization.batch_size
    assert after.optimization.epochs == before.optimization.epochs


@given(presets, st.integers(1, 45_000))
def test_no_training_sees_more_images_than_on_cifar10(preset: Recipe, images: int) -> None:
    assert images * fitted(preset, images).optimization.epochs <= 45_000 * preset.optimization.epochs


@given(presets, st.integers(1, 100_000))
def test_fitting_twice_changes_nothing_more(preset: Recipe, images: int) -> None:
    recipe = fitted(preset, images)
    assert fitted(recipe, images) == recipe
