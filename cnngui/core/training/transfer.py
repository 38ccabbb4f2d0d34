"""To begin with what another network has learnt. This module imports Keras: import it inside functions only."""

from pathlib import Path

import keras

from cnngui import paths
from cnngui.core.errors import UserError
from cnngui.core.models import file as model_file
from cnngui.core.networks.backbones import backbones
from cnngui.core.networks.transferred import body_of, let_learn, with_head
from cnngui.core.recipes.parts import NetworkSettings
from cnngui.core.training.beginning import model_path, weights_path


def begun(chosen: NetworkSettings, image: tuple[int, int, int], classes: int) -> keras.Model:
    """The network that the recipe begins with, and a new last layer: raw pixels, 0–255, to logits; float32.

    image: the shape of the data's images. Only what may change is trainable.
    Raises UserError if the model or the weights to begin with cannot be used.
    """
    network = with_head(_at(_body(chosen), image), classes, dropout=chosen.dropout, name=chosen.begin)
    let_learn(network, chosen.trainable)
    return network


def _body(chosen: NetworkSettings) -> keras.Model:
    match chosen.begin:
        case "shipped":
            return _of_model(paths.shipped_model())
        case "model":
            return _of_model(model_path(chosen))
    return backbones.build(chosen.begin, chosen.side, weights_path(chosen))


def _of_model(path: Path) -> keras.Model:
    network = model_file.load(path).network
    try:
        return body_of(network)
    except ValueError as error:
        raise UserError(f"A training cannot begin with {path.name}: {error}. Choose another model.") from error


def _at(body: keras.Model, image: tuple[int, int, int]) -> keras.Model:
    """The body for images of this shape, which it scales to those that it knows."""
    if body.input_shape[1:] == image:
        return body
    inputs = keras.Input(image)
    height, width = body.input_shape[1:3]
    scaled = keras.layers.Resizing(height, width, interpolation="bilinear")(inputs)
    copied = keras.models.clone_model(body, input_tensors=scaled)
    copied.set_weights(body.get_weights())
    return keras.Model(inputs, copied.output, name=body.name)
