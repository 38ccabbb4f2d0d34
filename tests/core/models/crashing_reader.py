"""A reader of weights that crashes, as HDF5 may where a file is damaged."""

import ctypes
from collections.abc import Iterator
from typing import Any

from cnngui.core.child import Sent
from cnngui.core.child_side import serve


def answer(_request: dict[str, Any], _contents: bytes) -> Iterator[Sent]:
    ctypes.string_at(0)
    yield {}, b""


if __name__ == "__main__":
    serve(answer)
