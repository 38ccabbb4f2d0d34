"""What dropout and each augmentation bring: a recipe with each of them on, against the recipe itself.

Run: python -m benchmarks.effects [RECIPE] [EPOCHS] [SEEDS], such as: python -m benchmarks.effects article 30 2

Needs CIFAR-10, see CNNGUI_DATA_DIR. Prints validation accuracies; the test images are not used.
"""

import statistics
import sys

from cnngui.core.data import datasets
from cnngui.core.data.datasets import Dataset
from cnngui.core.data.sources import CIFAR10
from cnngui.core.recipes.presets import preset
from cnngui.core.recipes.recipe import Recipe
from cnngui.core.recipes.setting import Value
from cnngui.core.training.train import train

CHANGES: dict[str, dict[str, Value]] = {
    "as it is": {},
    "dropout 0.3": {"network.dropout": 0.3},
    "horizontal flip": {"augmentation.horizontal_flip": True},
    "shift by 2": {"augmentation.shift": 2},
    "zoom 0.35": {"augmentation.zoom": 0.35},
    "rotation by 15°": {"augmentation.rotation": 15.0},
    "colour jitter 0.2": {"augmentation.colour_jitter": 0.2},
    "cutout 0.25": {"augmentation.cutout": 0.25},
    "CutMix in half of the epochs": {"augmentation.cutmix": 0.5},
    "dropout, flip and shift": {
        "network.dropout": 0.3,
        "augmentation.horizontal_flip": True,
        "augmentation.shift": 2,
    },
}


def measured(dataset: Dataset, recipe: Recipe) -> tuple[float, float, float]:
    """The best and the last validation accuracy, and by how much the last training accuracy is above the latter."""
    history = train(dataset, recipe).training.history
    last = history[-1]
    return max(result.val_accuracy for result in history), last.val_accuracy, last.accuracy - last.val_accuracy


def main() -> int:
    """Measure and report."""
    recipe = preset(sys.argv[1] if len(sys.argv) > 1 else "article")
    if len(sys.argv) > 2:
        recipe = recipe.changed({"optimization.epochs": int(sys.argv[2])})
    seeds = int(sys.argv[3]) if len(sys.argv) > 3 else 1
    print(f"{recipe.name}, {recipe.optimization.epochs} epochs, {seeds} seeds")
    print(f"{'':32}{'best':>8}{'last':>8}{'gap':>8}", flush=True)
    sets = [datasets.load(CIFAR10, seed=seed) for seed in range(seeds)]
    for title, changes in CHANGES.items():
        rows = [measured(data, recipe.changed({**changes, "seed": seed})) for seed, data in enumerate(sets)]
        best, last, gap = (statistics.mean(column) for column in zip(*rows, strict=True))
        print(f"{title:32}{best:8.4f}{last:8.4f}{gap:+8.3f}", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
