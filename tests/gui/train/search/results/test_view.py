"""What a person sees of a search, and does with it."""

import csv
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAction, QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QLabel, QProgressBar, QPushButton
from pytestqt.qtbot import QtBot

from cnngui.core.recipes.recipe import Recipe
from cnngui.core.search.plan import Aim
from cnngui.core.search.trials import State
from cnngui.gui.common import style
from cnngui.gui.common.parallel.plot import ParallelPlot
from cnngui.gui.train.search.results.plot import TrialPlot
from cnngui.gui.train.search.results.table import TrialTable
from cnngui.gui.train.search.results.view import TITLES, SearchResults
from tests.gui.train.search.results.conftest import FOUR, FRONT, standing, trial

LEFT = Qt.MouseButton.LeftButton
IMPORTANCES = {"optimization.learning_rate": 0.75, "network.width": 0.25}


def texts(view: SearchResults) -> list[str]:
    return [label.text() for label in view.findChildren(QLabel) if label.isVisible()]


def sees(view: SearchResults, text: str) -> bool:
    return any(text in shown for shown in texts(view))


def button(view: SearchResults, text: str) -> QPushButton:
    (found,) = (each for each in view.findChildren(QPushButton) if each.isVisible() and each.text() == text)
    return found


def click(view: SearchResults, text: str) -> None:
    assert button(view, text).isEnabled()
    QTest.mouseClick(button(view, text), LEFT)


def table(view: SearchResults) -> TrialTable:
    """The table, in view."""
    click(view, "Trials")
    (found,) = view.findChildren(TrialTable)
    return found


def plot(view: SearchResults, qtbot: QtBot) -> TrialPlot:
    """The plot, in view and laid out."""
    (found,) = view.findChildren(TrialPlot)
    qtbot.waitUntil(lambda: found.plot.vb.width() > 50)
    return found


def parallel(view: SearchResults) -> ParallelPlot:
    """The parallel coordinates, in view."""
    click(view, "Settings")
    (found,) = view.findChildren(ParallelPlot)
    QApplication.processEvents()  # it is laid out
    return found


def column(view: SearchResults, title: str) -> list[str]:
    """What stands in a column, from above."""
    model = table(view).model()
    titles = [model.headerData(each, Qt.Orientation.Horizontal) for each in range(model.columnCount())]
    return [model.index(row, titles.index(title)).data() for row in range(model.rowCount())]


def choose(view: SearchResults, number: int) -> None:
    """Click a trial's row."""
    rows = table(view)
    row = column(view, "Trial").index(str(number))
    spot = rows.visualRect(rows.model().index(row, 0)).center()
    QTest.mouseClick(rows.viewport(), LEFT, pos=spot)


# In words


def test_the_best_is_told_in_words(view: SearchResults) -> None:
    view.show_standing(FOUR, {})
    assert sees(view, "Best: trial 2 with 90.0 %")
    assert sees(view, "Changed from standard: width 16, learning rate 0.02.")
    assert sees(view, "6 trials: 3 finished, 1 pruned, 1 failed, 1 running  ·  4 min 00 s  ·  Drawn shapes")


def test_of_two_aims_the_front_is_told(view: SearchResults) -> None:
    view.show_standing(FRONT, {})
    assert sees(view, "Best: trial 1 with 90.0 % in 4 ms")
    assert sees(view, "2 trials are on the front; the fastest, trial 2, has 80.0 % in 1 ms.")
    assert button(view, "Front").isVisible()


def test_the_recipe_of_the_beginning_may_be_the_best(view: SearchResults) -> None:
    view.show_standing(standing(replace(trial(1, 0.5), values={})), {})
    assert sees(view, "It is the recipe that the search began with.")


def test_before_a_trial_has_finished_each_page_says_so(view: SearchResults) -> None:
    view.show_standing(standing(trial(1, None, State.RUNNING)), {})
    assert sees(view, "No trial has finished yet")
    assert not button(view, "Use as recipe").isEnabled()
    assert sees(view, "The first trial that finishes appears here.")
    click(view, "Settings")
    assert sees(view, "What the settings do is shown after 2 more finished trials.")
    click(view, "Importance")
    assert sees(view, "8 more trials to go.")
    assert column(view, "Status") == ["running"]


def test_without_a_search_there_is_nothing(view: SearchResults) -> None:
    view.show_standing(FOUR, IMPORTANCES)
    choose(view, 2)
    view.clear()
    assert not any(texts(view))
    for title in TITLES:
        click(view, title)
    assert not button(view, "Save as CSV …").isEnabled()
    assert not sees(view, "Best")


def test_a_page_in_the_background_waits_until_it_is_in_view(view: SearchResults) -> None:
    (rows,) = view.findChildren(TrialTable)
    view.show_standing(FOUR, {})
    assert rows.model().rowCount() == 0
    assert len(column(view, "Trial")) == 6


# What is chosen


def test_the_best_recipe_is_used_with_one_click(view: SearchResults, qtbot: QtBot) -> None:
    view.show_standing(FOUR, {})
    with qtbot.waitSignal(view.recipe_chosen) as chosen:
        click(view, "Use as recipe")
    recipe = chosen.args[0]
    assert isinstance(recipe, Recipe)
    assert (recipe.network.width, recipe.optimization.learning_rate) == (16, 0.02)


def test_a_chosen_trial_is_told_and_used(view: SearchResults, qtbot: QtBot) -> None:
    view.show_standing(FOUR, {})
    choose(view, 5)
    assert sees(view, "Trial 5  ·  70.0 %  ·  finished in 1 min 00 s")
    with qtbot.waitSignal(view.recipe_chosen) as chosen:
        click(view, "Use its recipe")
    assert chosen.args[0].network.width == 40


def test_a_failed_trial_says_why(view: SearchResults) -> None:
    view.show_standing(FOUR, {})
    choose(view, 4)
    assert sees(view, "Trial 4  ·  failed in 1 min 00 s  ·  The loss is no longer a number.")


@pytest.mark.parametrize("way", ["double click", "Enter", "button"])
def test_a_trial_leads_to_its_run(view: SearchResults, qtbot: QtBot, way: str) -> None:
    view.show_standing(FOUR, {})
    choose(view, 2)
    rows = table(view)
    with qtbot.waitSignal(view.run_chosen) as chosen:
        if way == "Enter":
            rows.setFocus()
            QTest.keyClick(rows, Qt.Key.Key_Return)
        elif way == "button":
            click(view, "Show its run")
        else:
            QTest.mouseDClick(rows.viewport(), LEFT, pos=rows.visualRect(rows.currentIndex()).center())
    assert chosen.args == ["search-0002"]


def test_what_is_chosen_in_the_table_is_marked_in_the_plots(view: SearchResults, qtbot: QtBot) -> None:
    view.show_standing(FOUR, {})
    dots = plot(view, qtbot)
    choose(view, 5)
    click(view, "Progress")
    assert dots._current.getData()[1].tolist() == [70.0]
    assert parallel(view)._selected == {2}  # the third that has finished


def test_a_click_on_a_dot_chooses_its_trial(view: SearchResults, qtbot: QtBot) -> None:
    view.show_standing(FOUR, {})
    dots = plot(view, qtbot)
    QTest.mouseClick(dots.viewport(), LEFT, pos=dots.place(1).toPoint())
    qtbot.waitUntil(lambda: sees(view, "Trial 1  ·  50.0 %"))
    rows = table(view)
    assert rows.selected[0].number == 1


def test_the_line_under_the_mouse_and_the_keys_is_named(view: SearchResults, qtbot: QtBot) -> None:
    view.show_standing(FOUR, {})
    lines = parallel(view)
    assert sees(view, "Click a line to choose its trial.")
    QTest.mouseMove(lines, lines.place(0, 0).toPoint())
    qtbot.waitUntil(lambda: sees(view, "Trial 1  ·  50.0 %"))
    lines.setFocus()
    for key in (Qt.Key.Key_Up, Qt.Key.Key_Up, Qt.Key.Key_Return):
        QTest.keyClick(lines, key)
    assert sees(view, "Trial 2  ·  90.0 %  ·  finished in 1 min 00 s")


def test_a_click_on_a_line_chooses_its_trial(view: SearchResults) -> None:
    view.show_standing(FOUR, {})
    lines = parallel(view)
    QTest.mouseClick(lines, LEFT, pos=lines.place(1, 3).toPoint())
    assert sees(view, "Trial 2  ·  90.0 %")


def test_the_keys_lead_from_dot_to_dot(view: SearchResults, qtbot: QtBot) -> None:
    view.show_standing(FOUR, {})
    dots = plot(view, qtbot)
    dots.setFocus()
    for _ in range(2):
        QTest.keyClick(dots, Qt.Key.Key_Right)
    assert sees(view, "Trial 2  ·  90.0 %")
    QTest.keyClick(dots, Qt.Key.Key_Left)
    with qtbot.waitSignal(view.run_chosen) as chosen:
        QTest.keyClick(dots, Qt.Key.Key_Return)
    assert chosen.args == ["search-0001"]


def test_a_chosen_trial_stays_chosen_as_others_come(view: SearchResults) -> None:
    view.show_standing(FOUR, {})
    choose(view, 6)
    assert sees(view, "Trial 6  ·  running")
    view.show_standing(standing(*FOUR.trials[:5], trial(6, 0.95), trial(7, None, State.RUNNING)), {})
    assert sees(view, "Best: trial 6 with 95.0 %")
    assert sees(view, "Trial 6  ·  95.0 %  ·  finished")
    assert column(view, "Trial") == ["6", "2", "5", "1", "3", "4", "7"]
    assert [each.number for each in table(view).selected] == [6]


# The plot


def test_the_best_so_far_rises_in_steps(view: SearchResults, qtbot: QtBot) -> None:
    view.show_standing(FOUR, {})
    dots = plot(view, qtbot)
    x, y = dots._line.getData()
    assert x.tolist() == [1.0, 2.0, 2.0, 4.0]  # minutes of work: the failed trial does not count
    assert y.tolist() == [50.0, 50.0, 90.0, 90.0]
    assert dots._all.getData()[1].tolist() == [50.0, 90.0, 70.0]
    assert dots.plot.getAxis("bottom").labelText == "time of the search (min)"
    assert dots.accessibleDescription() == "3 trials; the best, trial 2, has 90.0 % after 2 min 00 s"


def test_the_front_is_a_line_from_the_fastest_to_the_most_accurate(view: SearchResults, qtbot: QtBot) -> None:
    view.show_standing(FRONT, {})
    dots = plot(view, qtbot)
    assert [each.tolist() for each in dots._line.getData()] == [[1.0, 4.0], [80.0, 90.0]]
    assert dots._all.getData()[0].tolist() == [1.0, 2.0, 4.0]
    assert "trial 2 with 80.0 % in 1 ms, trial 1 with 90.0 % in 4 ms" in dots.accessibleDescription()


def test_the_axis_ends_a_little_above_a_hundred_percent(view: SearchResults, qtbot: QtBot) -> None:
    view.show_standing(standing(trial(1, 0.2), trial(2, 1.0)), {})
    assert plot(view, qtbot).plot.vb.viewRange()[1][1] == 105.0


# The table


def test_the_table_has_a_column_for_each_setting_that_varies(view: SearchResults) -> None:
    view.show_standing(FOUR, {})
    model = table(view).model()
    titles = [model.headerData(each, Qt.Orientation.Horizontal) for each in range(model.columnCount())]
    settings = ["Width", "Learning rate", "Horizontal flip"]
    assert sorted(titles) == sorted(["Trial", "Status", "Accuracy", "Time", *settings])
    assert column(view, "Status") == ["finished  ·  best", "finished", "finished", "pruned", "failed", "running"]
    assert column(view, "Accuracy") == ["90.0 %", "70.0 %", "50.0 %", "30.0 %", "–", "–"]
    assert column(view, "Horizontal flip")[:2] == ["yes", "no"]


def test_the_computers_are_told_where_there_are_several(view: SearchResults) -> None:
    view.show_standing(standing(trial(1, 0.5), trial(2, 0.4, computer="other")), {})
    assert column(view, "Computer") == ["one", "other"]


def test_of_two_aims_the_front_is_marked(view: SearchResults) -> None:
    view.show_standing(FRONT, {})
    assert column(view, "Status") == ["finished  ·  best", "finished  ·  front", "finished"]
    assert column(view, "Answer") == ["4 ms", "1 ms", "2 ms"]


def test_a_click_on_a_title_sorts_and_what_is_unknown_comes_last(view: SearchResults) -> None:
    view.show_standing(FOUR, {})
    rows = table(view)
    header = rows.horizontalHeader()
    for expected in (["1", "5", "2"], ["2", "5", "1"]):  # by their accuracy
        number = [rows.model().headerData(each, Qt.Orientation.Horizontal) for each in range(7)].index("Accuracy")
        place = QPoint(header.sectionViewportPosition(number) + 10, header.height() // 2)
        QTest.mouseClick(header.viewport(), LEFT, pos=place)
        finished = [each for each in column(view, "Trial") if each in ("1", "2", "5")]
        assert finished == expected
        assert column(view, "Trial")[-2:] == ["4", "6"]


def test_why_a_trial_ended_is_in_its_tooltip(view: SearchResults) -> None:
    view.show_standing(FOUR, {})
    model = table(view).model()
    tips = {column(view, "Trial")[row]: model.index(row, 0).data(Qt.ItemDataRole.ToolTipRole) for row in range(6)}
    assert "no longer a number" in tips["4"]
    assert "ended early" in tips["3"]


def test_the_selected_trials_are_copied(view: SearchResults) -> None:
    view.show_standing(FOUR, {})
    choose(view, 2)
    rows = table(view)
    rows.setFocus()
    QTest.keyClick(rows, Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
    QTest.keyClick(rows, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    lines = [line.split("\t") for line in QGuiApplication.clipboard().text().split("\n")]
    assert [line[0] for line in lines] == ["Trial", "2", "5"]
    assert lines[1][:4] == ["2", "finished", "90.0 %", "1 min 00 s"]


def test_all_trials_are_saved_as_a_table(
    view: SearchResults, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "trials.csv"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(file), "Table (*.csv)"))
    view.show_standing(FOUR, {})
    table(view)
    click(view, "Save as CSV …")
    qtbot.waitUntil(lambda: sees(view, f"Saved as {file}"))
    head, first, *_ = csv.reader(file.read_text(encoding="utf-8-sig").splitlines())
    row = dict(zip(head, first, strict=True))
    assert (row["trial"], row["validation accuracy"], row["network.width"]) == ("2", "0.9", "16")
    assert (row["augmentation.horizontal_flip"], row["run"]) == ("true", "search-0002")


def test_everything_is_also_in_the_menu_of_the_table(view: SearchResults) -> None:
    view.show_standing(FOUR, {})
    actions = [each for each in table(view).actions() if isinstance(each, QAction)]
    assert [each.text().replace("&", "") for each in actions] == [
        *("Use as recipe", "Use its recipe", "Show its run", "Copy", "Save as CSV …")
    ]
    assert all(each.toolTip() for each in actions)


# Settings and importance


def test_the_settings_are_axes_of_the_finished_trials(view: SearchResults) -> None:
    view.show_standing(FOUR, {})
    lines = parallel(view)
    assert [axis.title for axis in lines._axes] == [
        *("Width", "Learning rate", "Horizontal flip", "Accuracy")
    ]  # in each of which every trial has another value
    assert lines.accessibleDescription() == "3 trials, 3 settings"
    assert lines._axes[1].is_log


def test_a_setting_without_effect_leaves_a_trial_out_of_no_plot(view: SearchResults) -> None:
    without = replace(trial(1, 0.5), values={"network.width": 8})
    view.show_standing(standing(without, trial(2, 0.6), trial(3, 0.7)), {})
    lines = parallel(view)
    assert lines._axes[1].places[0] is None
    assert lines.place(0, 1).y() == pytest.approx(lines._box().center().y())


def test_the_importances_are_bars(view: SearchResults) -> None:
    view.show_standing(FOUR, IMPORTANCES)
    click(view, "Importance")
    assert [text for text in texts(view) if text in ("Learning rate", "75 %", "Width", "25 %")] == [
        *("Learning rate", "75 %", "Width", "25 %")
    ]
    bars = [bar for bar in view.findChildren(QProgressBar) if bar.isVisible()]
    assert [(bar.value(), bar.accessibleName()) for bar in bars] == [(750, "Learning rate: 75 %"), (250, "Width: 25 %")]
    view.show_standing(FOUR, {"network.width": 1.0})
    assert [bar.accessibleName() for bar in bars if bar.isVisible()] == ["Width: 100 %"]


def test_too_few_trials_have_no_importances(view: SearchResults) -> None:
    view.show_standing(FOUR, {})
    click(view, "Importance")
    assert sees(
        view, "Of fewer than 8 finished trials, chance would decide which setting matters. 5 more trials to go."
    )
    view.show_standing(standing(*(trial(number, 0.5) for number in range(1, 9))), {})
    assert sees(view, "The trials differ too little to tell which setting matters.")


# Looks


@pytest.mark.parametrize("appearance", ["dark", "light"])
def test_the_plots_follow_the_appearance(
    view: SearchResults, qtbot: QtBot, qapp: QApplication, appearance: str
) -> None:
    view.show_standing(FOUR, {})
    dots = plot(view, qtbot)
    try:
        style.set_appearance(qapp, appearance)
        image = dots.grab().toImage()
        assert image.pixelColor(image.width() - 3, 3).name() == style.colors().surface
    finally:
        style.set_appearance(qapp, "system")


def test_two_aims_without_any_time_are_shown(view: SearchResults) -> None:
    view.show_standing(standing(trial(1, 0.9), trial(2, 0.8), aim=Aim.BOTH), {})
    assert sees(view, "Best: trial 1")
