"""A child process that does what it is asked to, for test_child.py."""

import ctypes
import os
import time
from collections.abc import Iterator
from typing import Any

from cnngui.core.child import Sent
from cnngui.core.child_side import serve
from cnngui.core.errors import UserError


def answer(request: dict[str, Any], contents: bytes) -> Iterator[Sent]:
    match request["do"]:
        case "echo":
            print("a library prints something", flush=True)
            os.write(1, b"and so does one in C")
            yield {"first": True}, b""
            yield {"same": request["same"]}, contents
        case "refuse":
            yield {}, b"some"
            raise UserError("It is not what it should be.")
        case "raise":
            raise KeyError("damaged")
        case "crash":
            ctypes.string_at(0)
        case "exit":
            os._exit(0)
        case "hang":
            ctypes.PyDLL(None).usleep(20_000_000)  # as C code does that keeps Python's lock
        case "sleep":
            time.sleep(request["moment"])
            yield {}, b""
        case "take":
            yield {}, bytes([len(bytearray(b"x") * request["bytes"]) % 256])
        case "too much":
            yield {}, bytes(1000)
            yield {}, bytes(1000)


if __name__ == "__main__":
    serve(answer)
