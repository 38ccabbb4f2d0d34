"""The backbones by name. This module imports Keras: import it inside functions only."""

import keras

from cnngui.core.networks.backbones import efficientnet_lite0


def build(name: str, side: int, weights: str = "") -> keras.Model:
    """The body of a backbone: raw pixels (n, side, side, 3), 0–255, to features (n, units), with a layer HALF_WAY.

    name: as in :data:`cnngui.core.recipes.parts.BACKBONES`. weights: their file; "" for the usual ones.
    Raises UserError if the weights are missing, damaged or another network's.
    """
    return efficientnet_lite0.build((side, side, 3), efficientnet_lite0.weights_path())
