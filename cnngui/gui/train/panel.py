"""The Train half: a form, one button, and the curves."""

import traceback
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from PySide6.QtCore import Qt, QUrl, Signal, Slot
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtWidgets import (
    QApplication,
    QFileDialog,
    QFrame,
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QPushButton,
    QScrollArea,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from cnngui import paths
from cnngui.core.data import datasets
from cnngui.core.errors import UserError
from cnngui.core.models import file as model_file
from cnngui.core.progress import BatchProgress, EpochResult, LeftOut, Progress, Report, ShouldStop
from cnngui.core.recipes.presets import MEASURED, PRESETS
from cnngui.core.runs import folder as runs
from cnngui.core.training.train import Trained, train
from cnngui.gui.common import questions
from cnngui.gui.common.style import SPACE, mark
from cnngui.gui.common.words import duration, percent, place
from cnngui.gui.common.worker import Deliver, Work, Worker
from cnngui.gui.train.live_plot import LivePlot
from cnngui.gui.train.outcome import Outcome
from cnngui.gui.train.recipe_form import RecipeForm

PROGRESS_STEPS = 1000
FORM_WIDTH = 300  # pixels, at least


LEFT_OUT_LINES = 3


class TrainingPanel(QWidget):
    """Trains what the form says and keeps the model in a folder of its own.

    running_changed: whether something is being trained or saved.
    use_model: a path, when the user wants it for prediction.
    """

    running_changed = Signal(bool)
    use_model = Signal(object)

    def __init__(self, data_dir: Path | None, runs_dir: Path | None = None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.runs_dir = runs_dir or paths.runs_dir()
        self.worker: Worker | None = None
        self._unsaved: Trained | None = None
        self._path = Path()
        self._is_stopping = False
        self._left_out: tuple[str, ...] = ()
        self.form = RecipeForm(data_dir)
        self.plot = LivePlot()
        self._start_button = QPushButton()
        self._overview_title, self._overview_text = QLabel(), QLabel()
        self._pages = QStackedWidget()
        self._status = QLabel()
        self._bar = QProgressBar()
        self._progress = QWidget()
        self._outcome = Outcome()
        self._lay_out()
        self.form.changed.connect(self._describe)
        self._start_button.clicked.connect(self.start_or_stop)
        self._describe()
        self._show_running(False)
        self.setFocusProxy(self._start_button)

    @property
    def is_busy(self) -> bool:
        """Whether something is being trained or saved."""
        return self.worker is not None

    @property
    def unsaved(self) -> bool:
        """Whether there is a trained model that could not be saved."""
        return self._unsaved is not None

    @Slot()
    def start_or_stop(self) -> None:
        """What the one button does."""
        if self.is_busy:
            self.stop()
        else:
            self.start()

    @Slot()
    def start(self) -> None:
        """Train what the form says, and save the model."""
        if self.unsaved and not questions.may_lose_model(self):
            return
        recipe, source, data_dir = self.form.recipe, self.form.source, self.form.data_dir
        path = runs.new_folder(self.runs_dir, recipe.name, self.form.data_title, datetime.now()) / runs.MODEL

        def work(report: Deliver, should_stop: ShouldStop) -> Trained:
            import pyqtgraph  # noqa: F401  # here, where it does not hold the window up: the plot needs it

            runs.check_writable(path.parent.parent)  # a run that comes to nothing leaves no folder
            dataset = datasets.load(
                source,
                data_dir=data_dir,
                seed=recipe.seed,
                validation_fraction=recipe.validation_fraction,
                progress=report,
                should_stop=should_stop,
            )
            report(LeftOut(dataset.left_out))
            trained = train(dataset, recipe, progress=report, should_stop=should_stop)
            report(trained)  # so that it outlives a disk that is full
            return _save(trained, path, report)

        self._unsaved = None
        self.plot.clear()
        self._run(work, path)

    @Slot()
    def stop(self) -> None:
        """Ask the training to end; it does within a batch, and keeps what it has learnt."""
        if self.worker is not None:
            self.worker.stop()
            self._start_button.setEnabled(False)
            self._tell("Stopping …")
            self._is_stopping = True

    @Slot()
    def save_again(self) -> None:
        """Try once more to save the model that could not be saved."""
        trained, path = self._unsaved, self._path
        if trained is not None:
            self._run(lambda report, _should_stop: _save(trained, path, report), path)

    @Slot()
    def save_elsewhere(self) -> None:
        """Ask for a folder and save the model that could not be saved there."""
        name = QFileDialog.getExistingDirectory(self, "Save the model in this folder")
        if name:
            self._path = Path(name) / self._path.parent.name / runs.MODEL
            self.save_again()

    def save_spare(self) -> Path | None:
        """Keep a model that could not be saved in the folder for temporary files; where, or None if there is none.

        Raises UserError where that cannot be written to either.
        """
        if self._unsaved is None:
            return None
        path = model_file.save_spare(self._unsaved.network, self._unsaved.card, self._unsaved.familiarity)
        self._unsaved = None
        return path

    def _run(self, work: Work, path: Path) -> None:
        self._path = path
        self._outcome.hide()
        if self.isAncestorOf(QApplication.focusWidget() or self):
            self.setFocus()  # what is disabled now would pass it on to anything
        self.worker = Worker(work, self)
        self.worker.progressed.connect(self._show_progress)
        self.worker.succeeded.connect(self._saved)
        self.worker.failed.connect(self._failed)
        self.worker.cancelled.connect(self._cancelled)
        self.worker.finished.connect(self._finished)
        self._show_running(True)
        self.worker.start()

    @Slot(object)
    def _show_progress(self, value: object) -> None:
        match value:
            case Trained():
                self._unsaved = value
                self._is_stopping = False
                self._start_button.setEnabled(False)  # saving is not to be stopped
            case LeftOut():
                self._left_out = value.sentences
            case BatchProgress():
                self._pages.setCurrentWidget(self.plot)
                self.plot.add(value)
                self._show_bar(value.done, value.total)
                self._tell(_progress_text(value))
            case EpochResult():
                self.plot.add(value)
            case Progress():
                self._show_bar(value.done, value.total)
                self._tell(value.text)

    @Slot(object)
    def _saved(self, trained: Trained) -> None:
        self._unsaved = None
        path, card = self._path, trained.training
        buttons: list[tuple[str, Callable[[], object]]] = [
            ("Use for prediction", lambda: self.use_model.emit(path)),
            ("Show in folder", lambda: QDesktopServices.openUrl(QUrl.fromLocalFile(str(path.parent)))),
        ]
        if card.test_accuracy is None or card.test_loss is None:
            planned = f" of {card.recipe.epochs}"
            heading = f"Stopped after {len(card.history)}{planned} epochs"
            text = f"What was learnt so far is saved in {place(path.parent)}. The test images were not looked at."
            self._outcome.tell("stopped", heading, text + self._tell_left_out(), buttons)
        else:
            heading = f"{percent(card.test_accuracy, 1)} of the test images named right"
            text = f"Test loss {card.test_loss:.3f}, in {duration(card.seconds)}. Saved in {place(path.parent)}"
            self._outcome.tell("good", heading, text + self._tell_left_out(), buttons)

    def model_moved(self, path: Path) -> None:
        """The model at ``path`` was renamed or deleted: if it is the last one, what is said of it holds no more."""
        if path == self._path and not self.is_busy:
            self._outcome.hide()

    def _tell_left_out(self) -> str:
        if not self._left_out:
            return ""
        first = "".join(f"\n{sentence}" for sentence in self._left_out[:LEFT_OUT_LINES])
        more = len(self._left_out) - LEFT_OUT_LINES
        return f"\nFiles that could not be read: {len(self._left_out)}{first}" + (
            f"\n… {more} more" if more > 0 else ""
        )

    @Slot(object)
    def _failed(self, error: Exception) -> None:
        if not isinstance(error, UserError):
            details = "".join(traceback.format_exception(error))
            copy = ("Copy details", lambda: QGuiApplication.clipboard().setText(details))
            text = f"{type(error).__name__}: {error}. Please report it with its details."
            self._outcome.tell("failed", "A mistake in cnngui ended this", text, [copy])
        elif self.unsaved:
            buttons = [("Try again", self.save_again), ("Save elsewhere …", self.save_elsewhere)]
            self._outcome.tell("failed", "The model is trained, but not saved", str(error), buttons)
        elif self.form.source == datasets.CIFAR10:
            buttons = [("Try again", self.start), ("Choose CIFAR-10’s folder …", self._choose_cifar10)]
            self._outcome.tell("failed", "This did not work", str(error), buttons)
        else:
            self._outcome.tell("failed", "This did not work", str(error), [("Try again", self.start)])

    @Slot()
    def _cancelled(self) -> None:
        self._outcome.tell("stopped", "Stopped", "It had not begun to learn, so there is nothing to keep.", [])

    @Slot()
    def _finished(self) -> None:
        if self.worker is not None:
            self.worker.deleteLater()
            self.worker = None
        self._show_running(False)
        if self.isAncestorOf(QApplication.focusWidget() or self):
            self.setFocus()  # the button lost it when it was disabled
        if not self.plot.has_curves:
            self._pages.setCurrentIndex(0)

    @Slot()
    def _choose_cifar10(self) -> None:
        if self.form.choose_cifar10_folder():
            self.start()

    def _show_running(self, running: bool) -> None:
        self._start_button.setText("Stop" if running else "Start")
        self._start_button.setToolTip("End the training and keep what it has learnt (F5)" if running else "Train (F5)")
        self._start_button.setEnabled(True)
        mark(self._start_button, kind="stop" if running else "primary")
        self.form.setEnabled(not running)
        self._progress.setVisible(running)
        self._is_stopping = False
        if running:
            self._left_out = ()
            self._show_bar(0, 0)
            self._tell("Starting …")
        self.running_changed.emit(running)

    def _show_bar(self, done: int, total: int) -> None:
        self._bar.setRange(0, PROGRESS_STEPS if total else 0)  # without a total it moves to and fro
        self._bar.setValue(PROGRESS_STEPS * done // total if total else 0)

    def _tell(self, text: str) -> None:
        if not self._is_stopping:
            self._status.setText(text)

    @Slot()
    def _describe(self) -> None:
        recipe = self.form.recipe
        self._overview_title.setText(f"{recipe.name} on {self.form.data_title}")
        epochs = f"{recipe.epochs} epoch{'' if recipe.epochs == 1 else 's'}"
        lines = [
            f"{epochs} in batches of {recipe.batch_size:,} images, at a learning rate up to {recipe.learning_rate:g}.",
            f"{percent(recipe.validation_fraction)} of the training images are held back for validation. "
            "The test images wait until the end.",
        ]
        if self.form.source == datasets.CIFAR10 and recipe.name in MEASURED:
            measured = MEASURED[recipe.name]
            minutes = measured.seconds * recipe.epochs / PRESETS[recipe.name].epochs / 60
            lines.insert(1, f"On two cores this takes about {max(1, round(minutes))} min.")
        self._overview_text.setText("\n\n".join(lines))

    def _lay_out(self) -> None:
        side = QFrame()
        mark(side, kind="card")
        form_column = QVBoxLayout(side)
        form_column.setContentsMargins(2 * SPACE, 2 * SPACE, 2 * SPACE, 2 * SPACE)
        form_column.setSpacing(2 * SPACE)
        form_column.addWidget(self.form)
        form_column.addWidget(self._start_button)
        form_column.addStretch(1)
        scroll = QScrollArea()
        scroll.setWidget(side)
        scroll.setWidgetResizable(True)
        scroll.setFixedWidth(max(FORM_WIDTH, side.minimumSizeHint().width()))
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)

        mark(self._overview_title, role="title")
        self._overview_text.setWordWrap(True)
        mark(self._overview_text, role="muted")
        overview = QWidget()
        overview_column = QVBoxLayout(overview)
        overview_column.setSpacing(2 * SPACE)
        overview_column.addStretch(1)
        overview_column.addWidget(self._overview_title)
        overview_column.addWidget(self._overview_text)
        overview_column.addStretch(2)
        self._pages.addWidget(overview)
        self._pages.addWidget(self.plot)

        mark(self._status, role="muted")
        self._bar.setTextVisible(False)
        progress = QVBoxLayout(self._progress)
        progress.setContentsMargins(0, 0, 0, 0)
        progress.addWidget(self._status)
        progress.addWidget(self._bar)
        card = QFrame()
        mark(card, kind="card")
        card_column = QVBoxLayout(card)
        card_column.setContentsMargins(2 * SPACE, 2 * SPACE, 2 * SPACE, 2 * SPACE)
        card_column.setSpacing(SPACE + 4)
        card_column.addWidget(self._pages, 1)
        card_column.addWidget(self._progress)

        column = QVBoxLayout()
        column.setSpacing(2 * SPACE)
        column.addWidget(card, 1)
        column.addWidget(self._outcome)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(2 * SPACE, 2 * SPACE, 2 * SPACE, 2 * SPACE)
        layout.setSpacing(2 * SPACE)
        layout.addWidget(scroll)
        layout.addLayout(column, 1)


def _save(trained: Trained, path: Path, report: Report) -> Trained:
    report(Progress("Saving the model"))
    model_file.save(trained.network, trained.card, path, trained.familiarity)
    return trained


def _progress_text(value: BatchProgress) -> str:
    return (
        f"epoch {value.epoch} of {value.epochs}  ·  batch {value.batch} of {value.batches}  ·  "
        f"{value.images_per_second:,.0f} images/s  ·  {duration(value.seconds_left)} left"
    )
