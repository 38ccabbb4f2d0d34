"""The window: it puts the two halves together and takes drops, keys and closing."""

import io
import logging
import random
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from PySide6.QtCore import Qt, QTimer, QUrl, Slot
from PySide6.QtGui import (
    QCloseEvent,
    QDesktopServices,
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
from cnngui.core import cifar10
from cnngui.core.errors import UserError
from cnngui.core.progress import Progress
from cnngui.gui import questions, style
from cnngui.gui.drop_overlay import DropOverlay
from cnngui.gui.loading import LoadedModel, load_model
from cnngui.gui.menus import make_menus
from cnngui.gui.mime import offer_of
from cnngui.gui.picture import Picture
from cnngui.gui.picture_actions import PictureActions
from cnngui.gui.plot_files import PlotFiles
from cnngui.gui.prediction_panel import PredictionPanel
from cnngui.gui.saver import Saver
from cnngui.gui.settings import Settings
from cnngui.gui.training_panel import TrainingPanel
from cnngui.gui.words import percent, plain
from cnngui.gui.worker import Worker

NOTICE_MS = 8000


class MainWindow(QMainWindow):
    """The two halves, Predict and Train, with the bar above and the status below.

    model: the model to open at first. data_dir: where CIFAR-10 lies, if a person has said so.
    runs_dir: where trained models go; the user's own folder by default.
    """

    def __init__(self, *, model: Path, data_dir: Path | None = None, runs_dir: Path | None = None) -> None:
        super().__init__()
        self.settings = Settings()
        self._closing = False
        self.loader: Worker | None = None
        self._next_model: Path | None = model
        self._in_use: LoadedModel | None = None
        self.prediction = PredictionPanel(self.settings)
        self.training = TrainingPanel(data_dir, runs_dir)
        self.saver = Saver(self.settings, self)
        self.plot_files = PlotFiles(self.training.plot, self.saver)
        self.picture_actions = PictureActions(self.prediction, self.saver)
        self._places = QStackedWidget()
        self._model_label = QLabel()
        self._count_label, self._state_label = QLabel(), QLabel()
        self._failures_button = QPushButton("None could not be read")
        self._device = "starting"
        self._predict_button, self._train_button = QPushButton("Predict"), QPushButton("Train")
        self._lay_out()
        self._overlay = DropOverlay(self)
        self._start_action = make_menus(self)
        self._connect()
        self.setAcceptDrops(True)
        self.show_place(self.prediction)
        self._show_state()
        self._offer_test_images()
        # After the first picture of the window, since importing TensorFlow holds it up.
        QTimer.singleShot(0, self._open_next)

    def open_model(self, path: Path) -> None:
        """Load the model at ``path``, after one that is being loaded, and predict with it from then on."""
        self._next_model = path
        self._open_next()

    @Slot()
    def _open_next(self) -> None:
        path = self._next_model
        if self.loader is not None or path is None:
            return
        self._next_model = None
        self.loader = Worker(lambda report, stop: load_model(path, report, stop), self)
        self.loader.progressed.connect(self._show_loading)
        self.loader.succeeded.connect(self._use_loaded)
        self.loader.failed.connect(self._tell_model_failure)
        self.loader.finished.connect(self._loader_finished)
        self.loader.start()

    def show_place(self, place: QWidget) -> None:
        """Show the Predict half or the Train half."""
        self._places.setCurrentWidget(place)
        self._predict_button.setChecked(place is self.prediction)
        self._train_button.setChecked(place is self.training)
        place.setFocus()

    def classify(self, files: Sequence[Path]) -> None:
        """Classify the pictures in these files and folders."""
        self.show_place(self.prediction)
        self.prediction.look_at(files)

    # Dropping

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Say what a drop will do, or that it will do nothing."""
        if event.source() is not None:
            event.ignore()  # it comes out of the list itself
            return
        offer = offer_of(event.mimeData())
        self._overlay.offer(offer or "This is no picture, file or folder, so it cannot be classified", bool(offer))
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
        """Classify what was dropped."""
        self._overlay.hide()
        if self.prediction.take_mime(event.mimeData()):
            event.acceptProposedAction()
            self.show_place(self.prediction)

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
        self._next_model = None
        self.prediction.stop()
        self.saver.stop()
        if self.loader is not None:
            self.loader.wait()  # TensorFlow's import cannot be interrupted
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
        self._offer_test_images()  # CIFAR-10 may have been downloaded meanwhile
        self._show_state()
        self._start_action.setText("&Stop" if running else "&Start")
        if self._closing and not running:
            self._closing = False
            self.close()

    # The model

    @Slot(object)
    def _show_loading(self, progress: Progress) -> None:
        self._model_label.setText(f"{progress.text} …")

    @Slot(object)
    def _use_loaded(self, loaded: LoadedModel) -> None:
        self._in_use = loaded
        self._show_model(loaded)
        self.prediction.set_classifier(loaded.classifier, self.training.form.data_dir)

    def _show_model(self, loaded: LoadedModel) -> None:
        card = loaded.classifier.card
        figure = "" if card.test_accuracy is None else f"  ·  {percent(card.test_accuracy, 1)}"
        self._model_label.setText(f"{card.data}, {card.recipe.name}{figure}")
        self._model_label.setToolTip(plain(f"The model in use: {loaded.path}\nClasses: {', '.join(card.classes)}"))
        self._device = loaded.device
        self._show_state()

    @Slot(object)
    def _tell_model_failure(self, error: Exception) -> None:
        if self._in_use is not None:  # it goes on answering
            self._show_model(self._in_use)
            self._notice(str(error))
            return
        self._model_label.setText("no model")
        self._device = ""
        self._show_state()
        self.prediction.tell_no_model(str(error))

    @Slot()
    def _loader_finished(self) -> None:
        if self.loader is not None:
            self.loader.deleteLater()
            self.loader = None
        self._open_next()

    @Slot(object)
    def _predict_with(self, path: Path) -> None:
        self.show_place(self.prediction)
        self.open_model(path)

    @Slot()
    def choose_model(self) -> None:
        """Ask for a model and predict with it."""
        start = str(paths.runs_dir()) if paths.runs_dir().is_dir() else str(paths.shipped_model().parent)
        name, _ = QFileDialog.getOpenFileName(self, "Open a model", start, "Models (*.keras)")
        if name:
            self._predict_with(Path(name))

    # Test images

    def _offer_test_images(self) -> None:
        self.prediction.invitation.set_test_images(self._cifar10_folder() is not None)

    def _cifar10_folder(self) -> Path | None:
        try:
            folder = cifar10.find(self.training.form.data_dir)
        except UserError:  # the form says so when someone trains; here there is just nothing to offer
            return None
        return folder if folder is not None and folder.is_dir() else None

    @Slot()
    def classify_test_image(self) -> None:
        """Classify one of CIFAR-10's test images, and show its label beside the answer."""
        folder = self._cifar10_folder()
        if folder is None:
            self._notice("A test image needs CIFAR-10. Train on it once to download it, or start with --data-dir.")
            return
        index = random.randrange(cifar10.RECORDS_PER_FILE)
        try:
            pixels, label = cifar10.test_image(folder, index)
        except UserError as error:
            self._notice(str(error))
            return
        self.show_place(self.prediction)
        self.prediction.add([Picture(to_bmp(pixels), f"CIFAR-10 test image {index}", truth=label)])

    # What is always in view

    @Slot(str)
    def _notice(self, text: str) -> None:
        self.statusBar().showMessage(text, NOTICE_MS)

    def _show_state(self) -> None:
        doing = f"training on {self.training.form.data_title}" if self.training.is_busy else "idle"
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

    @Slot()
    def show_runs(self) -> None:
        """Open the folder of the trained models in the file manager."""
        try:
            self.training.runs_dir.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            self._notice(f"{self.training.runs_dir} cannot be made ({error.strerror}). Check its permissions.")
            return
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(self.training.runs_dir)))

    # Setting up

    def _connect(self) -> None:
        self._predict_button.clicked.connect(self.show_prediction)
        self._train_button.clicked.connect(self.show_training)
        self.prediction.status_changed.connect(self._count_label.setText)
        self.prediction.failures_changed.connect(self._show_failures)
        self._failures_button.clicked.connect(self.show_failures)
        self.prediction.notice.connect(self._notice)
        self.prediction.invitation.test_image_clicked.connect(self.classify_test_image)
        self.prediction.invitation.paste_clicked.connect(self.paste)
        self.saver.notice.connect(self._notice)
        self.training.running_changed.connect(self._training_changed)
        self.training.use_model.connect(self._predict_with)
        QGuiApplication.styleHints().colorSchemeChanged.connect(self._appearance_changed)

    @Slot()
    def show_prediction(self) -> None:
        """Show the Predict half."""
        self.show_place(self.prediction)

    @Slot(str)
    def _show_failures(self, text: str) -> None:
        if text:
            self._failures_button.setText(text)
        self._failures_button.setVisible(bool(text))

    @Slot()
    def show_failures(self) -> None:
        """Show the pictures that could not be read, and no others."""
        self.show_place(self.prediction)
        self.prediction.show_refused()

    @Slot()
    def find_by_name(self) -> None:
        """Be ready for a part of a picture's name."""
        self.show_place(self.prediction)
        self.prediction.find_by_name()

    @Slot()
    def open_folder(self) -> None:
        """Ask for a folder and classify all pictures in it."""
        self.show_place(self.prediction)
        self.prediction.open_folder()

    @Slot()
    def show_training(self) -> None:
        """Show the Train half."""
        self.show_place(self.training)

    @Slot()
    def paste(self) -> None:
        """Classify what is on the clipboard."""
        self.show_place(self.prediction)
        self.prediction.add_mime(QGuiApplication.clipboard().mimeData())

    @Slot()
    def open_pictures(self) -> None:
        """Ask for picture files and classify them."""
        self.show_place(self.prediction)
        self.prediction.open_files()

    @Slot()
    def start_or_stop(self) -> None:
        """Start a training, or stop the one that runs."""
        self.show_place(self.training)
        self.training.start_or_stop()

    def _lay_out(self) -> None:
        self.setWindowTitle("cnngui")
        self.setMinimumSize(820, 520)  # so that “automobile  > 99 %” fits in large type
        if not self.restoreGeometry(self.settings.geometry):
            self.resize(1100, 720)
        for button, tip in (
            (self._predict_button, "Classify pictures (Ctrl+1)"),
            (self._train_button, "Train (Ctrl+2)"),
        ):
            button.setCheckable(True)
            button.setAutoExclusive(True)
            button.setToolTip(tip)
        self._model_label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        style.mark(self._model_label, role="muted")
        bar = QFrame()
        bar.setObjectName("bar")
        row = QHBoxLayout(bar)
        row.setContentsMargins(2 * style.SPACE, style.SPACE, 2 * style.SPACE, style.SPACE)
        row.setSpacing(style.SPACE // 2)
        row.addWidget(self._predict_button)
        row.addWidget(self._train_button)
        row.addStretch(1)
        row.addWidget(self._model_label)
        self._places.addWidget(self.prediction)
        self._places.addWidget(self.training)
        central = QWidget()
        column = QVBoxLayout(central)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(bar)
        column.addWidget(self._places, 1)
        self.setCentralWidget(central)
        self.statusBar().addWidget(self._count_label)
        self.statusBar().addWidget(self._failures_button)
        style.mark(self._failures_button, kind="link")
        self._failures_button.setToolTip("Show them, each with its reason")
        self._failures_button.hide()
        self.statusBar().addPermanentWidget(self._state_label)
        self.statusBar().setSizeGripEnabled(False)


def to_bmp(pixels: NDArray[np.uint8]) -> bytes:
    """An RGB image, uint8 (height, width, 3), as the bytes of a BMP file, which keeps every value."""
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, "BMP")
    return file.getvalue()
