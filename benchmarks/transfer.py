"""Own classes from few pictures: each way to begin beside training from nothing and logistic regression on raw pixels.

    python -m benchmarks.transfer PHOTOS [--ways W ...] [--per-class N ...]

PHOTOS/own-classes has a folder of pictures for each class, PHOTOS/unknown pictures of other things. Five-fold
cross-validation with two seeds; pictures that are nearly the same are in one fold. Prints for each way and number of
training pictures a class: accuracy, expected calibration error on the pooled test pictures, area under the ROC curve
(AUROC) of "none of these" against the unknown pictures, and the seconds of a training.
"""

import argparse
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from cnngui.core.answers.evaluation import calibration_error
from cnngui.core.answers.prediction import views_of
from cnngui.core.data.datasets import Dataset, Split
from cnngui.core.data.division import hold_out
from cnngui.core.pictures.images import load_pixels, read, to_pixels
from cnngui.core.recipes.fitting import fitted
from cnngui.core.recipes.presets import PRESETS
from cnngui.core.recipes.recipe import Recipe
from cnngui.core.training.beginning import side_of

FOLDS, SEEDS = 5, (0, 1)
SAME = 0.976  # cosine of the shipped model's features, as in the check for doubles
RECIPES: dict[str, Recipe] = {
    "nothing": PRESETS["quick"],
    "head": PRESETS["fine-tune"].changed({"network.trainable": "head", "optimization.epochs": 50}),
    "fine-tune": PRESETS["fine-tune"],
    "backbone": PRESETS["backbone"],
}


@dataclass
class Figures:
    """Of all folds so far."""

    right: list[float] = field(default_factory=list)
    probabilities: list[NDArray[np.float32]] = field(default_factory=list)
    labels: list[NDArray[np.int32]] = field(default_factory=list)
    auroc: list[float] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)

    def __str__(self) -> str:
        error = calibration_error(np.concatenate(self.probabilities), np.concatenate(self.labels))
        auroc = f"{np.mean(self.auroc):.3f}" if self.auroc else "–"
        return (
            f"{np.mean(self.right):.4f} ± {np.std(self.right) / len(self.right) ** 0.5:.4f} | {error:.3f} | {auroc} | "
            f"{np.median(self.seconds):.1f}"
        )


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("photos", type=Path)
    parser.add_argument("--ways", nargs="+", default=["pixels", *RECIPES], choices=["pixels", *RECIPES])
    parser.add_argument("--per-class", nargs="+", type=int, default=[0, 5], help="training pictures; 0 for all")
    parser.add_argument("--set", nargs="*", default=[], help="settings of the recipes, such as network.side=128")
    options = parser.parse_args()
    folders = sorted(path for path in (options.photos / "own-classes").iterdir() if path.is_dir())
    files = [(path, label) for label, folder in enumerate(folders) for path in sorted(folder.iterdir())]
    labels = np.array([label for _, label in files], np.int32)
    groups = near_doubles([path for path, _ in files])
    print("| way | a class | accuracy | ECE | AUROC | seconds |\n|---|---|---|---|---|---|")
    for way in options.ways:
        for count in options.per_class:
            figures = Figures()
            for seed in SEEDS:
                for train, test in folds(labels, groups, count, seed):
                    one(way, options, files, labels, train, test, seed, figures)
            print(f"| {way} | {count or 'all'} | {figures} |", flush=True)


def one(
    way: str,
    options: argparse.Namespace,
    files: list[tuple[Path, int]],
    labels: NDArray[np.int32],
    train: NDArray[np.intp],
    test: NDArray[np.intp],
    seed: int,
    figures: Figures,
) -> None:
    """Train on one fold, and note the result."""
    from cnngui.core.training.train import train as train_model

    classes = tuple(map(str, range(labels.max() + 1)))
    recipe = changed(RECIPES.get(way, PRESETS["quick"]), options.set).changed({"seed": seed})
    side = side_of(recipe.network)
    pixels = {index: load_pixels(files[index][0], (side, side)) for index in [*train, *test]}

    def split(indices: NDArray[np.intp]) -> Split:
        return Split(np.stack([pixels[index] for index in indices.tolist()]), labels[indices])

    began = time.monotonic()
    if way == "pixels":
        probabilities = of_pixels(split(train), split(test), len(classes))
        figures.seconds.append(time.monotonic() - began)
    else:
        rest, held = hold_out(labels[train], recipe.validation.fraction, seed)
        dataset = Dataset("own", "own", classes, split(train[rest]), split(train[held]), split(test[:1]))
        model = train_model(dataset, fitted(recipe, len(rest)))
        figures.seconds.append(time.monotonic() - began)
        classifier = model.classifier()

        def answers(paths: list[Path]) -> tuple[NDArray[np.float32], list[float]]:
            found = classifier.classify([views_of(path, classifier) for path in paths])
            return np.array([each.probabilities for each in found], np.float32), [
                each.familiarity or 0 for each in found
            ]

        probabilities, known = answers([files[index][0] for index in test.tolist()])
        _, unknown = answers(sorted((options.photos / "unknown").iterdir()))
        figures.auroc.append(area(known, unknown))
    figures.right.append(float((probabilities.argmax(1) == labels[test]).mean()))
    figures.probabilities.append(probabilities)
    figures.labels.append(labels[test])


def changed(recipe: Recipe, settings: list[str]) -> Recipe:
    """The recipe with these settings, each as "path=value"."""
    from cnngui.core.recipes.recipe import SETTINGS

    given = dict(each.split("=", 1) for each in settings)
    return recipe.changed({path: SETTINGS[path].parse(value, path) for path, value in given.items()})


def of_pixels(train: Split, test: Split, classes: int) -> NDArray[np.float32]:
    """Logistic regression on pixels of unit length: probabilities (n, classes)."""
    from cnngui.core.models.deployment import tempered
    from cnngui.core.tensorflow_start import start_tensorflow

    start_tensorflow()
    from cnngui.core.training.head import fit_head, unit_rows

    rows = [unit_rows(each.images.reshape(1, len(each), -1).astype(np.float32), 3072)[0] for each in (train, test)]
    kernel, bias = fit_head(rows[0], train.labels, classes)
    return tempered((rows[1] @ kernel + bias)[None], 1.0).astype(np.float32)


def folds(
    labels: NDArray[np.int32], groups: NDArray[np.int32], per_class: int, seed: int
) -> Iterator[tuple[NDArray[np.intp], NDArray[np.intp]]]:
    """Indices of training and test pictures, for each fold. per_class: training pictures; 0 for all."""
    rng = np.random.default_rng(seed)
    fold = np.zeros(len(labels), int)
    for label in np.unique(labels):
        members = rng.permutation(np.unique(groups[labels == label]))
        for place, group in enumerate(members):
            fold[groups == group] = place % FOLDS
    for number in range(FOLDS):
        train = np.flatnonzero(fold != number)
        if per_class:
            chosen = [rng.permutation(train[labels[train] == label])[:per_class] for label in np.unique(labels)]
            train = np.sort(np.concatenate(chosen))
        yield train, np.flatnonzero(fold == number)


def near_doubles(paths: list[Path]) -> NDArray[np.int32]:
    """The number of each picture's group of near-doubles, by the shipped model's features."""
    from cnngui import paths as places
    from cnngui.core.answers.classifier import Classifier
    from cnngui.core.models.familiarity import directions

    classifier = Classifier.load(places.shipped_model())
    assert classifier.familiarity is not None
    images = np.stack([to_pixels(read(path, 256)) for path in paths])
    rows = directions(classifier.look(images)[1], classifier.familiarity.split)
    groups = np.arange(len(paths), dtype=np.int32)
    for first, second in np.argwhere(np.triu(rows @ rows.T >= SAME, 1)):
        groups[groups == groups[second]] = groups[first]
    return groups


def area(known: list[float], unknown: list[float]) -> float:
    """The area under the ROC curve: how often a known picture has the higher score."""
    pairs = np.subtract.outer(known, unknown)
    return float(((pairs > 0) + 0.5 * (pairs == 0)).mean())


if __name__ == "__main__":
    main()
