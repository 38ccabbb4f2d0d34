"""Takes pictures while a button is held, and adds those of a press to a class in one step."""

from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QObject, QTimer, Signal, Slot
from PySide6.QtGui import QImage

from cnngui.core.errors import UserError
from cnngui.core.pictures.gathering import Gathered
from cnngui.core.progress import ShouldStop
from cnngui.gui.common.worker import Deliver, Task

FIRST_MS = 500  # a shorter press takes one picture
NEXT_MS = 200  # 5 pictures a second
MOST = 100  # pictures in one step: what comes after 20 s is another one
QUALITY = 95  # of JPEG, 0–100

Add = Callable[[Sequence[Gathered], str | None], object]
"""Adds pictures to a class, or with "" or None to those without one."""


@dataclass(eq=False)
class _Press:
    """What one press takes. frames: that wait to be written. taken: how many. is_over: whether more may come."""

    label: str | None
    frames: deque[tuple[QImage, str]] = field(default_factory=deque)
    pictures: list[Gathered] = field(default_factory=list)
    taken: int = 0
    is_over: bool = False


class Shooting(QObject):
    """Takes pictures of what is seen, and hands them on as JPEG files, which a worker writes.

    taken: a picture was taken.
    """

    taken = Signal()

    def __init__(self, add: Add, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._add = add
        self._image: QImage | None = None
        self._presses: deque[_Press] = deque()  # the last one may go on
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._take)
        self._task = Task(self)
        self._task.finished.connect(self._write)

    @property
    def is_busy(self) -> bool:
        """Whether pictures are taken, or wait to be written and handed on."""
        return bool(self._presses)

    def show(self, image: QImage | None) -> None:
        """This is seen now; it is what a picture would show."""
        self._image = image

    def begin(self, label: str | None) -> None:
        """The button is pressed: take a picture for this class and, if it is held, more."""
        self.end()
        self._presses.append(_Press(label))
        self._take()
        self._timer.start(FIRST_MS)

    @Slot()
    def end(self) -> None:
        """The button is released."""
        self._timer.stop()
        if self._presses:
            self._presses[-1].is_over = True
            self._write()

    def stop(self) -> None:
        """Take no more, and wait until nothing is being written."""
        self._timer.stop()
        self._presses.clear()
        self._task.abandon()
        self._task.wait()

    @Slot()
    def _take(self) -> None:
        self._timer.setInterval(NEXT_MS)
        if self._image is None:
            return
        press = self._presses[-1]
        if press.taken == MOST:
            press.is_over = True
            press = _Press(press.label)
            self._presses.append(press)
        press.taken += 1
        press.frames.append((self._image, f"webcam {datetime.now():%Y-%m-%d %H.%M.%S}"))
        self.taken.emit()
        self._write()

    @Slot()
    def _write(self) -> None:
        """Write the next picture, and hand on what is complete."""
        while not self._task.is_running and self._presses:
            press = self._presses[0]
            if press.frames:
                self._start(*press.frames.popleft(), press.pictures)
            elif press.is_over:
                self._presses.popleft()
                if press.pictures:
                    self._add(press.pictures, press.label)
            else:
                return

    def _start(self, image: QImage, name: str, pictures: list[Gathered]) -> None:
        def work(_report: Deliver, _should_stop: ShouldStop) -> Gathered:
            return Gathered(jpeg(image), name)

        self._task.start(work, succeeded=pictures.append)


def jpeg(image: QImage) -> bytes:
    """The image as a JPEG file. Safe in any thread. Raises UserError."""
    data = QByteArray()
    buffer = QBuffer(data)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    if not image.save(buffer, "JPEG", QUALITY):  # type: ignore[call-overload]
        raise UserError("The picture could not be written.")
    return bytes(data.data())
