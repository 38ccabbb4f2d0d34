"""What runs in a child process of :mod:`cnngui.core.child`: it limits itself, then answers until its parent ends."""

import os
import signal
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO

from cnngui.core.child import Message, Sent, Told, receive, send
from cnngui.core.errors import UserError

Answer = Callable[[Told, bytes], Iterator[Sent]]

_MAX_CONTENTS = 2_000_000_000  # bytes; what the parent sends is limited there
_GRACE = 2  # seconds of processor time; usually the parent ends the process first


def serve(answer: Answer) -> None:
    """Answer the parent's requests with the messages that ``answer(request, contents)`` yields.

    A UserError that it raises reaches the parent as its sentence. Returns when the parent has closed the pipe.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C goes to the parent, too, which decides
    replies = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a library prints must not get between the messages
    _limit_memory(int(sys.argv[1]))
    send(replies, {"ready": True})
    while (message := receive(sys.stdin.buffer, _MAX_CONTENTS)) is not None:
        _limit_time(float(message[0]["seconds"]))
        send(replies, {"end": _answered(answer, message, replies)})


def _answered(answer: Answer, request: Message, replies: IO[bytes]) -> str:
    """Send the messages, and return the last word: "" if all is well, "memory", "error" or a UserError's sentence."""
    try:
        for told, contents in answer(*request):
            send(replies, told, contents)
    except UserError as error:
        return str(error)
    except MemoryError:
        return "memory"
    except Exception:  # damaged files raise almost anything
        return "error"
    return ""


def _limit_memory(megabytes: int) -> None:
    """Limit the memory that this process may take from now on, and show no dialog if it crashes."""
    if sys.platform == "win32":
        import msvcrt

        msvcrt.SetErrorMode(msvcrt.SEM_FAILCRITICALERRORS | msvcrt.SEM_NOGPFAULTERRORBOX)
        return
    import resource

    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if sys.platform == "linux":  # macOS takes the limit, but does not keep to it
        data = int(Path("/proc/self/statm").read_text().split()[5]) * resource.getpagesize()
        limit = data + megabytes * 1_000_000
        resource.setrlimit(resource.RLIMIT_DATA, (limit, limit))


def _limit_time(seconds: float) -> None:
    """Limit the processor time for a request, in case the parent is gone."""
    if sys.platform != "win32":
        import resource

        usage = resource.getrusage(resource.RUSAGE_SELF)
        limit = int(usage.ru_utime + usage.ru_stime + seconds * (os.cpu_count() or 1)) + _GRACE
        resource.setrlimit(resource.RLIMIT_CPU, (limit, resource.getrlimit(resource.RLIMIT_CPU)[1]))
