"""How long one answer takes, from pixels to probabilities: python benchmarks/answers.py

Times one 32×32 picture through the program's Classifier, a call of the Keras model, and its predict method, in turn in
one run, with the shipped model, and prints the medians in milliseconds.
"""

import statistics
import time
from collections.abc import Callable

import numpy as np

from cnngui import paths
from cnngui.core import model_file
from cnngui.core.classifier import Classifier

RUNS = 200


def main() -> None:
    """Print a line for each way."""
    network, card, _ = model_file.load(paths.shipped_model())
    classifier = Classifier(network, card)
    image = np.random.default_rng(0).integers(0, 256, (1, *classifier.image_size, 3), dtype=np.uint8)
    floats = image.astype(np.float32)
    ways: dict[str, Callable[[], object]] = {
        "Classifier.probabilities": lambda: classifier.probabilities(image),
        "model(x, training=False)": lambda: network(floats, training=False).numpy(),
        "model.predict": lambda: network.predict(floats, verbose=0),
    }
    times: dict[str, list[float]] = {name: [] for name in ways}
    for _ in range(RUNS):
        for name, way in ways.items():
            began = time.perf_counter()
            way()
            times[name].append(time.perf_counter() - began)
    for name, values in times.items():
        print(f"{name:28}{statistics.median(values) * 1000:8.2f} ms")


if __name__ == "__main__":
    main()
