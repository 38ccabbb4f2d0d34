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

from cnngui.core.networks.presets import FEATURES, HALF_WAY, WHITENING

# What takes the time, and what lies between, so that nothing is converted to and fro; Activation is what is left of
# layers that were folded.
CHEAPER = (layers.Conv2D, layers.Activation, layers.MaxPooling2D, layers.ReLU, layers.Add)

COARSE, FINE = 41, 21  # temperatures tried between 1/4 and 4, and around the best of these: in steps of 0.7 %


def deployed(network: keras.Model, *, mirror: bool, temperature: float = 1.0) -> keras.Model:
    """The model that is saved: raw pixels (float32, n × height × width × 3, 0–255) to probabilities (n × classes).

    network: float32, returns logits; made by one of :data:`cnngui.core.networks.presets.NETWORKS`. It stays as it is.
    mirror: whether each image is also looked at in the mirror. The probabilities of both are averaged: where the two
        disagree the model is less sure, which makes the validation images likelier than averaged logits do (a loss of
        0.2426 against 0.2441). One image costs two, but they go through as one batch.
    temperature: what the logits are divided by; above 1 the model is less sure of itself.

    Its layer "features" holds the inputs of the dense layer and, after them, the means over the image of the layer
    half-way: what an image shows and how it looks, a row for each view; see :func:`of_images`.
    """
    network = _folded(network)
    names = [layer.name for layer in network.layers]
    head = network.layers[names.index(FEATURES) + 1 :]
    shown = network.get_layer(FEATURES).output
    looks = layers.GlobalAveragePooling2D(dtype="float32")(network.get_layer(HALF_WAY).output)
    body = keras.Model(network.inputs, layers.Concatenate(dtype="float32")([shown, looks]), name="body")
    inputs = keras.Input(network.input_shape[1:])
    views = layers.Concatenate(axis=0)([inputs, ops.flip(inputs, axis=2)]) if mirror else inputs
    x = layers.Identity(name=FEATURES)(body(views))
    x, _ = ops.split(x, [shown.shape[-1]], axis=1)
    for layer in head:
        x = layer(x)
    x = layers.Rescaling(1 / temperature, name="temperature", dtype="float32")(x)
    x = layers.Softmax(name="views" if mirror else "probabilities", dtype="float32")(x)
    if mirror:
        x = layers.Average(name="probabilities", dtype="float32")(ops.split(x, 2, axis=0))
    return keras.Model(inputs, x, name=network.name)


def _folded(network: keras.Model) -> keras.Model:
    """The network in fewer steps, since its convolutions can scale, offset and cut off at zero themselves.

    Batch normalisation, once trained, scales and offsets, as do the layers before the whitening one, and ReLU cuts off.
    Between a convolution, which has no offset of its own, its batch normalisation and its ReLU lies nothing but
    pooling, which leaves the largest of scaled values the largest: no scale is negative where there is no gamma.
    """
    before = {layer.name for layer in itertools.takewhile(lambda layer: layer.name != WHITENING, network.layers[1:])}
    if len(before) == len(network.layers) - 1:
        return network  # there is no such layer: it is the article's
    folded: dict[str, list[NDArray[np.float32]]] = {WHITENING: _of_pixels(network)}  # weights by convolution
    gone = before
    active: set[str] = set()  # convolutions with a ReLU of their own
    for previous, layer in itertools.pairwise(network.layers):
        if isinstance(layer, layers.Conv2D):
            convolution = layer
        elif isinstance(layer, layers.BatchNormalization):
            offset, mean, variance = layer.get_weights()
            scale = 1 / np.sqrt(variance + layer.epsilon)
            folded[convolution.name] = [_rounded(convolution.get_weights()[0] * scale), offset - mean * scale]
            gone.add(layer.name)
        elif isinstance(layer, layers.ReLU) and (previous.name in gone or previous.name == WHITENING):
            active.add(convolution.name)
            gone.add(layer.name)

    def copy(layer: keras.Layer) -> keras.Layer:
        if layer.name in gone:
            return layers.Activation("linear", name=layer.name, dtype=layer.dtype_policy)
        changes: dict[str, Any] = {}
        if layer.name in folded:
            changes = {"use_bias": True, "activation": "relu" if layer.name in active else "linear"}
        kind = layers.Conv2D if isinstance(layer, layers.Conv2D) else type(layer)  # what trains quicker is ours alone
        return kind.from_config({**layer.get_config(), **changes})

    def call(layer: keras.Layer, *inputs: Any, **_settings: Any) -> Any:
        return layer(*inputs)  # the settings are batch normalisation's

    copied = keras.models.clone_model(network, clone_function=copy, call_function=call)
    for layer in network.layers:
        if layer.weights and layer.name not in gone:
            copied.get_layer(layer.name).set_weights(folded.get(layer.name, layer.get_weights()))
    return copied


def _rounded(kernel: NDArray[np.float32]) -> NDArray[np.float32]:
    """The kernel in bfloat16's precision, which is what processors with units for that make of it anyway.

    Half of its bytes are zeros then, which a compressed file has no need of.
    """
    return np.asarray(tf.cast(tf.cast(kernel, tf.bfloat16), tf.float32))


def _of_pixels(network: keras.Model) -> list[NDArray[np.float32]]:
    """Kernel and offset of the whitening layer for raw pixels, with what scales and offsets each channel before it."""
    black, white = np.zeros((1, 1, 1, 3), np.float32), np.full((1, 1, 1, 3), 255, np.float32)
    for layer in itertools.takewhile(lambda layer: layer.name != WHITENING, network.layers[1:]):
        black, white = layer(black).numpy(), layer(white).numpy()
    kernel = network.get_layer(WHITENING).get_weights()[0]
    offsets = kernel * black.reshape(1, 1, 3, 1)
    return [kernel * (white - black).reshape(1, 1, 3, 1) / 255, offsets.sum((0, 1, 2))]


def best_temperature(logits: NDArray[np.float32], labels: NDArray[np.integer]) -> float:
    """The temperature at which the labels are likeliest: Guo et al., "On Calibration of Modern Neural Networks", 2017.

    logits: (views, n, classes), of images that were not learnt from; what counts is the mean of the views'
    probabilities. labels: (n,), indices into the classes.
    Only between 1/4 and 4: where few images are all named right, nothing else would keep the probabilities from 1.
    """
    logits = logits.astype(np.float64) - logits.max(2, keepdims=True)

    def loss(temperature: float) -> float:
        weights = np.exp(logits / temperature)
        probabilities = (weights / weights.sum(2, keepdims=True)).mean(0)
        return float(-np.log(np.maximum(probabilities[np.arange(len(labels)), labels], 1e-300)).mean())

    coarse = np.geomspace(1 / 4, 4, COARSE).tolist()
    best = min(range(COARSE), key=lambda place: loss(coarse[place]))
    fine = np.geomspace(coarse[max(best - 1, 0)], coarse[min(best + 1, COARSE - 1)], FINE).tolist()
    return float(min(fine, key=loss))


def traced(network: keras.Model, *, precision: str) -> Callable[[NDArray[np.uint8]], list[NDArray[np.float32]]]:
    """The model as one graph of constants: uint8 images (n, height, width, 3) to [probabilities, features], float32.

    It answers many times sooner than a call of the model (benchmarks/answers.py). The weights are constants, so that
    they are arranged for the processor's units once, not at every call.

    network: as :func:`deployed` makes it. Of another one, without a layer "features", its outputs stand for those.
    precision: the Keras dtype policy of the convolutions.
    """
    both = with_features(network)
    weights = [[weight.numpy() for weight in part] for part in (both.trainable_variables, both.non_trainable_variables)]

    def call(images: Any) -> list[Any]:
        constants = [[tf.constant(weight) for weight in part] for part in weights]
        outputs, _ = both.stateless_call(*constants, tf.cast(images, tf.float32), training=False)
        return [tf.cast(part, tf.float32) for part in outputs]

    images = tf.TensorSpec((None, *network.input_shape[1:]), tf.uint8)
    with _computing_in(precision, network):
        graph = tf.function(call, autograph=False).get_concrete_function(images)

    def answer(images: NDArray[np.uint8]) -> list[NDArray[np.float32]]:
        probabilities, features = (part.numpy() for part in graph(tf.convert_to_tensor(images)))
        return [probabilities, of_images(features, len(images))]

    return answer


def with_features(network: keras.Model) -> keras.Model:
    """The network with two outputs: its probabilities, and its layer "features", or else the former again.

    Where an image has several views, :func:`of_images` makes one row of theirs.
    """
    named = [layer.output for layer in network.layers if layer.name == FEATURES and len(layer.output.shape) == 2]
    return keras.Model(network.inputs, [network.outputs[0], (named or network.outputs)[0]])


def of_images(features: NDArray[np.float32], images: int) -> NDArray[np.float32]:
    """The mean features of each image's views, (images, units).

    features: (views × images, units), the rows of all images' first views before those of their second. Raises
    ValueError where that does not come out even.
    """
    means: NDArray[np.float32] = features.reshape(-1, images, features.shape[-1]).mean(0)
    return means


@contextmanager
def _computing_in(precision: str, network: keras.Model) -> Iterator[None]:
    """Inside, the layers between the whitening and the dense layer compute in ``precision``; their weights stay."""
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
    """All layers, those of models within too."""
    for layer in network.layers:
        if isinstance(layer, keras.Model):
            yield from _layers(layer)
        else:
            yield layer
