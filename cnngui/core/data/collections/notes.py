"""What a person should know about a collection, and what it still needs before it can be trained on."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import TypeVar

from cnngui.core.data.collections.class_names import folded
from cnngui.core.data.collections.collection import Collection
from cnngui.core.data.layout import composed
from cnngui.core.data.part_names import is_plain_train, part_of
from cnngui.core.sentences import counted, some_of

LEAST_CLASSES = 2
LEAST_PICTURES = 5  # of a class
MOST_NAMED = 5  # in a sentence

Key = TypeVar("Key")


def needed(collection: Collection) -> str:
    """What is missing before a training, in a sentence; "" if nothing is. Classes without pictures do not count."""
    counts = {name: collection.count(name) for name in collection.classes}
    filled = {name: count for name, count in counts.items() if count}
    few = {name: LEAST_PICTURES - count for name, count in filled.items() if count < LEAST_PICTURES}
    empty = [name for name, count in counts.items() if not count]
    if few:
        name, missing = next(iter(few.items()))
        others = f", and some to {counted(len(few) - 1, 'other class', 'other classes')}" if len(few) > 1 else ""
        return f"Add {missing} more to {name}{others}: each class needs {LEAST_PICTURES} pictures."
    if len(filled) >= LEAST_CLASSES:
        return ""
    if empty:
        return f"Add {LEAST_PICTURES} pictures or more to {some_of(empty, MOST_NAMED)}."
    return f"Make {'another' if filled else 'a first'} class: a training needs {LEAST_CLASSES}."


def notes(collection: Collection) -> tuple[str, ...]:
    """A sentence for each thing that may surprise: folders that cannot be read, pictures that are gone, twins."""
    return (
        *collection.unreadable,
        *_missing(collection),
        *_twins(collection),
        *_parts(collection),
        *_doubles(collection),
    )


def _missing(collection: Collection) -> list[str]:
    names = [item.path.name for item in collection.missing]
    if not names:
        return []
    what = "1 picture that lies elsewhere is" if len(names) == 1 else f"{len(names):,} pictures that lie elsewhere are"
    return [f"{what} gone: {some_of(names, MOST_NAMED)}. Bring the files back, or remove them here."]


def _twins(collection: Collection) -> list[str]:
    """Classes whose names differ only by letter case or by how their letters are composed."""
    return [
        f"{' and '.join(names)} differ only in how they are written{_taken(names)}. Merge them, or rename one."
        for names in _grouped((folded(name), name) for name in collection.classes).values()
        if len(names) > 1
    ]


def _taken(names: Sequence[str]) -> str:
    return " and are one class to a training" if len({composed(name) for name in names}) == 1 else ""


def _parts(collection: Collection) -> list[str]:
    names = [name for name in collection.classes if part_of(name) is not None and not is_plain_train(name)]
    return [f"A training takes “{name}” for a part of the data, not for a class. Rename it." for name in names]


def _doubles(collection: Collection) -> list[str]:
    """References to one file from several classes."""
    classes = _grouped((item.path, item.shelf.name) for item in collection.references)
    several = {path: names for path, names in classes.items() if len(set(names)) > 1}
    if not several:
        return []
    path, names = next(iter(several.items()))
    more = (
        f", and {counted(len(several) - 1, 'other picture is', 'other pictures are')} too" if len(several) > 1 else ""
    )
    return [f"{path.name} is in several classes, {some_of(sorted(set(names)), MOST_NAMED)}{more}."]


def _grouped(pairs: Iterable[tuple[Key, str]]) -> dict[Key, list[str]]:
    groups: dict[Key, list[str]] = defaultdict(list)
    for key, name in pairs:
        groups[key].append(name)
    return groups
