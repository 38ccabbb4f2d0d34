"""Small versions of pictures for the list, read beside the window when a row comes into view."""

from PySide6.QtCore import QObject, QTimer, Signal, Slot
from PySide6.QtGui import QImage, QPixmap

from cnngui.core.errors import UserError
from cnngui.core.pictures import images
from cnngui.core.pictures.images import Source
from cnngui.core.progress import ShouldStop
from cnngui.gui.common.image_view import qimage
from cnngui.gui.common.worker import Deliver, Task

SIDE = 96  # pixels: a list's picture of 48, at a screen's double density
KEPT = 500  # thumbnails of 28 kB; those that were looked at last
ROUND = 16  # read before others, asked for meanwhile, have their turn


class Thumbnails(QObject):
    """Gives what it has at once, and emits changed when it has read what it had not.

    What was asked for last is read first: it is what is in view after scrolling.
    """

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._kept: dict[int, QPixmap] = {}  # by the pictures' numbers, the latest used at the end
        self._wanted: dict[int, Source] = {}  # the latest asked for at the end
        self._task = Task(self)
        self._task.finished.connect(self._read)
        self._stopped = False

    def get(self, number: int, source: Source) -> QPixmap:
        """The picture, at most SIDE pixels a side; null where it is still to be read, or cannot be."""
        if number in self._kept:
            self._kept[number] = self._kept.pop(number)
            return self._kept[number]
        self._wanted.pop(number, None)
        self._wanted[number] = source
        if len(self._wanted) > KEPT:
            del self._wanted[next(iter(self._wanted))]
        QTimer.singleShot(0, self._read)  # when all of a view have been asked for
        return QPixmap()

    def forget(self, number: int) -> None:
        """Keep nothing of this picture."""
        self._kept.pop(number, None)
        self._wanted.pop(number, None)

    def stop(self) -> None:
        """End all reading within a picture's time."""
        self._stopped = True
        self._task.abandon()
        self._task.wait()

    @Slot()
    def _read(self) -> None:
        if self._task.is_running or self._stopped or not self._wanted:
            return
        latest = list(self._wanted.items())[: -ROUND - 1 : -1]
        for number, _ in latest:
            del self._wanted[number]

        def work(report: Deliver, should_stop: ShouldStop) -> None:
            for number, source in latest:
                if should_stop():
                    return
                report((number, _thumbnail(source)))

        self._task.start(work, progressed=self._take)

    def _take(self, read: tuple[int, QImage]) -> None:
        number, image = read
        self._wanted.pop(number, None)  # a list that was painted meanwhile has asked again
        self._kept[number] = QPixmap.fromImage(image)
        if len(self._kept) > KEPT:
            del self._kept[next(iter(self._kept))]
        self.changed.emit()


def _thumbnail(source: Source) -> QImage:
    try:
        image = images.read(source, SIDE)
    except UserError:
        return QImage()
    image.thumbnail((SIDE, SIDE))
    return qimage(image)
