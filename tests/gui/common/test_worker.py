import subprocess
import sys
import threading
from collections.abc import Callable

import pytest
from PySide6.QtCore import QObject, QThread, Slot
from pytestqt.qtbot import QtBot

from cnngui.core.errors import Stopped, UserError
from cnngui.core.progress import ShouldStop
from cnngui.gui.common import worker
from cnngui.gui.common.worker import Deliver, LatestTask, Task, Work, Worker

PATIENCE = 10_000


class Listener(QObject):
    """Notes what a worker emits, and in which thread that arrives."""

    def __init__(self) -> None:
        super().__init__()
        self.heard: list[tuple[str, object]] = []
        self.threads: set[QThread] = set()

    def listen_to(self, worker: Worker) -> None:
        worker.progressed.connect(self.progressed)
        worker.succeeded.connect(self.succeeded)
        worker.failed.connect(self.failed)
        worker.cancelled.connect(self.cancelled)
        worker.broken.connect(self.broken)
        worker.finished.connect(self.finished)

    def _note(self, what: str, value: object = None) -> None:
        self.heard.append((what, value))
        self.threads.add(QThread.currentThread())

    @Slot(object)
    def progressed(self, value: object) -> None:
        self._note("progressed", value)

    @Slot(object)
    def succeeded(self, value: object) -> None:
        self._note("succeeded", value)

    @Slot(object)
    def failed(self, error: Exception) -> None:
        self._note("failed", error)

    @Slot(object)
    def broken(self, error: Exception) -> None:
        self._note("broken", error)

    @Slot()
    def cancelled(self) -> None:
        self._note("cancelled")

    @Slot()
    def finished(self) -> None:
        self._note("finished")


@pytest.fixture
def run(qtbot: QtBot) -> Callable[[Work], Listener]:
    """Runs work to its end and returns who listened."""

    def to_the_end(work: Work) -> Listener:
        listener, worker = Listener(), Worker(work)
        listener.listen_to(worker)
        with qtbot.waitSignal(worker.finished, timeout=PATIENCE):
            worker.start()
        qtbot.waitUntil(lambda: ("finished", None) in listener.heard)
        worker.wait()
        return listener

    return to_the_end


def test_a_result_comes_after_its_progress(run: Callable[[Work], Listener]) -> None:
    result = object()

    def work(report: Deliver, _should_stop: ShouldStop) -> object:
        report(1)
        report(2)
        return result

    heard = run(work).heard
    assert heard == [("progressed", 1), ("progressed", 2), ("succeeded", result), ("finished", None)]


def test_everything_arrives_in_the_windows_thread_and_the_work_runs_in_another(
    run: Callable[[Work], Listener],
) -> None:
    worked_in: list[int] = []

    def work(report: Deliver, _should_stop: ShouldStop) -> None:
        worked_in.append(threading.get_ident())
        report("half way")

    assert run(work).threads == {QThread.currentThread()}
    assert worked_in != [threading.get_ident()]


def test_a_stop_is_an_outcome_of_its_own(run: Callable[[Work], Listener]) -> None:
    def work(_report: Deliver, _should_stop: ShouldStop) -> None:
        raise Stopped

    assert run(work).heard == [("cancelled", None), ("finished", None)]


def test_the_work_learns_of_a_stop(qtbot: QtBot) -> None:
    started = threading.Event()

    def work(_report: Deliver, should_stop: ShouldStop) -> str:
        assert not should_stop()
        started.set()
        while not should_stop():
            QThread.yieldCurrentThread()
        return "what there is so far"

    listener, worker = Listener(), Worker(work)
    listener.listen_to(worker)
    with qtbot.waitSignal(worker.finished, timeout=PATIENCE):
        worker.start()
        assert started.wait(PATIENCE / 1000)
        worker.stop()
    qtbot.waitUntil(lambda: len(listener.heard) == 2)
    assert listener.heard == [("succeeded", "what there is so far"), ("finished", None)]


def test_an_error_of_the_user_is_not_logged(run: Callable[[Work], Listener], caplog: pytest.LogCaptureFixture) -> None:
    error = UserError("The disk is full. Free some space.")

    def work(_report: Deliver, _should_stop: ShouldStop) -> None:
        raise error

    assert run(work).heard == [("failed", error), ("finished", None)]
    assert not caplog.records


def test_a_bug_is_an_outcome_of_its_own(run: Callable[[Work], Listener]) -> None:
    def slip(_report: Deliver, _should_stop: ShouldStop) -> float:
        return 1 / 0

    heard = run(slip).heard
    assert [what for what, _ in heard] == ["broken", "finished"]
    assert isinstance(heard[0][1], ZeroDivisionError)


def test_a_signal_takes_no_reference_of_true() -> None:
    """PySide6 6.12.0 does: before Python 3.12 the program aborts after some thousand signals."""
    worker = Worker(lambda _report, _should_stop: None)
    before = sys.getrefcount(True)
    for _ in range(1000):
        worker.progressed.emit(None)
    assert sys.getrefcount(True) > before - 500


def test_a_task_ignores_abandoned_work(qtbot: QtBot) -> None:
    """Not even what its worker had sent before."""
    task, taken = Task(), list[object]()

    def work(report: Deliver, _should_stop: ShouldStop) -> str:
        report("progress")
        return "result"

    for abandoned in (True, False):
        task.start(work, progressed=taken.append, succeeded=taken.append)
        assert task.is_running
        task.wait()  # all has been sent, and nothing was delivered yet
        assert taken == []
        with qtbot.waitSignal(task.finished):
            if abandoned:
                task.abandon()
        assert not task.is_running
    assert taken == ["progress", "result"]


def test_a_task_reports_failures_and_can_start_again(qtbot: QtBot) -> None:
    task, failures = Task(), list[object]()
    error = UserError("This is wrong.")

    def fail(_report: object, _stop: object) -> None:
        raise error

    for _ in range(2):
        with qtbot.waitSignal(task.finished):
            task.start(fail, failed=failures.append)
    assert failures == [error, error]


class Gate:
    """Work that waits until it is let through, and notes that it was begun."""

    def __init__(self, name: str, begun: list[str]) -> None:
        self.open = threading.Event()
        self._name, self._begun = name, begun

    def __call__(self, _report: Deliver, should_stop: ShouldStop) -> str:
        self._begun.append(self._name)
        while not self.open.wait(0.01):
            if should_stop():
                raise Stopped
        return self._name


def test_only_the_latest_is_done_after_what_runs(qtbot: QtBot) -> None:
    task, begun, came = LatestTask(), list[str](), list[object]()
    gates = [Gate(name, begun) for name in "abc"]
    for gate in gates:
        task.do(gate, came.append)
    for gate in gates:
        gate.open.set()
    qtbot.waitUntil(lambda: came == ["c"], timeout=PATIENCE)
    assert begun == ["a", "c"]
    task.stop()


def test_forgotten_work_has_no_result(qtbot: QtBot) -> None:
    task, begun, came = LatestTask(), list[str](), list[object]()
    first, second = Gate("a", begun), Gate("b", begun)
    task.do(first, came.append)
    task.forget()
    first.open.set()
    second.open.set()
    task.do(second, came.append)
    qtbot.waitUntil(lambda: came == ["b"], timeout=PATIENCE)
    task.stop()


def test_what_failed_is_not_tried_again(qtbot: QtBot, caplog: pytest.LogCaptureFixture) -> None:
    task, begun, came = LatestTask(), list[str](), list[object]()

    def fail(_report: Deliver, _should_stop: ShouldStop) -> None:
        begun.append("failed")
        raise ValueError("a mistake")

    task.do(fail, came.append, lambda: came.append("no result"))
    qtbot.waitUntil(lambda: not task.is_running, timeout=PATIENCE)
    assert begun == ["failed"]
    assert came == ["no result"]
    assert "a mistake" in caplog.text
    task.stop()


def test_stopping_ends_what_runs() -> None:
    task, begun = LatestTask(), list[str]()
    task.do(Gate("a", begun), lambda _result: None)
    task.stop()  # it would wait for ever if it did not


class Hanging:
    """A read from a drive that is gone: it hears of no stop."""

    def __init__(self) -> None:
        self.begun, self.answers = threading.Event(), threading.Event()

    def __call__(self, _report: Deliver, _should_stop: ShouldStop) -> str:
        self.begun.set()
        self.answers.wait(60)
        return "late"


def test_a_stop_leaves_readers_that_hang_behind(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker, "READER_SECONDS", 0.05)
    left = list[Worker]()
    monkeypatch.setattr(worker, "_left_behind", left)
    work, came = Hanging(), list[object]()
    task = LatestTask()
    task.do(work, came.append)
    assert work.begun.wait(PATIENCE / 1000)
    task.stop()
    assert worker.is_left_behind()
    task.deleteLater()  # as with the window; its thread goes on
    (hanging,) = left
    with qtbot.waitSignal(hanging.finished, timeout=PATIENCE):
        work.answers.set()
    hanging.wait()
    assert not worker.is_left_behind()
    assert worker.end_process(3) == 3
    assert came == []


def test_a_task_waits_for_what_writes_however_long(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker, "READER_SECONDS", 0.0)
    work, task = Hanging(), Task()
    task.start(work)
    assert work.begun.wait(PATIENCE / 1000)
    threading.Timer(0.2, work.answers.set).start()
    task.wait()
    assert work.answers.is_set()
    assert not worker.is_left_behind()


HANGS = """
import sys, threading
from PySide6.QtCore import QCoreApplication, QTimer
from cnngui.gui.common import worker

worker.READER_SECONDS = 0.05
app = QCoreApplication(sys.argv)
begun, tasks = threading.Event(), [worker.LatestTask(), worker.LatestTask()]
for task in tasks:
    task.do(lambda *_: begun.set() or threading.Event().wait(), print)
begun.wait()
for task in tasks:
    task.stop()
QTimer.singleShot(0, app.quit)
app.exec()
print("closed")
sys.exit(worker.end_process(3))
"""


def test_the_process_ends_although_a_reader_hangs() -> None:
    ended = subprocess.run([sys.executable, "-c", HANGS], capture_output=True, text=True, timeout=60, check=False)
    assert (ended.returncode, ended.stdout, ended.stderr) == (3, "closed\n", "")


def test_the_latest_task_runs_nothing_after_a_stop(qtbot: QtBot) -> None:
    task, ran = LatestTask(), list[int]()
    task.stop()
    task.do(lambda *_: ran.append(1), lambda _: None)
    assert not task.is_running
    assert ran == []
