"""LiteRT's answers beside TensorFlow's: python -m benchmarks.engines [--photographs FOLDER] [--test]

Needs CIFAR-10, see CNNGUI_DATA_DIR. For the shipped model's file for LiteRT, and for its network with TensorFlow in
float32 and bfloat16: accuracy, expected calibration error, how many answers have the class of float32, the largest
difference of a probability, images a second, and the milliseconds for one image; the speeds are medians, taken in turn.
On the validation images, or with --test on the test images. --photographs: a folder as in benchmarks/photographs.py;
also the accuracy on the known ones, the area under the ROC curve of known against unknown ones, and how many of each
are said to be none of the classes.
"""

import argparse
import statistics
import time
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from cnngui import paths
from cnngui.core import device
from cnngui.core.answers.classifier import Classifier
from cnngui.core.answers.evaluation import calibration_error
from cnngui.core.answers.prediction import predict
from cnngui.core.data import datasets
from cnngui.core.data.sources import CIFAR10
from cnngui.core.models import file as model_file

ROUNDS = 5
SPEED_IMAGES, ONES = 1000, 100


def engines() -> dict[str, Classifier]:
    """The three ways to answer."""
    quick = Classifier.load(paths.shipped_model())
    if quick.needs_tensorflow:
        raise SystemExit("There is no file for LiteRT: make it with scripts/shipped_litert.py.")
    loaded = model_file.load(paths.shipped_model())
    found = {"LiteRT int8": quick, "TensorFlow, as on this processor": Classifier.of(*loaded)}
    fastest, device.fastest_precision = device.fastest_precision, lambda: "float32"
    found["TensorFlow float32"] = Classifier.of(*loaded)
    device.fastest_precision = fastest
    return found


def speeds(found: dict[str, Classifier], images: NDArray[np.uint8]) -> dict[str, tuple[float, float]]:
    """The images a second and the milliseconds for one, by name."""
    times: dict[str, list[tuple[float, float]]] = {name: [] for name in found}
    for _ in range(ROUNDS):
        for name, classifier in found.items():
            began = time.perf_counter()
            classifier.look(images[:SPEED_IMAGES])
            many = time.perf_counter()
            for number in range(ONES):
                classifier.look(images[number : number + 1])
            times[name].append((SPEED_IMAGES / (many - began), 1000 * (time.perf_counter() - many) / ONES))
    return {
        name: (statistics.median(each[0] for each in rows), statistics.median(each[1] for each in rows))
        for name, rows in times.items()
    }


def photographs(classifier: Classifier, folder: Path) -> str:
    """The figures on photographs, as cells of a table."""
    known, unknown = sorted((folder / "known").glob("*/*.*")), sorted((folder / "unknown").glob("*.*"))
    answers = [each.classification for part in predict(classifier, [*known, *unknown]) for each in part]
    right = [a is not None and a.label == path.parent.name for a, path in zip(answers, known, strict=False)]
    scores = np.array([answer.familiarity if answer else np.nan for answer in answers], float)
    said = np.array([answer is not None and not answer.known for answer in answers])
    ours, others = scores[: len(known)], scores[len(known) :]
    area = np.mean([(score > others).mean() + (score == others).mean() / 2 for score in ours])
    return f"{np.mean(right):.3f} | {area:.3f} | {said[: len(known)].mean():.3f} | {said[len(known) :].mean():.3f} |"


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--test", action="store_true")
    parser.add_argument("--photographs", type=Path, metavar="FOLDER")
    options = parser.parse_args()
    found = engines()
    training = found["LiteRT int8"].card.training
    assert training is not None
    recipe = training.recipe
    data = datasets.load(CIFAR10, seed=recipe.seed, validation_fraction=recipe.validation.fraction)
    split = data.test if options.test else data.validation
    answers = {name: classifier.probabilities(split.images) for name, classifier in found.items()}
    exact, measured = answers["TensorFlow float32"], speeds(found, split.images)
    print("| | accuracy | ECE | class of float32 | largest difference | images/s | ms for one |")
    print("|---|---|---|---|---|---|---|")
    for name, rows in answers.items():
        right = (rows.argmax(1) == split.labels).mean()
        same, most = (rows.argmax(1) == exact.argmax(1)).mean(), abs(rows - exact).max()
        error = calibration_error(rows, split.labels)
        print(f"| {name} | {right:.4f} | {error:.4f} | {same:.4f} | {most:.4f} | {measured[name][0]:,.0f} |", end="")
        print(f" {measured[name][1]:.2f} |")
    if options.photographs:
        print("\n| photographs | known right | AUROC | known refused | unknown refused |\n|---|---|---|---|---|")
        for name, classifier in found.items():
            print(f"| {name} | {photographs(classifier, options.photographs)}")


if __name__ == "__main__":
    main()
