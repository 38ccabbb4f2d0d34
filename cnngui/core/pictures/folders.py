"""Walk through a folder and find its pictures."""

import os
from collections import Counter, deque
from collections.abc import Iterator
from mimetypes import MimeTypes
from pathlib import Path, PurePath

from cnngui.core.pictures.formats import START, SUFFIXES, looks_like_picture
from cnngui.core.progress import ShouldStop, never_stop
from cnngui.core.sentences import counted, some_of

TABLES = (".csv", ".tsv")
MAX_DEPTH = 100  # of sub-folders; what works through them may be recursive
MOST_KINDS = 6  # of files, in a sentence

# What systems and programs put into folders; hidden files need not be named.
_LITTER = frozenset(
    {
        *("__macosx", "thumbs.db", "ehthumbs.db", "desktop.ini", "icon\r"),
        *("$recycle.bin", "system volume information", "@eadir", "lost+found"),
    }
)
_KNOWN_KINDS = MimeTypes()  # without the system's own lists, so that it is the same everywhere
# Cameras' raw files begin like TIFF files, but what can be read in there is a thumbnail at best.
_RAW = (
    *(".3fr", ".arw", ".cr2", ".cr3", ".crw", ".dcr", ".dng", ".erf", ".iiq", ".kdc", ".mef", ".mos", ".mrw"),
    *(".nef", ".nrw", ".orf", ".pef", ".raf", ".raw", ".rw2", ".rwl", ".sr2", ".srf", ".srw", ".x3f"),
)


class FolderWalk:
    """Yields the pictures in a folder and its sub-folders, sorted within each folder, and counts everything else.

    A file whose suffix says nothing is a picture if it begins like one. Hidden files and folders, and those that
    systems put everywhere (Thumbs.db, __MACOSX …), do not count. Links to folders are followed last, and no folder is
    visited twice, so that links cannot form a loop.
    folders: the sub-folders. tables: the CSV files. passed_over: the number of other files by kind: "PSD", or "" for
    those without a suffix.
    unreadable: a sentence for each folder that cannot be read.
    """

    def __init__(self, folder: Path, should_stop: ShouldStop = never_stop) -> None:
        self.folders: list[Path] = []
        self.tables: list[Path] = []
        self.passed_over: Counter[str] = Counter()
        self.unreadable: list[tuple[Path, str]] = []
        self._folder = folder
        self._should_stop = should_stop
        self._visited: set[tuple[int, int]] = set()

    def __iter__(self) -> Iterator[Path]:
        """Walk once. Ends early when ``should_stop`` returns true."""
        ahead, links = [self._folder], deque[Path]()
        while ahead or links:
            folder = ahead.pop() if ahead else links.popleft()
            below: list[Path] = []
            for entry in self._entries(folder):
                if self._should_stop():
                    return
                if is_litter(entry.name):
                    continue
                path = folder / entry.name
                if _is_folder(entry):
                    self.folders.append(path)
                    (links if entry.is_symlink() else below).append(path)
                elif self._is_picture(path):
                    yield path
            ahead += reversed(below)

    def _entries(self, folder: Path) -> list["os.DirEntry[str]"]:
        """What is in the folder, sorted; nothing if it was visited before or cannot be read."""
        if len(folder.parts) - len(self._folder.parts) > MAX_DEPTH:
            self._report(folder, f"it is nested more than {MAX_DEPTH} levels deep")
            return []
        try:
            status = folder.stat()
            if (status.st_dev, status.st_ino) in self._visited:
                return []
            self._visited.add((status.st_dev, status.st_ino))
            with os.scandir(folder) as entries:
                return sorted(entries, key=lambda entry: entry.name)
        except OSError as error:
            self._report(folder, error.strerror or str(error))
            return []

    def _report(self, folder: Path, reason: str) -> None:
        self.unreadable.append((folder, f"This folder could not be read: {reason}."))

    def _is_picture(self, path: Path) -> bool:
        """Whether this file is a picture; otherwise it is noted."""
        suffix = path.suffix.lower()
        if suffix in SUFFIXES:
            return True
        if suffix in TABLES:
            self.tables.append(path)
            return False
        if _says_nothing(path) and begins_like_picture(path):
            return True
        self.passed_over[kind_of(path)] += 1
        return False


def kind_of(path: PurePath) -> str:
    """The kind of a file by its suffix, such as "PSD"; "" without one."""
    return path.suffix.removeprefix(".").upper()


def left_out(passed_over: Counter[str]) -> str:
    """What was passed over, in a sentence: "8 files left out: PSD.", or "9 files left out: 8 PSD, 1 TXT."."""
    kinds = sorted(((kind or "without an ending", count) for kind, count in passed_over.items()), key=_most_first)
    named = [kind if len(kinds) == 1 else f"{count:,} {kind}" for kind, count in kinds]
    return f"{counted(passed_over.total(), 'file')} left out: {some_of(named, MOST_KINDS)}."


def _most_first(kind: tuple[str, int]) -> tuple[int, str]:
    return -kind[1], kind[0]


def is_litter(name: str) -> bool:
    """Whether a file or folder of this name is hidden, or one that systems put everywhere."""
    return name.startswith(".") or name.casefold() in _LITTER


def begins_like_picture(path: Path) -> bool:
    """Whether it is a file that begins like a picture, whatever its name."""
    try:
        if not path.is_file():  # opening a pipe would wait for its writer
            return False
        with path.open("rb") as file:
            return looks_like_picture(file.read(START))
    except OSError:
        return False


def _is_folder(entry: "os.DirEntry[str]") -> bool:
    try:
        return entry.is_dir()
    except OSError:
        return False


def _says_nothing(path: PurePath) -> bool:
    return path.suffix.lower() not in _RAW and _KNOWN_KINDS.guess_type(path.name) == (None, None)
