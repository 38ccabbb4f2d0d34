"""The Predict half: pictures come in, answers come out."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QMimeData, QModelIndex, Qt, Signal, Slot
from PySide6.QtGui import QImage
from PySide6.QtWidgets import (
    QFileDialog,
    QHBoxLayout,
    QListView,
    QPushButton,
    QSplitter,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from cnngui.core.classifier import Classifier
from cnngui.core.images import SUFFIXES
from cnngui.core.prediction import Prediction, predict
from cnngui.core.progress import Report, ShouldStop
from cnngui.gui.invitation import Invitation
from cnngui.gui.picture_list import Picture, PictureDelegate, PictureListModel
from cnngui.gui.result_card import ResultCard
from cnngui.gui.settings import Settings
from cnngui.gui.style import SPACE
from cnngui.gui.worker import Worker


class PredictionPanel(QWidget):
    """The list of pictures, and the answer for the one in view.

    Pictures that come before there is a classifier, or while others are being classified, wait for their turn.
    status_changed: how many pictures there are, in words. notice: something to tell in passing.
    """

    status_changed = Signal(str)
    notice = Signal(str)

    def __init__(self, settings: Settings, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._settings = settings
        self._classifier: Classifier | None = None
        self._worker: Worker | None = None
        self._discards_answers = False
        self.pictures = PictureListModel(self)
        self.invitation = Invitation()
        self._list = QListView()
        self._card = ResultCard()
        self._pages = QStackedWidget()
        self._lay_out()
        self._connect()

    def set_classifier(self, classifier: Classifier) -> None:
        """Answer with this model from now on, and answer anew what another has answered."""
        self._abandon_work()
        self._classifier = classifier
        self._card.waiting_text = "Waiting for its turn …"
        self.pictures.forget_answers()
        self._show_current()
        self._show_status()
        self._classify_waiting()

    def tell_no_model(self, reason: str) -> None:
        """There is no model, for this reason: say so wherever a picture waits, and in the status line."""
        self._card.waiting_text = reason
        self._show_current()
        self.notice.emit(reason)

    def add(self, pictures: Sequence[Picture]) -> None:
        """Put these pictures at the end of the list; the newest comes into view."""
        if not pictures:
            return
        self.pictures.add(pictures)
        self._show_page(1)
        newest = self.pictures.index(self.pictures.rowCount() - 1)
        self._list.setCurrentIndex(newest)
        self._list.scrollTo(newest)
        self._show_status()
        self._classify_waiting()

    def add_files(self, files: Sequence[Path]) -> None:
        """Put the pictures in these files at the end of the list."""
        self.add([Picture.of_file(path) for path in files])

    def add_mime(self, mime: QMimeData | None) -> None:
        """Put what was pasted at the end of the list. mime: None where nothing was ever copied."""
        pictures = pictures_of(mime) if mime is not None else []
        if pictures:
            self.add(pictures)
        else:
            self.notice.emit("There is no picture and no file on the clipboard. Copy one, then paste it here.")

    @Slot()
    def open_files(self) -> None:
        """Ask for picture files and put them into the list."""
        pattern = " ".join(f"*{suffix}" for suffix in SUFFIXES)
        names, _ = QFileDialog.getOpenFileNames(
            self, "Open pictures", str(self._settings.open_folder), f"Pictures ({pattern});;All files (*)"
        )
        if names:
            self._settings.open_folder = Path(names[0]).parent
            self.add_files([Path(name) for name in names])

    @Slot()
    def clear(self) -> None:
        """Empty the list; what is still being classified is dropped."""
        self._abandon_work()
        self.pictures.clear()
        self._show_page(0)
        self._show_status()

    def _abandon_work(self) -> None:
        """Let the classifying that goes on end, and take none of its answers."""
        if self._worker is not None:
            self._worker.stop()
            self._discards_answers = True  # some may be on their way already

    def stop(self) -> None:
        """End all work of this panel within a picture's time, and forget its pictures, so that none begins anew."""
        self.clear()
        if self._worker is not None:
            self._worker.wait()
        self._card.stop()
        self.pictures.thumbnails.stop()
        self.invitation.stop()

    def _classify_waiting(self) -> None:
        classifier, waiting = self._classifier, self.pictures.waiting
        if classifier is None or self._worker is not None or not waiting:
            return
        rows = range(self.pictures.rowCount() - waiting, self.pictures.rowCount())
        sources = [self.pictures.picture(row).source for row in rows]

        def work(report: Report, should_stop: ShouldStop) -> None:
            for batch in predict(classifier, sources, should_stop=should_stop):
                report(batch)

        self._worker = Worker(work, self)
        self._worker.progressed.connect(self._take_answers)
        self._worker.failed.connect(self._tell_failure)
        self._worker.finished.connect(self._finish)
        self._worker.start()

    @Slot(object)
    def _take_answers(self, predictions: list[Prediction]) -> None:
        if self._discards_answers:
            return
        self.pictures.answer(predictions)
        self._show_current()
        self._show_status()

    @Slot(object)
    def _tell_failure(self, error: Exception) -> None:
        if self._discards_answers:
            return
        self.pictures.drop_waiting()
        if not self.pictures.rowCount():
            self._show_page(0)
        self._show_status()
        self.notice.emit(f"The pictures could not be classified: {error}")

    @Slot()
    def _finish(self) -> None:
        if self._worker is not None:
            self._worker.deleteLater()
            self._worker = None
        self._discards_answers = False
        self._classify_waiting()

    @Slot()
    def _show_current(self) -> None:
        index = self._list.currentIndex()
        if index.isValid():
            picture = self.pictures.picture(index.row())
            self._card.show_picture(picture, self.pictures.thumbnails.get(picture.source))

    def _show_page(self, page: int) -> None:
        self._pages.setCurrentIndex(page)
        first = self._list if page else self.invitation
        had_focus = self.isAncestorOf(self.window().focusWidget() or self)
        self.setFocusProxy(first)
        if had_focus:
            first.setFocus()

    def _show_status(self) -> None:
        total, waiting, failures = self.pictures.rowCount(), self.pictures.waiting, self.pictures.failures
        parts = [f"{total} picture{'' if total == 1 else 's'}"] if total else []
        if waiting:
            parts.append(f"{waiting} waiting")
        if failures:
            parts.append(f"{failures} could not be read")
        self.status_changed.emit("  ·  ".join(parts))

    def _connect(self) -> None:
        self.pictures.thumbnails.changed.connect(self._repaint_list)
        self._list.selectionModel().currentChanged.connect(self._current_changed)
        self.invitation.open_clicked.connect(self.open_files)
        self.invitation.sample_clicked.connect(self._add_sample)

    @Slot(QModelIndex, QModelIndex)
    def _current_changed(self, _current: QModelIndex, _previous: QModelIndex) -> None:
        self._show_current()

    @Slot()
    def _repaint_list(self) -> None:
        self._list.viewport().update()

    @Slot(object)
    def _add_sample(self, path: Path) -> None:
        self.add_files([path])

    def _lay_out(self) -> None:
        self._list.setModel(self.pictures)
        self._list.setItemDelegate(PictureDelegate(self._list))
        self._list.setUniformItemSizes(True)
        self._list.setMouseTracking(True)
        self._list.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self._list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._list.setAccessibleName("Pictures")
        open_button, clear_button = QPushButton("Open …"), QPushButton("Clear")
        open_button.setToolTip("Choose picture files (Ctrl+O)")
        clear_button.setToolTip("Empty the list (Ctrl+L)")
        open_button.clicked.connect(self.open_files)
        clear_button.clicked.connect(self.clear)
        buttons = QHBoxLayout()
        buttons.setSpacing(SPACE)
        buttons.addWidget(open_button, 1)
        buttons.addWidget(clear_button, 1)
        side = QWidget()
        column = QVBoxLayout(side)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACE)
        column.addWidget(self._list, 1)
        column.addLayout(buttons)
        splitter = QSplitter(Qt.Orientation.Horizontal)
        splitter.setHandleWidth(2 * SPACE)
        splitter.setChildrenCollapsible(False)
        splitter.addWidget(side)
        splitter.addWidget(self._card)
        splitter.setStretchFactor(1, 1)
        splitter.setSizes([230, 800])
        side.setMinimumWidth(180)
        self._pages.addWidget(self.invitation)
        self._pages.addWidget(splitter)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(2 * SPACE, 2 * SPACE, 2 * SPACE, 2 * SPACE)
        layout.addWidget(self._pages)
        self._show_page(0)


def pictures_of(mime: QMimeData) -> list[Picture]:
    """The pictures in something dropped or pasted: its local files, else its bitmap. Empty where it has neither."""
    files = [Path(url.toLocalFile()) for url in mime.urls() if url.isLocalFile()]
    if files:
        return [Picture.of_file(path) for path in files]
    data = _bitmap(mime)
    return [Picture(data, "pasted picture")] if data else []


def _bitmap(mime: QMimeData) -> bytes:
    """The picture's file as it came, which costs nothing; else an uncompressed one, which costs little."""
    for kind in ("image/png", "image/jpeg", "image/webp", "image/gif", "image/bmp"):
        if mime.hasFormat(kind):
            return bytes(mime.data(kind).data())
    image = QImage(mime.imageData()) if mime.hasImage() else QImage()
    data = QByteArray()
    buffer = QBuffer(data)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    if not image.isNull():
        image.save(buffer, "BMP")  # type: ignore[call-overload]
    return bytes(data.data())
