"""A run begins, waits for its turn, or goes on: its folder is opened for its one writer."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import replace
from pathlib import Path

from cnngui.core.errors import UserError
from cnngui.core.progress import Report
from cnngui.core.recipes.recipe import Recipe
from cnngui.core.recipes.toml_file import write_recipe
from cnngui.core.runs.folder import RECIPE
from cnngui.core.runs.lock import writing
from cnngui.core.runs.record import Phase, RunRecord, now, write_record
from cnngui.core.runs.writer import RunWriter


@contextmanager
def open_run(
    folder: Path, recipe: Recipe, record: RunRecord, report: Report, *, resume: bool, at_epoch_end: bool = False
) -> Iterator[RunWriter]:
    """The writer of a run's folder, which is created if need be; nobody else can write the run during the block.

    resume, at_epoch_end: as :meth:`RunWriter.open` takes them. Without ``resume``, another run in it is replaced
    once this one begins.
    Folders that were created are removed if they are empty after the block.
    Raises UserError if the folder cannot be written or is being written.
    """
    with ExitStack() as stack:
        try:
            stack.callback(_remove_empty, [path for path in (folder, *folder.parents) if not path.exists()])
            folder.mkdir(parents=True, exist_ok=True)
            writer = RunWriter(folder, recipe, record, report, stack.enter_context(writing(folder)))
            writer.open(resume=resume, at_epoch_end=at_epoch_end)
        except OSError as error:
            raise UserError(
                f"Nothing can be written in {folder} ({error.strerror}). "
                "Free some space there, or choose another folder."
            ) from error
        yield writer


def queue_run(folder: Path, recipe: Recipe, record: RunRecord) -> None:
    """Write a run that waits for its turn, so that it is not lost with the program. Raises OSError."""
    folder.mkdir(parents=True, exist_ok=True)
    write_recipe(recipe, folder / RECIPE)
    write_record(folder, replace(record, phase=Phase.WAITING))


def new_record(source: str, title: str, data_dir: Path | None, fit: tuple[str, ...]) -> RunRecord:
    """The record of a run that begins now."""
    return RunRecord(source, title, created=now(), data_dir=str(data_dir) if data_dir else "", fit=fit)


def _remove_empty(folders: list[Path]) -> None:
    for folder in folders:
        with suppress(OSError):
            folder.rmdir()
