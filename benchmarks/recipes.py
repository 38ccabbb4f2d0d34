"""Accuracy and time of the recipes: python benchmarks/recipes.py --out DIR [RECIPE …]

Needs CIFAR-10, see CNNGUI_DATA_DIR.

Trains each recipe once with "cnngui train", one after the other, and prints the test accuracy and loss and the seconds
of the training and of the whole command. The models stay in DIR.
"""

import argparse
import json
import subprocess
import sys
import time
from pathlib import Path

from cnngui.core.recipes.presets import PRESETS


def measure(recipe: str, out: Path) -> dict[str, float]:
    """Train the recipe; return its last JSON line and the command's time in seconds."""
    command = [sys.executable, "-m", "cnngui", "train", "--data", "cifar10", "--json", "--recipe", recipe]
    began = time.perf_counter()
    done = subprocess.run([*command, "--out", str(out / recipe)], check=True, stdout=subprocess.PIPE, text=True)
    return {**json.loads(done.stdout.splitlines()[-1]), "command": time.perf_counter() - began}


def main() -> None:
    """Print a line for each recipe."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("recipes", nargs="*")
    options = parser.parse_args()
    print(f"{'recipe':12}{'accuracy':>10}{'loss':>8}{'training s':>12}{'command s':>12}")
    for recipe in options.recipes or list(PRESETS):
        row = measure(recipe, options.out)
        print(
            f"{recipe:12}{row['test_accuracy']:10.4f}{row['test_loss']:8.3f}{row['seconds']:12.0f}{row['command']:12.0f}",
            flush=True,
        )


if __name__ == "__main__":
    main()
