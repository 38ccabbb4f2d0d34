"""A search: read its data, begin or join its study, and work on it."""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path

from cnngui.core.checks.together import with_doubles
from cnngui.core.data import content, datasets
from cnngui.core.data.datasets import RawData
from cnngui.core.data.summary import summarize
from cnngui.core.device import Devices
from cnngui.core.errors import UserError
from cnngui.core.progress import DataNotes, LeftOut, Report, ShouldStop, never_stop, no_report
from cnngui.core.recipes.parts import NetworkSettings
from cnngui.core.runs.folder import WORKER_LOCKS, check_writable
from cnngui.core.runs.lock import is_held
from cnngui.core.search.control import SearchControl
from cnngui.core.search.folder import SearchRecord, is_search, read_search, write_best, write_search
from cnngui.core.search.objective import Trials
from cnngui.core.search.plan import Request
from cnngui.core.search.storage import DATABASE, Place, Pulse, connect, local
from cnngui.core.search.study import Study
from cnngui.core.search.trials import Standing
from cnngui.core.search.worker import Budget, Changed, Worker, nothing_changed, slot
from cnngui.core.training import beginning


@dataclass(frozen=True)
class Search:
    """What to search, and where.

    folder: for the runs of the trials. source, data_dir: the data, as in ``Job``. request: what is searched; None to go
    on with what the storage has. place: where the trials are noted; None for the folder. name: of the study; "" for the
    one before, or the folder's. devices: what to compute on.
    """

    folder: Path
    source: str
    request: Request | None = None
    data_dir: Path | None = None
    budget: Budget = field(default_factory=Budget)
    place: Place | None = None
    name: str = ""
    devices: Devices = Devices.FIRST
    pulse: Pulse = field(default_factory=Pulse)


def search(
    what: Search,
    *,
    progress: Report = no_report,
    should_stop: ShouldStop = never_stop,
    control: SearchControl | None = None,
    changed: Changed = nothing_changed,
) -> Standing:
    """Work on a search until its budget is used up or ``should_stop`` returns true, and return how it stands.

    A trial that is broken off then is continued when the search goes on, here or by another worker.
    ``progress`` gets what the trainings report. ``changed`` gets how the search stands whenever a trial has begun or
    ended, in this thread.
    Raises UserError if nothing can be written in the folder, the data or the storage fails, the storage has another
    search of that name, or several trials in a row fail; and Stopped if stopped while the data is read.
    """
    check_writable(what.folder)
    before = read_search(what.folder)
    place, name = what.place or local(what.folder), what.name or _usual_name(what.folder, before)
    _refuse_another(what.folder, before, place, name)
    with _made(what.folder), slot(what.folder) as number, connect(place, should_stop, what.pulse) as storage:
        study = Study(place, storage, name)
        trials, digest = _trials(what, study, number, progress, should_stop)
        worker = Worker(study, trials, digest, what.budget, control or SearchControl())
        standing = worker.work(progress=progress, should_stop=should_stop, changed=changed)
    if standing.best is not None:  # it may be another computer's
        write_best(what.folder, standing.recipe(standing.best))
    return standing


def _trials(what: Search, study: Study, number: int, progress: Report, should_stop: ShouldStop) -> tuple[Trials, str]:
    """How the study's trials are trained here, and the digest of their data. The study is begun or joined.

    number: the worker's.
    """
    begun = study.plan() if what.request is None else None
    recipe = begun.recipe if begun is not None else what.request.recipe  # type: ignore[union-attr]  # one of both
    raw = _read(what, recipe.network, recipe.validation.fraction, progress, should_stop)
    plan = begun or what.request.plan(raw)  # type: ignore[union-attr]
    digest = content.digest(raw)
    if begun is None:
        study.begin(plan, digest, raw.title)
    study.check(plan, digest)
    record = _note(what, study, raw)
    worker = f"{record.id}-{number}"
    return Trials(plan, what.folder, study.name, raw.source, what.data_dir, raw, worker, what.devices), digest


def _note(what: Search, study: Study, raw: RawData) -> SearchRecord:
    """Note in the folder what it is for."""
    record = read_search(what.folder) or SearchRecord(uuid.uuid4().hex, study.name, raw.source)
    storage = study.place.shown if study.place.is_shared else ""
    record = replace(record, source=raw.source, data_dir=str(what.data_dir or ""), storage=storage)
    write_search(what.folder, record)
    return record


def _usual_name(folder: Path, before: SearchRecord | None) -> str:
    """The name of the study where none is given: that of the folder, even if that has been renamed since."""
    return before.name if before is not None else folder.absolute().name.encode(errors="replace").decode()


@contextmanager
def _made(folder: Path) -> Iterator[None]:
    """Make the folder. After the block, what the search has made there is gone if it never began."""
    is_new = not (folder / DATABASE).exists()
    folder.mkdir(parents=True, exist_ok=True)
    try:
        yield
    finally:
        if not is_search(folder) and not any(is_held(lock) for lock in folder.glob(WORKER_LOCKS)):
            with suppress(OSError):
                for path in (*folder.glob(WORKER_LOCKS), *([folder / DATABASE] if is_new else [])):
                    path.unlink(missing_ok=True)
                folder.rmdir()


def _refuse_another(folder: Path, before: SearchRecord | None, place: Place, name: str) -> None:
    """Raise UserError if the folder holds another search. before: what it says."""
    if before is None:
        return
    storage = place.shown if place.is_shared else ""
    if (before.name, before.storage) != (name, storage):
        where = before.storage or "its own file"
        raise UserError(
            f"{folder} holds the search “{before.name}”, which is noted in {where}. "
            "Go on with that one, or choose another folder."
        )


def _read(
    what: Search, network: NetworkSettings, fraction: float, progress: Report, should_stop: ShouldStop
) -> RawData:
    """The data as the plan's recipe needs it, with its near-doubles; all trials share it."""
    beginning.fetch(network, progress, should_stop)
    side = beginning.side_of(network)
    raw = datasets.read(what.source, data_dir=what.data_dir, side=side, progress=progress, should_stop=should_stop)
    raw = with_doubles(raw, progress, should_stop)
    progress(DataNotes(summarize(raw, fraction, 0).sentences))
    progress(LeftOut(raw.left_out))
    return raw
