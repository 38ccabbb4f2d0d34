from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from cnngui.core.recipes.presets import QUICK, Measured
from cnngui.gui.common.settings import Settings
from cnngui.gui.train import notes
from cnngui.gui.train.form import TrainForm
from cnngui.gui.train.notes import Notes
from cnngui.gui.train.plot.series import Caption
from tests.gui.conftest import Driver, whole_box

NO_RESTARTS = "No warm restarts: they need at least 8 epochs."


def test_the_time_follows_the_form(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(notes, "MEASURED", {"standard": Measured(0.9, 1200)})  # 12 epochs
    form = TrainForm(tmp_path, Settings())  # where CIFAR-10 is said to be
    shown = Notes(form)
    for widget in (form, shown):
        qtbot.addWidget(widget)
    assert shown.text() == "This takes about 20 min on two cores."
    whole_box(form, "epochs").setValue(3)
    assert shown.text() == "This takes about 5 min on two cores."
    form.data_box.setCurrentIndex(form.data_box.findText("Drawn shapes"))
    form.data_box.activated.emit(form.data_box.currentIndex())
    assert shown.text() == ""  # it was not measured


def test_too_few_epochs_for_warm_restarts(driver: Driver) -> None:
    driver.press("Ctrl+3")
    driver.window.train.plot.begin(Caption(Path("first/model.keras"), "first", "Pets", QUICK))  # also beside curves
    form = driver.window.train.form
    driver.choose(form.recipe_box, "best")
    assert not driver.sees(NO_RESTARTS)
    driver.enter(whole_box(form, "epochs"), "7")
    assert driver.sees(NO_RESTARTS)
    driver.enter(whole_box(form, "epochs"), "8")
    assert not driver.sees(NO_RESTARTS)
    driver.enter(whole_box(form, "epochs"), "7")
    driver.choose(form.recipe_box, "quick")
    assert not driver.sees(NO_RESTARTS)
