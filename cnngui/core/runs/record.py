"""What a run's folder says of it: its data, its environment and how far it has come; and the user's notes.

The program that trains writes the record, the window writes the notes: no file has two writers.
"""

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Any, TypeVar

from cnngui.core.data.groups import MOST_TEXT as MOST_GROUPS
from cnngui.core.data.groups import Groups, from_text, to_text
from cnngui.core.errors import UserError
from cnngui.core.files import replacing
from cnngui.core.json_values import (
    DAMAGE,
    MOST_TEXT,
    distinct,
    listed,
    maybe,
    moment,
    parsed,
    switch,
    table,
    text,
    whole,
)
from cnngui.core.reading import read_bytes, unreadable
from cnngui.core.runs.folder import NOTES, RECORD

FORMAT = 1

Value = TypeVar("Value")


class Phase(StrEnum):
    """How far a run has come, as its own program has last written it.

    A run that is TRAINING although no program trains it was interrupted.
    """

    WAITING = "waiting"
    TRAINING = "training"
    STOPPED = "stopped"
    PRUNED = "pruned"
    FINISHED = "finished"
    FAILED = "failed"


@dataclass(frozen=True)
class Environment:
    """What a run is trained with.

    versions: of cnngui, Keras, TensorFlow and Python. device: as :func:`cnngui.core.device.describe` names it.
    precision: the Keras dtype policy. host: the computer's name.
    """

    versions: dict[str, str]
    device: str
    precision: str
    host: str


@dataclass(frozen=True)
class Session:
    """A time without interruption in which a run is trained.

    started: as ISO 8601 writes it, with the time zone. epoch: the complete epochs before it.
    """

    started: str
    epoch: int
    environment: Environment


@dataclass(frozen=True)
class RunRecord:
    """What is known of a run besides its recipe, its history and its result.

    source, title: of the data, as in ``RawData``. data_dir: where CIFAR-10 is, if the user has said so; else "".
    images: the number of images for "training", "validation" and "test"; empty until the data is read.
    classes: their names; empty until then. content: a digest of all images and labels; "" until then.
    doubles: the groups of near-doubles among them, as in ``RawData``; empty until they are read.
    fit: the names of the settings that are fitted to the data, as in ``Job``.
    created: when it was started or queued, as ISO 8601 writes it. reason: why it failed, or "".
    model: where its model is, if it could not be saved in the run's folder; else "".
    """

    source: str
    title: str
    created: str
    data_dir: str = ""
    images: dict[str, int] | None = None
    classes: tuple[str, ...] = ()
    content: str = ""
    doubles: Groups = ()
    fit: tuple[str, ...] = ()
    phase: Phase = Phase.TRAINING
    reason: str = ""
    model: str = ""
    sessions: tuple[Session, ...] = ()

    @property
    def host(self) -> str:
        """The computer that trains it or has trained it last; "" if none has."""
        return self.sessions[-1].environment.host if self.sessions else ""

    @property
    def device(self) -> str:
        """What it is or was trained on last; "" if unknown."""
        return self.sessions[-1].environment.device if self.sessions else ""


@dataclass(frozen=True)
class Notes:
    """What the user says of a run. archived: whether the list hides it."""

    note: str = ""
    tags: tuple[str, ...] = ()
    archived: bool = False


def now() -> str:
    """The present moment as ISO 8601 writes it, with the time zone."""
    return datetime.now().astimezone().isoformat(timespec="seconds")


def write_record(folder: Path, record: RunRecord) -> None:
    """Write the record into the run's folder. Raises OSError."""
    _write(folder / RECORD, {**asdict(record), "doubles": to_text(record.doubles)})


def read_record(folder: Path) -> RunRecord | None:
    """The record in a run's folder; None if there is none. Raises UserError if it cannot be read."""
    return _read(folder / RECORD, _record)


def write_notes(folder: Path, notes: Notes) -> None:
    """Write the user's notes into the run's folder. Raises UserError."""
    if len(notes.note) > MOST_TEXT:
        raise UserError(f"The note has more than {MOST_TEXT:,} letters. Shorten it.")
    try:
        _write(folder / NOTES, asdict(notes))
    except OSError as error:
        raise UserError(
            f"The note on “{folder.name}” could not be written ({error.strerror}). Check the folder’s permissions."
        ) from error


def read_notes(folder: Path) -> Notes:
    """The user's notes; empty if there are none. Raises UserError if they cannot be read."""
    return _read(folder / NOTES, _notes) or Notes()


def _write(path: Path, values: dict[str, Any]) -> None:
    with replacing(path) as new:  # pure ASCII: names of folders may be any bytes
        new.write_text(json.dumps({"format": FORMAT, **values}, indent=2) + "\n", encoding="utf-8")


def _read(path: Path, make: Callable[[dict[str, Any]], Value]) -> Value | None:
    try:
        values: dict[str, Any] = parsed(read_bytes(path))
        if whole(values["format"], 1) > FORMAT:
            raise UserError(f"{path.name} is from a newer version of cnngui. Update cnngui to read it.")
        return make(values)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise unreadable(path, error) from error
    except DAMAGE as error:
        raise UserError(f"{path} is damaged or from another program. Copy the run’s folder again.") from error


def _record(values: dict[str, Any]) -> RunRecord:
    return RunRecord(
        source=text(values["source"], MOST_TEXT),
        title=text(values["title"]),
        created=moment(values["created"]),
        data_dir=text(values["data_dir"], MOST_TEXT),
        images=maybe(values["images"], _counts),
        classes=distinct(listed(values["classes"], text)),
        content=text(values["content"]),
        doubles=from_text(text(values.get("doubles", ""), MOST_GROUPS)),  # older files have none
        fit=listed(values["fit"], text),
        phase=Phase(text(values["phase"])),
        reason=text(values["reason"], MOST_TEXT),
        model=text(values.get("model", ""), MOST_TEXT),  # older files have none
        sessions=listed(values["sessions"], _session),
    )


def _counts(values: object) -> dict[str, int]:
    return table(values, whole)


def _session(values: dict[str, Any]) -> Session:
    environment = values["environment"]
    return Session(
        started=moment(values["started"]),
        epoch=whole(values["epoch"]),
        environment=Environment(
            versions=table(environment["versions"], text),
            device=text(environment["device"]),
            precision=text(environment["precision"]),
            host=text(environment["host"]),
        ),
    )


def _notes(values: dict[str, Any]) -> Notes:
    return Notes(text(values["note"], MOST_TEXT), listed(values["tags"], text), switch(values["archived"]))
