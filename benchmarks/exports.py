"""How equal, large and fast exports are: python benchmarks/exports.py --out DIR [--networks …] [--formats …]

Trains an epoch of each network on 3,000 drawn shapes in a folder, except the shipped model, which takes CIFAR-10 (see
CNNGUI_DATA_DIR), and exports each to every format with cnngui export. For each it prints the size of the whole folder,
the largest difference of a probability, the shares with the same class and with the same “none of these”, the accuracy
of the export and of the model, images a second, one at a time, and the seconds of "python predict.py PICTURE" in a new
process, the better of two. The models and the exports stay in DIR.
"""

import argparse
import json
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from PIL import Image

from cnngui import paths
from cnngui.core.data import shapes
from cnngui.core.export.formats import FORMATS
from cnngui.core.recipes.layers import Convolution, Dense, Flatten, MaxPooling
from cnngui.core.recipes.parts import NetworkSettings
from cnngui.core.recipes.presets import PRESETS
from cnngui.core.recipes.recipe import Recipe
from cnngui.core.recipes.toml_file import write_recipe

SHIPPED = "shipped"
BUILT = NetworkSettings(
    "layers", layers=(Convolution(16), MaxPooling(2), Convolution(32), MaxPooling(2), Flatten(), Dense(64))
)
RECIPES = {
    "article": PRESETS["article"],
    "standard": PRESETS["standard"],
    "built": Recipe("built", network=BUILT),
    "transferred": PRESETS["backbone"],
}
PER_CLASS = 300
COLUMNS = "{:<13}{:<13}{:>7}{:>11}{:>8}{:>8}{:>10}{:>8}{:>10}{:>9}  {}"


def folder_of_shapes(folder: Path) -> Path:
    """Drawn shapes in a sub-folder for each class, if they are not there yet."""
    images, labels = shapes.draw(PER_CLASS, shapes.TRAIN_SEED)
    for number, (image, label) in enumerate(zip(images, labels.tolist(), strict=True)):
        path = folder / shapes.CLASSES[label] / f"{number}.png"
        path.parent.mkdir(parents=True, exist_ok=True)
        if not path.exists():
            Image.fromarray(image).save(path)
    return folder


def cnngui(*arguments: object) -> str:
    """What the command prints. Raises CalledProcessError."""
    command = [sys.executable, "-m", "cnngui", *map(str, arguments)]
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True).stdout


def model(name: str, out: Path) -> Path:
    """The trained model of that name."""
    if name == SHIPPED:
        return paths.shipped_model()
    path = out / name / "model.keras"
    if not path.exists():
        write_recipe(RECIPES[name], out / f"{name}.toml")
        settings = ("--recipe", out / f"{name}.toml", "--set", "optimization.epochs=1", "--out", out / name)
        cnngui("train", "--data", folder_of_shapes(out / "shapes"), *settings)
    return path


def first_answer(export: Path) -> float:
    """Seconds of the script for one picture, in a new process: the better of two."""
    picture = paths.resources_dir() / "samples" / "cat.png"
    took = []
    for _ in range(2):
        began = time.perf_counter()
        subprocess.run([sys.executable, export / "predict.py", picture], check=True, capture_output=True)
        took.append(time.perf_counter() - began)
    return min(took)


def row(name: str, key: str, values: dict[str, Any], seconds: float) -> str:
    """A line of the table."""
    proof = values["proof"]
    accuracies = [f"{proof[each]:.4f}" if proof[each] is not None else "–" for each in ("accuracy", "model_accuracy")]
    return COLUMNS.format(
        name,
        key,
        f"{values['size'] / 1e6:.1f}",
        f"{proof['difference']:.2g}",
        f"{proof['equal']:.3f}",
        f"{proof['known']:.3f}",
        *accuracies,
        f"{proof['images_per_second']:.0f}",
        f"{seconds:.2f}",
        "" if proof["is_good"] else "not good",
    )


def main() -> None:
    """Print a line for each network and format."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--networks", nargs="*", default=[*RECIPES, SHIPPED])
    parser.add_argument("--formats", nargs="*", default=[each.key for each in FORMATS])
    options = parser.parse_args()
    head = ("network", "format", "MB", "difference", "equal", "known", "accuracy", "model", "images/s", "first s", "")
    print(COLUMNS.format(*head))
    for name in options.networks:
        trained = model(name, options.out)
        for key in options.formats:
            folder = options.out / "exports" / f"{name}-{key}"
            try:
                printed = cnngui("export", "--model", trained, "--to", key, "--out", folder, "--json")
            except subprocess.CalledProcessError as error:
                print(f"{name:<13}{key:<13}failed ({error})", flush=True)
                continue
            print(row(name, key, json.loads(printed), first_answer(folder)), flush=True)


if __name__ == "__main__":
    main()
