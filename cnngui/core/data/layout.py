"""Which pictures of a folder belong to which class and part of a data set. Decided by names alone; nothing is read."""

import unicodedata
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from cnngui.core.data.part_names import Part, is_plain_train, part_of
from cnngui.core.errors import UserError
from cnngui.core.sentences import counted, some_of

MOST_NAMED = 5  # folders in a sentence

Files = tuple[tuple[Path, int], ...]
"""Pictures with their labels, sorted by class and path."""


@dataclass(frozen=True)
class Layout:
    """The classes of a data set, sorted by name, and the pictures of its parts.

    validation, test: None if the folder has no such part. notes: a sentence for each thing that is not used.
    tables: those that say the labels, if it is not the folders.
    """

    classes: tuple[str, ...]
    train: Files
    validation: Files | None = None
    test: Files | None = None
    notes: tuple[str, ...] = ()
    tables: tuple[Path, ...] = ()


@dataclass
class _Folder:
    """A folder that holds pictures, in itself or below; other folders are left out."""

    path: Path
    folders: dict[str, "_Folder"] = field(default_factory=dict)
    own: list[Path] = field(default_factory=list)

    def __iter__(self) -> Iterator[Path]:
        """All its pictures."""
        yield from self.own
        for folder in self.folders.values():
            yield from folder

    @property
    def count(self) -> int:
        return sum(1 for _ in self)


def arrange(root: Path, pictures: Collection[Path], folders: Iterable[Path] = ()) -> Layout:
    """Find the classes and parts in ``root``, whose pictures and sub-folders are given.

    The classes are sub-folders of ``root``, or of its parts: folders that are called train, val, test or the like. A
    single folder around all, or around a part's classes, does not count. Names are compared in Unicode's composed form.
    Raises UserError if there are only parts without classes, or fewer than two classes.
    """
    top = _unwrapped(_tree(root, pictures))
    _refuse_several(top)
    if by_class := _parts_inside_classes(top):
        return by_class
    train, others, notes = _find_parts(top)
    classes = _classes(train)
    if len(classes) < 2:
        raise UserError(
            f"{train.path} has {counted(len(classes), 'sub-folder')} with pictures, but needs at least two: "
            "one with images for each class."
        )
    beside = [folder for folder in folders if folder.parent == train.path]
    filled = {parent for path in pictures for parent in path.parents} if beside else set()
    empty = sorted(folder.name for folder in beside if folder not in filled)
    if empty:
        ending = "has no pictures, so it is no class" if len(empty) == 1 else "have no pictures, so they are no classes"
        notes.append(f"{some_of(empty, MOST_NAMED)} {ending}.")
    if train.own:
        notes.append(f"{counted(len(train.own), 'picture')} left out: outside the folders of the classes.")
    parts = {part: _labelled(part, folder, classes, notes) for part, folder in others.items()}
    return Layout(
        classes=tuple(classes),
        train=_files(classes),
        validation=parts.get(Part.VALIDATION),
        test=parts.get(Part.TEST),
        notes=tuple(notes),
    )


def composed(name: str) -> str:
    """A name in Unicode's composed form: file systems may store "é" as one character or as two."""
    return unicodedata.normalize("NFC", name)


def _tree(root: Path, pictures: Iterable[Path]) -> _Folder:
    tree = _Folder(root)
    for path in pictures:
        folder = tree
        for name in path.relative_to(root).parts[:-1]:
            folder = folder.folders.setdefault(name, _Folder(folder.path / name))
        folder.own.append(path)
    return tree


def _unwrapped(folder: _Folder) -> _Folder:
    """The folder, or what is in it if that is a single folder with sub-folders."""
    while len(folder.folders) == 1:
        (inner,) = folder.folders.values()
        if not inner.folders:
            break
        folder = inner
    return folder


def _part_unwrapped(part: Part, folder: _Folder) -> _Folder:
    """The folder that holds a part's classes: it may lie in others of the same name, or in a single one."""
    folder = _unwrapped(folder)
    same = [inner for name, inner in folder.folders.items() if part_of(name) is part and inner.folders]
    if not same:
        return folder
    merged = _merged(part, folder.path, same)
    merged.own += [path for inner in folder.folders.values() if inner not in same for path in inner]
    return merged


def _holds_data_set(folder: _Folder) -> bool:
    parts = [inner for name, inner in folder.folders.items() if part_of(name)]
    return len(parts) == len(folder.folders) > 0 and any(inner.folders for inner in parts)


def _refuse_several(top: _Folder) -> None:
    """Raise UserError if all sub-folders are data sets, with parts of their own, and none is a part itself."""
    names = list(top.folders)
    if len(names) > 1 and all(part_of(name) is None and _holds_data_set(top.folders[name]) for name in names):
        raise UserError(f"{top.path} holds several data sets: {some_of(names, MOST_NAMED)}. Choose one of them.")


def _find_parts(top: _Folder) -> tuple[_Folder, dict[Part, _Folder], list[str]]:
    """The folder of the training classes, those of the other parts, and notes on what is not used."""
    named: dict[Part, list[_Folder]] = {}
    rest: dict[str, _Folder] = {}
    for name, folder in top.folders.items():
        part = part_of(name)
        if part is None:
            rest[name] = folder
        else:
            named.setdefault(part, []).append(folder)
    if list(named) == [Part.TRAIN] and _is_vehicle(named[Part.TRAIN], rest):
        return top, {}, []
    notes: list[str] = []
    parts = {
        part: _part_unwrapped(part, folders[0]) if len(folders) == 1 else _merged(part, top.path, folders)
        for part, folders in named.items()
    }
    train = parts.pop(Part.TRAIN, None)
    if train is not None and train.folders:
        if rest or top.own:
            names = [*rest, *(["pictures beside them"] if top.own else [])]
            notes.append(f"Not used, since it lies outside the parts: {some_of(sorted(names), MOST_NAMED)}.")
        return train, parts, notes
    if not rest:
        _refuse_parts(top, named)
    if train is not None:
        notes.append(_left_alone(train, "it has no sub-folders of classes"))
    own = _Folder(top.path, rest, top.own)
    return (_unwrapped(own) if len(rest) == 1 else own), parts, notes


def _is_vehicle(folders: list[_Folder], rest: dict[str, _Folder]) -> bool:
    """Whether a folder "train" is a class: it has pictures and no sub-folders, and other classes lie beside it."""
    return len(folders) == 1 and is_plain_train(folders[0].path.name) and not folders[0].folders and bool(rest)


def _refuse_parts(top: _Folder, named: dict[Part, list[_Folder]]) -> None:
    names = sorted(folder.path.name for folders in named.values() for folder in folders)
    if not names:
        return
    problem = "has no training part" if Part.TRAIN not in named else "has no sub-folder of images for each class"
    where = top.path if Part.TRAIN not in named else named[Part.TRAIN][0].path
    raise UserError(
        f"{where} {problem}. {some_of(names, MOST_NAMED)} are parts of a data set, not classes. "
        "Put a folder “train” there, with a sub-folder of images for each class."
    )


def _merged(part: Part, path: Path, folders: list[_Folder]) -> _Folder:
    """One folder with the classes in several that are the same part, such as train_1 and train_2."""
    merged = _Folder(path)
    for number, folder in enumerate(_part_unwrapped(part, each) for each in folders):
        merged.own += folder.own
        merged.folders |= {f"{number}/{name}": inner for name, inner in folder.folders.items()}
    return merged


def _parts_inside_classes(top: _Folder) -> Layout | None:
    """The layout of <class>/train/…, <class>/test/…, or None if it is another one."""
    inside = [(name, sub) for folder in top.folders.values() for name, sub in folder.folders.items()]
    parts = {part_of(name) for name, _ in inside}
    if len(top.folders) < 2 or Part.TRAIN not in parts or None in parts or any(sub.folders for _, sub in inside):
        return None
    classes = _classes(top)
    files: dict[Part, list[tuple[Path, int]]] = {}
    for label, folders in enumerate(classes.values()):
        for folder in folders:
            for name, sub in folder.folders.items():
                part = part_of(name)
                assert part is not None
                files.setdefault(part, []).extend((path, label) for path in sub)
            files.setdefault(Part.TRAIN, []).extend((path, label) for path in folder.own)
    sorted_files = {part: tuple(sorted(items, key=lambda item: (item[1], item[0]))) for part, items in files.items()}
    return Layout(
        tuple(classes), sorted_files[Part.TRAIN], sorted_files.get(Part.VALIDATION), sorted_files.get(Part.TEST)
    )


def _classes(folder: _Folder) -> dict[str, list[_Folder]]:
    """The sub-folders by their class's name, sorted. Two spellings of one name are one class."""
    classes: dict[str, list[_Folder]] = {}
    for sub in folder.folders.values():
        classes.setdefault(composed(sub.path.name), []).append(sub)
    return dict(sorted(classes.items()))


def _files(classes: dict[str, list[_Folder]]) -> Files:
    return tuple(
        (path, label)
        for label, folders in enumerate(classes.values())
        for path in sorted(path for folder in folders for path in folder)
    )


def _labelled(part: Part, folder: _Folder, classes: dict[str, list[_Folder]], notes: list[str]) -> Files | None:
    """The pictures of a part with the labels of the training classes. None, after a note, if that cannot be."""
    if not folder.folders:
        notes.append(_left_alone(folder, "its pictures have no labels"))
        return None
    found = _classes(folder)
    label_of = matches(found, classes)
    if unknown := [name for name in found if name not in label_of]:
        reason = f"the training has no class {some_of(unknown, MOST_NAMED)}"
        notes.append(_left_alone(folder, reason))
        return None
    if part is Part.UNLABELLED:
        notes.append(_left_alone(folder, "it is neither for training, validation nor test"))
        return None
    if folder.own:
        notes.append(f"{counted(len(folder.own), 'picture')} in {folder.path} left out: outside the class folders.")
    names = list(classes)
    if missing := [name for label, name in enumerate(names) if label not in label_of.values()]:
        notes.append(f"{folder.path.name} has no pictures of {some_of(missing, MOST_NAMED)}.")
    pairs = [(path, label_of[name]) for name, folders in found.items() for sub in folders for path in sub]
    return tuple(sorted(pairs, key=lambda pair: (pair[1], pair[0])))


def matches(found: Iterable[str], classes: Iterable[str]) -> dict[str, int]:
    """The label of each found name that is a class. Letter case counts only where classes differ in nothing else."""
    label_of = {name: label for label, name in enumerate(classes)}
    folded: dict[str, list[int]] = {}
    for name, label in label_of.items():
        folded.setdefault(name.casefold(), []).append(label)
    matched = {}
    for name in found:
        similar = folded.get(name.casefold(), [])
        if name in label_of:
            matched[name] = label_of[name]
        elif len(similar) == 1:
            matched[name] = similar[0]
    return matched


def _left_alone(folder: _Folder, reason: str) -> str:
    return f"{folder.path.name} is left alone ({counted(folder.count, 'picture')}): {reason}."
