"""A reader of weights that never ends, as HDF5 may not where a file is damaged."""

import ctypes
from collections.abc import Iterator
from typing import Any

from cnngui.core.child import Sent
from cnngui.core.child_side import serve


def answer(_request: dict[str, Any], _contents: bytes) -> Iterator[Sent]:
    ctypes.PyDLL(None).usleep(60_000_000)  # as C code does that keeps Python's lock
    yield {}, b""


if __name__ == "__main__":
    serve(answer)
