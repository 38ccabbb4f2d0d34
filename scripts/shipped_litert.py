"""Makes models/cifar10.litert, by which the shipped model answers: python scripts/shipped_litert.py

Needs CIFAR-10, see CNNGUI_DATA_DIR. Training images set the ranges of the 8 bits, validation images prove it.
"""

import sys

import numpy as np

from cnngui import paths
from cnngui.core.data import datasets
from cnngui.core.export.litert_int8 import CALIBRATION
from cnngui.core.export.making import Maker
from cnngui.core.models.card import read_card


def main() -> int:
    """Make it. Returns the exit status: 1 if its answers are not those of the model."""
    card = read_card(paths.shipped_model())
    assert card is not None
    assert card.training is not None
    recipe = card.training.recipe
    data = datasets.load("cifar10", seed=recipe.seed, validation_fraction=recipe.validation.fraction)
    samples = np.concatenate([data.train.images[:CALIBRATION], data.validation.images])
    return 0 if Maker().make(paths.shipped_model(), samples) else 1


if __name__ == "__main__":
    sys.exit(main())
