"""The Train half: a form, one button, and the curves."""

from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import Signal, Slot
from PySide6.QtGui import QFocusEvent, QShowEvent
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QVBoxLayout, QWidget

from cnngui.core.models.card import TrainingRecord
from cnngui.core.progress import BatchProgress, Earlier, EpochResult, FirstModel, Glimpse, Progress, Trouble
from cnngui.core.recipes.edits import long_title
from cnngui.core.recipes.recipe import Recipe
from cnngui.core.runs.diagnosis import Remedy
from cnngui.core.training.job import JobResult
from cnngui.gui.common import questions
from cnngui.gui.common.actions import Actions
from cnngui.gui.common.settings import Settings
from cnngui.gui.common.style import SPACE
from cnngui.gui.train.data.data_state import DataChoice, DataState
from cnngui.gui.train.form import TrainForm
from cnngui.gui.train.longer import LongerDialog
from cnngui.gui.train.outcome import OutcomeStrip
from cnngui.gui.train.overview import Overview
from cnngui.gui.train.pages import TrainPages
from cnngui.gui.train.phases import CannotSave, Ending, Phase
from cnngui.gui.train.pinned.pinned_state import PinnedState
from cnngui.gui.train.plot.live_plot import LivePlot
from cnngui.gui.train.plot.series import Caption
from cnngui.gui.train.requests import Request, continuation
from cnngui.gui.train.results import progress_text
from cnngui.gui.train.search.box import SearchBox
from cnngui.gui.train.search.desk import SearchDesk
from cnngui.gui.train.search.endings import SearchPhase
from cnngui.gui.train.search.live import LiveTrial
from cnngui.gui.train.search.state import SearchState
from cnngui.gui.train.search.turn import Turn
from cnngui.gui.train.side import TrainSide
from cnngui.gui.train.state import TrainState
from cnngui.gui.train.tools import Tools


class TrainPanel(QWidget):
    """Shows what the state does, and starts what the form says.

    use_model: the path of a model that the user wants for prediction. discard_model: of one to delete.
    look_at_mistakes: of one whose test images are to be seen. first_model: a FirstModel of the running training.
    """

    use_model = Signal(object)
    discard_model = Signal(object)
    look_at_mistakes = Signal(object)
    first_model = Signal(object)

    def __init__(
        self,
        state: TrainState,
        search: SearchState,
        settings: Settings,
        data_dir: Path | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._state = state
        self.form = TrainForm(data_dir, settings)
        self.data = DataState(self)
        self.plot = LivePlot()
        self._strip = OutcomeStrip()
        self.turn = Turn(state, search, self.form.vary, self)
        self.search = SearchDesk(search, self.turn, self.form, self._strip, state.runs_dir, settings, self)
        self._side = TrainSide(self.form, self.turn, SearchBox(self.form.vary, self.search.wishes))
        self._latest: BatchProgress | None = None  # of the running training
        self._advised: Recipe | None = None  # the recipe of the training whose advice was taken last
        self.tools = Tools(self.form, self.data, state.runs_dir, self)
        self.pinned = PinnedState(self)
        self._pages = TrainPages(Overview(self.form, self.data), self.plot, self.pinned, self.search.page)
        self._live = LiveTrial(search, self.plot, self._pages.progress, self._pages.show_plot)
        self._lay_out()
        state.phase_changed.connect(self._show_phase)
        state.progressed.connect(self._show_report)
        state.ended.connect(self._show_ending)
        state.queue_changed.connect(self._show_queue)
        search.phase_changed.connect(self._show_search_phase)
        self.search.shown.connect(self._pages.show_search)
        self._pages.progress.withdraw_asked.connect(state.withdraw)
        self._pages.advice.remedy_chosen.connect(self._take_remedy)
        self._connect_outcome()
        self.form.changed.connect(self._hide_failure)
        self.form.changed.connect(self._read_data)
        self.form.data_chosen.connect(self._pages.show_data)
        self.data.changed.connect(self._fit_recipe)
        self.pinned.pictures_changed.connect(self._pin)
        self._pin()
        self._show_phase(state.phase)
        self.form.recipe_state.read()

    def use_actions(self, actions: Actions) -> None:
        """Let the buttons follow the actions of the window."""
        self._side.use_actions(actions)
        self._pages.progress.use_actions(actions)
        self.plot.use_actions(actions)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Pass the focus on to the button. As a focus proxy it would hide the form from Tab."""
        self._side.focus_start(event.reason())

    def showEvent(self, event: QShowEvent) -> None:
        """Read the data once somebody looks."""
        super().showEvent(event)
        self._read_data()

    @Slot()
    def start_or_stop(self) -> None:
        """What the one button does."""
        if self.turn.is_busy:
            self.turn.stop()
        elif not self.form.vary.is_on:
            self.start()
        elif self.turn.can_start:
            self.search.start(self._fit)

    @Slot()
    def start(self) -> None:
        """Train what the form says. The curves in view stay until its first batch.

        Asks before an unsaved model is discarded.
        """
        if not self._state.can_start or (self._state.is_unsaved and not questions.may_discard_model(self)):
            return
        self.data.pause()
        self._ask()

    @Slot()
    def queue(self) -> None:
        """Train what the form says once the trainings before it have ended."""
        if not self._state.can_start:
            self._ask()

    @Slot()
    def ask_for_more_epochs(self) -> None:
        """Let the user lengthen the running training."""
        current = self._state.current
        if current is None or not self._state.can_pause:
            return
        recipe, latest = current.recipe.changed({"optimization.epochs": self._state.epochs}), self._latest
        seconds = latest.seconds / latest.epochs_done if latest else 0.0

        def take(epochs: int) -> None:
            longer = recipe.changed({"optimization.epochs": epochs})
            if self._state.current is current and self._state.is_busy:
                self._state.train_longer(epochs)
                self.plot.replan(longer)
            else:  # it has ended while the user was thinking; another one may be running
                self.ask(continuation(current.path, current.title, longer, epochs=epochs))

        LongerDialog(recipe, latest.epoch if latest else 0, seconds, take, self).open()

    @Slot(object)
    def ask(self, request: Request) -> None:
        """Train what is asked for, now or once the trainings before it have ended.

        Asks before an unsaved model is discarded.
        """
        if self._state.is_unsaved and not questions.may_discard_model(self):
            return
        self._strip.hide()
        self._state.ask(request)

    def train_longer(self, path: Path, title: str, recipe: Recipe, seconds: float | None) -> None:
        """Let the user train a finished run for more epochs."""

        def take(epochs: int) -> None:
            self.ask(continuation(path, title, recipe.changed({"optimization.epochs": epochs}), epochs=epochs))

        LongerDialog(
            recipe, recipe.optimization.epochs, (seconds or 0.0) / recipe.optimization.epochs, take, self.window()
        ).open()

    def _ask(self) -> None:
        form = self.form
        called = long_title(form.recipe, form.recipe_state.original)
        self._state.start(form.recipe, form.source, form.data_title, form.data_dir, self.data.raw, self._fit, called)
        if self._state.phase == Phase.PREPARING:
            self._strip.hide()

    @property
    def _fit(self) -> tuple[str, ...]:
        """What follows the data once it is read; nothing if the form's recipe is fitted to it already."""
        return self.form.recipe_state.to_fit if self.data.summary is None else ()

    @Slot()
    def save_elsewhere(self) -> None:
        """Ask for a folder, and save the unsaved model there."""
        name = QFileDialog.getExistingDirectory(self, "Save the model in this folder")
        if name:
            self._state.unsaved.save_in(Path(name))

    @Slot()
    def choose_cifar10(self) -> None:
        """Ask for CIFAR-10's folder, and train on it."""
        if self.form.choose_cifar10_folder():
            self.start()

    @Slot()
    def _read_data(self) -> None:
        """Find out what the form's data holds, while it is in view and no training begins to read its own."""
        if self.isVisible() and not self.turn.is_preparing:
            form = self.form
            self.data.read(DataChoice(form.source, form.data_dir, form.recipe.validation.fraction, form.side))

    @Slot()
    def _fit_recipe(self) -> None:
        summary = self.data.summary
        self.form.fit(None if summary is None else summary.train)
        self._pin_data()

    def _pin_data(self) -> None:
        """Pin pictures of the form's data; while a training runs, those of its own stay."""
        if self.data.summary is not None and self._state.phase == Phase.IDLE:
            self.pinned.use_data(self.data.summary)

    @Slot()
    def _pin(self) -> None:
        self._state.pin(self.pinned.pixels)

    def show_curves(self, path: Path, name: str, training: TrainingRecord, *, can_go_on: bool = False) -> None:
        """Show the curves and the result of a model. The running training, or one to be saved, keeps the strip.

        can_go_on: whether its run has a checkpoint to be continued, or trained longer, from.
        """
        caption = Caption(path, name, training.data, training.recipe, training.smoothed_losses, training.images)
        self.plot.show_finished(caption, training.history)
        self._pages.show_plot()
        if self._state.phase == Phase.IDLE:
            self._strip.show_training(path, training, run=path if can_go_on else None)

    def model_moved(self, old: Path, new: Path | None) -> None:
        """Hide the result if it is that of this model, which was renamed or, if ``new`` is None, deleted."""
        if new is not None:
            self.plot.rename(old, new)
        self._state.model_moved(old, new)
        if old == self._strip.path:
            self._strip.hide()

    @Slot(object)
    def _show_phase(self, phase: Phase) -> None:
        self._pages.progress.setVisible(self.turn.is_busy)
        if phase == Phase.PREPARING:
            self._latest = None
            self.pinned.forget()
            self._pages.progress.show_trouble("")
            self._show_progress("Starting …", 0, 0)
        elif phase == Phase.IDLE:
            self.plot.end()
        elif phase == Phase.STOPPING:
            self._pages.progress.show_status("Stopping …")
        elif phase == Phase.PAUSED:
            self._pages.progress.show_status("Paused. Everything stays in memory, and a checkpoint is on disk.")
        elif phase == Phase.SAVING:
            self._strip.hide()
        if phase == Phase.IDLE:
            self._pin_data()
            self._read_data()
            if not self.plot.has_curves:
                self._pages.show_data()

    @Slot(object)
    def _show_search_phase(self, phase: SearchPhase) -> None:
        self._pages.progress.setVisible(self.turn.is_busy)
        if phase == SearchPhase.PREPARING:
            self.data.pause()  # the search reads it itself
        elif phase == SearchPhase.IDLE:
            self._read_data()

    @Slot()
    def _hide_failure(self) -> None:
        """Hide what offers to try again: that would train what the form says now."""
        if self._state.phase == Phase.IDLE and self._strip.is_failure:
            self._strip.hide()

    @Slot(object)
    def _show_report(self, value: object) -> None:
        match value:
            case Earlier():
                self._begin_curves()
                self.plot.add(value)
            case BatchProgress():
                self._latest = value
                self._begin_curves()
                self._follow_epochs(value.epochs)
                self.plot.add(value)
                self._show_progress(progress_text(value), value.done, value.total)
            case EpochResult():
                self.plot.add(value)
            case Glimpse():
                self.pinned.take(value)
            case Progress():
                self._show_progress(value.text, value.done, value.total)
            case FirstModel():
                self.first_model.emit(value)
            case Trouble():
                self._pages.progress.show_trouble(value.sentence)
            case CannotSave():
                self._strip.show_unsaved(value)

    def _follow_epochs(self, epochs: int) -> None:
        """Correct the plot's title if the job has fitted the recipe to the data."""
        caption = self.plot.caption if self.plot.shows_running else None
        if caption is not None and caption.recipe.optimization.epochs != epochs:
            self.plot.replan(caption.recipe.changed({"optimization.epochs": epochs}))

    def _begin_curves(self) -> None:
        """Show the running training's curves, at its first batch."""
        current = self._state.current
        if current is not None and not self.plot.is_running:
            summary = self.data.summary if current.title == self.form.data_title else None
            images = summary.parts if summary else {}
            classes = len(summary.classes) if summary else 0
            name = current.path.parent.name
            caption = Caption(current.path, name, current.title, current.recipe, images=images, classes=classes)
            self.plot.begin(replace(caption, fit=current.fit))
            self._pages.show_plot()

    @Slot(object)
    def _show_ending(self, ending: Ending) -> None:
        current = self._state.current
        if isinstance(ending, JobResult) and current is not None:
            self.plot.rename(current.path, ending.path)
        self._strip.show_ending(ending, current, self.form.source)

    @Slot()
    def _start_again(self) -> None:
        """Train what the form says, after a queued training that has begun meanwhile."""
        if self._state.can_start:
            self.start()
        else:
            self.queue()

    @Slot(float)
    def _start_slower(self, rate: float) -> None:
        self.form.recipe_state.set("optimization.learning_rate", rate)
        self._start_again()

    @Slot(object, object)
    def _take_remedy(self, remedy: Remedy, recipe: Recipe) -> None:
        """Let the form say the recipe of the curves with this change, those taken before and the user's own."""
        state = self.form.recipe_state
        if self._advised is not recipe or state.name != recipe.name:
            self._advised = recipe
            state.use(recipe)
        for path, value in remedy.changes.items():
            state.set(path, value)

    @Slot(object, object)
    def _lengthen(self, path: Path, training: TrainingRecord) -> None:
        self.train_longer(path, training.data, training.recipe, training.seconds)

    @Slot()
    def _show_queue(self) -> None:
        self._pages.progress.show_queue(self._state.queue)

    def _show_progress(self, text: str, done: int, total: int) -> None:
        self._pages.progress.show_progress(done, total)
        if self._state.phase not in (Phase.STOPPING, Phase.PAUSED):
            self._pages.progress.show_status(text)

    def _connect_outcome(self) -> None:
        strip = self._strip
        for signal, other in (
            (strip.use_model, self.use_model),
            (strip.discard_model, self.discard_model),
            (strip.look_at_mistakes, self.look_at_mistakes),
        ):
            signal.connect(other)
        strip.again_asked.connect(self._start_again)
        strip.slower_asked.connect(self._start_slower)
        strip.asked.connect(self.ask)
        strip.longer_asked.connect(self._lengthen)
        strip.cifar10_asked.connect(self.choose_cifar10)
        strip.save_asked.connect(self._state.unsaved.save_again)
        strip.elsewhere_asked.connect(self.save_elsewhere)

    def _lay_out(self) -> None:
        column = QVBoxLayout()
        column.setSpacing(2 * SPACE)
        column.addWidget(self._pages, 1)
        column.addWidget(self._strip)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(2 * SPACE, 2 * SPACE, 2 * SPACE, 2 * SPACE)
        layout.setSpacing(2 * SPACE)
        layout.addWidget(self._side)
        layout.addLayout(column, 1)
