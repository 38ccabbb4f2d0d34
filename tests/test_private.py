"""What is private to Keras, TensorFlow and PySide6 is used only as long as it is needed.

A test that fails here is good news: its reason is gone, and with it what a comment "Remove when …" stands at.
"""

import gc
import subprocess
import sys
import weakref
from collections.abc import Callable

import keras
import numpy as np
import pytest
import tensorflow as tf

from cnngui.core.training import optimizers


def remains(step: Callable[[tf.Tensor], tf.Tensor]) -> bool:
    """Whether the step's graph is still in memory when nobody holds it any more."""
    function = tf.function(step)
    graph = weakref.ref(function.get_concrete_function(tf.TensorSpec((2,))).graph)
    del function
    gc.collect()
    return graph() is not None


def differentiated(square: Callable[[tf.Tensor], tf.Tensor]) -> Callable[[tf.Tensor], tf.Tensor]:
    def step(x: tf.Tensor) -> tf.Tensor:
        with tf.GradientTape() as tape:
            tape.watch(x)
            y = square(x)
        return tape.gradient(y, x)

    return step


def test_a_custom_gradient_keeps_its_graph() -> None:
    """So convolution.py records its gradient itself."""
    square = tf.custom_gradient(lambda x: (x * x, lambda outer: 2 * x * outer))
    assert not remains(differentiated(lambda x: x * x))
    assert remains(differentiated(square))


def test_an_overridden_gradient_has_no_effect_on_a_tape() -> None:
    """So convolution.py does not use the public ``gradient_override_map``."""
    asked: list[tf.Operation] = []

    def gradient(operation: tf.Operation, outer: tf.Tensor) -> tf.Tensor:
        asked.append(operation)
        return outer

    tf.RegisterGradient("TestsSquare")(gradient)

    def square(x: tf.Tensor) -> tf.Tensor:
        with tf.compat.v1.get_default_graph().gradient_override_map({"Square": "TestsSquare"}):
            return tf.square(x)

    tf.function(differentiated(square))(tf.ones((2,)))
    assert not asked


@pytest.mark.parametrize("name", ["Adam", "SGD"])
def test_the_optimizers_of_keras_keep_their_graph_and_ours_do_not(name: str) -> None:
    """So optimizers.py overrides ``_all_reduce_sum_gradients``."""

    def applied(kind: type[keras.optimizers.Optimizer]) -> Callable[[tf.Tensor], tf.Tensor]:
        variable = keras.Variable(np.zeros(2, np.float32))
        optimizer = kind(0.1)
        optimizer.build([variable])

        def step(gradient: tf.Tensor) -> tf.Tensor:
            optimizer.apply([gradient])
            return gradient

        return step

    assert remains(applied(getattr(keras.optimizers, name)))
    assert not remains(applied(getattr(optimizers, name)))


def test_keras_averages_the_parts_of_the_first_batch() -> None:
    """So distribution.py replaces ``_maybe_symbolic_build``; of five images, the devices have three and two."""
    code = """
import tensorflow as tf
cpu = tf.config.list_physical_devices("CPU")[0]
tf.config.set_logical_device_configuration(cpu, [tf.config.LogicalDeviceConfiguration()] * 2)
import keras
with tf.distribute.MirroredStrategy(["CPU:0", "CPU:1"]).scope():
    network = keras.Sequential([keras.Input((4,)), keras.layers.Dense(3)])
    network.compile("sgd", "mse", jit_compile=False)
try:
    network.fit(tf.data.Dataset.from_tensor_slices((tf.ones((5, 4)), tf.ones((5, 3)))).batch(5), verbose=0)
except tf.errors.InvalidArgumentError as error:
    print(error.message)
"""
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=100, check=True)
    assert "must have the same size and shape" in said.stdout


def test_pyside_replaces_the_import_function() -> None:
    """So gui/app.py puts Python's own back."""
    code = "import builtins; plain = builtins.__import__; import PySide6.QtCore; print(builtins.__import__ is plain)"
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True)
    assert said.stdout.strip() == "False"
