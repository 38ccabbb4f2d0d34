import keras
import numpy as np
import pytest

from cnngui.core.recipes.presets import ARTICLE, STANDARD
from cnngui.core.recipes.recipe import Recipe
from cnngui.core.training.optimizers import Rates, optimizer


def moved(made: keras.optimizers.Optimizer, name: str, gradient: float, steps: int = 1, start: float = 0.0) -> float:
    """How far a variable of that name goes."""
    variable = keras.Variable(np.full((2,), start, np.float32), name=name)
    made.build([variable])
    for _ in range(steps):
        made.apply([keras.ops.full((2,), gradient)])
    return float(variable.numpy()[0]) - start


@pytest.mark.parametrize(
    ("layer", "names"),
    [
        (keras.layers.BatchNormalization(), {"gamma", "beta"}),
        (keras.layers.Conv2D(3, 1), {"kernel", "bias"}),
        (keras.layers.SeparableConv2D(3, 1), {"depthwise_kernel", "pointwise_kernel", "bias"}),
        (keras.layers.Dense(3), {"kernel", "bias"}),
    ],
)
def test_the_names_of_keras_weights(layer: keras.Layer, names: set[str]) -> None:
    layer.build((None, 4, 4, 3))
    assert {variable.name for variable in layer.trainable_variables} == names


@pytest.mark.parametrize("name", ["sgd", "adamw"])
def test_only_kernels_decay(name: str) -> None:
    recipe = STANDARD.changed({"optimization.optimizer": name})
    rate = STANDARD.optimization.learning_rate
    assert moved(optimizer(recipe), "kernel", 0.0, start=1.0) == pytest.approx(-0.0102 * rate, rel=1e-3)
    for other in ("beta", "gamma", "bias"):
        assert moved(optimizer(recipe), other, 0.0, start=1.0) == 0


def test_adam_does_not_decay() -> None:
    recipe = STANDARD.changed({"optimization.optimizer": "adam", "optimization.weight_decay": 1.0})
    assert moved(optimizer(recipe), "kernel", 0.0, start=1.0) == 0


def test_nesterov_momentum_repeats_the_last_step() -> None:
    recipe = STANDARD.changed({"optimization.learning_rate": 1.0, "optimization.momentum": 0.5})
    assert moved(optimizer(recipe), "beta", 1.0) == pytest.approx(-1.5)
    assert moved(optimizer(recipe.changed({"optimization.momentum": 0.0})), "beta", 1.0) == pytest.approx(-1.0)


def test_gradients_are_clipped_by_their_norm_together() -> None:
    recipe = STANDARD.changed({"optimization.learning_rate": 1.0, "optimization.momentum": 0.0})
    clipped = recipe.changed({"optimization.gradient_clipping": 1.0})
    assert moved(optimizer(clipped), "beta", 10.0) == pytest.approx(-np.sqrt(0.5))
    assert moved(optimizer(clipped), "beta", 0.1) == pytest.approx(-0.1)
    assert moved(optimizer(recipe), "beta", 10.0) == pytest.approx(-10.0)


def test_the_moving_average_is_used_only_when_asked_for() -> None:
    recipe = STANDARD.changed(
        {
            "optimization.learning_rate": 1.0,
            "optimization.momentum": 0.0,
            "optimization.averaging": "moving",
            "optimization.averaging_decay": 0.5,
        }
    )
    made, variable = optimizer(recipe), keras.Variable(np.zeros(1, np.float32), name="beta")
    made.build([variable])
    for _ in range(3):
        made.apply([keras.ops.ones(1)])
    made.finalize_variable_values([variable])  # as ``fit`` does at its end
    assert float(variable[0]) == -3
    made.use_average([variable])
    # Keras begins with the first value, and halves the distance with each step.
    assert float(variable[0]) == pytest.approx(-2.25, abs=0.26)


@pytest.mark.parametrize(
    ("name", "kind"),
    [("sgd", keras.optimizers.SGD), ("adam", keras.optimizers.Adam), ("adamw", keras.optimizers.AdamW)],
)
def test_each_optimizer_starts_at_the_peak_rate(name: str, kind: type) -> None:
    made = optimizer(ARTICLE.changed({"optimization.optimizer": name}))
    assert type(made).__mro__[2] is kind
    assert float(made.learning_rate) == pytest.approx(0.001)


def test_each_step_gets_its_rate() -> None:
    given: list[float] = []
    rates = iter([0.1, 0.2, 0.2])
    network = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1)])
    network.compile(optimizer(_plain()), "mse")

    class Watch(keras.callbacks.Callback):
        def on_train_batch_end(self, batch: int, logs: object = None) -> None:
            given.append(float(self.model.optimizer.learning_rate))

    network.fit(np.ones((3, 1)), np.ones((3, 1)), 1, callbacks=[Rates(lambda: next(rates)), Watch()], verbose=0)
    assert given == pytest.approx([0.1, 0.2, 0.2])


def _plain() -> Recipe:
    return STANDARD.changed({"optimization.momentum": 0.0})
