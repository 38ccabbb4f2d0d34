"""Near-doubles that are found, and the time of a check: python -m benchmarks.doubles [--photographs DIR].

Plants a copy of every fifth picture of each kind: JPEG of quality 40, resized to 60 % of its sides, brighter by 20 and
by 30 %, cropped by 5 % of its sides in all and at each edge, cropped at one corner, mirrored. Prints the fraction of
the copies that are found with their original, and the pairs of others that are found: some of these are true doubles
in the data, which --sheet FILE draws, one above the other.

The data are the photographs in DIR and below, and 10,000 test images of CIFAR-10. The latter are also written to a
folder of PNG files, which is checked twice, to print the seconds and the peak of memory.
"""

import argparse
import io
import resource
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageEnhance, ImageOps

from cnngui.core.checks.audit import audit
from cnngui.core.checks.doubles import pairs
from cnngui.core.checks.looks import Extractor, Looks
from cnngui.core.data import cifar10
from cnngui.core.pictures.images import READ_SIDE, read, to_pixels

EVERY = 5
AT_ONCE = 250


def compressed(image: Image.Image) -> Image.Image:
    file = io.BytesIO()
    image.save(file, "JPEG", quality=40)
    return Image.open(file).convert("RGB")


def resized(image: Image.Image) -> Image.Image:
    return image.resize((round(0.6 * image.width), round(0.6 * image.height)), Image.Resampling.BICUBIC)


def brighter(factor: float) -> Callable[[Image.Image], Image.Image]:
    return lambda image: ImageEnhance.Brightness(image).enhance(factor)


def cropped(left: float, top: float, right: float, bottom: float) -> Callable[[Image.Image], Image.Image]:
    def crop(image: Image.Image) -> Image.Image:
        width, height = image.size
        box = (left * width, top * height, (1 - right) * width, (1 - bottom) * height)
        return image.crop(tuple(map(round, box)) if min(image.size) > 100 else box)  # type: ignore[arg-type]

    return crop


COPIES: dict[str, Callable[[Image.Image], Image.Image]] = {
    "JPEG 40": compressed,
    "resized": resized,
    "brighter by 20 %": brighter(1.2),
    "brighter by 30 %": brighter(1.3),
    "cropped by 5 % in all": cropped(0.025, 0.025, 0.025, 0.025),
    "cropped by 5 % at each edge": cropped(0.05, 0.05, 0.05, 0.05),
    "cropped by 5 % at a corner": cropped(0.05, 0.05, 0, 0),
    "mirrored": ImageOps.mirror,
}


def looks_of(pictures: list[Image.Image], extractor: Extractor) -> Looks:
    pixels = np.stack([to_pixels(picture, extractor.classifier.image_size) for picture in pictures])
    parts = [extractor.looks(pixels[start : start + AT_ONCE]) for start in range(0, len(pixels), AT_ONCE)]
    return Looks(np.concatenate([part.pixels for part in parts]), np.concatenate([part.features for part in parts]))


def found_in(looks: Looks) -> set[tuple[int, int]]:
    return {pair for part in pairs(looks) for pair in zip(*(numbers.tolist() for numbers in part), strict=True)}


def measure(name: str, pictures: list[Image.Image], extractor: Extractor, sheet: Path | None) -> None:
    """Print what is found of planted copies, of each kind apart and of all together, and what else."""
    originals = looks_of(pictures, extractor)
    natural = found_in(originals)
    print(f"{name}: {len(pictures):,} pictures, {len(natural):,} pairs without any copies", flush=True)
    if sheet is not None and natural:
        draw(pictures, sorted(natural), sheet.with_stem(f"{sheet.stem} {name}"))
    copied = range(0, len(pictures), EVERY)
    everything, planted = 0, 0
    for kind, copy in COPIES.items():
        copies = looks_of([copy(pictures[number]) for number in copied], extractor)
        both = Looks(
            *(np.concatenate([getattr(x, part) for x in (originals, copies)]) for part in ("pixels", "features"))
        )
        wanted = {(number, len(pictures) + place) for place, number in enumerate(copied)}
        found = found_in(both)
        hits = len(found & wanted)
        same = {place: number for place, number in enumerate(copied)}
        # A copy of one of a natural pair is found with the other one, too.
        strange = {pair for pair in found - wanted - natural if not _follows(pair, len(pictures), same, natural)}
        everything, planted = everything + len(strange), planted + hits
        print(f"  {kind}: {hits / len(wanted):.3f} found; {len(strange)} pairs of others, new with these copies")
    print(f"  in all: {planted:,} copies found, {everything} new pairs of others", flush=True)


def _follows(pair: tuple[int, int], count: int, same: dict[int, int], natural: set[tuple[int, int]]) -> bool:
    first, second = sorted(number if number < count else same[number - count] for number in pair)
    return first == second or (first, second) in natural


def draw(pictures: list[Image.Image], found: list[tuple[int, int]], path: Path) -> None:
    """The pairs, one picture above the other, sixteen in a row."""
    sheet = Image.new("RGB", (16 * 68, -(-len(found) // 16) * 136), "white")
    for place, pair in enumerate(found):
        for row, number in enumerate(pair):
            sheet.paste(pictures[number].resize((64, 64)), (place % 16 * 68, place // 16 * 136 + row * 64))
    sheet.save(path)


def seconds(images: NDArray[np.uint8], labels: NDArray[np.integer], extractor: Extractor) -> None:
    """Print the time of the first and the second check of these images in a folder."""
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place) / "pictures"
        for number, (image, label) in enumerate(zip(images, labels, strict=True)):
            path = folder / cifar10.CLASSES[label] / f"{number}.png"
            path.parent.mkdir(parents=True, exist_ok=True)
            Image.fromarray(image).save(path)
        for look in ("first", "second"):
            began = time.perf_counter()
            audit(folder, extractor, store=Path(place) / "looks.sqlite")
            print(f"{len(images):,} pictures, {look} check: {time.perf_counter() - began:.1f} s", flush=True)
    print(f"peak of memory: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6:.2f} GB")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--photographs", type=Path)
    parser.add_argument("--sheet", type=Path, help="a PNG file for the pairs that are found without any copies")
    options = parser.parse_args()
    extractor = Extractor.load()
    place = cifar10.find(None)
    if place is not None:
        images, labels = cifar10.read_test(place)
        seconds(images, labels, extractor)
        measure("CIFAR-10", [Image.fromarray(image) for image in images], extractor, options.sheet)
    if options.photographs:
        files = sorted(options.photographs.rglob("*.jpg"))
        measure("photographs", [read(file, READ_SIDE) for file in files], extractor, options.sheet)


if __name__ == "__main__":
    main()
