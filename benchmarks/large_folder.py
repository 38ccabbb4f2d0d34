"""A training on a large folder of own pictures: how much memory it takes, and how long.

    python -m benchmarks.large_folder FOLDER [--pictures 20000] [--set SETTING=VALUE ...]

Draws the pictures into FOLDER, unless they are there, and trains the recipe "backbone" on them. Prints the peak of the
resident memory and the seconds (Linux).
"""

import argparse
import resource
import tempfile
import time
from pathlib import Path

import numpy as np
from PIL import Image

from benchmarks.transfer import changed
from cnngui.core.data import shapes
from cnngui.core.progress import Progress, Reported
from cnngui.core.recipes.presets import PRESETS
from cnngui.core.training.job import Job, run

SIDE = 200  # pixels of a picture


def main() -> None:
    """Draw, train and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--pictures", type=int, default=20_000)
    parser.add_argument("--set", nargs="*", default=[])
    options = parser.parse_args()
    if not options.folder.exists():
        draw(options.folder, options.pictures)
    recipe = changed(PRESETS["backbone"], options.set)
    began, last = time.monotonic(), ""

    def tell(report: Reported) -> None:
        nonlocal last
        if isinstance(report, Progress) and report.text.split(",")[0] != last:
            last = report.text.split(",")[0]
            print(f"{time.monotonic() - began:6.1f} s  {peak():6.0f} MB  {last}", flush=True)

    with tempfile.TemporaryDirectory() as folder:
        result = run(Job(str(options.folder), recipe, Path(folder) / "run" / "model.keras"), progress=tell)
    assert result.card.training is not None
    print(f"{time.monotonic() - began:6.1f} s  {peak():6.0f} MB  {result.card.training.score}")


def draw(folder: Path, pictures: int) -> None:
    """Write so many pictures, a sub-folder for each class, each of its own noise."""
    images, labels = shapes.draw(pictures // len(shapes.CLASSES), 0)
    rng = np.random.default_rng(0)
    for number, (image, label) in enumerate(zip(images, labels, strict=True)):
        path = folder / shapes.CLASSES[label] / f"{number}.jpg"
        path.parent.mkdir(parents=True, exist_ok=True)
        large = np.asarray(Image.fromarray(image).resize((SIDE, SIDE)))
        noise = rng.integers(-8, 9, large.shape, np.int16)
        Image.fromarray((large + noise).clip(0, 255).astype(np.uint8)).save(path, quality=80)


def peak() -> float:
    """This process's largest resident memory so far, in megabytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000


if __name__ == "__main__":
    main()
