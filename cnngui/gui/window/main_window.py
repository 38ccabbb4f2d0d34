"""The window: it puts the two halves together and takes drops, keys and closing."""

import logging
from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QMimeData, Slot
from PySide6.QtGui import (
    QCloseEvent,
    QDragEnterEvent,
    QDragLeaveEvent,
    QDragMoveEvent,
    QDropEvent,
    QGuiApplication,
)
from PySide6.QtWidgets import (
    QApplication,
    QFileDialog,
    QFrame,
    QHBoxLayout,
    QLabel,
    QMainWindow,
    QMessageBox,
    QPushButton,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from cnngui import __version__, paths
from cnngui.core.errors import UserError
from cnngui.gui.common import questions, style
from cnngui.gui.common.saver import Saver
from cnngui.gui.common.settings import Settings
from cnngui.gui.predict.mime import ONE_MODEL, models_of, offer_of
from cnngui.gui.predict.panel import PredictPanel
from cnngui.gui.predict.picture_actions import PictureActions
from cnngui.gui.predict.picture_counts import PictureCounts
from cnngui.gui.predict.state import PredictState
from cnngui.gui.predict.test_images import TestImages
from cnngui.gui.runs.button import ModelButton
from cnngui.gui.runs.loading import LoadedModel
from cnngui.gui.runs.opener import ModelOpener
from cnngui.gui.runs.panel import ModelsPanel
from cnngui.gui.train.panel import TrainingPanel
from cnngui.gui.train.plot_files import PlotFiles
from cnngui.gui.window.drop_overlay import DropOverlay
from cnngui.gui.window.menus import make_menus

NOTICE_MS = 8000
NOTHING_TO_PASTE = "There is no picture, file or address on the clipboard. Copy one, then paste it here."


class MainWindow(QMainWindow):
    """The two halves, Predict and Train, and the models, with the bar above and the status below.

    model: the model to open at first; None for the user's default.
    data_dir: where CIFAR-10 lies, if a person has said so.
    runs_dir: where trained models go; the user's own folder by default.
    """

    def __init__(
        self, *, model: Path | None = None, data_dir: Path | None = None, runs_dir: Path | None = None
    ) -> None:
        super().__init__()
        self.settings = Settings()
        self._closing = False
        self.opener = ModelOpener(self.settings, self)
        self.predict_state = PredictState(self)
        self.prediction = PredictPanel(self.predict_state, self.settings)
        self.training = TrainingPanel(data_dir, runs_dir)
        self.models = ModelsPanel(self.training.runs_dir, self.settings, self.opener)
        self.saver = Saver(self.settings, self)
        self.plot_files = PlotFiles(self.training.plot, self.saver)
        self.picture_actions = PictureActions(self.predict_state, self.prediction, self.saver)
        self.random_image = TestImages(lambda: self.training.form.data_dir, self)
        self._places = QStackedWidget()
        self._model_button = ModelButton()
        self._counts, self._state_label = PictureCounts(self.predict_state), QLabel()
        self._device = "starting"
        self._predict_button, self._train_button = QPushButton("Predict"), QPushButton("Train")
        self._lay_out()
        self._overlay = DropOverlay(self)
        self._start_action = make_menus(self)
        self._connect()
        self.setAcceptDrops(True)
        self.show_place(self.prediction)
        self._show_state()
        self.prediction.invitation.set_test_images(self.random_image.is_there)
        if model is None:
            self.opener.open_default()
        else:
            self.opener.open(model)

    def show_place(self, place: QWidget) -> None:
        """Show the Predict half, the Train half or the models."""
        self._places.setCurrentWidget(place)
        self._predict_button.setChecked(place is self.prediction)
        self._train_button.setChecked(place is self.training)
        self._model_button.setChecked(place is self.models)
        place.setFocus()

    def classify(self, files: Sequence[Path]) -> None:
        """Classify the pictures in these files and folders."""
        self.show_place(self.prediction)
        self.predict_state.look_at(files)

    # Dropping

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Say what a drop will do, or that it will do nothing."""
        if event.source() is not None:
            event.ignore()  # it comes out of the list itself
            return
        offer = offer_of(event.mimeData())
        self._overlay.offer(offer.text, offer.welcome)
        event.acceptProposedAction()  # else Qt would not say when the drag goes elsewhere

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        """Let the pointer tell the same."""
        if self._overlay.is_welcoming:
            event.acceptProposedAction()
        else:
            event.ignore()

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        """The drag went elsewhere."""
        self._overlay.hide()

    def dropEvent(self, event: QDropEvent) -> None:
        """Open the model and classify the pictures that were dropped."""
        self._overlay.hide()
        if self._take(event.mimeData()):
            event.acceptProposedAction()

    def _take(self, mime: QMimeData) -> bool:
        """Open the model, if there is one, and classify the rest; whether there was anything to take."""
        models = models_of(mime)
        if len(models) > 1 or not (self.predict_state.take_mime(mime) or models):
            return False
        self.show_place(self.prediction)
        for path in models:
            self.opener.open(path)
        return True

    # Closing

    def closeEvent(self, event: QCloseEvent) -> None:
        """End at once when nothing runs; else ask, stop, and close again when all is saved."""
        if self.training.is_busy:
            event.ignore()
            if not self._closing and questions.may_stop_training(self):
                self.stop_and_close()
            return
        if self.training.unsaved and not questions.may_lose_model(self):
            event.ignore()
            return
        self.settings.geometry = self.saveGeometry()
        self.hide()
        self.predict_state.stop()
        self.prediction.stop()
        self.models.stop()
        self.saver.stop()
        self.opener.stop()
        event.accept()

    def stop_and_close(self) -> None:
        """Close as soon as a training, if one runs, has stopped and its model is saved; ask nothing about that."""
        if self.training.is_busy:
            self._closing = True
            self.training.stop()
        else:
            self.close()

    def close_unattended(self) -> None:
        """As :meth:`stop_and_close`, for when nobody can be asked: a model that could not be saved is put elsewhere."""
        try:
            spare = self.training.save_spare()
        except UserError as error:
            logging.getLogger(__name__).error("%s", error)
            return
        if spare is not None:
            logging.getLogger(__name__).warning("The model that could not be saved is kept as %s", spare)
        self.stop_and_close()

    @Slot(bool)
    def _training_changed(self, running: bool) -> None:
        self.prediction.invitation.set_test_images(self.random_image.is_there)  # it may have been downloaded
        self.models.refresh()
        self._show_state()
        self._start_action.setText("&Stop" if running else "&Start")
        if not running and self._places.currentWidget() is not self.training:
            self._notice("The training has ended. What came of it stands in the Train half (Ctrl+2).")
        if self._closing and not running:
            self._closing = False
            self.close()

    # The model

    @Slot(object)
    def _use_loaded(self, loaded: LoadedModel) -> None:
        self._show_model(loaded)
        self.predict_state.set_classifier(loaded.classifier, self.training.form.data_dir)
        if loaded.notice:
            self._notice(loaded.notice)

    def _show_model(self, loaded: LoadedModel) -> None:
        self._model_button.show_model(loaded)
        self._device = loaded.device
        self._show_state()

    @Slot(object)
    def _tell_model_failure(self, error: Exception) -> None:
        if self.opener.in_use is not None:  # it goes on answering
            self._show_model(self.opener.in_use)
            self._notice(str(error))
            return
        self._model_button.show_none()
        self._device = ""
        self._show_state()
        self.predict_state.tell_no_model(str(error))

    @Slot(object, object)
    def _model_moved(self, old: Path, new: Path | None) -> None:
        self.training.model_moved(old)
        if new is not None and self.opener.in_use is not None:
            self._show_model(self.opener.in_use)  # its path may be another now

    @Slot(object)
    def _predict_with(self, path: Path) -> None:
        self.show_place(self.prediction)
        self.opener.open(path)

    @Slot()
    def choose_model(self) -> None:
        """Ask for a model and predict with it."""
        start = str(paths.runs_dir()) if paths.runs_dir().is_dir() else str(paths.shipped_model().parent)
        name, _ = QFileDialog.getOpenFileName(self, "Open a model", start, "Models (*.keras)")
        if name:
            self._predict_with(Path(name))

    @Slot()
    def classify_test_image(self) -> None:
        """Classify one of CIFAR-10's test images, and show its label beside the answer."""
        picture = self.random_image.take()
        if picture is not None:
            self.show_place(self.prediction)
            self.predict_state.add([picture])

    # What is always in view

    @Slot(str)
    def _notice(self, text: str) -> None:
        self.statusBar().showMessage(text, NOTICE_MS)

    @Slot()
    def _show_state(self) -> None:
        classifying = "classifying" if self.predict_state.is_busy else "idle"
        doing = f"training on {self.training.form.data_title}" if self.training.is_busy else classifying
        self._state_label.setText("  ·  ".join(part for part in (self._device, doing) if part))

    @Slot()
    def _appearance_changed(self) -> None:
        app = QApplication.instance()
        if isinstance(app, QApplication):
            style.apply(app)

    def set_appearance(self, name: str) -> None:
        """ "system", "light" or "dark", from now on."""
        self.settings.appearance = name
        app = QApplication.instance()
        if isinstance(app, QApplication):
            style.set_appearance(app, name)

    @Slot()
    def show_about(self) -> None:
        """Say what this is."""
        QMessageBox.about(
            self,
            "About cnngui",
            f"<b>cnngui {__version__}</b><p>Trains convolutional networks and classifies pictures with them.</p>"
            f"<p>Trained models are kept in<br>{self.training.runs_dir}</p>",
        )

    # Setting up

    def _connect(self) -> None:
        self._predict_button.clicked.connect(self.show_prediction)
        self._train_button.clicked.connect(self.show_training)
        self.predict_state.changed.connect(self._show_state)
        self._counts.unreadable_clicked.connect(self._show_unreadable)
        self.predict_state.notice.connect(self._notice)
        self.prediction.invitation.test_image_button.clicked.connect(self.classify_test_image)
        self.prediction.invitation.paste_button.clicked.connect(self.paste)
        self.saver.notice.connect(self._notice)
        self.random_image.notice.connect(self._notice)
        self.opener.began.connect(self._model_button.show_opening)
        self.opener.opened.connect(self._use_loaded)
        self.opener.failed.connect(self._tell_model_failure)
        self._model_button.clicked.connect(self.show_models)
        self.models.use_model.connect(self._predict_with)
        self.models.open_clicked.connect(self.choose_model)
        self.models.moved.connect(self._model_moved)
        self.models.notice.connect(self._notice)
        self.training.running_changed.connect(self._training_changed)
        self.training.use_model.connect(self._predict_with)
        QGuiApplication.styleHints().colorSchemeChanged.connect(self._appearance_changed)

    @Slot()
    def show_prediction(self) -> None:
        """Show the Predict half."""
        self.show_place(self.prediction)

    def in_prediction(self, work: Callable[[], object]) -> None:
        """Do this to the Predict half where it can be seen."""
        self.show_place(self.prediction)
        work()

    @Slot()
    def _show_unreadable(self) -> None:
        self.in_prediction(self.prediction.show_unreadable)

    @Slot()
    def show_training(self) -> None:
        """Show the Train half."""
        self.show_place(self.training)

    @Slot()
    def show_models(self) -> None:
        """Show the models."""
        self.show_place(self.models)

    @Slot()
    def paste(self) -> None:
        """Open the model and classify the pictures that are on the clipboard."""
        mime: QMimeData | None = QGuiApplication.clipboard().mimeData()  # None where nothing was ever copied
        if mime is None or not self._take(mime):
            self._notice(f"{ONE_MODEL}." if mime is not None and models_of(mime) else NOTHING_TO_PASTE)

    @Slot()
    def start_or_stop(self) -> None:
        """Start a training, or stop the one that runs."""
        self.show_place(self.training)
        self.training.start_or_stop()

    def _lay_out(self) -> None:
        self.setWindowTitle("cnngui")
        self.setMinimumSize(940, 520)  # so that “automobile  > 99 %” fits in large type
        if not self.restoreGeometry(self.settings.geometry):
            self.resize(1100, 720)
        for button, tip in (
            (self._predict_button, "Classify pictures (Ctrl+1)"),
            (self._train_button, "Train (Ctrl+2)"),
        ):
            button.setCheckable(True)
            button.setToolTip(tip)
        bar = QFrame()
        bar.setObjectName("bar")
        row = QHBoxLayout(bar)
        row.setContentsMargins(2 * style.SPACE, style.SPACE, 2 * style.SPACE, style.SPACE)
        row.setSpacing(style.SPACE // 2)
        row.addWidget(self._predict_button)
        row.addWidget(self._train_button)
        row.addStretch(1)
        row.addWidget(self._model_button)
        for place in (self.prediction, self.training, self.models):
            self._places.addWidget(place)
        central = QWidget()
        column = QVBoxLayout(central)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(bar)
        column.addWidget(self._places, 1)
        self.setCentralWidget(central)
        self.statusBar().addWidget(self._counts)
        self.statusBar().addPermanentWidget(self._state_label)
        self.statusBar().setSizeGripEnabled(False)
