"""A table beside the pictures, a CSV file with a column of file names and one of labels, as a data set."""

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from cnngui.core.data.layout import Files, Layout, composed
from cnngui.core.data.part_names import Part, part_of
from cnngui.core.errors import UserError
from cnngui.core.json_values import MOST_LETTERS
from cnngui.core.reading import read_bytes
from cnngui.core.sentences import counted, some_of

MAX_BYTES = 100_000_000  # a million rows have about 50 MB
LEAST_MATCHES = 0.5  # of the rows of a table that labels pictures
LEAST_COVERAGE = 0.9  # of the pictures, for a table that overrides their folders

_LABEL_HEADERS = frozenset(
    {"label", "labels", "class", "classes", "classname", "category", "categories", "target", "species", "breed"}
)
_PART_HEADERS = frozenset({"split", "part", "set", "subset", "dataset"})


@dataclass(frozen=True)
class LabelTable:
    """The labels in a table, or in several of which each is a part.

    path: the table, or that of the training part. paths: all of them.
    label_of: the label of each picture that is named. part_of: the part of each, if the table says so.
    is_named: whether the header calls the column "label" or the like.
    missing: the number of rows that name no picture.
    """

    path: Path
    paths: tuple[Path, ...]
    label_of: dict[Path, str]
    part_of: dict[Path, Part]
    is_named: bool
    missing: int


def find(tables: Iterable[Path], root: Path, pictures: Sequence[Path]) -> LabelTable | None:
    """The labels in those of the tables that name pictures below ``root``, or None.

    train.csv and test.csv go together; of other tables, the one that names the most pictures counts.
    Raises UserError if it is unclear which column has the labels.
    """
    index = _Index(root, pictures)
    read = [table for path in sorted(tables) if (table := _read(path, index)) is not None]
    parts = {part: table for table in read if (part := part_of(table.path.stem)) is not None}
    if Part.TRAIN in parts:
        return _joined(parts)
    return max(read, key=lambda table: (table.is_named, len(table.label_of)), default=None)


def overrides(table: LabelTable, layout: Layout, pictures: Sequence[Path]) -> bool:
    """Whether the table counts, not the folders: it labels nearly all pictures, and divides them differently."""
    if not table.is_named or len(table.label_of) < LEAST_COVERAGE * len(pictures):
        return False
    pairs = {(label, table.label_of.get(path)) for path, label in layout.train if path in table.label_of}
    return len(pairs) > len({label for label, _ in pairs}) or len(pairs) > len({name for _, name in pairs})


def arrange(table: LabelTable, pictures: Sequence[Path]) -> Layout:
    """The data set of a table. Raises UserError if it has fewer than two labels."""
    parts: dict[Part, list[tuple[Path, str]]] = {part: [] for part in Part}
    for path, label in sorted(table.label_of.items()):
        parts[table.part_of.get(path, Part.TRAIN)].append((path, label))
    classes = tuple(sorted({label for _, label in parts[Part.TRAIN]}))
    if len(classes) < 2:
        raise UserError(f"{table.path} has only the label “{''.join(classes)}”. At least two are needed.")
    if max(map(len, classes)) > MOST_LETTERS:  # no card could hold it
        raise UserError(f"{table.path} has a label of more than {MOST_LETTERS:,} letters. Shorten it.")
    notes = [f"The labels are those of {table.path.name}."]
    if unnamed := len(pictures) - len(table.label_of):
        notes.append(f"{counted(unnamed, 'picture')} left out: not in {table.path.name}.")
    if table.missing:
        notes.append(f"{counted(table.missing, 'row')} of {table.path.name} left out: there is no such picture.")

    def labelled(part: Part) -> Files | None:
        unknown = {label for _, label in parts[part]} - set(classes)
        if unknown:
            names = some_of(sorted(unknown), 5)
            notes.append(f"The {part.value} part is left alone: the training has no class {names}.")
        if unknown or not parts[part]:
            return None
        pairs = [(path, classes.index(label)) for path, label in parts[part]]
        return tuple(sorted(pairs, key=lambda pair: (pair[1], pair[0])))

    train = labelled(Part.TRAIN)
    assert train is not None
    return Layout(classes, train, labelled(Part.VALIDATION), labelled(Part.TEST), tuple(notes), table.paths)


class _Index:
    """Finds pictures by what tables call them: a path or its end, with or without the suffix, in any letter case."""

    def __init__(self, root: Path, pictures: Sequence[Path]) -> None:
        self._found: dict[str, Path | None] = {}
        for picture in pictures:
            names = picture.relative_to(root).parts
            for start in range(len(names)):
                end = "/".join(names[start:])
                for key in {end, end.removesuffix(picture.suffix)}:
                    key = _key(key)
                    self._found[key] = None if key in self._found else picture  # None: the name is ambiguous

    def get(self, name: str) -> Path | None:
        """The picture of this name; paths in tables may begin above the root."""
        names = [part for part in _key(name).split("/") if part not in ("", ".")]
        for start in range(len(names)):
            if (found := self._found.get("/".join(names[start:]))) is not None:
                return found
        return None


def _key(name: str) -> str:
    return composed(name.strip().replace("\\", "/")).casefold()


def _read(path: Path, index: _Index) -> LabelTable | None:
    """The table's labels, or None if it labels no pictures."""
    rows = _rows(path)
    if len(rows) < 2:
        return None
    width = max(len(row) for row in rows)
    columns = [[row[number].strip() if number < len(row) else "" for row in rows] for number in range(width)]
    matches = [[index.get(value) for value in column] for column in columns]
    counts = [sum(match is not None for match in column) for column in matches]
    files = max(range(width), key=lambda number: counts[number])
    if width < 2 or counts[files] < max(1, LEAST_MATCHES * (len(rows) - 1)):
        return None
    has_header = matches[files][0] is None
    header = [column[0].casefold().replace("_", "").replace(" ", "") if has_header else "" for column in columns]
    first = 1 if has_header else 0
    named = [number for number in range(width) if header[number] in _LABEL_HEADERS and number != files]
    labels = named[0] if named else _only_labels(path, columns, files, first, header)
    if labels is None:
        return None
    parts = next((number for number in range(width) if header[number] in _PART_HEADERS), None)
    label_of, given = {}, {}
    for picture, label, row in zip(matches[files], columns[labels], range(len(rows)), strict=True):
        if row >= first and picture is not None and label:
            label_of[picture] = composed(label)
            if parts is not None and (part := part_of(columns[parts][row])) is not None:
                given[picture] = part
    return (
        LabelTable(path, (path,), label_of, given, bool(named), len(rows) - first - len(label_of)) if label_of else None
    )


def _only_labels(path: Path, columns: list[list[str]], files: int, first: int, header: list[str]) -> int | None:
    """The one column that may hold labels: it repeats some of its values."""
    possible = []
    for number, column in enumerate(columns):
        values = [value for value in column[first:] if value]
        if number != files and header[number] not in _PART_HEADERS and 2 <= len(set(values)) < len(values):
            possible.append(number)
    if len(possible) > 1:
        raise UserError(f"It is unclear which column of {path} has the labels. Call it “label”.")
    return possible[0] if possible else None


def _rows(path: Path) -> list[list[str]]:
    """The rows of a CSV file that are not empty; none if it is not one."""
    try:
        content = read_bytes(path, MAX_BYTES)
    except OSError:
        return []
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("cp1252", errors="replace")
    first = text.partition("\n")[0]
    delimiter = max(",;\t|", key=first.count)
    try:
        return [row for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter) if any(row)]
    except csv.Error:
        return []


def _joined(parts: dict[Part, LabelTable]) -> LabelTable:
    """train.csv with val.csv and test.csv, if these have labels."""
    train = parts[Part.TRAIN]
    label_of = {path: label for table in parts.values() for path, label in table.label_of.items()}
    given = {path: part for part, table in parts.items() for path in table.label_of}
    paths = tuple(table.path for table in parts.values())
    missing = sum(table.missing for table in parts.values())
    return LabelTable(train.path, paths, label_of, given, train.is_named, missing)
