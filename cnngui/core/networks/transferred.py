"""A trained network with a new last layer. This module imports Keras: import it inside functions only."""

import keras
from keras import layers, ops

from cnngui.core.networks.layers import FEATURES, HALF_WAY, WHITENING

HEAD = "head"  # the layer that names the classes: a network of its own
CLASSES = "classes"  # its last layer
BOTH = "shown_and_looks"  # the layer, if there is one, that joins the features of two depths


def with_head(body: keras.Model, classes: int, *, dropout: float, name: str) -> keras.Model:
    """The body followed by logistic regression on its features: raw pixels, 0–255, to logits.

    body: from raw pixels to features (n, units), with a layer HALF_WAY. If it has a layer BOTH, the features of both
    depths count alike. Its layers are used, not copied.
    """
    features = layers.Identity(name=FEATURES, dtype="float32")(body.output)
    split = split_of(body)
    inputs = keras.Input(body.output_shape[1:])
    parts = ops.split(inputs, [split], axis=1) if split < inputs.shape[1] else [inputs]
    units = [layers.UnitNormalization(axis=-1)(part) for part in parts]
    x = units[0] if len(units) == 1 else layers.Concatenate()(units)
    x = layers.Rescaling(len(units) ** -0.5)(x)
    if dropout:
        x = layers.Dropout(dropout)(x)
    x = layers.Dense(classes, name=CLASSES)(x)
    head = keras.Model(inputs, x, name=HEAD)
    return keras.Model(body.inputs[0], head(features), name=name)


def split_of(network: keras.Model) -> int:
    """The index of the first feature of the second depth; the number of all features if there is none."""
    for layer in network.layers:
        if layer.name == BOTH:
            return int(layer.input[0].shape[-1])
    return int((network.get_layer(FEATURES).output if _has(network, FEATURES) else network.output).shape[-1])


def let_learn(network: keras.Model, trainable: str) -> None:
    """Let some of the layers of :func:`with_head` learn: "head", "half" (those after HALF_WAY) or "all".

    The whitening layer and batch normalisation never do: few pictures would spoil their statistics.
    """
    is_open = trainable == "all"
    for layer in network.layers:
        frozen = layer.name == WHITENING or isinstance(layer, layers.BatchNormalization)
        layer.trainable = layer.name == HEAD or (is_open and not frozen)
        is_open |= trainable == "half" and layer.name == HALF_WAY


def body_of(model: keras.Model) -> keras.Model:
    """What a trained model knows of pictures: from raw pixels to features, with a layer HALF_WAY.

    model: as this program saves it, or any that ends in a dense layer. Raises ValueError if it is something else.
    """
    if _has(model, "body"):
        return _renamed(model.get_layer("body"))
    dense = [layer for layer in model.layers if isinstance(layer, layers.Dense)]
    if not dense or len(dense[-1].input.shape) != 2:
        raise ValueError("it has no dense layer at its end")
    before = model.layers[: model.layers.index(dense[-1])]
    images = [layer for layer in before if len(layer.output.shape) == 4]
    seen = images[len(images) // 2].output if images else model.inputs[0]  # which may be a row from the first layer on
    half_way = layers.Identity(name=HALF_WAY)(seen)
    looks = layers.GlobalAveragePooling2D(name="half_way_means")(half_way)
    both = layers.Concatenate(name=BOTH)([dense[-1].input, looks])
    return _renamed(keras.Model(model.inputs[0], both, name="body"))


def _renamed(body: keras.Model) -> keras.Model:
    """A copy whose last layer is called BOTH if it joins features, and none FEATURES: a new layer is to have that."""
    names = {layer.name for layer in body.layers}
    other = f"{FEATURES}_before"
    while other in names:
        other += "_before"
    # Older models have another name for it.
    new_names = {FEATURES: other}
    if isinstance(body.layers[-1], layers.Concatenate):
        new_names[body.layers[-1].name] = BOTH

    def copy(layer: keras.Layer) -> keras.Layer:
        config = layer.get_config()
        return type(layer).from_config(config | {"name": new_names.get(layer.name, layer.name)})

    copied = keras.models.clone_model(body, clone_function=copy)
    copied.set_weights(body.get_weights())
    return copied


def _has(network: keras.Model, name: str) -> bool:
    return any(layer.name == name for layer in network.layers)
