"""Opens every network of keras.applications as people save it: with its preprocess_input inside, and random weights.

    python -m benchmarks.applications [NAME …]    one row for each: whether it opens, in which time and memory

Each is made in one process and opened in another. It takes an hour, and 5 GB of disk for the largest.
"""

import argparse
import importlib
import inspect
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

HEAD = "| network | image | million parameters | opens | answers in, s | MB at most |\n|---|---|---|---|---|---|"


def names() -> list[str]:
    """All of them."""
    import keras

    return [name for name, value in vars(keras.applications).items() if inspect.isfunction(value)]


def make(name: str, path: Path) -> None:
    """Save the network with its own preprocessing and its 1000 classes."""
    import keras

    build = getattr(keras.applications, name)
    network = build(weights=None)
    inputs = keras.Input(network.input_shape[1:])
    prepared = importlib.import_module(build.__module__).preprocess_input(inputs)
    keras.Model(inputs, network(prepared, training=False)).save(path)


def open_it(path: Path) -> str:
    """The end of the row: how opening it went."""
    from cnngui.core.answers.classifier import Classifier
    from cnngui.core.errors import UserError
    from cnngui.core.tensorflow_start import start_tensorflow

    start_tensorflow()
    begin = time.perf_counter()
    try:
        classifier = Classifier.load(path)
    except UserError as error:
        return f"{_megabytes()} MB: {error}"
    opened = time.perf_counter() - begin
    image = np.zeros((1, *classifier.image_size, 3), np.uint8)
    classifier.probabilities(image)
    begin = time.perf_counter()
    classifier.probabilities(image)
    return f"{opened:.0f} s | {time.perf_counter() - begin:.2f} | {_megabytes():,} |"


def _megabytes() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1000


def _row(name: str) -> str:
    with tempfile.TemporaryDirectory(prefix="cnngui-") as folder:
        path = Path(folder) / f"{name}.keras"
        _run("make", name, path)
        return f"| {name} | {_run('describe', name, path)} | {_run('open', name, path)}"


def describe(path: Path) -> str:
    """Its image's side and its parameters, in millions, from what is checked."""
    from cnngui.core.errors import UserError
    from cnngui.core.models.opening import weights
    from cnngui.core.models.opening.check import check

    try:
        with weights.opened(path) as file:
            checked = check(path, file.config(), file.weights_size)
    except UserError:
        return "– | –"
    side = checked.config["config"]["layers"][0]["config"]["batch_shape"][1]
    return f"{side} | {checked.parameters / 1e6:.1f}"


def _run(what: str, name: str, path: Path) -> str:
    command = [sys.executable, "-m", "benchmarks.applications", "--do", what, "--path", str(path), name]
    done = subprocess.run(command, capture_output=True, text=True)
    lines = done.stdout.strip().splitlines()
    return lines[-1] if lines or not done.returncode else f"failed: {done.stderr.strip().splitlines()[-1]}"


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*", metavar="NAME")
    parser.add_argument("--do", choices=("make", "describe", "open"), help=argparse.SUPPRESS)
    parser.add_argument("--path", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    match options.do:
        case "make":
            make(options.names[0], options.path)
            print("made")
        case "describe":
            print(describe(options.path))
        case "open":
            print(open_it(options.path))
        case _:
            print(HEAD)
            for name in options.names or names():
                print(_row(name), flush=True)


if __name__ == "__main__":
    main()
