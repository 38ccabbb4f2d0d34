"""Small versions of pictures for the list, read in the background as rows come into view."""

from PySide6.QtCore import QObject, QTimer, Signal, Slot
from PySide6.QtGui import QImage, QPixmap

from cnngui.core.pictures.decoding import Source
from cnngui.core.progress import ShouldStop
from cnngui.gui.common.image_view import preview
from cnngui.gui.common.worker import Deliver, Task

SIDE = 96  # pixels: for a row's 40, on a screen of double density
KEPT = 500  # thumbnails of 28 kB, those used last
ROUND = 16  # thumbnails read before those asked for meanwhile get their turn


class Thumbnails(QObject):
    """A cache of thumbnails. changed: some have been read.

    Those asked for last are read first: after scrolling, they are the ones in view.
    """

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._kept: dict[int, QPixmap] = {}  # by picture number, the last used at the end
        self._wanted: dict[int, Source] = {}  # by picture number, the last asked for at the end
        self._task = Task(self)
        self._task.finished.connect(self._read)
        self._stopped = False

    def get(self, number: int, source: Source) -> QPixmap:
        """The picture, at most SIDE pixels wide and high; null until it has been read, or if it is unreadable."""
        if number in self._kept:
            self._kept[number] = self._kept.pop(number)
            return self._kept[number]
        self._wanted.pop(number, None)
        self._wanted[number] = source
        if len(self._wanted) > KEPT:
            del self._wanted[next(iter(self._wanted))]
        QTimer.singleShot(0, self._read)  # once the view has asked for all that it shows
        return QPixmap()

    def forget(self, number: int) -> None:
        """Drop the thumbnail of this picture."""
        self._kept.pop(number, None)
        self._wanted.pop(number, None)

    def stop(self) -> None:
        """Read no more, and block until no picture is being read or that hangs."""
        self._stopped = True
        self._task.leave()

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
                report((number, preview(source, SIDE)))

        self._task.start(work, progressed=self._take)

    def _take(self, read: tuple[int, QImage | None]) -> None:
        number, image = read
        self._wanted.pop(number, None)  # the list may have asked again while it was being read
        self._kept[number] = QPixmap.fromImage(image or QImage())
        if len(self._kept) > KEPT:
            del self._kept[next(iter(self._kept))]
        self.changed.emit()
