"""What libraries write to standard error, although nothing is wrong."""

import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def without_greetings(*beginnings: str) -> Iterator[None]:
    """Standard error of this process gets what is written in the block afterwards, without the lines that begin so."""
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
                if not line.startswith(beginnings):
                    print(line, file=sys.stderr)
