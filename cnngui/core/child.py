"""A child process for what may crash, hang or exhaust memory: reading files that may come from anyone.

The parent sends requests; the child answers each with messages and an end. A message is JSON and bytes, both of limited
length. Nothing is pickled: a child that a file has taken over can hand over nothing else.
"""

import json
import os
import struct
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Any

from cnngui.core.errors import UserError

Told = dict[str, Any]
Message = tuple[Told, bytes]
Sent = tuple[Told, bytes | memoryview]

START_SECONDS = 60.0  # Python's start and imports, before the child sees a file; a busy machine may take long

PATIENCE = 4  # times the limit of seconds, at most, while a process waits for a processor that others use

_MOMENT = 0.1  # seconds, which are not worth waiting for
_LENGTHS = struct.Struct(">IQ")  # of a message's JSON and its bytes
_MAX_JSON = 1_000_000  # bytes
_MAX_SENTENCE = 1000  # characters
_FEW_THREADS = {"MALLOC_ARENA_MAX": "1", "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}  # each takes memory


class ChildError(Exception):
    """The child crashed, or sent nonsense."""


class TooCostlyError(ChildError):
    """The child took too long, or needed too much memory."""


class Child:
    """A process that answers requests, one after the other, within limits. It has ended after :class:`ChildError`."""

    def __init__(self, module: str, megabytes: int) -> None:
        """Start the process. It imports what it needs while the caller goes on.

        module: a module that calls :func:`cnngui.core.child_side.serve` when it is run.
        megabytes: the memory that the process may take beyond what its imports take. Only Linux enforces it.
        Raises UserError if the system starts no more processes.
        """
        self._is_ready = False
        try:
            self._process = subprocess.Popen(
                [sys.executable, "-P", "-m", module, str(megabytes)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env={**environment(), **_FEW_THREADS},
                creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),  # on Windows, no console flashes up
            )
        except OSError as error:
            raise UserError(
                f"No process could be started to read this ({error.strerror or error}). Close other programs."
            ) from error
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._requests, self._replies = self._process.stdin, self._process.stdout

    @property
    def has_ended(self) -> bool:
        """Whether the process has ended."""
        return self._process.poll() is not None

    def ask(self, request: Told, contents: bytes = b"", *, seconds: float, max_bytes: int) -> Iterator[Message]:
        """The messages that answer a request, with at most ``max_bytes`` bytes in all.

        seconds: how long the answer may take, with what the caller does in between, but without the process's start
            and without the time for which others keep the processors busy.
        Raises UserError with the child's sentence, TooCostlyError and ChildError. A caller that takes only some of the
        messages ends the process.
        """
        if not self._is_ready:
            with self._ending_after(START_SECONDS):
                self._next(0)
            self._is_ready = True
        with self._ending_after(seconds):
            send(self._requests, {**request, "seconds": seconds}, contents)
            while "end" not in (message := self._next(max_bytes))[0]:
                max_bytes -= len(message[1])
                yield message
            match message[0]["end"]:
                case "memory":
                    raise TooCostlyError
                case "error":
                    raise ChildError
                case str(sentence) if sentence:
                    raise UserError(sentence[:_MAX_SENTENCE])

    def kill(self) -> None:
        """End the process, from any thread. Whoever waits for its answer gets a :class:`ChildError`."""
        self._process.kill()

    def close(self) -> None:
        """End the process, and wait for its end."""
        self.kill()
        self._process.wait()
        for pipe in (self._requests, self._replies):
            with suppress(OSError):  # of what was not written before
                pipe.close()

    def _next(self, max_bytes: int) -> Message:
        message = receive(self._replies, max_bytes)
        if message is None:
            raise ChildError
        return message

    @contextmanager
    def _ending_after(self, seconds: float) -> Iterator[None]:
        """End the process if the block takes longer, or fails. A UserError is an answer."""
        is_over, is_late = threading.Event(), threading.Event()

        def watch() -> None:
            pid = self._process.pid
            began, waited, worked = time.monotonic(), _waited(pid), _worked(pid)
            end = began + seconds
            while not is_over.wait(max(0.0, end - time.monotonic())):
                if _worked(pid) - worked < seconds:  # else its threads have only waited for each other
                    end = began + seconds + min(_waited(pid) - waited, (PATIENCE - 1) * seconds)
                if end < time.monotonic() + _MOMENT:
                    is_late.set()
                    self.kill()
                    return

        # A thread that only ends the process: on Windows, no other wait for a pipe has a limit.
        threading.Thread(target=watch, daemon=True).start()
        try:
            yield
        except UserError:
            raise
        except BaseException as error:  # GeneratorExit, too
            is_over.set()
            self.close()
            if is_late.is_set():
                raise TooCostlyError from error
            if isinstance(error, (OSError, ValueError, TypeError, RecursionError)):  # a broken pipe, a strange message
                raise ChildError from error
            raise
        finally:
            is_over.set()


def _waited(process: int) -> float:
    """The seconds for which a process has waited for a processor that others used. Known on Linux only; else 0."""
    tasks = Path(f"/proc/{process}/task").glob("*/schedstat")  # its second number is in nanoseconds
    with suppress(OSError, ValueError, IndexError):
        return max((int(task.read_text().split()[1]) / 1e9 for task in tasks), default=0.0)
    return 0.0


def _worked(process: int) -> float:
    """The seconds of processor time that all threads of a process have had. Known on Linux only; else 0."""
    with suppress(OSError, ValueError, IndexError):
        fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()  # proc(5): utime and stime
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    return 0.0


def send(pipe: IO[bytes], told: Told, contents: "bytes | memoryview" = b"") -> None:
    """Write a message. Raises OSError if nobody reads it."""
    text = json.dumps(told).encode()
    pipe.write(_LENGTHS.pack(len(text), len(contents)) + text)
    pipe.write(contents)
    pipe.flush()


def receive(pipe: IO[bytes], max_bytes: int) -> Message | None:
    """Read a message; None at the end of the pipe. Raises ValueError if it is none, or has too many bytes."""
    lengths = pipe.read(_LENGTHS.size)
    if len(lengths) < _LENGTHS.size:
        return None
    text_length, length = _LENGTHS.unpack(lengths)
    if text_length > _MAX_JSON or length > max_bytes:
        raise ValueError("the message is too long")
    text, contents = pipe.read(text_length), pipe.read(length)
    if len(text) < text_length or len(contents) < length:
        return None
    told = json.loads(text)
    if not isinstance(told, dict):
        raise ValueError("the message is no object")
    return told, contents


def environment() -> dict[str, str]:
    """This process's environment, with this package to be found."""
    package = str(Path(__file__).parents[2])
    others = os.environ.get("PYTHONPATH", "")
    return {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, (package, others)))}
