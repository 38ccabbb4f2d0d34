"""Accuracy and time of the recipes: python benchmarks/recipes.py [RECIPE …] (needs CIFAR-10, see CNNGUI_DATA_DIR).

Trains each recipe once, as "cnngui train" does, in a process of its own, one after the other, and prints the test
accuracy and loss, the training's seconds and the whole command's.
"""

import json
import subprocess
import sys
import tempfile
import time

from cnngui.core.recipes import PRESETS


def measure(recipe: str) -> dict[str, float]:
    """Train the recipe; its last JSON line, with the command's seconds beside it."""
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "cnngui", "train", "--data", "cifar10", "--json"]
        began = time.perf_counter()
        done = subprocess.run(
            [*command, "--recipe", recipe, "--out", folder], check=True, stdout=subprocess.PIPE, text=True
        )
        return {**json.loads(done.stdout.splitlines()[-1]), "command": time.perf_counter() - began}


def main() -> None:
    """Print a line for each recipe."""
    print(f"{'recipe':12}{'accuracy':>10}{'loss':>8}{'training s':>12}{'command s':>12}")
    for recipe in sys.argv[1:] or list(PRESETS):
        row = measure(recipe)
        print(
            f"{recipe:12}{row['test_accuracy']:10.4f}{row['test_loss']:8.3f}{row['seconds']:12.0f}{row['command']:12.0f}",
            flush=True,
        )


if __name__ == "__main__":
    main()
