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
from cnngui.gui.predict.pictures.picture import Picture


class TestImages(QObject):
    """Picks test images at random. notice: why there are none."""

    __test__ = False  # for pytest, which would take it for tests by its name
    notice = Signal(str)

    def __init__(self, data_dir: Callable[[], Path | None], parent: QObject | None = None) -> None:
        """data_dir: returns the user's folder of CIFAR-10, or None if none was chosen."""
        super().__init__(parent)
        self._data_dir = data_dir
        self.refresh()

    def refresh(self) -> None:
        """Look again whether CIFAR-10 is on this computer: ``is_there``."""
        self.is_there = self._folder() is not None

    def take(self) -> Picture | None:
        """A random test image with its label. None after a notice if there is none."""
        folder = self._folder()
        if folder is None:
            self.notice.emit("CIFAR-10 is missing. Train on it once to download it, or start cnngui with --data-dir.")
            return None
        index = random.randrange(cifar10.RECORDS_PER_FILE)
        try:
            pixels, label = cifar10.test_image(folder, index)
        except UserError as error:
            self.notice.emit(str(error))
            return None
        return Picture(to_bmp(pixels), f"CIFAR-10 test image {index}", given=label)

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
