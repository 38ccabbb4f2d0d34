"""CIFAR-10's test images, one of which can be classified at a time."""

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


class RandomImage(QObject):
    """One of the test images at a time. notice: why there is none."""

    notice = Signal(str)

    def __init__(self, data_dir: Callable[[], Path | None], parent: QObject | None = None) -> None:
        """data_dir: where CIFAR-10 lies now, if a person has said so."""
        super().__init__(parent)
        self._data_dir = data_dir

    @property
    def is_there(self) -> bool:
        """Whether there is one to be had."""
        return self._folder() is not None

    def take(self) -> Picture | None:
        """One at random, with its label; None where a notice says why."""
        folder = self._folder()
        if folder is None:
            self.notice.emit("A test image needs CIFAR-10. Train on it once to download it, or start with --data-dir.")
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
        except UserError:  # the form says so when someone trains; here there is just nothing to offer
            return None
        return folder if folder is not None and folder.is_dir() else None


def to_bmp(pixels: NDArray[np.uint8]) -> bytes:
    """An RGB image, uint8 (height, width, 3), as the bytes of a BMP file, which keeps every value."""
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, "BMP")
    return file.getvalue()
