"""Small versions of pictures for lists, read in the background as they come into view."""

from collections.abc import Callable, Hashable

from PySide6.QtCore import QObject, QTimer, Signal, Slot
from PySide6.QtGui import QImage, QPixmap

from cnngui.core.pictures.decoding import Source
from cnngui.core.progress import ShouldStop
from cnngui.gui.common.pictures.image_view import preview
from cnngui.gui.common.worker import Deliver, Task

SIDE = 96  # pixels: for the 40 of a row, on a screen of double density
KEPT = 500  # thumbnails, those used last; of SIDE pixels, each has 28 kB
ROUND = 16  # thumbnails read before those asked for meanwhile get their turn

Make = Callable[[Source, int], QImage | None]


class Thumbnails(QObject):
    """A cache of thumbnails by any key, such as a number. changed: some have been read.

    side: their longest side, in pixels. make: reads a picture for this side, in any thread; by default, all of it.
    kept: how many of them, those used last.
    Those asked for last are read first: after scrolling, they are the ones in view.
    """

    changed = Signal()

    def __init__(
        self, parent: QObject | None = None, side: int = SIDE, make: Make | None = None, kept: int = KEPT
    ) -> None:
        super().__init__(parent)
        self._side, self._make, self._most = side, make, kept
        self._kept: dict[Hashable, QPixmap] = {}  # the last used at the end
        self._wanted: dict[Hashable, Source] = {}  # the last asked for at the end
        self._task = Task(self)
        self._task.finished.connect(self._read)
        self._stopped = False

    def get(self, key: Hashable, source: Source) -> QPixmap:
        """The picture, at most ``side`` pixels wide and high; null until it has been read, or if it is unreadable."""
        if key in self._kept:
            self._kept[key] = self._kept.pop(key)
            return self._kept[key]
        self._wanted.pop(key, None)
        self._wanted[key] = source
        if len(self._wanted) > self._most:
            del self._wanted[next(iter(self._wanted))]
        QTimer.singleShot(0, self._read)  # once the view has asked for all that it shows
        return QPixmap()

    def forget(self, key: Hashable) -> None:
        """Drop the thumbnail of this picture."""
        self._kept.pop(key, None)
        self._wanted.pop(key, None)

    def stop(self) -> None:
        """Read no more, and block until no picture is being read or that hangs."""
        self._stopped = True
        self._task.leave()

    @Slot()
    def _read(self) -> None:
        if self._task.is_running or self._stopped or not self._wanted:
            return
        latest = list(self._wanted.items())[: -ROUND - 1 : -1]
        for key, _ in latest:
            del self._wanted[key]

        side, make = self._side, self._make or preview

        def work(report: Deliver, should_stop: ShouldStop) -> None:
            for key, source in latest:
                if should_stop():
                    return
                report((key, make(source, side)))

        self._task.start(work, progressed=self._take)

    def _take(self, read: tuple[Hashable, QImage | None]) -> None:
        key, image = read
        self._wanted.pop(key, None)  # the list may have asked again while it was being read
        self._kept[key] = QPixmap.fromImage(image or QImage())
        if len(self._kept) > self._most:
            del self._kept[next(iter(self._kept))]
        self.changed.emit()
