"""The names of the classes of a model that cnngui did not train, from the files that people have beside it."""

import re
from collections import Counter
from pathlib import Path
from typing import Any

from cnngui.core.errors import UserError
from cnngui.core.json_values import DAMAGE, MOST_LETTERS, distinct, listed, parsed, text, whole
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


def class_names(model: Path, count: int) -> tuple[str, ...]:
    """The ``count`` names from the files beside the model, or "class 1", "class 2" … if none of them names its classes.

    These are NAME.txt, NAME.json and labels.txt. The last two may be about something else, and are then passed over.
    Raises UserError if NAME.txt cannot be read, is no UTF-8 text or has an overlong name, or if the number of different
    names in it is not ``count``.
    """
    plain, table, labels = names_files(model)
    numbers = tuple(f"class {number + 1}" for number in range(count))
    return _from_text(plain, model, count) or _from_json(table, count) or _from_labels(labels, count) or numbers


def is_of_teachable_machine(model: Path, size: tuple[int, int]) -> bool:
    """Whether this is an export of Teachable Machine, going by its names; its pixels are −1 to 1."""
    height, width = size
    has_its_side = height == width and height in TEACHABLE_SIDES
    return has_its_side and model.stem.lower().startswith("keras_model") and model.with_name(LABELS).is_file()


def _from_text(file: Path, model: Path, count: int) -> tuple[str, ...] | None:
    try:
        names = _lines(file)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise unreadable(file.name, error) from error
    except UnicodeDecodeError as error:
        raise UserError(f"{file.name} is not UTF-8 text. Save it as UTF-8, with one class name per line.") from error
    if len(names) != count:
        raise UserError(
            f"{file.name} has {counted(len(names), 'line')}, but {model.name} has {count:,} classes. "
            "Write one class name per line, in the order of the outputs, or remove the file."
        )
    if max(map(len, names)) > MOST_LETTERS:
        raise UserError(
            f"{file.name} has a name of more than {MOST_LETTERS:,} letters. Shorten it, or remove the file."
        )
    if len(set(names)) < count or "" in names:
        twice = next((name for name, times in Counter(names).items() if times > 1), "")
        reason = f"names two classes “{twice}”" if twice else "has an empty line"
        raise UserError(f"{file.name} {reason}. Give each class a different name, or remove the file.")
    return tuple(names)


def _from_labels(file: Path, count: int) -> tuple[str, ...] | None:
    try:
        return _checked(_lines(file), count)
    except (OSError, *DAMAGE):
        return None


def _lines(file: Path) -> list[str]:
    """The lines, without their numbers if all have some from 0 on. Raises OSError or UnicodeDecodeError."""
    content = read_bytes(file, MAX_NAMES).decode("utf-8-sig")
    lines = [line.strip() for line in content.strip().splitlines()]
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
    names = distinct(listed(values, text))
    if len(names) != count or "" in names:
        raise ValueError("not the names of these classes")
    return tuple(names)
