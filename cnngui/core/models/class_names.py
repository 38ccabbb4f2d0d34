"""The names of the classes of a model that cnngui did not train, from the files that people have beside it."""

import re
from codecs import BOM_UTF16_BE, BOM_UTF16_LE
from collections import Counter
from pathlib import Path
from typing import Any, NamedTuple

from cnngui.core import json_values
from cnngui.core.json_values import DAMAGE, MOST_LETTERS, distinct, listed, parsed, whole
from cnngui.core.models.card import card_path
from cnngui.core.reading import read_bytes, unreadable
from cnngui.core.sentences import counted

MAX_NAMES = 1_000_000  # bytes in the file of class names
LABELS = "labels.txt"  # beside the models of Teachable Machine
HOLDERS = ("classes", "class_names", "labels", "names", "class_indices", "label2id", "id2label")  # keys of JSON files
TEACHABLE_SIDES = (96, 224)  # pixels, of the images of Teachable Machine
_NUMBERED = re.compile(r"(\d+)[\s:,]+(\S.*)")


def names_path(model: Path) -> Path:
    """The path of the text file that may name the model's classes, one per line."""
    return model.with_suffix(".txt")


def names_files(model: Path) -> tuple[Path, ...]:
    """All files that may name the model's classes; the first that does counts."""
    return (names_path(model), card_path(model), model.with_name(LABELS))


class Names(NamedTuple):
    """The names of a model's classes. source: the file that they are from, or "". strange: what is wrong with NAME.txt,
    in a sentence, or "".
    """

    names: tuple[str, ...]
    source: str = ""
    strange: str = ""


def class_names(model: Path, count: int) -> Names:
    """The ``count`` names from the files beside the model, or "class 1", "class 2" … if none of them names its classes.

    These are NAME.txt, NAME.json and labels.txt. Whatever they hold, the model has names: the last two may be about
    something else, and are then passed over without a word.
    """
    plain, table, labels = names_files(model)
    found, strange = _from_text(plain, model, count)
    for path, names in ((plain, found), (table, _from_json(table, count)), (labels, _from_labels(labels, count))):
        if names:
            return Names(names, path.name, strange)
    return Names(tuple(f"class {number + 1}" for number in range(count)), "", strange)


def is_of_teachable_machine(model: Path, size: tuple[int, int]) -> bool:
    """Whether this is an export of Teachable Machine, going by its names; its pixels are −1 to 1."""
    height, width = size
    has_its_side = height == width and height in TEACHABLE_SIDES
    return has_its_side and model.stem.lower().startswith("keras_model") and model.with_name(LABELS).is_file()


def _from_text(file: Path, model: Path, count: int) -> tuple[tuple[str, ...], str]:
    """The names, or none, and what is wrong with the file, or ""."""
    try:
        content = read_bytes(file, MAX_NAMES)
    except FileNotFoundError:
        return (), ""
    except OSError as error:
        return (), str(unreadable(file.name, error))
    text, strange = _decoded(content)
    names = _lines(text)
    if len(names) != count:
        return (), (
            f"{file.name} has {counted(len(names), 'line')}, but {model.name} has {count:,} classes. "
            "Write one class name per line, in the order of the outputs."
        )
    if max(map(len, names)) > MOST_LETTERS:
        return (), f"{file.name} has a name of more than {MOST_LETTERS:,} letters. Shorten it."
    if len(set(names)) < count or "" in names:
        twice = next((name for name, times in Counter(names).items() if times > 1), "")
        reason = f"names two classes “{twice}”" if twice else "has an empty line"
        return (), f"{file.name} {reason}. Give each class a different name."
    return tuple(names), f"{file.name} {strange}" if strange else ""


def _decoded(content: bytes) -> tuple[str, str]:
    """The text, and what to do if its encoding had to be guessed, or ""."""
    try:
        return _text(content), ""
    except UnicodeDecodeError:
        return content.decode("latin-1"), "is not UTF-8 text, and was read as Latin-1. Save it as UTF-8."


def _text(content: bytes) -> str:
    """UTF-8, or UTF-16 that says so. Raises UnicodeDecodeError."""
    return content.decode("utf-16" if content.startswith((BOM_UTF16_LE, BOM_UTF16_BE)) else "utf-8-sig")


def _from_labels(file: Path, count: int) -> tuple[str, ...] | None:
    try:
        return _checked(_lines(_decoded(read_bytes(file, MAX_NAMES))[0]), count)
    except (OSError, *DAMAGE):
        return None


def _lines(text: str) -> list[str]:
    """The lines, without their numbers if all have some from 0 on."""
    lines = [line.strip() for line in text.strip().splitlines()]
    numbered = [_NUMBERED.fullmatch(line) for line in lines]
    if all(match and match[1] == str(number) for number, match in enumerate(numbered)):
        return [match[2] for match in numbered if match]
    return lines


def _from_json(file: Path, count: int) -> tuple[str, ...] | None:
    try:
        return _checked(_in_order(parsed(read_bytes(file))), count)
    except (OSError, *DAMAGE):
        return None


def _in_order(value: Any) -> list[Any]:
    """The names in a list, a table from names to places, or one from places to names. Raises one of DAMAGE."""
    if isinstance(value, dict):
        value = next((value[key] for key in HOLDERS if isinstance(value.get(key), list | dict)), value)
    if isinstance(value, list):
        return value
    if all(isinstance(place, int) for place in value.values()):
        names = {whole(place): name for name, place in value.items()}
    else:
        names = {int(place): name for place, name in value.items()}
    if sorted(names) != list(range(len(value))):
        raise ValueError("other numbers than those of the outputs")
    return [names[place] for place in range(len(names))]


def _checked(values: list[Any], count: int) -> tuple[str, ...]:
    """Raises one of DAMAGE if these are not the names of so many classes."""
    names = distinct(listed(values, json_values.text))
    if len(names) != count or "" in names:
        raise ValueError("not the names of these classes")
    return tuple(names)
