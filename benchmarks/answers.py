"""The time that answers take: python benchmarks/answers.py [--model FILE] [--folder DIR]

Measures these, each warmed up and in one run, and prints the medians in milliseconds:
- one 32×32 picture, from pixels to answer, with the Classifier and with the Keras model;
- 1,000 of them with the Classifier, and one call of its graph, the network's arithmetic alone;
- a 12-megapixel JPEG, from file to answer, and Pillow's draft and resize alone.

DIR holds many pictures of 32×32 pixels, such as CIFAR-10's JPEG copy. With it, also prints the pictures per second of
"cnngui predict --json" after its first answer and of decoding alone on two threads, and their ratio.
"""

import argparse
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
from PIL import Image

from cnngui import paths
from cnngui.core.answers.classifier import Classifier
from cnngui.core.answers.prediction import predict
from cnngui.core.models import file as model_file

WARM_UP = 3  # calls


def medians(ways: dict[str, Callable[[], object]], runs: int) -> dict[str, float]:
    """The median time of each way in milliseconds, without its first calls."""
    found = {}
    for name, way in ways.items():
        times = []
        for _ in range(runs + WARM_UP):
            began = time.perf_counter()
            way()
            times.append(1000 * (time.perf_counter() - began))
        found[name] = statistics.median(times[WARM_UP:])
    return found


def show(title: str, times: dict[str, float]) -> None:
    """Print the times, and the ratio of the first to the second."""
    ours, other, *_ = times.values()
    print(f"{title}: " + ", ".join(f"{name} {value:.2f} ms" for name, value in times.items()))
    print(f"  ratio of the first two: {ours / other:.2f}", flush=True)


def photograph(path: Path) -> None:
    """A JPEG of 4000×3000 with detail at every scale."""
    rng = np.random.default_rng(0)
    pixels = np.zeros((3000, 4000, 3))
    for scale in (8, 40, 200, 1000):
        noise = Image.fromarray(rng.integers(0, 64, (3000 // scale, 4000 // scale, 3), dtype=np.uint8))
        pixels += np.asarray(noise.resize((4000, 3000), Image.Resampling.BICUBIC))
    Image.fromarray(pixels.astype(np.uint8)).save(path, quality=90)


def drafted(path: Path) -> Image.Image:
    """Only Pillow's part: a small version of a JPEG."""
    with Image.open(path) as image:
        image.draft("RGB", (32, 32))
        return image.resize((32, 32), Image.Resampling.BILINEAR, reducing_gap=3.0)


def folder_rates(folder: Path, model: Path) -> tuple[float, float]:
    """Pictures per second of the command, after its first answer, and of decoding alone."""
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    command = [sys.executable, "-m", "cnngui", "predict", "--json", "--model", str(model)]
    with subprocess.Popen([*command, *map(str, files)], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        process.stdout.readline()
        began = time.perf_counter()
        answers = sum(1 for _ in process.stdout)
        predicted = answers / (time.perf_counter() - began)
    with ThreadPoolExecutor(2) as threads:
        began = time.perf_counter()
        decoded = sum(1 for _ in threads.map(decode, files))
        return predicted, decoded / (time.perf_counter() - began)


def decode(path: Path) -> Image.Image:
    """The picture's pixels."""
    with Image.open(path) as image:
        return image.convert("RGB")


def main() -> None:
    """Print all measurements."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--model", type=Path, default=paths.shipped_model())
    parser.add_argument("--folder", type=Path)
    options = parser.parse_args()
    network, card, familiarity, *_ = model_file.load(options.model)
    classifier = Classifier.of(network, card, familiarity)
    images = np.random.default_rng(0).integers(0, 256, (1000, *classifier.image_size, 3), dtype=np.uint8)
    pictures = list(images[:, None])
    floats = images[:1].astype(np.float32)
    one: dict[str, Callable[[], object]] = {
        "Classifier.classify": lambda: classifier.classify(pictures[:1]),
        "model(x, training=False)": lambda: network(floats, training=False).numpy(),
        "model.predict": lambda: network.predict(floats, verbose=0),
    }
    show("one 32×32 picture", medians(one, 200))
    many: dict[str, Callable[[], object]] = {
        "Classifier.classify": lambda: classifier.classify(pictures),
        "the graph in one call": lambda: classifier.answer(images),
    }
    show("1,000 of them", medians(many, 5))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "photograph.jpg"
        photograph(path)
        file: dict[str, Callable[[], object]] = {
            "from file to answer": lambda: list(predict(classifier, [path])),
            "draft and resize": lambda: drafted(path),
        }
        show("a 12-megapixel JPEG", medians(file, 20))
    if options.folder:
        predicted, decoded = folder_rates(options.folder, options.model)
        print(f"a folder: {predicted:.0f} answers/s, decoding alone {decoded:.0f}/s, ratio {predicted / decoded:.2f}")


if __name__ == "__main__":
    main()
