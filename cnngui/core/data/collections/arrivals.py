"""What is to be added to a collection: which pictures, under which file names, in which classes."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from cnngui.core.data.collections.class_names import class_name, same_name
from cnngui.core.data.layout import arrange
from cnngui.core.errors import Stopped, UserError
from cnngui.core.files import is_folder
from cnngui.core.names import as_name
from cnngui.core.pictures.decoding import Source
from cnngui.core.pictures.folders import FolderWalk, left_out
from cnngui.core.pictures.formats import SUFFIXES, suffix_of
from cnngui.core.pictures.gathering import Gathered, Thing, gather
from cnngui.core.progress import ShouldStop
from cnngui.core.sentences import counted

Addition = Thing | bytes | Gathered
"""What can be added: files, folders, web addresses, the bytes of a picture file, and those with a name."""

MOST_SENTENCES = 3  # about single pictures
MOST_LETTERS = 80  # of a file's name that comes from elsewhere


@dataclass(frozen=True)
class Arrival:
    """A picture to be added. file_name: what its file will be called. label: its class, "" for none yet."""

    source: Source
    file_name: str
    label: str


@dataclass
class Arrivals:
    """Finds pictures in things, for the classes of a collection.

    pictures: what was found. passed_over: other files, by kind. problems: a sentence for each picture that is none.
    """

    classes: Sequence[str]
    should_stop: ShouldStop
    pictures: list[Arrival] = field(default_factory=list)
    passed_over: Counter[str] = field(default_factory=Counter)
    problems: list[str] = field(default_factory=list)

    def find(self, things: Iterable[Addition], label: str | None) -> None:
        """Look through files, folders, web addresses and pictures.

        label: their class; None to let each folder tell the classes of its pictures, "" to let it do so only if it
        holds several. Raises UserError and Stopped.
        """
        label = label and self._class(label)
        for thing in things:
            if isinstance(thing, bytes):
                self._take(Gathered(thing, "pasted picture"), label or "")
            elif isinstance(thing, Gathered):
                self._take(thing, label or "")
            elif not label and isinstance(thing, Path) and is_folder(thing):
                self._find_classes(thing, thing.resolve().name if label is None else "")
            else:
                for group in gather([thing], self.should_stop, self.passed_over):
                    for found in group:
                        self._take(found, label or "")
            if self.should_stop():
                raise Stopped

    @property
    def sentences(self) -> tuple[str, ...]:
        """What was not taken, in a few sentences."""
        more = len(self.problems) - MOST_SENTENCES
        return (
            *self.problems[:MOST_SENTENCES],
            *([f"{counted(more, 'other picture')} left out too."] if more > 0 else []),
            *([left_out(self.passed_over)] if self.passed_over else []),
        )

    def _class(self, name: str) -> str:
        """The class of the collection that is meant, or a new one. Raises UserError if it cannot have the name."""
        return same_name(name, self.classes) or class_name(name)

    def _take(self, found: Gathered, label: str) -> None:
        if found.error is not None:
            self.problems.append(f"{found.name}: {found.error}")
        else:
            self.pictures.append(Arrival(found.source, file_name(found), label))

    def _find_classes(self, folder: Path, otherwise: str) -> None:
        """The pictures in a folder: of its classes, in whatever parts they are, or else of another class."""
        walk = FolderWalk(folder, self.should_stop)
        paths = list(walk)
        self.passed_over += walk.passed_over
        self.problems += [f"{place.name}: {problem}" for place, problem in walk.unreadable]
        labels = dict(_labelled(folder, paths)) or dict.fromkeys(paths, otherwise)
        names = {label: self._known_or_none(label) for label in dict.fromkeys(labels.values())}
        for path in paths:
            self._take(Gathered(path, path.name), names.get(labels.get(path, ""), ""))

    def _known_or_none(self, label: str) -> str:
        if not label:
            return ""
        try:
            return self._class(label)
        except UserError as error:
            self.problems.append(f"{error} The pictures in “{label}” have no class yet.")
            return ""


def file_name(found: Gathered) -> str:
    """A name that every system takes for the file of a picture; a file of this computer keeps its own."""
    if isinstance(found.source, Path):
        return found.source.name.lstrip(".") or "picture"  # with a dot it would be hidden
    name = as_name(found.name, MOST_LETTERS).strip(". ") or "picture"
    return name if Path(name).suffix.lower() in SUFFIXES else name + suffix_of(found.source)


def _labelled(folder: Path, paths: Sequence[Path]) -> Iterator[tuple[Path, str]]:
    """The pictures with their classes, if the folder is a data set."""
    try:
        layout = arrange(folder, paths)
    except UserError:
        return
    for part in (layout.train, layout.validation, layout.test):
        yield from ((path, layout.classes[label]) for path, label in part or ())
