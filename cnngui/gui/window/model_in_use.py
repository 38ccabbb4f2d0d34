"""The model in use: shown by the window, and handed to all that answer with it."""

from pathlib import Path

from PySide6.QtCore import QObject, Signal, Slot

from cnngui.core.errors import UserError
from cnngui.gui.classes.audit.state import AuditState
from cnngui.gui.classes.audit.work import Model
from cnngui.gui.predict.state import PredictState
from cnngui.gui.predict.test_images import TestImages
from cnngui.gui.runs.model.button import ModelButton
from cnngui.gui.runs.model.loading import LoadedModel
from cnngui.gui.runs.model.opener import ModelOpener
from cnngui.gui.train.panel import TrainPanel
from cnngui.gui.window.mistakes import Mistakes
from cnngui.gui.window.strips.column import Strips


class ModelInUse(QObject):
    """changed: another model is in use, or none. notice: a sentence to show in passing.

    device: what it computes on, for the user; "starting" before there is one.
    """

    changed = Signal()
    notice = Signal(str)

    def __init__(
        self,
        opener: ModelOpener,
        button: ModelButton,
        strips: Strips,
        predict_state: PredictState,
        test_images: TestImages,
        mistakes: Mistakes,
        audit: AuditState,
        train: TrainPanel,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self.device = "starting"
        self._opener, self._button, self._strips = opener, button, strips
        self._predict_state, self._test_images, self._mistakes = predict_state, test_images, mistakes
        self._audit, self._train = audit, train
        opener.began.connect(button.show_opening)
        opener.opened.connect(self._use)
        opener.failed.connect(self._show_failure)
        strips.pixels.chosen.connect(lambda path, pixels: opener.open(path, pixels=pixels))

    @property
    def is_there(self) -> bool:
        """Whether there is one."""
        return self._opener.in_use is not None

    @property
    def gpus(self) -> int:
        """How many graphics processors it could use."""
        return self._opener.in_use.gpus if self._opener.in_use is not None else 0

    @Slot(object, object)
    def moved(self, old: Path, new: Path | None) -> None:
        """A model's file is elsewhere now, or deleted."""
        self._train.model_moved(old, new)
        self._strips.interrupted_runs.look_again()
        if new is not None and self._opener.in_use is not None:
            self._show(self._opener.in_use)  # its path may be another now

    @Slot(object)
    def _use(self, loaded: LoadedModel) -> None:
        self._show(loaded)
        self._test_images.set_classifier(loaded.classifier)
        self._audit.checker.use_model(Model(loaded.classifier, loaded.path))
        self._predict_state.set_classifier(loaded.classifier, self._train.form.data_dir)
        self._mistakes.model_opened(loaded)
        self._strips.pixels.tell(loaded)
        self._strips.refusal.hide()
        if loaded.notice:
            self.notice.emit(loaded.notice)

    @Slot(object)
    def _show_failure(self, error: UserError) -> None:
        if self._opener.in_use is not None:  # it goes on answering
            self._show(self._opener.in_use)
            self._strips.refusal.tell(error)
            return
        self._button.show_none()
        self.device = ""
        self.changed.emit()
        self._predict_state.tell_no_model(str(error))

    def _show(self, loaded: LoadedModel) -> None:
        self._button.show_model(loaded)
        self.device = loaded.device
        self.changed.emit()
