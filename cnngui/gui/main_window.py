"""The window: it puts the two halves together and takes drops, keys and closing."""

import io
import random
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from PySide6.QtCore import Qt, QTimer, QUrl, Slot
from PySide6.QtGui import (
    QAction,
    QActionGroup,
    QCloseEvent,
    QDesktopServices,
    QDragEnterEvent,
    QDragLeaveEvent,
    QDropEvent,
    QGuiApplication,
    QKeySequence,
    QResizeEvent,
)
from PySide6.QtWidgets import (
    QApplication,
    QFileDialog,
    QFrame,
    QHBoxLayout,
    QLabel,
    QMainWindow,
    QMenu,
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
from cnngui.gui import style
from cnngui.gui.drop_overlay import DropOverlay
from cnngui.gui.invitation import samples
from cnngui.gui.loading import LoadedModel, load_model
from cnngui.gui.picture_list import Picture
from cnngui.gui.prediction_panel import PredictionPanel, pictures_of
from cnngui.gui.settings import Settings
from cnngui.gui.training_panel import TrainingPanel
from cnngui.gui.words import percent
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
        self.prediction = PredictionPanel(self.settings)
        self.training = TrainingPanel(data_dir, runs_dir)
        self._places = QStackedWidget()
        self._model_label = QLabel()
        self._count_label, self._state_label = QLabel(), QLabel()
        self._device = "starting"
        self._predict_button, self._train_button = QPushButton("Predict"), QPushButton("Train")
        self._lay_out()
        self._overlay = DropOverlay(self)
        self._make_menus()
        self._connect()
        self.setAcceptDrops(True)
        self.show_place(self.prediction)
        self._show_state()
        self.prediction.invitation.set_test_images(self._cifar10_folder() is not None)
        # After the first picture of the window, since importing TensorFlow holds it up.
        QTimer.singleShot(0, lambda: self.open_model(model))

    def open_model(self, path: Path) -> None:
        """Load the model at ``path`` and predict with it from then on."""
        if self.loader is not None:
            return
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

    def open_pictures(self, files: Sequence[Path]) -> None:
        """Classify the pictures in these files."""
        self.prediction.add_files(files)

    # Dropping

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Say what a drop will do, if it will do anything."""
        mime = event.mimeData()
        files = sum(url.isLocalFile() for url in mime.urls())
        if not files and not mime.hasImage():
            event.ignore()
            return
        event.acceptProposedAction()
        self._overlay.offer("Drop to classify" if files <= 1 else f"Drop to classify {files} files")

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        """The drag went elsewhere."""
        self._overlay.hide()

    def dropEvent(self, event: QDropEvent) -> None:
        """Classify what was dropped."""
        self._overlay.hide()
        pictures = pictures_of(event.mimeData())
        if pictures:
            event.acceptProposedAction()
            self.show_place(self.prediction)
            self.prediction.add(pictures)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the overlay as large as the window."""
        super().resizeEvent(event)
        self._overlay.setGeometry(self.rect())

    # Closing

    def closeEvent(self, event: QCloseEvent) -> None:
        """End at once when nothing runs; else ask, stop, and close again when all is saved."""
        if self.training.is_busy:
            event.ignore()
            if not self._closing and self._asks_to_stop():
                self._closing = True
                self.training.stop()
            return
        if self.training.unsaved and not self._asks_to_lose():
            event.ignore()
            return
        self.settings.geometry = self.saveGeometry()
        self.hide()
        self.prediction.stop()
        if self.loader is not None:
            self.loader.wait()  # TensorFlow's import cannot be interrupted
        event.accept()

    def _asks_to_stop(self) -> bool:
        box = QMessageBox(self)
        box.setIcon(QMessageBox.Icon.Question)
        box.setWindowTitle("Stop the training?")
        box.setText("A training is running.")
        box.setInformativeText("cnngui can stop it, save what was learnt so far, and quit.")
        quit_button = box.addButton("Stop and quit", QMessageBox.ButtonRole.AcceptRole)
        box.addButton("Keep training", QMessageBox.ButtonRole.RejectRole)
        box.exec()
        return box.clickedButton() is quit_button

    def _asks_to_lose(self) -> bool:
        box = QMessageBox(self)
        box.setIcon(QMessageBox.Icon.Warning)
        box.setWindowTitle("Lose the model?")
        box.setText("The model that was trained last could not be saved.")
        box.setInformativeText("If you quit now, it is lost.")
        lose_button = box.addButton("Quit and lose it", QMessageBox.ButtonRole.DestructiveRole)
        box.addButton("Stay", QMessageBox.ButtonRole.RejectRole)
        box.exec()
        return box.clickedButton() is lose_button

    @Slot(bool)
    def _training_changed(self, running: bool) -> None:
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
        card = loaded.classifier.card
        figure = "" if card.test_accuracy is None else f"  ·  {percent(card.test_accuracy, 1)}"
        self._model_label.setText(f"{card.data}, {card.recipe.name}{figure}")
        self._model_label.setToolTip(f"The model in use: {loaded.path}\nClasses: {', '.join(card.classes)}")
        self._device = loaded.device
        self._show_state()
        self.prediction.set_classifier(loaded.classifier)

    @Slot(object)
    def _tell_model_failure(self, error: Exception) -> None:
        self._model_label.setText("no model")
        self._device = ""
        self._show_state()
        self.prediction.tell_no_model(str(error))

    @Slot()
    def _loader_finished(self) -> None:
        if self.loader is not None:
            self.loader.deleteLater()
            self.loader = None

    @Slot(object)
    def _predict_with(self, path: Path) -> None:
        self.show_place(self.prediction)
        self.open_model(path)

    @Slot()
    def _choose_model(self) -> None:
        start = str(paths.runs_dir()) if paths.runs_dir().is_dir() else str(paths.shipped_model().parent)
        name, _ = QFileDialog.getOpenFileName(self, "Open a model", start, "Models (*.keras)")
        if name:
            self._predict_with(Path(name))

    # Test images

    def _cifar10_folder(self) -> Path | None:
        try:
            folder = cifar10.find(self.training.form.data_dir)
        except UserError:  # the form says so when someone trains; here there is just nothing to offer
            return None
        return folder if folder is not None and folder.is_dir() else None

    @Slot()
    def _add_test_image(self) -> None:
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

    # The plot

    @Slot()
    def _save_plot(self) -> None:
        self._save_curves("Save the plot", "curves.png", "PNG (*.png)", self.training.plot.save_png)

    @Slot()
    def _save_points(self) -> None:
        self._save_curves("Save the curves", "curves.csv", "CSV (*.csv)", self.training.plot.save_csv)

    def _save_curves(self, title: str, name: str, kind: str, save: Callable[[Path], None]) -> None:
        if not self.training.plot.has_curves:
            self._notice("There are no curves yet. Start a training first.")
            return
        chosen, _ = QFileDialog.getSaveFileName(self, title, str(self.settings.open_folder / name), kind)
        if not chosen:
            return
        path = Path(chosen) if Path(chosen).suffix else Path(chosen).with_suffix(Path(name).suffix)
        try:
            save(path)
        except OSError as error:
            self._notice(f"{path} could not be written ({error.strerror or error}). Choose another place.")
        else:
            self._notice(f"Saved as {path}")

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

    @Slot(QAction)
    def _choose_appearance(self, action: QAction) -> None:
        self.settings.appearance = action.data()
        app = QApplication.instance()
        if isinstance(app, QApplication):
            style.set_appearance(app, action.data())

    @Slot()
    def _about(self) -> None:
        QMessageBox.about(
            self,
            "About cnngui",
            f"<b>cnngui {__version__}</b><p>Trains convolutional networks and classifies pictures with them.</p>"
            f"<p>Trained models are kept in<br>{self.training.runs_dir}</p>",
        )

    @Slot()
    def _show_runs(self) -> None:
        self.training.runs_dir.mkdir(parents=True, exist_ok=True)
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(self.training.runs_dir)))

    # Setting up

    def _connect(self) -> None:
        self._predict_button.clicked.connect(self._go_to_predict)
        self._train_button.clicked.connect(self._go_to_train)
        self.prediction.status_changed.connect(self._count_label.setText)
        self.prediction.notice.connect(self._notice)
        self.prediction.invitation.test_image_clicked.connect(self._add_test_image)
        self.prediction.invitation.paste_clicked.connect(self._paste)
        self.training.running_changed.connect(self._training_changed)
        self.training.use_model.connect(self._predict_with)
        QGuiApplication.styleHints().colorSchemeChanged.connect(self._appearance_changed)

    @Slot()
    def _go_to_predict(self) -> None:
        self.show_place(self.prediction)

    @Slot()
    def _go_to_train(self) -> None:
        self.show_place(self.training)

    @Slot()
    def _paste(self) -> None:
        self.show_place(self.prediction)
        self.prediction.add_mime(QGuiApplication.clipboard().mimeData())

    @Slot()
    def _open(self) -> None:
        self.show_place(self.prediction)
        self.prediction.open_files()

    @Slot()
    def _start_or_stop(self) -> None:
        self.show_place(self.training)
        self.training.start_or_stop()

    def _make_menus(self) -> None:
        file = self.menuBar().addMenu("&File")
        self._add_action(file, "&Open pictures …", QKeySequence.StandardKey.Open, self._open)
        self._add_action(file, "&Paste", QKeySequence.StandardKey.Paste, self._paste)
        sample_menu = file.addMenu("&Sample pictures")
        for path in samples():
            self._add_action(sample_menu, path.stem, None, partial(self.open_samples, path))
        self._add_action(file, "Random &test image", "Ctrl+R", self._add_test_image)
        self._add_action(file, "&Clear the list", "Ctrl+L", self.prediction.clear)
        file.addSeparator()
        self._add_action(file, "Open a &model …", "Ctrl+Shift+O", self._choose_model)
        file.addSeparator()
        self._add_action(file, "&Quit", QKeySequence.StandardKey.Quit, self.close)

        train = self.menuBar().addMenu("&Train")
        self._start_action = self._add_action(train, "&Start", "F5", self._start_or_stop)
        train.addSeparator()
        self._add_action(train, "Show the curves &whole", "Ctrl+0", self.training.plot.reset_zoom)
        self._add_action(train, "Save the &plot as PNG …", "Ctrl+S", self._save_plot)
        self._add_action(train, "Save the curves as &CSV …", "Ctrl+Shift+S", self._save_points)
        train.addSeparator()
        self._add_action(train, "Show the trained models’ &folder", None, self._show_runs)

        view = self.menuBar().addMenu("&View")
        self._add_action(view, "&Predict", "Ctrl+1", self._go_to_predict)
        self._add_action(view, "&Train", "Ctrl+2", self._go_to_train)
        view.addSeparator()
        self._add_appearances(view)

        help_menu = self.menuBar().addMenu("&Help")
        self._add_action(help_menu, "&About cnngui", None, self._about)

    def open_samples(self, path: Path) -> None:
        """Classify a sample picture."""
        self.show_place(self.prediction)
        self.open_pictures([path])

    def _add_action(
        self, menu: QMenu, text: str, key: QKeySequence.StandardKey | str | None, slot: Callable[[], object]
    ) -> QAction:
        action = menu.addAction(text)
        if key is not None:
            action.setShortcut(QKeySequence(key))
        action.triggered.connect(lambda _checked=False: slot())
        return action

    def _add_appearances(self, view: QMenu) -> None:
        group = QActionGroup(self)
        for name, text in (("system", "As the &system"), ("light", "&Light"), ("dark", "&Dark")):
            action = view.addAction(text)
            action.setCheckable(True)
            action.setData(name)
            action.setChecked(name == self.settings.appearance)
            group.addAction(action)
        group.triggered.connect(self._choose_appearance)

    def _lay_out(self) -> None:
        self.setWindowTitle("cnngui")
        self.setMinimumSize(760, 520)
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
        self.statusBar().addPermanentWidget(self._state_label)
        self.statusBar().setSizeGripEnabled(False)


def to_bmp(pixels: NDArray[np.uint8]) -> bytes:
    """An RGB image, uint8 (height, width, 3), as the bytes of a BMP file, which keeps every value."""
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, "BMP")
    return file.getvalue()
