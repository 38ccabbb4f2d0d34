"""Larger and smaller text."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtGui import QFontInfo
from PySide6.QtWidgets import QApplication, QLabel, QMenu, QToolTip, QWidget

from cnngui.core.progress import EpochResult
from cnngui.core.recipes.presets import ARTICLE
from cnngui.gui.common import style
from cnngui.gui.common.settings import Settings
from cnngui.gui.train.plot.series import Caption
from tests.gui.conftest import Driver, picture


@pytest.fixture(autouse=True)
def _as_before(qapp: QApplication) -> Iterator[None]:
    yield
    style.set_text_size(qapp, 100)


def size_of(widget: QWidget) -> int:
    return QFontInfo(widget.font()).pixelSize()


def test_all_text_grows_and_that_is_remembered(driver: Driver, tmp_path: Path, qapp: QApplication) -> None:
    driver.drop_files(picture(tmp_path / "red.png", "red"))
    driver.wait_for_answers()
    window, tip = driver.window, QFontInfo(QToolTip.font()).pixelSize()
    plot = window.train.plot
    plot.show_finished(Caption(tmp_path, "a", "b", ARTICLE), [EpochResult(1, 2.0, 0.25, 1.5, 0.5, 3.25)])
    axis = plot.curves.plots[0].getAxis("left")
    rows = window.predict.list_view.verticalHeader().defaultSectionSize
    widgets = [each for kind in (QLabel, QMenu) for each in window.findChildren(kind)]
    before, axis_before, rows_before = [size_of(each) for each in widgets], axis.minimumWidth(), rows()
    for _ in range(20):
        driver.press("Ctrl++")
    assert Settings().text_size == style.TEXT_SIZES[-1] == 200
    assert not window.actions_table["larger text"].isEnabled()
    for widget, size in zip(widgets, before, strict=True):
        assert size_of(widget) >= 1.9 * size, (widget, widget.property("role"))
    assert QFontInfo(QToolTip.font()).pixelSize() >= 1.9 * tip
    assert QFontInfo(axis.style["tickFont"]).pixelSize() >= 1.9 * tip
    assert axis.minimumWidth() > axis_before
    assert rows() > rows_before
    driver.press("Ctrl+0")
    assert [size_of(each) for each in widgets] == before
    assert (axis.minimumWidth(), rows()) == (axis_before, rows_before)
    assert Settings().text_size == 100


def test_smaller_text(driver: Driver) -> None:
    for _ in range(20):
        driver.press("Ctrl+-")
    assert Settings().text_size == 80
    assert not driver.window.actions_table["smaller text"].isEnabled()
    driver.press("Ctrl+=")
    assert Settings().text_size == 90


@pytest.mark.parametrize("value", ["large", "1000", ""])
def test_a_damaged_setting_is_ignored(value: str) -> None:
    Settings().store.setValue("text_size", value)
    assert Settings().text_size == 100
