"""What a person does to a collection, each as a :class:`Change` of what was read. Nothing is done yet."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from cnngui.core.data.collections.changes import Change, Move
from cnngui.core.data.collections.class_names import class_name
from cnngui.core.data.collections.collection import Collection
from cnngui.core.data.collections.shelves import HIDDEN, REMOVED_FOLDER, Item, Shelf
from cnngui.core.errors import UserError


def still_there(collection: Collection, items: Iterable[Item]) -> tuple[Item, ...]:
    """Those of the pictures that are still where they were."""
    there = {
        (shelf, is_reference): set(texts)
        for shelf, pictures in collection.shelves.items()
        for is_reference, texts in ((False, pictures.files), (True, pictures.references))
    }
    return tuple(item for item in items if str(item.path) in there.get((item.shelf, item.is_reference), ()))


def in_use_at(collection: Collection, paths: Iterable[Path]) -> tuple[Item, ...]:
    """The pictures at these places that trainings use."""
    wanted = {str(path) for path in paths}
    return tuple(
        Item(Path(text), shelf, is_reference)
        for shelf, pictures in collection.shelves.items()
        if shelf.name and not shelf.is_excluded
        for is_reference, texts in ((False, pictures.files), (True, pictures.references))
        for text in texts
        if text in wanted
    )


def new_class(collection: Collection, typed: str) -> Change:
    """Add a class without pictures. Raises UserError if it cannot have the name."""
    return Change(made=(Shelf(class_name(typed, collection.classes)).folder(collection.folder),))


def rename_class(collection: Collection, old: str, typed: str) -> Change:
    """Give a class another name, also to its excluded pictures. Raises UserError if it cannot have the name."""
    _require(collection, old)
    new = class_name(typed, (name for name in collection.classes if name != old))
    if new == old:
        return Change()
    folder = Move(Shelf(old).folder(collection.folder), Shelf(new).folder(collection.folder))
    apart = [item for item in collection.of_class(old) if item.is_reference or item.shelf.is_excluded]
    others = _moved(collection, [(item, Shelf(new, item.shelf.is_excluded)) for item in apart])
    return replace(others, moves=((folder,) if folder.source.is_dir() else ()) + others.moves)


def merge_classes(collection: Collection, sources: Sequence[str], into: str) -> Change:
    """Give all pictures of some classes to another one, and remove what is left of the classes."""
    for name in (*sources, into):
        _require(collection, name)
    merged = [name for name in dict.fromkeys(sources) if name != into]
    pictures = move_pictures(collection, [item for name in merged for item in collection.of_class(name)], into)
    rest = (Move(folder, aside(collection, folder)) for name in merged for folder in _folders(collection, name))
    return Change((*pictures.moves, *rest), pictures.dropped, pictures.added)


def move_pictures(collection: Collection, items: Sequence[Item], name: str) -> Change:
    """Move pictures to a class, or with "" among those without one. What is excluded stays so in another class."""
    wanted = [(item, Shelf(name, item.shelf.is_excluded and bool(name))) for item in items if item.shelf.name != name]
    return _moved(collection, wanted, by_name=True)


def exclude(collection: Collection, items: Sequence[Item]) -> Change:
    """Leave pictures out of trainings. Those without a class are left out anyway."""
    return _moved(
        collection,
        [(item, Shelf(item.shelf.name, True)) for item in items if item.shelf.name and not item.shelf.is_excluded],
    )


def include(collection: Collection, items: Sequence[Item]) -> Change:
    """Use excluded pictures for trainings again."""
    return _moved(collection, [(item, Shelf(item.shelf.name)) for item in items if item.shelf.is_excluded])


def remove_pictures(collection: Collection, items: Sequence[Item]) -> Change:
    """Put pictures aside; of those that lie elsewhere, only forget the paths."""
    files = [item for item in items if not item.is_reference]
    return Change(
        tuple(Move(item.path, aside(collection, item.path)) for item in files),
        dropped=tuple(item for item in items if item.is_reference),
    )


def remove_classes(collection: Collection, names: Sequence[str]) -> Change:
    """Put classes aside with all that is in their folders."""
    for name in names:
        _require(collection, name)
    return Change(
        tuple(Move(folder, aside(collection, folder)) for name in names for folder in _folders(collection, name)),
        dropped=tuple(item for name in names for item in collection.of_class(name) if item.is_reference),
    )


def settle(collection: Collection, keys: Iterable[str]) -> Change:
    """Leave what these keys stand for as it is."""
    return Change(settled=tuple(key for key in keys if key not in collection.settled))


def reopen(collection: Collection) -> Change:
    """Look again at all that was left as it is."""
    return Change(reopened=tuple(sorted(collection.settled)))


_BOTH = (False, True)


def _folders(collection: Collection, name: str) -> Iterator[Path]:
    for is_excluded in _BOTH:
        folder = Shelf(name, is_excluded).folder(collection.folder)
        if folder.is_dir():
            yield folder


def _moved(collection: Collection, wanted: Sequence[tuple[Item, Shelf]], *, by_name: bool = False) -> Change:
    """Pictures on other shelves. by_name: whether they leave the sub-folders of their class."""
    folder = collection.folder
    references = [(item, shelf) for item, shelf in wanted if item.is_reference]
    files = [(item, shelf) for item, shelf in wanted if not item.is_reference]

    def inside(item: Item) -> Path:
        return Path(item.path.name) if by_name else item.path.relative_to(item.shelf.folder(folder))

    return Change(
        tuple(Move(item.path, shelf.folder(folder) / inside(item)) for item, shelf in files),
        dropped=tuple(item for item, _ in references),
        added=tuple(Item(item.path, shelf, is_reference=True) for item, shelf in references),
    )


def aside(collection: Collection, path: Path) -> Path:
    """Where a file or folder of the collection goes when it is removed: the same place below a hidden folder."""
    inside = path.relative_to(collection.folder)
    if inside.parts[0] == HIDDEN:
        inside = inside.relative_to(HIDDEN)
    return collection.folder / HIDDEN / REMOVED_FOLDER / collection.folder.name / inside


def _require(collection: Collection, name: str) -> None:
    if name not in collection.classes:
        raise UserError(f"There is no class “{name}” any more: another program has renamed or removed it.")
