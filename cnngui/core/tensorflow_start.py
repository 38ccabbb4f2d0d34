"""Import TensorFlow, which takes a second or two, without its start-up messages."""

import gc
import os
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from cnngui.core.greetings import without_greetings

# TF_CPP_MIN_LOG_LEVEL takes effect only after these have been written.
GREETINGS = ("I0000 ", "WARNING: All log messages before absl::InitializeLog()")

_LOCK = threading.Lock()  # several threads may import it at once, but there is only one standard error


def start_tensorflow() -> None:
    """Import TensorFlow and Keras. What they write to standard error appears afterwards, without the greetings."""
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    with _LOCK:
        if "tensorflow" in sys.modules and "keras" in sys.modules:
            return
        with without_greetings(*GREETINGS), _without_collections():
            import keras  # noqa: F401
            import tensorflow  # noqa: F401


@contextmanager
def _without_collections() -> Iterator[None]:
    """Turn off garbage collection during an import, and exclude what it creates from later collections.

    Its objects live forever, but scanning them takes long: each full collection would stop all threads, including the
    window's, for 0.15 s (benchmarks/window.py).
    """
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()  # before enabling it, which would start a collection at once
        if enabled:
            gc.enable()
