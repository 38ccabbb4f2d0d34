"""The article's script against the program's recipe: python benchmarks/article.py [SEED …]

Needs CIFAR-10, see CNNGUI_DATA_DIR.

Runs a plain Keras script with the article's layers and settings and ``cnngui train --recipe article``, in turn, each in
a new process, once for each seed (0, 1 and 2). Prints the test accuracy and each process's total time in seconds and
peak memory in GB, then the ratios of the program's means to the script's.
"""

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time

# As in the article: float32 arrays scaled by 1/255, Adam, batches of 32, 10 epochs, validated on the test images. Its
# loss says from_logits=True although the last layer is a softmax; this one does not.
SCRIPT = """
import sys
import keras
import numpy as np
from keras import layers
from cnngui.core.data import cifar10
keras.utils.set_random_seed(int(sys.argv[1]))
x_train, y_train, x_test, y_test = cifar10.read(cifar10.find(None))
x_train, x_test = x_train.astype(np.float32) / 255, x_test.astype(np.float32) / 255
model = keras.Sequential([
    keras.Input((32, 32, 3)),
    layers.Conv2D(32, (3, 3), activation="relu"),
    layers.MaxPooling2D((2, 2)),
    layers.Conv2D(64, (3, 3), activation="relu"),
    layers.MaxPooling2D((2, 2)),
    layers.Flatten(),
    layers.Dense(64, activation="relu"),
    layers.Dense(10, activation="softmax"),
])
model.compile(optimizer="adam", loss=keras.losses.SparseCategoricalCrossentropy(), metrics=["accuracy"])
model.fit(x_train, y_train, epochs=10, validation_data=(x_test, y_test), verbose=0)
print('{"test_accuracy": %f}' % model.evaluate(x_test, y_test, verbose=0)[1])
"""


def run(command: list[str]) -> tuple[float, float, float]:
    """Run a command that ends with a line of JSON; return its test_accuracy, seconds and peak memory in GB."""
    began = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    assert process.stdout is not None
    last = process.stdout.read().splitlines()[-1]
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - began
    if status:
        raise SystemExit(f"{command} failed")
    return json.loads(last)["test_accuracy"], seconds, usage.ru_maxrss / 1e6


def main() -> None:
    """Print a line for each run, then the ratios."""
    seeds = sys.argv[1:] or ["0", "1", "2"]
    rows: dict[str, list[tuple[float, float, float]]] = {"script": [], "cnngui": []}
    print(f"{'':8}{'seed':>6}{'accuracy':>10}{'seconds':>9}{'GB':>7}")
    with tempfile.TemporaryDirectory() as out:
        for seed in seeds:
            train = [
                "train",
                "--data",
                "cifar10",
                "--recipe",
                "article",
                "--seed",
                seed,
                "--json",
                "--out",
                f"{out}/{seed}",
            ]
            for name, arguments in (("script", ["-c", SCRIPT, seed]), ("cnngui", ["-m", "cnngui", *train])):
                row = run([sys.executable, *arguments])
                rows[name].append(row)
                print(f"{name:8}{seed:>6}{row[0]:10.4f}{row[1]:9.1f}{row[2]:7.2f}", flush=True)
    means = {name: [statistics.mean(column) for column in zip(*each, strict=True)] for name, each in rows.items()}
    accuracies = [row[0] for row in rows["script"]]
    print(f"accuracy: cnngui {means['cnngui'][0]:.4f}, script {min(accuracies):.4f} to {max(accuracies):.4f}")
    print(f"time: {means['cnngui'][1] / means['script'][1]:.2f} of the script's")
    print(f"memory: {means['cnngui'][2] / means['script'][2]:.2f} of the script's")


if __name__ == "__main__":
    main()
