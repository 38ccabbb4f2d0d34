"""Random test images of CIFAR-10."""

import io
import random
from collections.abc import Callable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from PySide6.QtCore import QObject, Signal

from cnngui.core.data import cifar10
from cnngui.core.errors import UserError
from cnngui.core.progress import ShouldStop
from cnngui.gui.common.worker import Deliver, Task
from cnngui.gui.predict.pictures.picture import Picture


class TestImages(QObject):
    """Picks test images at random. taken: a Picture with its label. notice: why there is none."""

    __test__ = False  # for pytest, which would take it for tests by its name
    taken = Signal(object)
    notice = Signal(str)

    def __init__(self, data_dir: Callable[[], Path | None], parent: QObject | None = None) -> None:
        """data_dir: returns the user's folder of CIFAR-10, or None if none was chosen."""
        super().__init__(parent)
        self._data_dir = data_dir
        self._task = Task(self)
        self.refresh()

    def refresh(self) -> None:
        """Look again whether CIFAR-10 is on this computer: ``is_there``."""
        self.is_there = self._folder() is not None

    def take(self) -> None:
        """Read a random test image and emit ``taken``, or ``notice``.

        Does nothing while one is being read: CIFAR-10's Python version takes 0.1 s, so a worker reads it.
        """
        folder = self._folder()
        if folder is None:
            self.notice.emit("CIFAR-10 is missing. Train on it once to download it, or start cnngui with --data-dir.")
            return
        if self._task.is_running:
            return
        index = random.randrange(cifar10.RECORDS_PER_FILE)

        def work(_progress: Deliver, _should_stop: ShouldStop) -> Picture:
            pixels, label = cifar10.test_image(folder, index)
            return Picture(to_bmp(pixels), f"CIFAR-10 test image {index}", given=label)

        self._task.start(work, succeeded=self.taken.emit, failed=self._fail)

    def stop(self) -> None:
        """Drop the image that is being read, and wait for its end."""
        self._task.abandon()
        self._task.wait()

    def _fail(self, error: UserError) -> None:
        self.notice.emit(str(error))

    def _folder(self) -> Path | None:
        try:
            folder = cifar10.find(self._data_dir())
        except UserError:  # the Train half shows the reason; here there is just nothing to offer
            return None
        return folder if folder is not None and folder.is_dir() else None


def to_bmp(pixels: NDArray[np.uint8]) -> bytes:
    """An RGB image, uint8 (height, width, 3), as a BMP file, which is lossless."""
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, "BMP")
    return file.getvalue()
