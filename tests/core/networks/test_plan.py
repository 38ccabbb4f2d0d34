"""What is said of a list of layers is what Keras makes of it."""

import keras
import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from cnngui.core.errors import UserError
from cnngui.core.networks import builder
from cnngui.core.networks.layers import FEATURES, HALF_WAY
from cnngui.core.networks.plan import Field, plan
from cnngui.core.recipes import layers as kinds
from cnngui.core.recipes.layers import Layer
from tests.core.recipes.drawn import some_layers

IMAGE = (32, 32, 3)
SMALL = (12, 10, 3)


def test_the_articles_network() -> None:
    planned = plan(kinds.article(), IMAGE, 10)
    assert [each.shape for each in planned.layers] == [
        (30, 30, 32),
        (15, 15, 32),
        (13, 13, 64),
        (6, 6, 64),
        (2304,),
        (64,),
    ]
    assert planned.parameters == 167_562
    assert planned.multiplications == 30 * 30 * 27 * 32 + 13 * 13 * 288 * 64 + 2304 * 64 + 64 * 10
    assert [each.field for each in planned.layers] == [Field(3, 1), Field(4, 2), Field(8, 2), Field(10, 4), None, None]
    assert planned.problems == ()


@settings(max_examples=25)
@given(some_layers())
def test_keras_makes_the_same_of_it(layers: tuple[Layer, ...]) -> None:
    layers = (*layers, kinds.GlobalPooling()) if len(plan(layers, SMALL, 3).layers) else layers
    planned = plan(layers, SMALL, 3)
    assume(planned.parameters < 1_000_000)
    if planned.problems:
        number, problem = planned.problems[0]
        assert problem[0].isupper()
        assert problem.endswith(".")
        with pytest.raises(UserError, match=rf"\(layer {number}\)"):
            builder.build(layers, SMALL, 3, name="own")
        return
    network = builder.build(layers, SMALL, 3, name="own")
    assert network.count_params() == planned.parameters
    assert network.get_layer(FEATURES).output.shape[1:] == planned.layers[-1].shape
    assert len(network.get_layer(HALF_WAY).output.shape) == 4
    assert network.output.shape == (None, 3)
    images = np.zeros((2, *SMALL), np.float32)
    assert network(images).shape == (2, 3)


@pytest.mark.parametrize(
    ("layers", "number", "problem"),
    [
        ((), 1, "The network ends with an image. Add Flatten or Global pooling at its end."),
        ((kinds.Dense(),), 1, "It needs a row of numbers. Put Flatten or Global pooling before it."),
        ((kinds.Flatten(), kinds.Convolution()), 2, "It needs an image. Move it before Flatten or Global pooling."),
        ((kinds.Flatten(), kinds.SpatialDropout()), 2, "It needs an image."),
        ((kinds.Flatten(), kinds.GlobalPooling()), 2, "The image is a row of numbers already. Remove this layer."),
        (
            (*[kinds.MaxPooling()] * 6, kinds.Flatten()),
            6,
            "Its input, 1 × 1 pixels, is too small for it. Remove it, or a layer",
        ),
        (
            (kinds.AveragePooling(16), kinds.Convolution(kernel_size=3, padding="valid"), kinds.Flatten()),
            2,
            "Its input, 2 × 2 pixels",
        ),
        ((kinds.Flatten(), *[kinds.Dense(4096)] * 2, kinds.Dense(4096)), 0, ""),
        (
            (kinds.Convolution(4096), kinds.Flatten(), kinds.Dense(4096)),
            3,
            "Up to here, the network has 17,179,987,968 weights; at most 100,000,000 are",
        ),
        (
            (kinds.Convolution(4096, stride=1), kinds.Convolution(4096), kinds.Flatten()),
            2,
            "Up to here, the network has 151,113,728 weights",
        ),
        (
            (kinds.Flatten(), *[kinds.Dense(4096)] * 8),
            8,
            "Up to here, the network has 113,274,880 weights",
        ),
        (
            (*[kinds.Convolution(1024, kernel_size=1)] * 10, kinds.GlobalPooling()),
            10,
            "Up to here, the network has 10,485,760 numbers in the outputs of its layers, for each image",
        ),
        (
            (*[kinds.Convolution(512, kernel_size=5)] * 4, kinds.GlobalPooling()),
            4,
            "Up to here, the network has 20,171,980,800 multiplications for each image",
        ),
    ],
)
def test_what_cannot_work_is_said_at_its_layer(layers: tuple[Layer, ...], number: int, problem: str) -> None:
    problems = plan(layers, IMAGE, 10).problems
    if not number:
        assert problems == ()
    else:
        found, sentence = problems[0]
        assert found == number
        assert sentence.startswith(problem)


def test_a_residual_block_needs_a_way_past_it_only_where_the_shape_changes() -> None:
    same, wider = plan((kinds.ResidualBlock(3),), IMAGE, 2), plan((kinds.ResidualBlock(4),), IMAGE, 2)
    assert same.layers[0].parameters == 2 * (81 + 12)
    assert wider.layers[0].parameters == 108 + 144 + 2 * 16 + 12 + 16


def test_a_separable_convolution_takes_far_fewer_multiplications() -> None:
    layers = (kinds.Convolution(64), kinds.SeparableConvolution(64), kinds.Convolution(64))
    _, separable, plain = plan(layers, IMAGE, 2).layers
    assert separable.multiplications * 7 < plain.multiplications


@pytest.mark.parametrize("rate", [0.0, 0.4])
def test_dropout_before_the_last_layer(rate: float) -> None:
    network = builder.build((kinds.Flatten(), kinds.Dropout(0.1)), SMALL, 3, dropout=rate, name="own")
    rates = [layer.rate for layer in network.layers if isinstance(layer, keras.layers.Dropout)]
    assert rates == ([0.1, rate] if rate else [0.1])


@given(st.integers(1, 5), st.integers(1, 3), st.integers(2, 3))
def test_the_receptive_field_is_what_changes_a_value(kernel: int, stride: int, pool: int) -> None:
    """Only pixels inside the square change the value that sees it."""
    layers = (
        kinds.Convolution(2, kernel, stride, "valid", "none"),
        kinds.AveragePooling(pool),
        kinds.Convolution(1, 2, 1, "valid", "none"),
    )
    field = plan((*layers, kinds.Flatten()), IMAGE, 2).layers[2].field
    assert field is not None
    network = builder.build((*layers, kinds.Flatten()), IMAGE, 2, name="own")
    values = keras.Model(network.inputs[0], network.layers[-4].output)
    images = np.zeros((33, *IMAGE), np.float32)
    images[np.arange(32), np.arange(32), 0] = 255  # each but the last has one bright pixel
    *others, base = values(images).numpy()[:, 0, 0, 0]
    touched = [other != base for other in others]
    assert not any(touched[field.size :])
    assert touched[0]
