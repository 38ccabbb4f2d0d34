"""Trainings that are asked for: new ones, and runs that go on."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from cnngui.core.data.datasets import RawData
from cnngui.core.recipes.recipe import Recipe
from cnngui.core.runs.folder import RECORD
from cnngui.core.runs.opening import new_record, queue_run
from cnngui.core.training.job import Job, continued


@dataclass(frozen=True, eq=False)
class Request:
    """A training to come.

    path: of the model to be; the run may be renamed while it waits. title: of the data.
    make: the job for that path; it may read the run's folder, so call it in a worker.
    raw: the data, if it has been read. queue: writes a run that waits, in a worker; None if it is on disk already.
    fit: as in :class:`Job`.
    """

    path: Path
    title: str
    recipe: Recipe
    make: Callable[[Path], Job]
    raw: RawData | None = None
    queue: Callable[[], None] | None = None
    fit: tuple[str, ...] = ()


def new_run(
    path: Path,
    recipe: Recipe,
    source: str,
    title: str,
    data_dir: Path | None,
    raw: RawData | None = None,
    fit: tuple[str, ...] = (),
) -> Request:
    """Train this recipe on this data, and save the model at ``path``. fit: as in :class:`Job`."""

    def make(path: Path) -> Job:
        if (path.parent / RECORD).exists():  # it had to wait
            return continued(path.parent)
        return Job(source=source, recipe=recipe, path=path, data_dir=data_dir, fit=fit)

    def queue() -> None:
        queue_run(path.parent, recipe, new_record(source, title, data_dir, fit))

    return Request(path, title, recipe, make, raw, queue, fit)


def continuation(path: Path, title: str, recipe: Recipe, *, epochs: int = 0, learning_rate: float = 0.0) -> Request:
    """Continue the run in the folder of ``path``, as :func:`cnngui.core.training.job.continued` does."""

    def make(path: Path) -> Job:
        return continued(path.parent, epochs=epochs, learning_rate=learning_rate)

    return Request(path, title, recipe, make)
