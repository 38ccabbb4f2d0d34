from pathlib import Path

import pytest
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from cnngui.core.progress import EpochResult
from cnngui.core.recipes.presets import ARTICLE, QUICK
from cnngui.gui.train.pages import TrainPages
from cnngui.gui.train.plot.advice import Advice
from cnngui.gui.train.plot.live_plot import LivePlot
from cnngui.gui.train.plot.series import Caption
from tests.gui.conftest import Driver

OVERFITTING = [
    EpochResult(number, loss, 0.95, val_loss, 0.83, 1.0)
    for number, (loss, val_loss) in enumerate(
        zip([1.0, 0.7, 0.5, 0.4, 0.3, 0.2], [1.0, 0.8, 0.6, 0.7, 0.8, 0.9], strict=True), 1
    )
]


def test_the_curves_of_a_model_say_what_to_try_next(driver: Driver) -> None:
    driver.press("Ctrl+3")
    panel = driver.window.train
    caption = Caption(Path("a/model.keras"), "a", "Drawn shapes", ARTICLE)
    panel.plot.show_finished(caption, OVERFITTING)
    panel._pages.show_plot()
    driver.wait_for("Overfitting since epoch 4")
    assert driver.sees("No better for 3 epochs.")
    driver.click("Add dropout 0.3")
    assert panel.form.recipe == ARTICLE.changed({"network.dropout": 0.3})
    assert panel.form.recipe_box.currentText().startswith("article, edited")
    driver.click("Train 3 epochs")
    assert panel.form.recipe == ARTICLE.changed({"network.dropout": 0.3, "optimization.epochs": 3})  # both
    panel.plot.show_finished(Caption(Path("b/model.keras"), "b", "Drawn shapes", QUICK), OVERFITTING)
    find = panel._pages.advice.findChildren
    driver.wait_until(lambda: "Augment: zoom and colour jitter" in [each.text() for each in find(QPushButton)])
    driver.wait_until(lambda: all(each.isVisible() for each in find(QPushButton)))
    driver.click("Train 3 epochs")
    assert panel.form.recipe == QUICK.changed({"optimization.epochs": 3})  # those were for another training


def test_nothing_is_said_before_the_first_epoch(qtbot: QtBot) -> None:
    advice = Advice()
    qtbot.addWidget(advice)
    advice.show_history([], ARTICLE, {}, 0, has_ended=False)
    assert advice.isHidden()


def test_a_running_training_is_told_after_each_epoch(driver: Driver) -> None:
    driver.press("Ctrl+3")
    panel = driver.window.train
    panel.plot.begin(Caption(Path("a/model.keras"), "a", "Drawn shapes", ARTICLE, images={"test": 50}, classes=10))
    panel._pages.show_plot()
    for result in OVERFITTING:
        assert not driver.sees("Overfitting")
        panel.plot.add(result)
    driver.wait_for("Overfitting since epoch 4")
    assert not driver.sees("50 test images")
    panel.plot.end()
    driver.wait_for("There are only 50 test images: the result may be off by 14 points.")


@pytest.mark.parametrize("epochs", [0, 1, 6])
def test_the_best_epoch_is_marked_in_the_plot(qtbot: QtBot, epochs: int) -> None:
    plot = LivePlot()
    qtbot.addWidget(plot)
    plot.show_finished(Caption(Path("model.keras"), "a", "b", ARTICLE), OVERFITTING[:epochs])
    marks = [graph.best for graph in plot.curves._graphs]
    assert [mark.isVisible() for mark in marks] == [epochs > 1] * 2
    if epochs > 1:
        assert {mark.value() for mark in marks} == {3}


def test_lines_that_stay_are_not_made_anew(qtbot: QtBot, driver: Driver) -> None:
    pages = driver.window.train._pages
    assert isinstance(pages, TrainPages)
    driver.window.train.plot.show_finished(Caption(Path("model.keras"), "a", "b", ARTICLE), OVERFITTING)
    buttons = pages.advice.findChildren(QPushButton)
    driver.window.train.plot.epochs_changed.emit()
    assert pages.advice.findChildren(QPushButton) == buttons
