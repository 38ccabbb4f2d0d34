"""Import TensorFlow, which takes a second or two, without its start-up messages."""

import gc
import os
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager

# TF_CPP_MIN_LOG_LEVEL takes effect only after these have been written.
GREETINGS = ("I0000 ", "WARNING: All log messages before absl::InitializeLog()")

_LOCK = threading.Lock()  # several threads may import it at once, but there is only one standard error


def start_tensorflow() -> None:
    """Import TensorFlow and Keras. What they write to standard error appears afterwards, without the greetings."""
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    with _LOCK:
        if "tensorflow" in sys.modules and "keras" in sys.modules:
            return
        with _without_greetings(), _without_collections():
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


@contextmanager
def _without_greetings() -> Iterator[None]:
    try:
        sys.stderr.flush()
        terminal = os.dup(2)
    except (AttributeError, OSError):  # without a terminal, there may be no standard error
        yield
        return
    with tempfile.TemporaryFile() as aside:
        os.dup2(aside.fileno(), 2)
        try:
            yield
        finally:
            os.dup2(terminal, 2)
            os.close(terminal)
            aside.seek(0)
            for line in aside.read().decode(errors="replace").splitlines():
                if not line.startswith(GREETINGS):
                    print(line, file=sys.stderr)
