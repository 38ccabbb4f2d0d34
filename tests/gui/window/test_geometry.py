"""The window on screens of any size, and with text of any size."""

from pathlib import Path

import pytest
from PySide6.QtCore import QByteArray, QRect, QSize
from PySide6.QtGui import QScreen
from PySide6.QtWidgets import QApplication, QWidget

from cnngui.core.progress import EpochResult
from cnngui.core.recipes.presets import ARTICLE
from cnngui.gui.common import style
from cnngui.gui.common.strips.result_strip import Choice
from cnngui.gui.train.plot.series import Caption
from cnngui.gui.window import geometry
from tests.gui.conftest import Driver

TASK_BAR = 40


@pytest.fixture(params=[(960, 540), (1024, 640), (640, 360), (3840, 2160)], ids=str)
def room(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> QRect:
    """What a screen of this size, in logical pixels, leaves to windows."""
    width, height = request.param
    room = QRect(0, 0, width, height - TASK_BAR)
    monkeypatch.setattr(QScreen, "availableGeometry", lambda _: room)
    return room


def test_the_first_size_fits_the_screen(room: QRect, qapp: QApplication) -> None:
    window = QWidget()
    geometry.restore(window, QByteArray())
    expected = geometry.FIRST.boundedTo(room.size() - geometry.FRAME).expandedTo(geometry.LEAST)
    assert window.size() == expected
    assert window.minimumWidth() <= room.width()
    assert window.minimumHeight() + geometry.FRAME.height() <= room.height()


def test_a_remembered_place_is_within_the_screen(room: QRect, qapp: QApplication) -> None:
    before = QWidget()
    before.setGeometry(2500, 1500, 1900, 1200)
    after = QWidget()
    geometry.restore(after, before.saveGeometry())
    assert room.contains(after.geometry())


def has_room(place: QWidget) -> bool:
    layout = place.layout()
    assert layout is not None
    needed = QSize(place.minimumSizeHint().width(), layout.totalMinimumHeightForWidth(place.width()))
    return place.size() == place.size().expandedTo(needed)


def test_everything_can_be_reached_in_a_small_window_with_large_text(driver: Driver, qapp: QApplication) -> None:
    driver.window.resize(geometry.LEAST)
    style.set_text_size(qapp, 200)
    try:
        for key in ("Ctrl+1", "Ctrl+2", "Ctrl+3", "Ctrl+4"):
            driver.press(key)
            place = getattr(driver.window, driver.window.places.current)
            driver.wait_until(lambda place=place: has_room(place))  # type: ignore[misc]
            assert driver.window.size() == geometry.LEAST
    finally:
        style.set_text_size(qapp, 100)


def test_a_finished_training_needs_no_scrolling(driver: Driver) -> None:
    driver.window.resize(geometry.FIRST)
    driver.press("Ctrl+3")
    train = driver.window.train
    results = [EpochResult(number, 1 / number, 0.95, 0.5 + 0.1 * number, 0.8, 1.0 * number) for number in range(1, 9)]
    train.plot.show_finished(Caption(Path("a/model.keras"), "a", "Drawn shapes", ARTICLE), results)
    train._pages.show_plot()
    train._strip.show_result("good", "9 of 10 test images correct", "One line.\nAnother one.", [Choice("Use", object)])
    driver.wait_for("Overfitting since")
    frame = train.parentWidget()
    assert frame is not None
    driver.wait_until(lambda: train._strip.isVisible() and train.height() <= frame.height())


def test_the_focus_is_scrolled_to(driver: Driver) -> None:
    driver.window.resize(geometry.LEAST)
    driver.press("Ctrl+4")
    driver.button("Open a model …").setFocus()
    driver.press("Tab")
    driver.press("Shift+Tab")
    button = driver.button("Open a model …")
    assert button.visibleRegion().boundingRect() == button.rect()
