"""Checkpoints: all that a training needs to be continued exactly, in one file.

Each is a NumPy archive, whose checksums show damage. It replaces nothing: the one before it is removed once it is
complete, so that there are always two.
"""

import json
import re
from collections.abc import Collection, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cnngui.core.errors import UserError
from cnngui.core.files import replacing
from cnngui.core.json_values import MOST_SECONDS, listed, number, parsed, table, whole
from cnngui.core.progress import EpochResult
from cnngui.core.reading import MOST_BYTES, opened

FORMAT = 1
KEPT = 2  # checkpoints of a run that is not at its end
NAME = re.compile(r"checkpoint-(\d{9})\.npz")
_DESCRIPTION = "description"
_HUGE = 1e300  # a sum of losses may be above all that 32 bits hold


@dataclass(frozen=True)
class CurveState:
    """What the training's curves go on from in the middle of an epoch.

    images, mean_loss, mean_accuracy: of the epoch so far. weight, loss, accuracy: the sums of the moving average.
    """

    images: int = 0
    mean_loss: float = 0.0
    mean_accuracy: float = 0.0
    weight: float = 0.0
    loss: float = 0.0
    accuracy: float = 0.0

    @classmethod
    def from_dict(cls, values: dict[str, Any]) -> "CurveState":
        """The state that :func:`dataclasses.asdict` turned into ``values``. Raises as EpochResult does."""
        sums = {name: number(value, -_HUGE, _HUGE) for name, value in values.items() if name != "images"}
        return cls(whole(values["images"]), **sums)


@dataclass(frozen=True, eq=False)
class Checkpoint:
    """The state of a training between two batches.

    epoch: the complete epochs. batch: the batches since then; all of an epoch's if only its validation is missing.
    steps: batches since the training began. seconds: of training so far.
    variables: of the network, then of the optimizer, in the order in which Keras has them; any shapes and dtypes.
    metrics: the metrics' variables, which hold the means over the epoch so far.
    ends: the network's weights at the end of each complete cycle, by the number of epochs before it.
    best: those of the best epoch, likewise, if there is early stopping.
    history: a result for each complete epoch. rows: how many rows of batches the run's history has.
    """

    epoch: int
    batch: int
    steps: int
    seconds: float
    variables: tuple[NDArray[Any], ...]
    metrics: tuple[NDArray[Any], ...]
    ends: dict[int, list[NDArray[np.float32]]]
    history: tuple[EpochResult, ...]
    curves: CurveState = CurveState()
    rows: int = 0
    best: dict[int, list[NDArray[np.float32]]] = field(default_factory=dict)

    @property
    def is_finite(self) -> bool:
        """Whether all its numbers are finite: a training that has diverged cannot go on from here."""
        return all(np.isfinite(each).all() for each in self.variables if each.dtype.kind == "f")


def checkpoint_name(steps: int) -> str:
    """The name of the file of a checkpoint after so many batches. Names sort by them."""
    return f"checkpoint-{steps:09}.npz"


def checkpoints(folder: Path) -> list[Path]:
    """The checkpoints in a run's folder, the newest first; none if it cannot be read."""
    found: list[Path] = []
    with suppress(OSError):
        found = [path for path in folder.iterdir() if NAME.fullmatch(path.name)]
    return sorted(found, key=lambda path: path.name, reverse=True)


def write_checkpoint(folder: Path, checkpoint: Checkpoint, keep: int = KEPT, spare: Collection[str] = ()) -> None:
    """Write a checkpoint and remove others as :func:`prune`. Raises OSError; no other checkpoint is lost then."""
    description = {
        "format": FORMAT,
        "epoch": checkpoint.epoch,
        "batch": checkpoint.batch,
        "steps": checkpoint.steps,
        "seconds": checkpoint.seconds,
        "variables": len(checkpoint.variables),
        "metrics": len(checkpoint.metrics),
        "ends": _counts(checkpoint.ends),
        "best": _counts(checkpoint.best),
        "history": [asdict(result) for result in checkpoint.history],
        "curves": asdict(checkpoint.curves),
        "rows": checkpoint.rows,
    }
    arrays = {
        **{f"variable-{number}": array for number, array in enumerate(checkpoint.variables)},
        **{f"metric-{number}": array for number, array in enumerate(checkpoint.metrics)},
        **_named("end", checkpoint.ends),
        **_named("best", checkpoint.best),
        _DESCRIPTION: np.frombuffer(json.dumps(description).encode(), np.uint8),
    }
    path = folder / checkpoint_name(checkpoint.steps)
    with replacing(path) as new:
        np.savez(new, **arrays)  # type: ignore[arg-type]  # its stub takes them for the option allow_pickle
    prune(folder, keep, path, spare)


def _counts(weights: Mapping[int, list[NDArray[np.float32]]]) -> dict[str, int]:
    return {str(epoch): len(arrays) for epoch, arrays in weights.items()}


def _named(kind: str, weights: Mapping[int, list[NDArray[np.float32]]]) -> dict[str, NDArray[Any]]:
    return {
        f"{kind}-{epoch}-{number}": array for epoch, arrays in weights.items() for number, array in enumerate(arrays)
    }


def _weights(archive: Any, kind: str, counts: object) -> dict[int, list[NDArray[np.float32]]]:
    return {
        int(epoch): [archive[f"{kind}-{epoch}-{number}"] for number in range(count)]
        for epoch, count in table(counts, whole).items()
    }


def prune(folder: Path, keep: int, newest: Path | None = None, spare: Collection[str] = ()) -> None:
    """Remove all but the newest ``keep`` checkpoints.

    newest: those after it are of a course that was given up. spare: the names of some to keep, too: the last one at
    the end of an epoch, to which a diverged training can go back, and those with which a run went on.
    """
    found = checkpoints(folder)
    outdated = [path for path in found if newest is not None and path.name > newest.name]
    others = [path for path in found if path not in outdated][keep:]
    for path in [*outdated, *(path for path in others if path.name not in spare)]:
        with suppress(OSError):
            path.unlink()


def read_checkpoint(path: Path) -> Checkpoint | None:
    """The checkpoint in a file; None if it is damaged, cut short or gone.

    Raises UserError if it is of a newer version or may not be read, and MemoryError.
    """
    try:
        with opened(path) as file, np.load(file, allow_pickle=False) as archive:
            # All checksums first: an array whose shape has shrunk is not read to its end, where its own is compared.
            if archive.zip.testzip() is not None:
                return None
            if archive.zip.getinfo(f"{_DESCRIPTION}.npy").file_size > MOST_BYTES:
                return None
            description = parsed(archive[_DESCRIPTION].tobytes())
            if whole(description["format"], 1) > FORMAT:
                raise UserError(f"{path.name} is from a newer version of cnngui. Update cnngui to continue this run.")
            return Checkpoint(
                epoch=whole(description["epoch"]),
                batch=whole(description["batch"]),
                steps=whole(description["steps"]),
                seconds=number(description["seconds"], 0, MOST_SECONDS),
                variables=tuple(archive[f"variable-{index}"] for index in range(whole(description["variables"]))),
                metrics=tuple(archive[f"metric-{index}"] for index in range(whole(description["metrics"]))),
                ends=_weights(archive, "end", description["ends"]),
                best=_weights(archive, "best", description.get("best", {})),
                history=listed(description["history"], EpochResult.from_dict),
                curves=CurveState.from_dict(description["curves"]),
                rows=whole(description["rows"]),
            )
    except (UserError, MemoryError):
        raise
    except PermissionError as error:
        raise UserError(f"{path} may not be read. Change its permissions to continue this run.") from error
    except Exception:  # of NumPy, zipfile or a decompressor: damage may raise anything
        return None


def newest_checkpoint(folder: Path, *, at_epoch_end: bool = False) -> Checkpoint | None:
    """The newest checkpoint of a run that is whole; None if it has none at all.

    at_epoch_end: rather the newest one at the end of an epoch, if there is one.
    Raises UserError if it has some, but all are damaged, or if one is of a newer version.
    """
    found = checkpoints(folder)
    whole = (checkpoint for path in found if (checkpoint := read_checkpoint(path)) is not None)
    newest = next(whole, None)
    if newest is None and found:
        raise UserError(
            f"The checkpoints of “{folder.name}” are damaged, so it cannot be continued. "
            "Copy the run’s folder again, or start a new training."
        )
    if not at_epoch_end or newest is None or not newest.batch:
        return newest
    return next((checkpoint for checkpoint in whole if not checkpoint.batch), newest)
