import sys

import pytest

from cnngui.gui import display


@pytest.fixture(autouse=True)
def _on_linux_without_a_display(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "linux")
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)


def test_without_a_display_a_sentence_says_so() -> None:
    reason = display.problem()
    assert reason is not None
    assert reason.startswith("There is no display to open a window on.")
    assert "cnngui --help" in reason


@pytest.mark.parametrize("platform", ["offscreen", "minimal", "vnc:size=800x600"])
def test_platforms_that_need_no_display(platform: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QT_QPA_PLATFORM", platform)
    assert display.problem() is None


@pytest.mark.parametrize("system", ["darwin", "win32"])
def test_systems_that_always_have_one(system: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", system)
    assert display.problem() is None
