"""The one place for bugs: whatever is raised and not a UserError is logged and shown.

A slot, a worker, a timer or a thread may raise; :func:`report` takes the exception from any of them. The same bug is
reported again after ten seconds at the earliest.
"""

import logging
import sys
import threading
import time
import traceback
from dataclasses import dataclass
from logging.handlers import RotatingFileHandler
from pathlib import Path
from types import TracebackType

from PySide6.QtCore import QObject, Signal

QUIET_SECONDS = 10.0  # a bug in a slot may return twenty times a second
LOG_BYTES = 1_000_000  # of the log file and of the one before it
_FORMAT = "%(asctime)s %(levelname)s %(name)s: %(message)s"


@dataclass(frozen=True)
class Bug:
    """summary: the exception in one line. details: its traceback, for a bug report."""

    summary: str
    details: str


class _Reporter(QObject):
    """reported: a Bug, unless the same one was reported a moment ago."""

    reported = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self._recent: dict[str, float] = {}  # when each bug was reported, by its details
        self._lock = threading.Lock()

    def report(self, error: BaseException) -> None:
        details = "".join(traceback.format_exception(error))
        now = time.monotonic()
        with self._lock:
            self._recent = {bug: then for bug, then in self._recent.items() if now - then < QUIET_SECONDS}
            is_new = details not in self._recent
            self._recent.setdefault(details, now)
        if is_new:
            logging.getLogger(__name__).error("Bug", exc_info=error)
            self.reported.emit(Bug(f"{type(error).__name__}: {error}", details))


reporter = _Reporter()
"""Emits ``reported``; connect a bound method of an object in the GUI thread."""


def report(error: BaseException) -> None:
    """Log the exception, and show it in the window. Any thread may call this."""
    reporter.report(error)


def install() -> None:
    """Report what nobody catches, in slots and in threads."""
    sys.excepthook = _uncaught
    threading.excepthook = _uncaught_in_thread


def log_to(path: Path) -> None:
    """Log warnings and errors to standard error and to this file, which stays below 1 MB.

    Where the file cannot be written, standard error has to do.
    """
    root = logging.getLogger()
    root.setLevel(logging.WARNING)
    _add_handler(root, logging.StreamHandler())
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        _add_handler(root, RotatingFileHandler(path, maxBytes=LOG_BYTES, backupCount=1, encoding="utf-8"))
    except OSError as error:
        root.warning("%s cannot be written (%s), so errors are not logged.", path, error.strerror or error)


def _add_handler(logger: logging.Logger, handler: logging.Handler) -> None:
    handler.setFormatter(logging.Formatter(_FORMAT))
    logger.addHandler(handler)


def _uncaught(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    if isinstance(error, Exception):
        report(error)
    else:  # such as KeyboardInterrupt
        sys.__excepthook__(kind, error, trace)


def _uncaught_in_thread(arguments: threading.ExceptHookArgs) -> None:
    if arguments.exc_value is not None:
        _uncaught(arguments.exc_type, arguments.exc_value, arguments.exc_traceback)
