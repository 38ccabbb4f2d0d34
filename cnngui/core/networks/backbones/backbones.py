"""The backbones by name. This module imports Keras: import it inside functions only."""

from pathlib import Path

import keras

from cnngui.core.networks.backbones import applications, efficientnet_lite0
from cnngui.core.networks.backbones.published import fetched


def build(name: str, side: int, weights: Path | None = None) -> keras.Model:
    """The body of a backbone: raw pixels (n, side, side, 3), 0–255, to features (n, units), with a layer HALF_WAY.

    name: as in :data:`cnngui.core.recipes.parts.BACKBONES`. side: if the network takes no such small images, its own
    is larger. weights: their file, of those that Keras publishes; None for the usual ones.
    Raises UserError if the weights are missing, damaged or another network's.
    """
    if name == "efficientnet_lite0":
        return efficientnet_lite0.build((side, side, 3), efficientnet_lite0.weights_path())
    return applications.build(name, max(side, applications.LEAST_SIDE), weights or fetched(name))
