"""Opens models beside the window, one after the other, and knows which one is in use."""

from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from cnngui import paths
from cnngui.core.progress import Progress
from cnngui.gui.common.settings import Settings
from cnngui.gui.common.worker import Task, Work
from cnngui.gui.runs.loading import LoadedModel, load_model


class ModelOpener(QObject):
    """What is asked for while another model is being opened comes after it; only the last of several is opened.

    began: what is being done, in words. opened: a LoadedModel, from then on in use. failed: an exception; the model
    that was in use still is.
    """

    began = Signal(str)
    opened = Signal(object)
    failed = Signal(object)

    def __init__(self, settings: Settings, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._settings = settings
        self.in_use: LoadedModel | None = None
        self._next: Work | None = None
        self._is_stopped = False
        self._task = Task(self)
        self._task.finished.connect(self._open_next)

    @property
    def is_running(self) -> bool:
        """Whether a model is being opened, or will be."""
        return self._task.is_running or self._next is not None

    def open(self, path: Path, *, fallback: Path | None = None) -> None:
        """Open the model at ``path``, or where that cannot be done another one.

        It begins after what the window has yet to draw, since importing TensorFlow holds it up.
        """
        self._next = lambda report, should_stop: load_model(path, fallback, report, should_stop)
        QTimer.singleShot(0, self._open_next)

    def open_default(self) -> None:
        """Open the model that was made the default; where there is none, or it cannot be opened, the one that ships."""
        default, shipped = self._settings.default_model, paths.shipped_model()
        self.open(default or shipped, fallback=shipped if default else None)

    def rename(self, old: Path, new: Path) -> None:
        """The model at ``old`` lies at ``new`` now."""
        if self.in_use is not None and self.in_use.path == old:
            self.in_use = replace(self.in_use, path=new)

    def stop(self) -> None:
        """Open no more, and wait for what is being opened: TensorFlow's import cannot be interrupted."""
        self._is_stopped = True
        self._task.wait()

    @Slot()
    def _open_next(self) -> None:
        if self._next is None or self._is_stopped or self._task.is_running:
            return
        work, self._next = self._next, None
        self._task.start(work, progressed=self._tell, succeeded=self._use, failed=self.failed.emit)

    def _tell(self, progress: Progress) -> None:
        self.began.emit(progress.text)

    def _use(self, loaded: LoadedModel) -> None:
        self.in_use = loaded
        self.opened.emit(loaded)
