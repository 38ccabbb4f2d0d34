"""How photographs are prepared and recognised as known: python benchmarks/photographs.py FOLDER [--model FILE]

FOLDER holds known/<class>/*.jpg, photographs of the model's classes, and unknown/*.jpg, photographs of none of them.
Needs CIFAR-10, see CNNGUI_DATA_DIR. The model is one of the networks "whitened" and "residual".

For each way to make views of a photograph, prints the accuracy on the known ones. For each way and each score, prints
the area under the ROC curve of the validation images and of the known photographs against the unknown ones, and the
fractions that are rejected at the threshold that accepts 95 % of the validation images. The last column compares
models: the fraction of the unknown ones rejected where at most 8 % of the known photographs are. With --test, the first
of these uses the test images instead of the validation images, with the same threshold.
"""

import argparse
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from cnngui import paths
from cnngui.core.answers.classifier import Classifier, familiar_half
from cnngui.core.data import datasets
from cnngui.core.data.sources import CIFAR10
from cnngui.core.models import file as model_file
from cnngui.core.models.familiarity import KEPT, Familiarity
from cnngui.core.pictures import images

Floats = NDArray[np.float32]


def crops(image: Image.Image) -> dict[str, NDArray[np.uint8]]:
    """Candidates for the views of a photograph."""
    width, height = image.size
    side = min(width, height)

    def middle(part_width: float, part_height: float) -> NDArray[np.uint8]:
        left, top = (width - part_width) / 2, (height - part_height) / 2
        return images.to_pixels(image, box=(left, top, width - left, height - top))

    def square(part: float, right: float, down: float) -> NDArray[np.uint8]:
        extent = part * side
        left, top = right * (width - extent), down * (height - extent)
        return images.to_pixels(image, box=(left, top, left + extent, top + extent))

    return {
        "squeezed": images.to_pixels(image),
        "middle": middle(side, side),
        "middle 85 %": middle(0.85 * side, 0.85 * side),
        "squeezed 85 %": middle(0.85 * width, 0.85 * height),
        "squeezed 70 %": middle(0.7 * width, 0.7 * height),
        "first": square(1, 0, 0),
        "last": square(1, 1, 1),
    }


COMPARED = 0.08  # of the known photographs, rejected
THE_PROGRAMS = "both, nearest"
ALL_VIEWS = "the same, all"

WAYS = {
    "squeezed": ("squeezed",),
    "middle": ("middle",),
    "squeezed 85 %": ("squeezed 85 %",),
    "squeezed + middle": ("squeezed", "middle"),
    "squeezed + squeezed 85 %": ("squeezed", "squeezed 85 %"),
    "squeezed + middle + squeezed 85 %": ("squeezed", "middle", "squeezed 85 %"),
    "squeezed + middle + middle 85 %": ("squeezed", "middle", "middle 85 %"),
    "squeezed + squeezed 85 + 70 %": ("squeezed", "squeezed 85 %", "squeezed 70 %"),
    "squeezed + first + middle + last": ("squeezed", "first", "middle", "last"),
}


def scores(features: Floats, logits: Floats, familiarity: Familiarity) -> dict[str, Floats]:
    """Candidates for the familiarity score; higher is more familiar. The last one is the program's.

    logits: computed from the features, which are averaged over an image and its mirror image.
    """
    highest = logits.max(1)
    energy = highest + np.log(np.exp(logits - highest[:, None]).sum(1))
    split, remembered = familiarity.split, familiarity.remembered.astype(np.float32)
    shown, looks = (_unit(features[:, part]) @ _unit(remembered[:, part]).T for part in halves(split))
    both = np.sort((shown + looks) / 2)
    return {
        "softmax": np.exp(highest - energy),
        "energy": energy,
        "shown, nearest": shown.max(1),
        "looks, nearest": looks.max(1),
        "both, 3rd": both[:, -3],
        "both, 10th": both[:, -10],
        THE_PROGRAMS: familiarity.scores(features),
    }


def halves(split: int) -> tuple[slice, slice]:
    """The features that say what a picture shows, and those that say how it looks."""
    return slice(None, split), slice(split, None)


def _unit(features: Floats) -> Floats:
    unit: Floats = features / np.maximum(np.linalg.norm(features, axis=1, keepdims=True), 1e-12)
    return unit


def of_pictures(views: list[dict[str, Floats]]) -> dict[str, Floats]:
    """Each score, averaged over a picture's more familiar views as in the program; the last one also over all views."""
    stacked = {name: np.stack([view[name] for view in views], axis=1) for name in views[0]}
    first = np.arange(len(stacked["energy"])) * len(views)
    found = {name: familiar_half(scores.ravel(), first) for name, scores in stacked.items()}
    return {**found, ALL_VIEWS: stacked[THE_PROGRAMS].mean(1)}


def auroc(familiar: Floats, strange: Floats) -> float:
    """The probability that a familiar picture's score is higher than an unfamiliar one's."""
    order = np.concatenate([familiar, strange]).argsort().argsort()[: len(familiar)]
    return float((order.sum() - len(familiar) * (len(familiar) - 1) / 2) / (len(familiar) * len(strange)))


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    parser.add_argument("--model", type=Path, default=paths.shipped_model())
    parser.add_argument("--test", action="store_true")
    options = parser.parse_args()
    network, card, familiarity, *_ = model_file.load(options.model)
    if familiarity is None or card.training is None:
        raise SystemExit("This model stores no features by which to recognise familiar pictures.")
    classifier = Classifier.of(network, card, familiarity)
    dense = next(layer for layer in network.layers if hasattr(layer, "units"))
    kernel = dense.get_weights()[0] / 9 / card.training.temperature
    shown = halves(familiarity.split)[0]
    recipe = card.training.recipe
    dataset = datasets.load(CIFAR10, seed=recipe.seed, validation_fraction=recipe.validation.fraction)

    def score(features: Floats) -> dict[str, Floats]:
        return scores(features, features[:, shown] @ kernel, familiarity)

    known = sorted((options.folder / "known").rglob("*.jpg"))
    unknown = sorted((options.folder / "unknown").rglob("*.jpg"))
    labels = np.array([card.classes.index(path.parent.name) for path in known])
    looks: dict[str, list[tuple[Floats, Floats]]] = {}  # by view: probabilities and features of known and of unknown
    for files in (known, unknown):
        views = [crops(images.read(path, images.READ_SIDE)) for path in files]
        for name in views[0]:
            looks.setdefault(name, []).append(classifier.look(np.stack([view[name] for view in views])))
    kept = score(classifier.look(dataset.validation.images)[1])
    compared = score(classifier.look(dataset.test.images)[1]) if options.test else kept

    print(f"{len(known)} known and {len(unknown)} unknown photographs, {len(dataset.validation)} validation images")
    for way, names in WAYS.items():
        logarithms = np.mean([np.log(np.maximum(looks[name][0][0], 1e-30)) for name in names], axis=0)
        right = np.mean(logarithms.argmax(1) == labels)
        print(f"\n{way}: {right:.3f} accuracy on the known")
        print(f"{'':16}{'CIFAR-10':>10}{'known':>8}   against unknown;{'known':>8}{'unknown':>9} rejected;  at 8 %")
        known_scores, unknown_scores = (of_pictures([score(looks[name][part][1]) for name in names]) for part in (0, 1))
        for name, values in {**kept, ALL_VIEWS: kept[THE_PROGRAMS]}.items():
            threshold = np.quantile(values, 1 - KEPT, method="lower")
            compared_at = np.quantile(known_scores[name], COMPARED, method="lower")
            print(
                f"{name:16}{auroc(compared.get(name, compared[THE_PROGRAMS]), unknown_scores[name]):10.3f}"
                f"{auroc(known_scores[name], unknown_scores[name]):8.3f}"
                f"{np.mean(known_scores[name] < threshold):27.3f}{np.mean(unknown_scores[name] < threshold):9.3f}"
                f"{np.mean(unknown_scores[name] < compared_at):17.3f}"
            )


if __name__ == "__main__":
    main()
