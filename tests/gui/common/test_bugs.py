"""A bug is logged, and shown once, wherever it comes from."""

import logging
import threading
from collections.abc import Iterator
from logging.handlers import RotatingFileHandler
from pathlib import Path

import pytest
from PySide6.QtCore import QObject, QTimer, Slot
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from cnngui.gui.common import bugs
from cnngui.gui.common.bugs import Bug
from cnngui.gui.common.worker import Task
from tests.gui.conftest import Driver


class Shown(QObject):
    """What would be shown."""

    def __init__(self) -> None:
        super().__init__()
        self.bugs: list[Bug] = []
        bugs.reporter.reported.connect(self.take)

    @Slot(object)
    def take(self, bug: Bug) -> None:
        self.bugs.append(bug)


@pytest.fixture
def shown(monkeypatch: pytest.MonkeyPatch) -> Iterator[Shown]:
    """Every bug that is shown; uncaught exceptions go where they go in the program."""
    monkeypatch.setattr("sys.excepthook", lambda *_: None)
    monkeypatch.setattr("threading.excepthook", lambda *_: None)
    bugs.install()
    shown = Shown()
    yield shown
    bugs.reporter.reported.disconnect(shown.take)


@pytest.fixture
def root_log() -> Iterator[logging.Logger]:
    """The root logger; the handlers that a test adds are closed after it."""
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    yield root
    for handler in [each for each in root.handlers if each not in handlers]:
        handler.close()
        root.removeHandler(handler)
    root.setLevel(level)


def slip(name: str) -> None:
    raise ZeroDivisionError(f"an odd thing {name}")


def test_a_bug_in_a_slot(shown: Shown, qtbot: QtBot, caplog: pytest.LogCaptureFixture) -> None:
    QTimer.singleShot(0, lambda: slip("in a slot"))
    qtbot.waitUntil(lambda: len(shown.bugs) == 1)
    (bug,) = shown.bugs
    assert bug.summary == "ZeroDivisionError: an odd thing in a slot"
    assert "in slip" in bug.details
    assert "in slip" in caplog.text


def test_a_bug_that_returns_is_shown_once(shown: Shown, caplog: pytest.LogCaptureFixture) -> None:
    for _ in range(3):
        try:
            slip("thrice")
        except ZeroDivisionError as error:
            bugs.report(error)
    assert len(shown.bugs) == 1
    assert len(caplog.records) == 1


def test_a_bug_in_a_thread(shown: Shown, qtbot: QtBot) -> None:
    thread = threading.Thread(target=lambda: slip("in a thread"))
    thread.start()
    thread.join()
    qtbot.waitUntil(lambda: len(shown.bugs) == 1)


def test_a_bug_in_a_task_is_shown_and_tidied_up(shown: Shown, qtbot: QtBot) -> None:
    task, outcomes = Task(), list[str]()

    def note(_value: object = None) -> None:
        outcomes.append("another outcome")

    with qtbot.waitSignal(task.finished):
        task.start(
            lambda _report, _stop: slip("in a task"),
            succeeded=note,
            failed=note,
            cancelled=note,
            broken=lambda: outcomes.append("broken"),
        )
    assert outcomes == ["broken"]
    assert [bug.summary for bug in shown.bugs] == ["ZeroDivisionError: an odd thing in a task"]


def test_the_window_shows_it_with_its_details_to_copy(driver: Driver, shown: Shown) -> None:
    try:
        slip("in the window")
    except ZeroDivisionError as error:
        bugs.report(error)
    driver.wait_for("ZeroDivisionError: an odd thing in the window")
    driver.click("Copy details")
    assert "Traceback" in QApplication.clipboard().text()
    driver.click("Close")
    assert not driver.sees("an odd thing")


def test_the_log_is_written_and_stays_small(root_log: logging.Logger, tmp_path: Path) -> None:
    log = tmp_path / "state" / "cnngui" / "cnngui.log"
    bugs.log_to(log)
    try:
        slip("for the log")
    except ZeroDivisionError as error:
        bugs.report(error)
    assert "an odd thing for the log" in log.read_text(encoding="utf-8")
    assert "in slip" in log.read_text(encoding="utf-8")
    (handler,) = (each for each in root_log.handlers if isinstance(each, RotatingFileHandler))
    assert 0 < handler.maxBytes <= 1_000_000
    assert handler.backupCount == 1


def test_a_log_that_cannot_be_written_stops_nothing(
    root_log: logging.Logger, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "state").write_text("a file where the folder should be")
    bugs.log_to(tmp_path / "state" / "cnngui.log")
    assert "errors are not logged" in capsys.readouterr().err
