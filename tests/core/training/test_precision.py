from typing import Any

import keras
import pytest

from cnngui.core import device
from cnngui.core.data.datasets import Dataset
from cnngui.core.recipes.recipe import Recipe
from cnngui.core.training.train import train


@pytest.mark.parametrize(
    ("shape", "precision"), [("whitened", "mixed_bfloat16"), ("residual", "mixed_bfloat16"), ("article", "float32")]
)
def test_large_networks_train_in_the_fastest_precision(
    shape: str, precision: str, easy: Dataset, tiny: Recipe, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On any processor: one without bfloat16 units computes the same, slowly."""
    policies: set[str] = set()
    fit = keras.Model.fit

    def seen(network: keras.Model, *args: Any, **settings: Any) -> Any:
        convolutions = (layer for layer in network.layers if isinstance(layer, keras.layers.Conv2D) and layer.trainable)
        policies.update(layer.dtype_policy.name for layer in convolutions)
        return fit(network, *args, **settings)

    monkeypatch.setattr(keras.Model, "fit", seen)
    monkeypatch.setattr(device, "fastest_precision", lambda: "mixed_bfloat16")
    recipe = tiny.changed({"network.shape": shape, "optimization.learning_rate": 0.001, "optimization.epochs": 1})
    trained = train(easy, recipe, should_stop=lambda: True)
    assert policies == {precision}
    assert trained.card.training is not None
    assert trained.card.training.precision == precision
