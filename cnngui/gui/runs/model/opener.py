"""Opens models beside the window, one at a time, and knows which one is in use."""

from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from cnngui import paths
from cnngui.core.errors import UserError
from cnngui.core.models.pixels import Pixels
from cnngui.core.progress import Progress
from cnngui.gui.common.settings import Settings
from cnngui.gui.common.worker import COMPUTING_SECONDS, Task, Work
from cnngui.gui.runs.model.loading import LoadedModel, load_model


class ModelOpener(QObject):
    """A model that is asked for while another is being opened is opened next; of several, only the last.

    began: what is being done, in words. opened: a LoadedModel, now in use. failed: a UserError; the model that was in
    use stays in use. ended: the opening has ended, well or not.
    """

    began = Signal(str)
    opened = Signal(object)
    failed = Signal(object)
    ended = Signal()

    def __init__(self, settings: Settings, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._settings = settings
        self.in_use: LoadedModel | None = None
        self._next: Work | None = None
        self._is_stopped = False
        self._task = Task(self)
        self._task.finished.connect(self._open_next)
        self._task.finished.connect(self.ended)

    @property
    def is_running(self) -> bool:
        """Whether a model is being opened or is next."""
        return self._task.is_running or self._next is not None

    def open(self, path: Path, *, fallback: Path | None = None, pixels: Pixels | None = None) -> None:
        """Open the model at ``path``; if that fails, the one at ``fallback``.

        pixels: those that it learnt from, to be remembered beside it; None for what was chosen before.
        This starts once the window is drawn, since importing TensorFlow holds it up.
        """
        self._next = lambda report, should_stop: load_model(path, fallback, pixels, report, should_stop)
        QTimer.singleShot(0, self._open_next)

    def open_default(self) -> None:
        """Open the default model; without one, or if it cannot be opened, the shipped model."""
        default, shipped = self._settings.default_model, paths.shipped_model()
        self.open(default or shipped, fallback=shipped if default else None)

    def rename(self, old: Path, new: Path) -> None:
        """The model at ``old`` is now at ``new``."""
        if self.in_use is not None and self.in_use.path == old:
            self.in_use = replace(self.in_use, path=new)

    def stop(self) -> None:
        """Open no more models, and wait for the one being opened, unless its drive hangs."""
        self._is_stopped = True
        self._task.leave(COMPUTING_SECONDS)

    @Slot()
    def _open_next(self) -> None:
        if self._next is None or self._is_stopped or self._task.is_running:
            return
        work, self._next = self._next, None
        self._task.start(work, progressed=self._tell, succeeded=self._use, failed=self.failed.emit, broken=self._break)

    def _tell(self, progress: Progress) -> None:
        self.began.emit(progress.text)

    def _break(self) -> None:
        self.failed.emit(UserError("The model could not be opened, because of an error in cnngui."))

    def _use(self, loaded: LoadedModel) -> None:
        self.in_use = loaded
        self.opened.emit(loaded)
