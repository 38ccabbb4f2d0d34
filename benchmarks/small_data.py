"""What fitting a preset to few training images gains: python -m benchmarks.small_data [RECIPE …] [--photographs DIR].

Trains on a fold of the photographs' classes (five-fold cross-validation), and on 500 and 5,000 training images of
CIFAR-10, with other training images to measure on. CIFAR-10's test images are not used.
"""

import argparse
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from cnngui.core.data import datasets
from cnngui.core.data.datasets import Dataset, RawData, Split, divide
from cnngui.core.recipes.fitting import fitted
from cnngui.core.recipes.presets import preset
from cnngui.core.recipes.recipe import Recipe
from cnngui.core.training.train import train

FOLDS = 5
MEASURED_ON = 5000  # images


def folds(raw: RawData) -> Iterator[Dataset]:
    """The data with each fifth in turn as the test split."""
    order = np.random.default_rng(0).permutation(len(raw.train))
    for fold in range(FOLDS):
        held = np.zeros(len(order), bool)
        held[order[fold::FOLDS]] = True
        yield of_parts(raw, ~held, held, fold)


def subsets(raw: RawData, images: int) -> Iterator[Dataset]:
    """Three sets of so many training images, with other training images as the test split."""
    for seed in range(3):
        order = np.random.default_rng(seed).permutation(len(raw.train))
        chosen, held = np.zeros((2, len(order)), bool)
        chosen[order[:images]] = True
        held[order[-MEASURED_ON:]] = True
        yield of_parts(raw, chosen, held, seed)


def of_parts(raw: RawData, chosen: "np.ndarray", held: "np.ndarray", seed: int) -> Dataset:
    part = Split(raw.train.images[chosen], raw.train.labels[chosen])
    test = Split(raw.train.images[held], raw.train.labels[held])
    return divide(RawData(raw.source, raw.title, raw.classes, part, None, test), validation_fraction=0.1, seed=seed)


def measure(name: str, sets: list[Dataset], recipes: dict[str, Recipe]) -> None:
    """Print the mean accuracy and time of each recipe on the sets."""
    for title, recipe in recipes.items():
        accuracies = []
        began = time.perf_counter()
        for data in sets:
            accuracy = train(data, recipe).training.test_accuracy
            assert accuracy is not None
            accuracies.append(accuracy)
        seconds, chosen = (time.perf_counter() - began) / len(sets), recipe.optimization
        print(
            f"{name}, {recipe.name}, {title} ({chosen.epochs} epochs, batches of {chosen.batch_size}, "
            f"rate {chosen.learning_rate:g}): {np.mean(accuracies):.3f} ± {np.std(accuracies):.3f}, {seconds:.0f} s",
            flush=True,
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("recipes", nargs="*", default=["quick"])
    parser.add_argument("--photographs", type=Path, help="a folder of classes")
    parser.add_argument("--images", type=int, nargs="*", default=[500, 5000], help="of CIFAR-10")
    options = parser.parse_args()
    sets = {}
    if options.photographs:
        sets["photographs"] = list(folds(datasets.read(str(options.photographs))))
    if options.images:
        cifar10 = datasets.read("cifar10")
        sets |= {f"CIFAR-10, {count:,}": list(subsets(cifar10, count)) for count in options.images}
        del cifar10
    for recipe in map(preset, options.recipes):
        for name, data in sets.items():
            measure(name, data, {"preset": recipe, "fitted": fitted(recipe, len(data[0].train))})


if __name__ == "__main__":
    main()
