"""Collections of small pictures."""

from collections.abc import Iterable
from pathlib import Path

from PIL import Image

from cnngui.core.data.collections.collection import Collection, read
from cnngui.core.data.collections.shelves import Item, Shelf


def draw(path: Path, grey: int = 100) -> Path:
    """A picture at this path, of one grey."""
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.new("RGB", (8, 8), (grey,) * 3).save(path)
    return path


def fill(folder: Path, **counts: int) -> Path:
    """A folder with so many pictures of each class: robin/0.png …"""
    for name, count in counts.items():
        (folder / name).mkdir(parents=True, exist_ok=True)
        for number in range(count):
            draw(folder / name / f"{number}.png", grey=number)
    return folder


def names(items: Iterable[Item]) -> list[str]:
    """The file names of the pictures."""
    return [item.path.name for item in items]


def content(folder: Path) -> dict[str, list[str]]:
    """What a collection holds now: file names by class, "robin excluded", "" for those without a class."""
    collection = read(folder)
    shown: dict[str, list[str]] = {name: [] for name in collection.classes} | {
        shelf.name + " excluded" * shelf.is_excluded: names(items) for shelf, items in collection.shelves.items()
    }
    return {name: sorted(shown[name]) for name in sorted(shown)}


def first(collection: Collection, name: str, count: int = 1) -> tuple[Item, ...]:
    """The first pictures of a class that are not excluded."""
    return tuple(collection.on(Shelf(name)))[:count]


def files(folder: Path) -> set[str]:
    """All files of a folder, hidden or not, by their paths in it."""
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}
