"""Runs whose files come from anyone: whatever they say, the window shows it or says what is wrong."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import Qt

from cnngui import paths
from cnngui.core.models.card import Card, TrainingRecord, card_path
from cnngui.core.progress import EpochResult
from cnngui.core.recipes.presets import STANDARD
from cnngui.core.runs.folder import HISTORY, MODEL, RECIPE, RECORD
from cnngui.core.runs.history import ROW, write_history
from cnngui.core.runs.record import Notes, Phase, write_notes
from cnngui.core.runs.report import find_run, write_report
from cnngui.gui.runs.cells import Column
from cnngui.gui.runs.compare.panel import ComparePanel
from cnngui.gui.runs.table import RunTable
from tests.core.runs.runs import record, write_run
from tests.gui.conftest import Driver

NAMES = ("\udc80", "a\nb\tc", "x" * 1000, "\0", "\u202egnp", "", "<b>x</b>&amp;<img src=x>", "&File")
FARTHEST = EpochResult(10**9, 1e38, 0.0, 1e38, 1.0, 1e10)
EPOCHS = (FARTHEST, EpochResult(1, 0.0, 1.0, 1e-300, 0.0, 0.0), FARTHEST)


@pytest.fixture(autouse=True)
def shipped(colour_model: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The model of ten colours ships."""
    monkeypatch.setattr(paths, "shipped_model", lambda: colour_model)
    return colour_model


def strange(folder: Path, **changes: Any) -> Path:
    """A run whose card, record and notes have the most extreme values that are read."""
    recipe = replace(STANDARD, name=NAMES[6])
    training = TrainingRecord(
        data=NAMES[2],
        source=NAMES[1],
        images={"test": 10**9, NAMES[0]: 0},
        recipe=recipe,
        history=EPOCHS,
        test_loss=1e38,
        test_accuracy=0.5,
        seconds=1e10,
        precision=NAMES[0],
        test_most_frequent=499_990_000,
        ended="1970-01-02T00:00:00",
        versions={NAMES[0]: NAMES[1]},
    )
    written = record(Phase.FINISHED, host=NAMES[0], images={"training": 0}, classes=NAMES)
    write_run(folder, replace(written, title=NAMES[1], reason=NAMES[1], **changes))
    rows = np.zeros(3, ROW)
    for name, value in zip(ROW.names or (), (np.nan, np.inf, -np.inf, 3e38, -1e30), strict=True):
        rows[name] = [0, value, 1]
    write_history(folder, EPOCHS, rows)
    (folder / MODEL).touch()
    card_path(folder / MODEL).write_text(Card(NAMES, training).to_json(), encoding="utf-8")
    write_notes(folder, Notes("\udc80\n" + "n" * 90_000, NAMES))
    return folder


def test_the_most_extreme_values_are_shown(driver: Driver, tmp_path: Path) -> None:
    for name in ("one", "two"):
        strange(tmp_path / "runs" / name)
    (tmp_path / "runs" / "two" / HISTORY).unlink()  # that of the card is shown then
    driver.press("Ctrl+4")
    (table,) = driver.window.findChildren(RunTable)
    driver.wait_until(lambda: table.model().rowCount() == 3)
    model = table.model()
    for row in range(3):
        for column in Column:
            for role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
                model.index(row, column).data(role)
    table.selectAll()
    compared = driver.window.findChild(ComparePanel)
    assert compared is not None
    for page in ("Curves", "Settings", "Overview"):
        driver.click(page)
        driver.window.grab()
    table.selectRow(2)
    driver.click("Show curves")
    driver.wait_for_rest()
    driver.window.grab()


def test_a_page_is_written_for_the_most_extreme_values(tmp_path: Path) -> None:
    folder = strange(tmp_path / "run")
    for name in (HISTORY, RECIPE):  # those of the card are shown then
        (folder / name).unlink()
    write_report(find_run(folder), tmp_path / "page.html")
    assert "&lt;b&gt;x&lt;/b&gt;" in (tmp_path / "page.html").read_text(encoding="utf-8")


@pytest.mark.parametrize("content", ["", "[]", "[" * 100_000, '{"format": 1}', '{"format": NaN}', "\0" * 100])
def test_what_is_damaged_is_told(driver: Driver, tmp_path: Path, content: str) -> None:
    folder = strange(tmp_path / "runs" / "one")
    (folder / RECORD).write_text(content, encoding="utf-8")
    driver.press("Ctrl+4")
    (table,) = driver.window.findChildren(RunTable)
    driver.wait_until(lambda: table.model().rowCount() == 2)
    tip = table.model().index(1, 0).data(Qt.ItemDataRole.ToolTipRole)
    assert "run.json is damaged or from another program" in tip
