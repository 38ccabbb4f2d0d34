"""Makes the file beside a saved model by which it answers without TensorFlow; see :mod:`cnngui.core.models.litert`.

In a process of its own: TensorFlow's converter holds Python's lock for up to a second, and the window with it.
"""

import threading
from contextlib import closing, suppress
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from cnngui.core.child import Child, ChildError
from cnngui.core.errors import UserError
from cnngui.core.models import litert

MODULE = "cnngui.core.export.maker"
MEGABYTES = 8_000  # TensorFlow with a large network
SECONDS = 600.0


class Maker:
    """Makes one such file."""

    def __init__(self) -> None:
        self._child: Child | None = None
        self._lock = threading.Lock()
        self._is_stopped = False

    def make(self, model: Path, samples: NDArray[np.uint8]) -> bool:
        """Make the file of the model at this path, which takes about ten seconds. Returns whether it is there.

        samples: images such as the model is to answer, uint8 (n, height, width, 3). By the first of them
            the ranges of the 8 bits are chosen; all of them show whether it answers as the model does. If it does not,
            there is no file, and TensorFlow answers.
        """
        with self._lock:
            if self._is_stopped or not len(samples):
                return False
            try:
                self._child = Child(MODULE, MEGABYTES)
            except UserError:  # the system starts no more processes
                return False
        request = {"model": str(model.absolute()), "shape": samples.shape}
        with closing(self._child), suppress(ChildError, UserError, OSError):
            for _, content in self._child.ask(request, samples.tobytes(), seconds=SECONDS, max_bytes=litert.MOST_BYTES):
                litert.write(model, content)
                return True
        return False

    def stop(self) -> None:
        """Give up at once, from any thread."""
        with self._lock:
            self._is_stopped = True
            if self._child is not None:
                self._child.kill()
