"""Checks for a display, without which Qt would abort the program."""

import os
import sys

_NO_SCREEN = ("offscreen", "minimal", "vnc")


def problem() -> str | None:
    """A sentence that says why no window can be opened, or None. Windows and macOS always have a display."""
    if sys.platform in ("win32", "darwin") or os.environ.get("QT_QPA_PLATFORM", "").startswith(_NO_SCREEN):
        return None
    if not (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY") or os.environ.get("QT_QPA_PLATFORM")):
        return "There is no display to open a window on. Start cnngui on a desktop, or use its commands: cnngui --help."
    if not _opens():
        return (
            "The display cannot be opened, or a system library for it is missing (“make run” installs those). "
            "Start cnngui on a desktop, or use its commands: cnngui --help."
        )
    return None


def _opens() -> bool:
    """Whether a child process can connect to the display. Qt offers no way to ask: it aborts."""
    from PySide6.QtGui import QGuiApplication

    child = os.fork()
    if child == 0:
        import resource

        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))  # an abort must not leave a core dump
        silence = os.open(os.devnull, os.O_WRONLY)
        os.dup2(silence, 2)
        QGuiApplication(["cnngui"])
        os._exit(0)
    return os.waitpid(child, 0)[1] == 0
