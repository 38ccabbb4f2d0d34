from collections.abc import Callable, Iterator, Sequence

import pytest
from PySide6.QtGui import QImage
from pytestqt.qtbot import QtBot

from cnngui.core.pictures.formats import suffix_of
from cnngui.core.pictures.gathering import Gathered
from cnngui.gui.classes.webcam import shooting
from cnngui.gui.classes.webcam.shooting import Shooting
from tests.gui.classes.webcam.conftest import half
from tests.gui.conftest import PATIENCE

Added = list[tuple[int, str | None]]


@pytest.fixture
def added() -> Added:
    """How many pictures were added to which class, step by step."""
    return []


@pytest.fixture
def shots(qtbot: QtBot, added: Added) -> Iterator[Shooting]:
    """Sees a red picture."""

    def add(pictures: Sequence[Gathered], label: str | None) -> None:
        assert all(suffix_of(each.source) == ".jpg" for each in pictures if isinstance(each.source, bytes))
        added.append((len(pictures), label))

    made = Shooting(add)
    made.show(half("red"))
    yield made
    made.stop()


@pytest.fixture
def settle(qtbot: QtBot, shots: Shooting) -> Callable[[], None]:
    """Waits until all is handed on."""
    return lambda: qtbot.waitUntil(lambda: not shots.is_busy, timeout=PATIENCE)


def test_each_press_is_a_step(shots: Shooting, added: Added, settle: Callable[[], None]) -> None:
    for label in ("robin", "wren", ""):
        shots.begin(label)
        shots.end()
    settle()
    assert added == [(1, "robin"), (1, "wren"), (1, "")]


def test_a_held_button_takes_more(
    qtbot: QtBot, shots: Shooting, added: Added, settle: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shooting, "FIRST_MS", 1)
    monkeypatch.setattr(shooting, "NEXT_MS", 1)
    taken: list[bool] = []
    shots.taken.connect(lambda: taken.append(True))
    shots.begin("robin")
    qtbot.waitUntil(lambda: len(taken) >= 5, timeout=PATIENCE)
    assert not added, "it is one step"
    shots.end()
    settle()
    assert added == [(len(taken), "robin")]


def test_a_very_long_press_is_several_steps(
    qtbot: QtBot, shots: Shooting, added: Added, settle: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in (("FIRST_MS", 1), ("NEXT_MS", 1), ("MOST", 3)):
        monkeypatch.setattr(shooting, name, value)
    shots.begin("robin")
    qtbot.waitUntil(lambda: len(added) >= 2, timeout=PATIENCE)
    shots.end()
    settle()
    assert added[:2] == [(3, "robin"), (3, "robin")]


def test_nothing_is_taken_of_nothing(shots: Shooting, added: Added, settle: Callable[[], None]) -> None:
    shots.show(None)
    shots.begin("robin")
    shots.end()
    settle()
    assert not added


def test_what_comes_after_the_end_is_not_taken(shots: Shooting, added: Added, settle: Callable[[], None]) -> None:
    shots.begin("robin")
    shots.end()
    shots.end()
    shots.show(QImage())
    settle()
    assert added == [(1, "robin")]
