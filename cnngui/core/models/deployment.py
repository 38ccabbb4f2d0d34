"""From a trained network to the model that answers. This module imports Keras: import it inside functions only."""

import itertools
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import keras
import numpy as np
import tensorflow as tf
from keras import layers, ops
from numpy.typing import NDArray

from cnngui.core.models.folding import folded
from cnngui.core.networks.layers import FEATURES, HALF_WAY, WHITENING
from cnngui.core.networks.transferred import BOTH, HEAD

# The layers that take time, and those between them, so that nothing is converted back and forth. Activation replaces
# folded layers.
CHEAPER = (layers.Conv2D, layers.Activation, layers.MaxPooling2D, layers.ReLU, layers.Add)

MAX_CONSTANTS = 30_000_000  # weights that may be constants; ResNet50 has 26 million

COARSE, FINE = 41, 21  # temperatures tried between the bounds, then around the best of them, in steps of 0.7 %


def deployed(network: keras.Model, *, mirror: bool, temperature: float = 1.0) -> keras.Model:
    """The model that is saved: raw pixels (float32, n × height × width × 3, 0–255) to probabilities (n × classes).

    network: float32, returns logits; built by one of :func:`cnngui.core.networks.presets.build`. It is not changed.
    mirror: whether to average the probabilities for each image and its mirror image. The model is then less sure where
        the two differ; averaging logits instead gives a higher validation loss (0.2441 against 0.2426). Both images
        go through the network as one batch.
    temperature: what the logits are divided by; above 1, the model is less sure.

    The layer "features" outputs the inputs of the last dense layer, followed by the layer HALF_WAY averaged over the
    image: what an image shows, and how it looks; of a network that began with another, the inputs of its head. It has
    one row for each view; see :func:`of_images`.
    """
    network = _folded(network)
    names = [layer.name for layer in network.layers]
    head = [layer for layer in network.layers[names.index(FEATURES) + 1 :] if not isinstance(layer, layers.Dropout)]
    features = network.get_layer(FEATURES).output
    shown = features.shape[-1]
    if HEAD not in names:  # else they are all in it
        # With names of their own: those that Keras gives may be in the network already.
        half_way = network.get_layer(HALF_WAY).output
        looks = layers.GlobalAveragePooling2D(name="half_way_means", dtype="float32")(half_way)
        features = layers.Concatenate(name=BOTH, dtype="float32")([features, looks])
    body = keras.Model(network.inputs, features, name="body")
    inputs = keras.Input(network.input_shape[1:])
    views = layers.Concatenate(axis=0)([inputs, ops.flip(inputs, axis=2)]) if mirror else inputs
    x = layers.Identity(name=FEATURES)(body(views))
    if HEAD not in names:
        x, _ = ops.split(x, [shown], axis=1)
    for layer in head:
        x = layer(x)
    x = layers.Rescaling(1 / temperature, name="temperature", dtype="float32")(x)
    x = layers.Softmax(name="views" if mirror else "probabilities", dtype="float32")(x)
    if mirror:
        x = layers.Average(name="probabilities", dtype="float32")(ops.split(x, 2, axis=0))
    return keras.Model(inputs, x, name=network.name)


def _folded(network: keras.Model) -> keras.Model:
    """The network with batch normalisation, ReLU and the layers before the whitening one folded into its convolutions.

    A trained batch normalisation scales and offsets each channel, as do the layers before the whitening one. Only
    pooling may lie between a convolution and its batch normalisation and ReLU; max pooling commutes with them, since no
    scale is negative without gamma.
    """
    before = {layer.name for layer in itertools.takewhile(lambda layer: layer.name != WHITENING, network.layers[1:])}
    if len(before) == len(network.layers) - 1 or network.get_layer(WHITENING).use_bias:  # none, or folded already
        return folded(network)
    kernels: dict[str, list[NDArray[np.float32]]] = {WHITENING: _of_pixels(network)}  # weights by convolution
    gone = before
    active: set[str] = set()  # convolutions with a ReLU of their own
    for previous, layer in itertools.pairwise(network.layers):
        if isinstance(layer, layers.Conv2D):
            convolution = layer
        elif isinstance(layer, layers.BatchNormalization):
            offset, mean, variance = layer.get_weights()
            scale = 1 / np.sqrt(variance + layer.epsilon)
            kernels[convolution.name] = [_rounded(convolution.get_weights()[0] * scale), offset - mean * scale]
            gone.add(layer.name)
        elif isinstance(layer, layers.ReLU) and (previous.name in gone or previous.name == WHITENING):
            active.add(convolution.name)
            gone.add(layer.name)

    def copy(layer: keras.Layer) -> keras.Layer:
        if layer.name in gone:
            return layers.Activation("linear", name=layer.name, dtype=layer.dtype_policy)
        changes: dict[str, Any] = {}
        if layer.name in kernels:
            changes = {"use_bias": True, "activation": "relu" if layer.name in active else "linear"}
        kind = layers.Conv2D if isinstance(layer, layers.Conv2D) else type(layer)  # a saved model has no layers of ours
        return kind.from_config({**layer.get_config(), **changes})

    def call(layer: keras.Layer, *inputs: Any, **_settings: Any) -> Any:
        return layer(*inputs)  # only batch normalisation has settings, and it is folded

    copied = keras.models.clone_model(network, clone_function=copy, call_function=call)
    for layer in network.layers:
        if layer.weights and layer.name not in gone:
            copied.get_layer(layer.name).set_weights(kernels.get(layer.name, layer.get_weights()))
    return copied


def _rounded(kernel: NDArray[np.float32]) -> NDArray[np.float32]:
    """The kernel rounded to bfloat16, as processors with bfloat16 units would round it anyway.

    Half of its bytes are then zero, which makes the compressed file smaller.
    """
    return np.asarray(tf.cast(tf.cast(kernel, tf.bfloat16), tf.float32))


def _of_pixels(network: keras.Model) -> list[NDArray[np.float32]]:
    """Kernel and offset of the whitening layer for raw pixels: with the layers before it folded in."""
    black, white = np.zeros((1, 1, 1, 3), np.float32), np.full((1, 1, 1, 3), 255, np.float32)
    for layer in itertools.takewhile(lambda layer: layer.name != WHITENING, network.layers[1:]):
        black, white = layer(black).numpy(), layer(white).numpy()
    kernel = network.get_layer(WHITENING).get_weights()[0]
    offsets = kernel * black.reshape(1, 1, 3, 1)
    return [kernel * (white - black).reshape(1, 1, 3, 1) / 255, offsets.sum((0, 1, 2))]


def best_temperature(logits: NDArray[np.float32], labels: NDArray[np.integer], least: float = 1 / 4) -> float:
    """The temperature with the lowest cross-entropy.

    logits: (views, n, classes), of images that were not used for training; the views' probabilities are averaged.
    labels: (n,), indices into the classes.
    It lies between ``least`` and 4: without a bound, a few images that are all correct would drive it to 0.
    Source: Guo et al., "On Calibration of Modern Neural Networks", 2017.
    """

    def loss(temperature: float) -> float:
        probabilities = tempered(logits, temperature)
        return float(-np.log(np.maximum(probabilities[np.arange(len(labels)), labels], 1e-300)).mean())

    coarse = np.geomspace(least, 4, COARSE).tolist()
    best = min(range(COARSE), key=lambda place: loss(coarse[place]))
    fine = np.geomspace(coarse[max(best - 1, 0)], coarse[min(best + 1, COARSE - 1)], FINE).tolist()
    return float(min(fine, key=loss))


def tempered(logits: NDArray[np.float32], temperature: float) -> NDArray[np.float64]:
    """Probabilities (n, classes), averaged over the views. logits: (views, n, classes)."""
    weights = np.exp((logits.astype(np.float64) - logits.max(2, keepdims=True)) / temperature)
    return np.asarray((weights / weights.sum(2, keepdims=True)).mean(0))


def traced(network: keras.Model, *, precision: str) -> Callable[[NDArray[np.uint8]], list[NDArray[np.float32]]]:
    """The model as one TensorFlow graph: uint8 images (n, height, width, 3) to [probabilities, features], float32.

    The graph is many times faster than calling the model (benchmarks/answers.py). Its weights are constants, so that
    TensorFlow rearranges them for the processor once, not at every call. Those of a large network are not: the copies
    that TensorFlow makes of constants take 16 times their memory, 9 GB for VGG16.

    network: from :func:`deployed`, or any other; without a layer "features", its outputs serve as features.
    precision: the Keras dtype policy of the convolutions.
    """
    both = with_features(network)
    variables = (both.trainable_variables, both.non_trainable_variables)
    is_large = network.count_params() > MAX_CONSTANTS
    weights = [] if is_large else [[weight.numpy() for weight in part] for part in variables]

    def call(images: Any) -> list[Any]:
        values = [[weight.value for weight in part] for part in variables]
        if not is_large:
            values = [[tf.constant(weight) for weight in part] for part in weights]
        outputs, _ = both.stateless_call(*values, tf.cast(images, tf.float32), training=False)
        return [tf.cast(part, tf.float32) for part in outputs]

    images = tf.TensorSpec((None, *network.input_shape[1:]), tf.uint8)
    with _computing_in(precision, network):
        graph = tf.function(call, autograph=False).get_concrete_function(images)

    held = variables if is_large else ()  # the graph itself does not keep them

    def answer(images: NDArray[np.uint8], _held: object = held) -> list[NDArray[np.float32]]:
        probabilities, features = (part.numpy() for part in graph(tf.convert_to_tensor(images)))
        return [probabilities, of_images(features, len(images))]

    return answer


def with_features(network: keras.Model) -> keras.Model:
    """The network with two outputs: its probabilities and its layer "features" (without one, the probabilities again).

    If an image has several views, :func:`of_images` averages their rows.
    """
    named = [layer.output for layer in network.layers if layer.name == FEATURES and len(layer.output.shape) == 2]
    return keras.Model(network.inputs, [network.outputs[0], (named or network.outputs)[0]])


def of_images(features: NDArray[np.float32], images: int) -> NDArray[np.float32]:
    """The mean features of each image's views, (images, units).

    features: (views × images, units): the first views of all images, then their second views.
    Raises ValueError if the number of rows is not a multiple of ``images``.
    """
    means: NDArray[np.float32] = features.reshape(-1, images, features.shape[-1]).mean(0)
    return means


@contextmanager
def _computing_in(precision: str, network: keras.Model) -> Iterator[None]:
    """Inside the block, the layers between the whitening and the dense layer compute in ``precision``."""
    chosen = [layer for layer in _layers(network) if isinstance(layer, CHEAPER) and layer.name != WHITENING]
    before = [layer.dtype_policy for layer in chosen]
    try:
        for layer in chosen:
            layer.dtype_policy = precision
        yield
    finally:
        for layer, policy in zip(chosen, before, strict=True):
            layer.dtype_policy = policy


def _layers(network: keras.Model) -> Iterator[keras.Layer]:
    """All layers, including those of nested models."""
    for layer in network.layers:
        if isinstance(layer, keras.Model):
            yield from _layers(layer)
        else:
            yield layer
