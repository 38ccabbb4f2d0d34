"""Starting TensorFlow, which takes a second or two, without what it tells everyone about itself."""

import gc
import os
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager

# Its environment variable for this, TF_CPP_MIN_LOG_LEVEL, comes into force only after these have been written.
GREETINGS = ("I0000 ", "WARNING: All log messages before absl::InitializeLog()")

_LOCK = threading.Lock()  # two threads may need it at once, and there is one standard error


def start_tensorflow() -> None:
    """Import TensorFlow and Keras; what they write to standard error meanwhile comes after, less the greetings."""
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    with _LOCK:
        if "tensorflow" in sys.modules and "keras" in sys.modules:
            return
        with _without_greetings(), _without_collections():
            import keras  # noqa: F401
            import tensorflow  # noqa: F401


@contextmanager
def _without_collections() -> Iterator[None]:
    """For an import: what it makes stays for good, and garbage is never looked for in it.

    Looking takes long, during the import as well as later: in every full collection no thread, the window's included,
    runs Python for 0.15 s (benchmarks/window.py).
    """
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()  # first: what was made meanwhile would set off a collection at once
        if enabled:
            gc.enable()


@contextmanager
def _without_greetings() -> Iterator[None]:
    try:
        sys.stderr.flush()
        terminal = os.dup(2)
    except (AttributeError, OSError):  # a program without a terminal may have no standard error
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
