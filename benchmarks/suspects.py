"""Wrong labels that are found: python -m benchmarks.suspects [--photographs DIR] [--cifar10] [--model FILE].

Changes 2 % of the labels at random, and prints the fraction of them that is among as many most suspect ones, with the
seconds it takes: twenty times for the photographs in the folder of classes DIR, three times for 10,000 test images of
CIFAR-10, which the model that ships did not learn from. With --model, another model makes the features, at its own
image size; one that began with a frozen backbone makes the same ones whatever labels it was trained on.
"""

import argparse
import time
from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from cnngui.core.checks.looks import Extractor
from cnngui.core.checks.suspects import crossed_probabilities
from cnngui.core.data import cifar10, datasets

SHARE = 0.02


def measure(
    name: str,
    images: NDArray[np.uint8],
    labels: NDArray[np.int32],
    classes: int,
    times: int,
    extractor: Extractor,
) -> None:
    from cnngui.core.training.head import CROSSED_STEPS, fit_head

    features = extractor.looks(images).features.astype(np.float32)
    fit = partial(fit_head, steps=CROSSED_STEPS)
    found, began = [], time.perf_counter()
    for seed in range(times):
        rng = np.random.default_rng(seed)
        wrong = rng.choice(len(labels), round(SHARE * len(labels)), replace=False)
        told = labels.copy()
        told[wrong] = (told[wrong] + rng.integers(1, classes, len(wrong))) % classes
        probabilities = crossed_probabilities(features, told, classes, fit)
        most = np.argsort(probabilities[np.arange(len(told)), told])[: len(wrong)]
        found.append(len(set(most.tolist()) & set(wrong.tolist())) / len(wrong))
    error = np.std(found) / np.sqrt(times)
    seconds = (time.perf_counter() - began) / times
    print(f"{name}: {np.mean(found):.3f} ± {error:.3f} of {len(wrong)} wrong labels found, {seconds:.1f} s", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--photographs", type=Path)
    parser.add_argument("--cifar10", action="store_true")
    parser.add_argument("--model", type=Path)
    options = parser.parse_args()
    extractor = Extractor.load(options.model)
    if options.photographs:
        raw = datasets.read(str(options.photographs), side=extractor.classifier.image_size[0])
        measure("photographs", np.asarray(raw.train.images), raw.train.labels, len(raw.classes), 20, extractor)
    if options.cifar10 and (place := cifar10.find(None)) is not None:
        images, labels = cifar10.read_test(place)
        measure("CIFAR-10", images, labels.astype(np.int32), len(cifar10.CLASSES), 3, extractor)


if __name__ == "__main__":
    main()
