"""The figures and charts of the model card: python benchmarks/card.py (needs CIFAR-10, see CNNGUI_DATA_DIR)

Classifies the test images once with the shipped model, or with --model. Writes curve.svg, calibration.svg and
confusion.svg into models/, or into --out, and prints the figures; --json also writes them to a file.
"""

import argparse
import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cnngui import paths
from cnngui.core.answers.classifier import Classifier
from cnngui.core.answers.evaluation import BINS, Bin, Evaluation, evaluate, reliability
from cnngui.core.data import datasets
from cnngui.core.data.sources import CIFAR10
from cnngui.core.files import replacing
from cnngui.core.models import file as model_file
from cnngui.core.runs.charts import calibration, confusion, curve


class Recording(Classifier):
    """A classifier that keeps its answers, so that the test images are classified only once."""

    def __init__(self, *arguments: Any) -> None:
        super().__init__(*arguments)
        self.looks: list[tuple[NDArray[np.float32], NDArray[np.float32]]] = []

    def look(self, images: NDArray[np.uint8]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """As in Classifier."""
        self.looks.append(super().look(images))
        return self.looks[-1]


def _write(path: Path, text: str) -> None:
    with replacing(path) as new:
        new.write_text(text, encoding="utf-8", errors="backslashreplace")  # class names may be any bytes


def _show(result: Evaluation, named: Sequence[str], bins: Sequence[Bin]) -> None:
    """Print the figures, with tables in Markdown."""
    print(
        f"{result.images:,} test images: accuracy {result.accuracy:.4f}, loss {result.loss:.4f}, ECE {result.ece:.4f}"
    )
    print("\n| class | accuracy | most often confused with |\n|---|---|---|")
    for (true, accuracy), numbers in zip(result.per_class.items(), result.confusion, strict=True):
        others = sorted((-number, name) for number, name in zip(numbers, named, strict=True) if name != true)
        mistakes = ", ".join(f"{name} ({-number})" for number, name in others[:2] if number)
        print(f"| {true} | {accuracy:.3f} | {mistakes} |")
    print("\n| confidence | images | mean confidence | accuracy |\n|---|---|---|---|")
    for index, part in enumerate(bins):
        span = f"{index / BINS:.3f}–{(index + 1) / BINS:.3f}"
        print(f"| {span} | {part.images:,} | {part.confidence:.3f} | {part.right:.3f} |")


def main() -> None:
    """Write the charts and print the figures."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--model", type=Path, default=paths.shipped_model())
    parser.add_argument("--data", default=CIFAR10, help="its data: cifar10, shapes or a folder")
    parser.add_argument("--out", type=Path, default=paths.shipped_model().parent)
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    dataset = datasets.load(options.data)
    classifier = Recording.of(*model_file.load(options.model))
    classes = classifier.card.classes
    result = evaluate(classifier, dataset)
    probabilities, features = (np.concatenate(part) for part in zip(*classifier.looks, strict=True))
    right = np.array(classes)[probabilities.argmax(1)] == np.array(dataset.classes)[dataset.test.labels]
    bins = reliability(probabilities.max(1), right)
    if (training := classifier.card.training) is not None:
        _write(options.out / "curve.svg", curve(training.history))
    _write(options.out / "calibration.svg", calibration(bins, result.ece))
    _write(options.out / "confusion.svg", confusion(dataset.classes, classes, result.confusion))
    _show(result, classes, bins)
    figures = {**asdict(result), "reliability": [asdict(part) for part in bins]}
    if (familiarity := classifier.familiarity) is not None:
        figures["unfamiliar"] = float(np.mean(familiarity.scores(features) < familiarity.threshold))
        print(f"\n{figures['unfamiliar']:.4f} of the test images are rejected as none of these")
    if options.json is not None:
        _write(options.json, json.dumps(figures, indent=2) + "\n")


if __name__ == "__main__":
    main()
