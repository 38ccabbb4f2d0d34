"""Whatever comes from outside may look like HTML; it is shown as it is, everywhere."""

import json
import shutil
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

import pytest
from PIL import Image
from PySide6.QtCore import QAbstractItemModel, QAbstractListModel, QModelIndex, Qt
from PySide6.QtWidgets import QAbstractItemView, QLabel, QWidget

from cnngui.core.models.card import card_path
from cnngui.core.runs.folder import MODEL
from cnngui.core.runs.record import Notes, Phase, write_notes
from cnngui.gui.runs.table import RunTable
from cnngui.gui.train.plot.live_plot import LivePlot
from cnngui.gui.window.main_window import MainWindow
from tests.core.runs.runs import epoch, record, write_run
from tests.gui.conftest import Driver, picture

NAME = "<b>x<b>&amp;<img src=x>"  # without a slash, which no file can have
MARK = "&lt;b&gt;"  # of a name that is escaped


@pytest.fixture
def named(driver: Driver, warmth_model: Path, tmp_path: Path) -> Driver:
    """A model, its classes and data, a run with its notes, and a picture are all called so."""
    folder = write_run(tmp_path / "runs" / NAME, record(Phase.FAILED, reason=NAME))
    write_notes(folder, Notes(NAME, (NAME,)))
    shutil.copy(warmth_model, folder / MODEL)
    card = json.loads(card_path(warmth_model).read_text(encoding="utf-8"))
    card["classes"] = [f"{NAME} {number}" for number in range(len(card["classes"]))]
    card["training"]["history"] = [asdict(epoch(1)), asdict(epoch(2))]
    card["training"]["data"] = card["training"]["precision"] = NAME
    card_path(folder / MODEL).write_text(json.dumps(card), encoding="utf-8")
    data = tmp_path / NAME
    for number in range(2):
        for shade in range(4):
            (data / f"{NAME} {number}").mkdir(parents=True, exist_ok=True)
            Image.new("RGB", (40, 40), (number, shade, 0)).save(data / f"{NAME} {number}" / f"{shade}.png")
    (data / f"{NAME} 0" / "bad.png").write_text("no picture")
    driver.drop_files(folder / MODEL)
    driver.wait_until(
        lambda: driver.window.opener.in_use is not None and driver.window.opener.in_use.path == folder / MODEL
    )
    driver.drop_files(picture(tmp_path / f"{NAME}.png", "red"))
    driver.wait_for_answers()
    driver.press("Ctrl+3")
    driver.drop_files(data)
    driver.wait_until(lambda: driver.window.train.form.source == str(data))
    driver.wait_until(lambda: not driver.window.train.data.is_reading)
    driver.press("Ctrl+4")
    (table,) = driver.window.findChildren(RunTable)
    driver.wait_until(lambda: table.model().rowCount() == 2)
    table.selectAll()
    table.selectRow(1)
    driver.click("Show curves")
    driver.wait_for_rest()
    return driver


def tooltips(window: MainWindow) -> Iterator[str]:
    """Those of all widgets, and of the rows and headers of all lists."""
    for widget in window.findChildren(QWidget):
        yield widget.toolTip()
        if isinstance(widget, QAbstractItemView) and (model := widget.model()) is not None:
            yield from _of_model(model)


def _of_model(model: QAbstractItemModel) -> Iterator[str]:
    role, nothing = Qt.ItemDataRole.ToolTipRole, QModelIndex()
    rows, columns = model.rowCount(nothing), 1 if isinstance(model, QAbstractListModel) else model.columnCount(nothing)
    for row in range(rows):
        for column in range(columns):
            yield str(model.index(row, column).data(role) or "")
    if columns > 1:
        for orientation, count in ((Qt.Orientation.Horizontal, columns), (Qt.Orientation.Vertical, rows)):
            for section in range(count):
                yield str(model.headerData(section, orientation, role) or "")


def test_no_label_takes_a_name_for_html(named: Driver) -> None:
    labels = named.window.findChildren(QLabel)
    rich = [label for label in labels if label.textFormat() != Qt.TextFormat.PlainText and "<b>" in label.text()]
    assert [label.text() for label in rich] == []
    assert any("<b>" in label.text() for label in labels)


def test_no_tooltip_takes_a_name_for_html(named: Driver) -> None:
    found = list(tooltips(named.window))
    assert [tip for tip in found if "<b>" in tip or "<img" in tip] == []
    assert sum(MARK in tip for tip in found) > 3


def test_only_the_legend_is_html(driver: Driver) -> None:
    """A new label is a PlainLabel, so that nobody has to think of it."""
    (plot,) = driver.window.findChildren(LivePlot)
    ours = [label for label in driver.window.findChildren(QLabel) if type(label).__module__.startswith("cnngui")]
    assert all(label.textFormat() == Qt.TextFormat.PlainText for label in ours)
    others = [label for label in driver.window.findChildren(QLabel) if label not in ours]
    assert [label.textFormat() for label in others if label.text()] == [Qt.TextFormat.RichText]
    assert all(plot.isAncestorOf(label) for label in others if label.text())
