"""What an export has come to."""

from dataclasses import dataclass
from enum import Enum, auto
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from cnngui.core.errors import UserError
from cnngui.core.export import expected
from cnngui.core.export.apart import Request, export_apart
from cnngui.core.export.export import Exported
from cnngui.core.export.formats import FORMATS
from cnngui.core.progress import Progress, ShouldStop
from cnngui.gui.common.worker import Deliver, LatestTask, Task

BUG = "The model could not be exported, because of an error in cnngui."


class Phase(Enum):
    """Where an export is."""

    CHOOSING = auto()
    EXPORTING = auto()
    STOPPING = auto()
    EXPORTED = auto()


@dataclass(frozen=True)
class Prospect:
    """What can be said of a format before an export. missing: packages. size: of the export, in bytes, or None."""

    missing: tuple[str, ...]
    size: int | None


class ExportState(QObject):
    """Exports one model, one format at a time, in a process of its own.

    changed: anything below. foreseen: the Prospect of each format, by its key.
    progress: of the export that goes on. problem: why the last one failed; "" if it did not. was_stopped: whether it
    was stopped. exported: the last one, with its request, once it is there.
    """

    changed = Signal()
    foreseen = Signal(dict)

    def __init__(self, model: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.model = model
        self.phase = Phase.CHOOSING
        self.progress = Progress("")
        self.problem, self.was_stopped = "", False
        self.exported: Exported | None = None
        self.request: Request | None = None
        self._task, self._looking = Task(self), LatestTask(self)

    @property
    def is_busy(self) -> bool:
        """Whether an export goes on."""
        return self.phase in (Phase.EXPORTING, Phase.STOPPING)

    def foresee(self) -> None:
        """Look how large an export would be, and what is installed."""
        model = self.model

        def work(_report: Deliver, _should_stop: ShouldStop) -> dict[str, Prospect]:
            return _prospects(model)

        self._looking.do(work, self.foreseen.emit)

    def start(self, request: Request) -> None:
        """Export, unless that goes on."""
        if self._task.is_running:
            return
        self.request, self.exported = request, None
        self.problem, self.was_stopped = "", False
        self.progress = Progress("Starting")
        self._task.start(
            lambda report, should_stop: export_apart(request, report, should_stop),
            progressed=self._progressed,
            succeeded=self._succeeded,
            failed=self._failed,
            cancelled=self._cancelled,
            broken=self._broken,
        )
        self._enter(Phase.EXPORTING)

    def stop(self) -> None:
        """Stop the export; nothing of it is left."""
        if self.phase == Phase.EXPORTING:
            self._task.stop()
            self._enter(Phase.STOPPING)

    def choose_again(self) -> None:
        """Forget the export that is there, for another one."""
        if not self.is_busy:
            self._enter(Phase.CHOOSING)

    def leave(self) -> None:
        """Stop, and wait until nothing runs: the window closes."""
        self._looking.stop()
        self._task.abandon()
        self._task.wait()

    def _enter(self, phase: Phase) -> None:
        self.phase = phase
        self.changed.emit()

    def _progressed(self, progress: Progress) -> None:
        self.progress = progress
        self.changed.emit()

    def _succeeded(self, exported: Exported) -> None:
        self.exported = exported
        self._enter(Phase.EXPORTED)

    def _failed(self, error: UserError) -> None:
        self.problem = str(error)
        self._enter(Phase.CHOOSING)

    def _cancelled(self) -> None:
        self.was_stopped = True
        self._enter(Phase.CHOOSING)

    def _broken(self) -> None:
        self.problem = BUG
        self._enter(Phase.CHOOSING)


def _prospects(model: Path) -> dict[str, Prospect]:
    try:
        found = expected.weights_and_remembered(model)
    except UserError:  # an export tells it
        return {each.key: Prospect(each.missing, None) for each in FORMATS}
    return {each.key: Prospect(each.missing, expected.size(*found, each)) for each in FORMATS}
