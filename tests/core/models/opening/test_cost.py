"""What a network costs is counted, and not tried."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import keras
import pytest
import tensorflow as tf
from keras import layers, ops

from cnngui.core.errors import UserError
from cnngui.core.models.opening.check import MAX_SLOW_PRODUCTS, check
from cnngui.core.models.opening.cost import SLOWNESS_OF_GROUPS, SLOWNESS_OF_ROUNDS, SLOWNESS_OF_SUMS, Cost, cost


def counted(call: Callable[[Any], object], *shape: int) -> Cost:
    with tf.Graph().as_default() as graph:
        call(tf.compat.v1.placeholder(tf.float32, (1, *shape)))
        return cost(graph)


@pytest.mark.parametrize(
    ("call", "shape", "products"),
    [
        (layers.Conv2D(4, 3, use_bias=False), (10, 10, 8), 8 * 8 * 4 * 9 * 8),
        (layers.Conv1D(4, 3, use_bias=False), (10, 8), 8 * 4 * 3 * 8),
        (layers.Conv3D(4, 3, use_bias=False), (5, 5, 5, 8), 27 * 4 * 27 * 8),
        (layers.Conv2DTranspose(4, 3, use_bias=False), (10, 10, 8), 10 * 10 * 8 * 9 * 4),
        (layers.Conv3DTranspose(4, 3, use_bias=False), (5, 5, 5, 8), 125 * 8 * 27 * 4),
        (layers.EinsumDense("...x,xy->...y", output_shape=4, bias_axes=None), (6, 8), 6 * 8 * 4),
        (lambda x: ops.matmul(ops.transpose(x, (0, 2, 1)), x), (6, 8), 8 * 6 * 8),
        (lambda x: tf.matmul(x, x, transpose_a=True), (6, 8), 8 * 6 * 8),
    ],
)
def test_products(call: Callable[[Any], object], shape: tuple[int, ...], products: int) -> None:
    assert counted(call, *shape).products == products


def test_a_grouped_convolution_is_slow() -> None:
    found = counted(layers.Conv2D(64, 3, groups=64, use_bias=False), 10, 10, 64)
    assert found.slow_products == SLOWNESS_OF_GROUPS * 8 * 8 * 64 * 9


def test_sums_are_slow() -> None:
    assert counted(layers.GlobalAveragePooling2D(), 10, 10, 3).slow_products >= SLOWNESS_OF_SUMS * 300


@pytest.mark.parametrize("kind", [layers.LSTM, layers.GRU, layers.SimpleRNN])
def test_each_round_of_a_loop_counts(kind: type[layers.Layer]) -> None:
    def checked(rounds: int) -> None:
        image = keras.Input((rounds, 2, 3))
        rows = layers.Reshape((rounds, 6))(image)
        network = keras.Model(image, layers.Dense(2)(layers.Bidirectional(kind(4, unroll=True))(rows)))
        check(Path("a.keras"), json.dumps(keras.saving.serialize_keras_object(network)).encode())

    checked(20)
    with pytest.raises(UserError, match="needs too much time"):
        checked(MAX_SLOW_PRODUCTS // SLOWNESS_OF_ROUNDS // 2 + 1)


@pytest.mark.parametrize(
    "call",
    [
        lambda x: tf.linalg.svd(x),
        lambda x: tf.while_loop(lambda y: tf.reduce_sum(y) < 1, lambda y: (y + 1,), (x,)),
        lambda x: tf.cond(tf.reduce_sum(x) > 0, lambda: x + 1, lambda: x),
    ],
    ids=["a decomposition", "a loop without an end", "what depends on the picture"],
)
def test_a_cost_that_is_not_known(call: Callable[[Any], object]) -> None:
    with pytest.raises(TypeError):
        counted(call, 4, 4)
