"""An export in a process of its own: TensorFlow's converters hold Python's lock for a second at a time."""

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, BinaryIO

from cnngui.core.child import environment
from cnngui.core.errors import Stopped, UserError
from cnngui.core.export.export import NO_MEMORY, Exported
from cnngui.core.export.formats import Format
from cnngui.core.export.proof.proof import Proof
from cnngui.core.files import remove_unfinished_folders
from cnngui.core.progress import Progress, Report, ShouldStop

STOP_SECONDS = 3.0  # for an export to end by itself; a converter may not listen for longer
_LOOK_SECONDS = 0.1  # between two looks at what the process has written
_NICENESS = 5  # converters keep all processors busy, and the window should not wait for one
_BELOW_NORMAL = getattr(subprocess, "BELOW_NORMAL_PRIORITY_CLASS", 0)  # the same on Windows
_STOPPED = 130  # the command's exit status
_SENTENCE = re.compile(r"^cnngui: (.+)$", re.MULTILINE)


@dataclass(frozen=True)
class Request:
    """What is to be exported: the arguments of :func:`cnngui.core.export.export.export`."""

    model: Path
    chosen: Format
    folder: Path
    data: str | None = None
    data_dir: Path | None = None

    @property
    def arguments(self) -> list[str]:
        """Those of the command line."""
        asked = ["export", f"--model={self.model}", f"--to={self.chosen.key}", f"--out={self.folder}", "--json"]
        more = {"--data": self.data, "--data-dir": self.data_dir}
        return asked + [f"{name}={value}" for name, value in more.items() if value]


def export_apart(request: Request, progress: Report, should_stop: ShouldStop) -> Exported:
    """Let ``cnngui export`` do it. After a stop or a failure, nothing of it is left.

    Raises UserError and Stopped as :func:`cnngui.core.export.export.export`, also if the process cannot be started or
    the system ends it; and RuntimeError with what it wrote, if it fails in any other way.
    """
    try:
        with TemporaryDirectory(prefix="cnngui-", ignore_cleanup_errors=True) as aside:
            return _run(request, Path(aside), progress, should_stop)
    except OSError as error:
        raise UserError(
            f"The export could not be started ({error.strerror or error}). Close other programs, or free some space."
        ) from error


def _run(request: Request, aside: Path, progress: Report, should_stop: ShouldStop) -> Exported:
    """aside: a folder for what is written meanwhile; a process that is killed does not tidy up its own."""
    told_path, error_path = aside / "told", aside / "errors"
    with told_path.open("wb") as told, error_path.open("wb") as errors, told_path.open("rb") as reader:
        process = _started(request, aside, told, errors)
        messages, result = _Messages(reader), None
        try:
            for _ in _until_ended(process, should_stop):
                for message in messages.new():
                    if "progress" in message:
                        progress(Progress(**message["progress"]))
                    elif "folder" in message:
                        result = message
        finally:
            process.kill()
            process.wait()
            remove_unfinished_folders(request.folder, nobody_writes=True)
    if process.returncode == 0 and result is not None:
        return _exported(result)
    if should_stop() or process.returncode == _STOPPED:
        raise Stopped
    raise _failure(process.returncode, error_path.read_text(encoding="utf-8", errors="replace"))


def _started(request: Request, aside: Path, told: BinaryIO, errors: BinaryIO) -> subprocess.Popen[bytes]:
    temporary = dict.fromkeys(("TMPDIR", "TEMP", "TMP"), str(aside))
    process = subprocess.Popen(
        _command(request),
        stdin=subprocess.DEVNULL,
        stdout=told,
        stderr=errors,
        env={**environment(), **temporary, "PYTHONIOENCODING": "utf-8:backslashreplace"},
        creationflags=_BELOW_NORMAL | getattr(subprocess, "CREATE_NO_WINDOW", 0),  # on Windows, no console flashes up
    )
    if hasattr(os, "setpriority"):
        with suppress(OSError):  # it has ended already
            os.setpriority(os.PRIO_PROCESS, process.pid, _NICENESS)
    return process


def _command(request: Request) -> list[str]:
    return [sys.executable, "-P", "-m", "cnngui", *request.arguments]


def _until_ended(process: subprocess.Popen[bytes], should_stop: ShouldStop) -> Iterator[None]:
    """Yield now and then, and once more when the process has ended. After a stop, it gets a moment to tidy up."""
    stopped_at = None
    while True:
        time.sleep(_LOOK_SECONDS)  # process.wait() would wake up more often, and take Python's lock from the window
        has_ended = process.poll() is not None
        yield
        if has_ended:
            return
        if stopped_at is None and should_stop():
            stopped_at = time.monotonic()
            process.terminate()
        if stopped_at is not None and time.monotonic() - stopped_at > STOP_SECONDS:
            process.kill()


class _Messages:
    """The JSON objects in a file that is still being written, one a line. Libraries may write other lines to it."""

    def __init__(self, reader: BinaryIO) -> None:
        self._reader, self._rest = reader, b""

    def new(self) -> Iterator[dict[str, Any]]:
        """What has been added since the last call."""
        *lines, self._rest = (self._rest + self._reader.read()).split(b"\n")
        for line in lines:
            with suppress(ValueError):
                message = json.loads(line)
                if isinstance(message, dict):
                    yield message


def _exported(result: dict[str, Any]) -> Exported:
    proof = {**result["proof"], "warnings": tuple(result["proof"]["warnings"])}
    del proof["is_good"]  # follows from the warnings
    return Exported(Path(result["folder"]), result["size"], Proof(**proof))


def _failure(status: int, errors: str) -> Exception:
    sentences = _SENTENCE.findall(errors)
    if status == 1 and sentences:
        return UserError(sentences[-1])
    if os.name == "posix" and status == -signal.SIGKILL:  # by the system, which does that to free memory
        return UserError(NO_MEMORY)
    return RuntimeError(f"cnngui export ended with status {status}: {errors.strip()[-2000:]}")
