"""What benchmarks.kill compares of a run's result."""

import io
import json
import zipfile
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import h5py
import numpy as np

from cnngui.core.models.card import card_path
from cnngui.core.progress import EpochResult
from cnngui.core.runs.folder import MODEL
from cnngui.core.runs.history import read_epochs

WEIGHTS = "model.weights.h5"  # in a .keras file


@dataclass(frozen=True)
class Result:
    """A finished run. weights: the bytes of each array in its model. history, card: without seconds."""

    weights: dict[str, bytes]
    history: tuple[EpochResult, ...]
    card: dict[str, Any]


def read_result(folder: Path) -> Result:
    """The result in a run's folder."""
    card: dict[str, Any] = json.loads(card_path(folder / MODEL).read_text(encoding="utf-8"))
    training = card["training"]
    for name in ("seconds", "ended"):
        del training[name]
    for epoch in training["history"]:
        del epoch["seconds"]
    history = tuple(replace(result, seconds=0.0) for result in read_epochs(folder))
    return Result(_weights(folder / MODEL), history, card)


def differences(one: Result, other: Result) -> dict[str, bool]:
    """Whether each part is the same."""
    return {
        "weights": one.weights == other.weights,
        "history": one.history == other.history,
        "card": one.card == other.card,
    }


def _weights(model: Path) -> dict[str, bytes]:
    """The network's variables and the familiarity's arrays, by their place in the file."""
    found: dict[str, bytes] = {}
    with zipfile.ZipFile(model) as archive:
        for name in archive.namelist():
            if name.endswith(".npy"):
                found[name] = archive.read(name)
        with h5py.File(io.BytesIO(archive.read(WEIGHTS))) as file:
            file.visititems(lambda name, each: found.update(_bytes(name, each)))
    return found


def _bytes(name: str, item: Any) -> dict[str, bytes]:
    if not isinstance(item, h5py.Dataset):
        return {}
    array = np.asarray(item)
    return {name: f"{array.dtype} {array.shape} ".encode() + array.tobytes()}
