import gc
import threading
import weakref
from collections.abc import Iterator

import pytest
from pytestqt.qtbot import QtBot

from cnngui.gui.common import garbage
from cnngui.gui.common.garbage import GarbageCollector

PATIENCE = 10_000


class Cycle:
    def __init__(self) -> None:
        self.me = self


@pytest.fixture
def collectors() -> Iterator[set[int]]:
    """The threads that collected garbage."""
    threads: set[int] = set()

    def note(_phase: str, _info: dict[str, int]) -> None:
        threads.add(threading.get_ident())

    gc.callbacks.append(note)
    yield threads
    gc.callbacks.remove(note)


@pytest.fixture
def collector(qtbot: QtBot) -> Iterator[GarbageCollector]:
    gc.enable()
    collector = GarbageCollector()
    yield collector
    collector.stop()


@pytest.mark.usefixtures("collector")
def test_the_garbage_of_a_thread_is_collected_in_the_gui_thread(qtbot: QtBot, collectors: set[int]) -> None:
    made: list[weakref.ref[Cycle]] = []

    def litter() -> None:
        made.extend(weakref.ref(Cycle()) for _ in range(100_000))

    thread = threading.Thread(target=litter)
    thread.start()
    thread.join()
    assert not collectors
    qtbot.waitUntil(lambda: made[0]() is None, timeout=PATIENCE)
    assert collectors == {threading.get_ident()}


def test_what_has_grown_old_is_collected_after_a_while(
    collector: GarbageCollector, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = Cycle()
    gc.collect()
    reference = weakref.ref(old)
    del old
    monkeypatch.setattr(gc, "get_count", lambda: (0, 0, 1000))
    collector.collect()
    assert reference() is not None
    monkeypatch.setattr(garbage, "FULL_SECONDS", 0.0)
    collector.collect()
    assert reference() is None


def test_without_it_python_collects_again(collector: GarbageCollector) -> None:
    assert not gc.isenabled()
    collector.stop()
    assert gc.isenabled()
