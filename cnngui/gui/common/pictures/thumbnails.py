"""Small versions of pictures for lists, read in the background as they come into view."""

from collections.abc import Callable, Hashable
from dataclasses import dataclass

from PySide6.QtCore import QObject, QTimer, Signal, Slot
from PySide6.QtGui import QImage, QPixmap

from cnngui.core.pictures.decoding import Source
from cnngui.core.progress import ShouldStop
from cnngui.gui.common.pictures.image_view import preview
from cnngui.gui.common.worker import Deliver, Task

SIDE = 96  # pixels: for the 40 of a row, on a screen of double density
KEPT = 500  # thumbnails, those used last; of SIDE pixels, each has 28 kB
ROUND = 16  # thumbnails read before those asked for meanwhile get their turn

TELL_MS = 30  # between two signals: a view that is full of them is painted again at each

Make = Callable[[Source, int], QImage | None]

Stamp = tuple[int, int] | None
"""When a file was last written, in nanoseconds, and its size in bytes; None if that is not known."""


@dataclass(frozen=True)
class _Kept:
    """A thumbnail, what it was read from, and how that was then."""

    pixmap: QPixmap
    source: Source
    stamp: Stamp


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
        self._kept: dict[Hashable, _Kept] = {}  # the last used at the end
        self._wanted: dict[Hashable, Source] = {}  # the last asked for at the end
        self._doubted: dict[Hashable, _Kept] = {}  # whose files may have changed
        self._telling = QTimer(self, singleShot=True, interval=TELL_MS)
        self._telling.timeout.connect(self.changed)
        self._task = Task(self)
        self._task.finished.connect(self._read)
        self._stopped = False

    def get(self, key: Hashable, source: Source) -> QPixmap:
        """The picture, at most ``side`` pixels wide and high; null until it has been read, or if it is unreadable."""
        if key in self._kept:
            self._kept[key] = self._kept.pop(key)
            return self._kept[key].pixmap
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

    def look_again(self) -> None:
        """Read those anew whose files another program has written meanwhile; until then, the old ones are shown."""
        self._doubted = {key: kept for key, kept in self._kept.items() if not isinstance(kept.source, bytes)}
        self._read()

    def stop(self) -> None:
        """Read no more, and block until no picture is being read or that hangs."""
        self._stopped = True
        self._task.leave()

    @Slot()
    def _read(self) -> None:
        if self._task.is_running or self._stopped:
            return
        if not self._wanted:
            self._check()
            return
        latest = list(self._wanted.items())[: -ROUND - 1 : -1]
        for key, _ in latest:
            del self._wanted[key]

        side, make = self._side, self._make or preview

        def work(report: Deliver, should_stop: ShouldStop) -> None:
            for key, source in latest:
                if should_stop():
                    return
                stamp = _stamp(source)  # before it is read: what is written meanwhile is newer
                report((key, source, stamp, make(source, side)))

        self._task.start(work, progressed=self._take)

    def _check(self) -> None:
        doubted, self._doubted = self._doubted, {}
        if not doubted:
            return

        def work(_report: Deliver, should_stop: ShouldStop) -> list[tuple[Hashable, Source]]:
            files = ((key, kept) for key, kept in doubted.items() if not should_stop())
            return [(key, kept.source) for key, kept in files if _stamp(kept.source) != kept.stamp]

        self._task.start(work, succeeded=self._want)

    def _want(self, changed: list[tuple[Hashable, Source]]) -> None:
        self._wanted.update((key, source) for key, source in changed if key in self._kept)

    def _take(self, read: tuple[Hashable, Source, Stamp, QImage | None]) -> None:
        key, source, stamp, image = read
        self._wanted.pop(key, None)  # the list may have asked again while it was being read
        self._kept[key] = _Kept(QPixmap.fromImage(image or QImage()), source, stamp)
        if len(self._kept) > self._most:
            del self._kept[next(iter(self._kept))]
        if not self._telling.isActive():
            self._telling.start()


def _stamp(source: Source) -> Stamp:
    if isinstance(source, bytes):
        return None
    try:
        status = source.stat()
    except OSError:
        return None
    return status.st_mtime_ns, status.st_size
