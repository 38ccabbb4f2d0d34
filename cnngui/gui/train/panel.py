"""The Train half: a form, one button, and the curves."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Qt, QUrl, Signal, Slot
from PySide6.QtGui import QDesktopServices, QFocusEvent, QShowEvent
from PySide6.QtWidgets import (
    QApplication,
    QFileDialog,
    QFrame,
    QHBoxLayout,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from cnngui.core.data import datasets
from cnngui.core.errors import Diverged, UserError
from cnngui.core.models.card import TrainingRecord
from cnngui.core.progress import BatchProgress, EpochResult, Progress
from cnngui.core.training.job import JobResult
from cnngui.gui.common import questions
from cnngui.gui.common.actions import Actions, follow
from cnngui.gui.common.result_strip import Choice, ResultStrip
from cnngui.gui.common.scroll_column import ScrollColumn
from cnngui.gui.common.settings import Settings
from cnngui.gui.common.style import SPACE, mark
from cnngui.gui.train.data_state import DataChoice, DataState
from cnngui.gui.train.live_plot import LivePlot
from cnngui.gui.train.notes import Notes
from cnngui.gui.train.overview import Overview
from cnngui.gui.train.pages import TrainPages
from cnngui.gui.train.recipe_form import RecipeForm
from cnngui.gui.train.results import details, headline, kind, progress_text
from cnngui.gui.train.series import Caption
from cnngui.gui.train.state import Broken, Cancelled, CannotSave, Ending, Phase, TrainState

FORM_WIDTH = 300  # pixels, at least


class TrainPanel(QWidget):
    """Shows what the state does, and starts what the form says.

    use_model: the path of a model that the user wants for prediction. discard_model: of one to delete.
    look_at_mistakes: of one whose test images are to be seen.
    """

    use_model = Signal(object)
    discard_model = Signal(object)
    look_at_mistakes = Signal(object)

    def __init__(
        self, state: TrainState, settings: Settings, data_dir: Path | None = None, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._state = state
        self.form = RecipeForm(data_dir, settings)
        self.data = DataState(self)
        self.plot = LivePlot()
        self._start_button = QPushButton()
        self._pages = TrainPages(Overview(self.form, self.data), self.plot)
        self._strip = ResultStrip()
        self._result: Path | None = None  # the model whose result the strip shows
        self._had_focus = False  # the form or the button, while they were enabled
        self._passed_on_to: QWidget | None = None  # by Qt, when the button was disabled
        self._side = QFrame()
        self._lay_out()
        state.phase_changed.connect(self._show_phase)
        # Queued: by then the form and the button are enabled or disabled.
        state.phase_changed.connect(self._keep_focus, Qt.ConnectionType.QueuedConnection)
        state.progressed.connect(self._show_report)
        state.ended.connect(self._show_ending)
        self.form.changed.connect(self._hide_failure)
        self.form.changed.connect(self._read_data)
        self.form.data_chosen.connect(self._pages.show_data)
        self.data.changed.connect(self._fit_recipe)
        self._show_phase(state.phase)

    def use_actions(self, actions: Actions) -> None:
        """Let the buttons follow the actions of the window."""
        follow(self._start_button, actions["start"], text=True)
        self.plot.use_actions(actions)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Pass the focus on to the button. As a focus proxy it would hide the form from Tab."""
        self._start_button.setFocus(event.reason())

    def showEvent(self, event: QShowEvent) -> None:
        """Read the data once somebody looks."""
        super().showEvent(event)
        self._read_data()

    @Slot()
    def start_or_stop(self) -> None:
        """What the one button does."""
        if self._state.can_stop:
            self._state.stop()
        else:
            self.start()

    @Slot()
    def start(self) -> None:
        """Train what the form says. The curves in view stay until its first batch.

        Asks before an unsaved model is discarded.
        """
        if not self._state.can_start or (self._state.is_unsaved and not questions.may_discard_model(self)):
            return
        form, raw = self.form, self.data.raw
        self.data.pause()
        self._state.start(form.recipe, form.source, form.data_title, form.data_dir, raw)

    @Slot()
    def save_again(self) -> None:
        """Try once more to save the unsaved model."""
        self._state.save_again()

    @Slot()
    def save_elsewhere(self) -> None:
        """Ask for a folder, and save the unsaved model there."""
        name = QFileDialog.getExistingDirectory(self, "Save the model in this folder")
        if name:
            self._state.save_in(Path(name))

    @Slot()
    def choose_cifar10(self) -> None:
        """Ask for CIFAR-10's folder, and train on it."""
        if self.form.choose_cifar10_folder():
            self.start()

    @Slot()
    def _read_data(self) -> None:
        """Find out what the form's data holds, while it is in view and no training needs the processor."""
        if self.isVisible() and self._state.can_start:
            form = self.form
            self.data.read(DataChoice(form.source, form.data_dir, form.recipe.validation_fraction))

    @Slot()
    def _fit_recipe(self) -> None:
        summary = self.data.summary
        self.form.fit(None if summary is None else summary.train)

    def show_curves(self, path: Path, name: str, training: TrainingRecord) -> None:
        """Show the curves and the result of a model. The running training, or one to be saved, keeps the strip."""
        caption = Caption(path, name, training.data, training.recipe, training.smoothed_losses)
        self.plot.show_finished(caption, training.history)
        self._pages.show_plot()
        if self._state.phase == Phase.IDLE:
            self._show_result(path, training)

    def model_moved(self, old: Path, new: Path | None) -> None:
        """Hide the result if it is that of this model, which was renamed or, if ``new`` is None, deleted."""
        if new is not None:
            self.plot.rename(old, new)
        if self._state.phase == Phase.IDLE and old == self._result:
            self._strip.hide()

    @Slot(object)
    def _show_phase(self, phase: Phase) -> None:
        if self._start_button.isEnabled():  # once it is disabled, Qt has passed on its focus
            self._had_focus = self._side.isAncestorOf(QApplication.focusWidget() or self)
            self._passed_on_to = None
        mark(self._start_button, kind="primary" if self._state.can_start else "stop")
        self.form.setEnabled(self._state.can_start)
        self._pages.show_busy(self._state.is_busy)
        if phase == Phase.PREPARING:
            self._show_progress("Starting …", 0, 0)
        elif phase == Phase.IDLE:
            self.plot.end()
        elif phase == Phase.STOPPING:
            self._pages.show_status("Stopping …")
        if self._state.is_busy:
            self._strip.hide()
        if phase == Phase.IDLE:
            self._read_data()
            if not self.plot.has_curves:
                self._pages.show_data()

    @Slot(object)
    def _keep_focus(self, _phase: Phase) -> None:
        """Give the button its focus back, unless the user has put it elsewhere."""
        now = QApplication.focusWidget()
        if not self._had_focus or not self.isVisible():
            return
        if not self._start_button.isEnabled():
            self._passed_on_to = now
        elif now in (None, self._passed_on_to) or self._passed_on_to is None:
            self._start_button.setFocus()

    @Slot()
    def _hide_failure(self) -> None:
        """Hide what offers to try again: that would train what the form says now."""
        if self._state.phase == Phase.IDLE and self._strip.property("kind") == "failed":
            self._strip.hide()

    @Slot(object)
    def _show_report(self, value: object) -> None:
        match value:
            case BatchProgress():
                self._begin_curves()
                self.plot.add(value)
                self._show_progress(progress_text(value), value.done, value.total)
            case EpochResult():
                self.plot.add(value)
            case Progress():
                self._show_progress(value.text, value.done, value.total)
            case CannotSave():
                self._result = None
                choices = [Choice("Try again", self.save_again), Choice("Save elsewhere …", self.save_elsewhere)]
                self._strip.show_result("failed", "The model is trained but not saved", str(value.error), choices)

    def _begin_curves(self) -> None:
        """Show the running training's curves, at its first batch."""
        job = self._state.job
        if job is not None and not self.plot.is_running:
            self.plot.begin(Caption(job.path, job.path.parent.name, self._state.title, job.recipe))
            self._pages.show_plot()

    @Slot(object)
    def _show_ending(self, ending: Ending) -> None:
        again = Choice("Try again", self.start)
        self._result = None
        match ending:
            case JobResult():
                assert ending.card.training is not None  # it was just trained
                if self._state.job is not None:
                    self.plot.rename(self._state.job.path, ending.path)
                self._show_result(ending.path, ending.card.training, ending.left_out)
            case Cancelled():
                self._strip.show_result(
                    "stopped", "Stopped", "The training stopped before its first update, so there is nothing to save."
                )
            case Broken():
                text = "An error in cnngui ended the training. Its details are shown below."
                self._strip.show_result("failed", "Training failed", text, [again])
            case Diverged():
                self._strip.show_result("failed", "Training failed", str(ending), self._slower())
            case UserError():
                is_cifar10 = self.form.source == datasets.CIFAR10
                choose = [Choice("Choose CIFAR-10’s folder …", self.choose_cifar10)] if is_cifar10 else []
                self._strip.show_result("failed", "Training failed", str(ending), [again, *choose])

    def _slower(self) -> list[Choice]:
        """The choice of a tenth of the learning rate; at the same rate, the training would diverge again."""
        rate = self.form.learning_rate_box.value() / 10
        if rate < self.form.learning_rate_box.minimum():
            return []

        def start() -> None:
            self.form.learning_rate_box.setValue(rate)
            self.start()

        return [Choice(f"Start with a rate of {rate:g}", start)]

    def _show_result(self, path: Path, training: TrainingRecord, left_out: Sequence[str] = ()) -> None:
        self._result = path
        text, choices = details(training, path, left_out), self._after_saving(path, training)
        self._strip.show_result(kind(training), headline(training), text, choices)

    def _after_saving(self, path: Path, training: TrainingRecord) -> list[Choice]:
        def show_folder() -> None:
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(path.parent)))

        if training.stopped_in_first_epoch:
            second = Choice("Discard", lambda: self.discard_model.emit(path))
        else:
            second = Choice("Look at the mistakes", lambda: self.look_at_mistakes.emit(path))
        return [
            Choice("Use for prediction", lambda: self.use_model.emit(path)),
            second,
            Choice("Show in folder", show_folder),
        ]

    def _show_progress(self, text: str, done: int, total: int) -> None:
        self._pages.show_progress(done, total)
        if self._state.phase != Phase.STOPPING:
            self._pages.show_status(text)

    def _lay_out(self) -> None:
        column = QVBoxLayout()
        column.setSpacing(2 * SPACE)
        column.addWidget(self._pages, 1)
        column.addWidget(self._strip)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(2 * SPACE, 2 * SPACE, 2 * SPACE, 2 * SPACE)
        layout.setSpacing(2 * SPACE)
        layout.addWidget(self._lay_out_form())
        layout.addLayout(column, 1)

    def _lay_out_form(self) -> QFrame:
        """The form scrolls where there is no room; the button below it is always in view."""
        settings = QWidget()
        above = QVBoxLayout(settings)
        above.setContentsMargins(0, 0, 0, 0)
        above.setSpacing(2 * SPACE)
        above.addWidget(self.form)
        above.addWidget(Notes(self.form))
        above.addStretch(1)
        mark(self._side, kind="card")
        column = QVBoxLayout(self._side)
        column.setContentsMargins(2 * SPACE, 2 * SPACE, 2 * SPACE, 2 * SPACE)
        column.setSpacing(2 * SPACE)
        column.addWidget(ScrollColumn(settings, FORM_WIDTH), 1)
        column.addWidget(self._start_button)
        return self._side
