"""The trials of searches in the list of runs: hidden until they are asked for, and then runs like all others."""

import shutil
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox, QFileDialog, QLineEdit

from cnngui import paths
from cnngui.core.models.card import card_path
from cnngui.core.recipes.presets import ARTICLE
from cnngui.core.recipes.toml_file import write_recipe
from cnngui.core.runs.folder import MODEL, RECIPE, SEARCH
from cnngui.core.runs.opening import new_record
from cnngui.core.runs.record import Phase, read_notes, write_record
from cnngui.gui.common import style
from cnngui.gui.common.settings import Settings
from cnngui.gui.runs.cells import Column
from cnngui.gui.runs.table import RunTable
from tests.core.runs.runs import record, write_run
from tests.gui.conftest import Driver, Opener

SHIPPED = "The shipped model"
FIRST, SECOND = "widths-0001", "widths-0002"


@pytest.fixture(autouse=True)
def shipped(colour_model: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The model of ten colours ships."""
    monkeypatch.setattr(paths, "shipped_model", lambda: colour_model)
    return colour_model


@pytest.fixture
def search(colour_model: Path, tmp_path: Path) -> Path:
    """A search with a finished trial and a pruned one, and a run beside it."""
    runs = tmp_path / "runs"
    for folder in (runs / "alone", runs / "widths" / FIRST):
        folder.mkdir(parents=True)
        shutil.copy(colour_model, folder / MODEL)
        shutil.copy(card_path(colour_model), card_path(folder / MODEL))
    write_run(runs / "widths" / SECOND, record(Phase.PRUNED))
    (runs / "widths" / SEARCH).write_text("{}")
    return runs / "widths"


def table(driver: Driver) -> RunTable:
    (found,) = driver.window.findChildren(RunTable)
    return found


def column(driver: Driver, which: Column = Column.NAME) -> list[str]:
    model = table(driver).model()
    return [model.index(row, which).data() for row in range(model.rowCount())]


def wait_for(driver: Driver, *names: str) -> None:
    driver.wait_until(lambda: sorted(column(driver)) == sorted(names))


def box(driver: Driver) -> QComboBox:
    (found,) = (each for each in driver.window.findChildren(QComboBox) if "trials" in each.accessibleName())
    return found


def show_trials(driver: Driver) -> None:
    driver.press("Ctrl+4")
    wait_for(driver, SHIPPED, "alone")
    driver.choose(box(driver), "Trials of searches")
    wait_for(driver, FIRST, SECOND)


def choose(driver: Driver, name: str) -> None:
    index = table(driver).model().index(column(driver).index(name), Column.NAME)
    QTest.mouseClick(table(driver).viewport(), Qt.MouseButton.LeftButton, pos=table(driver).visualRect(index).center())


def test_they_are_hidden_until_they_are_asked_for(driver: Driver, search: Path) -> None:
    driver.press("Ctrl+4")
    wait_for(driver, SHIPPED, "alone")
    driver.wait_for("1 run, 2 trials of searches in ")
    driver.choose(box(driver), "Trials of searches")
    assert sorted(column(driver)) == [FIRST, SECOND]
    driver.choose(box(driver), "All")
    assert sorted(column(driver)) == [SHIPPED, "alone", FIRST, SECOND]


def test_the_name_of_their_search_finds_them(driver: Driver, search: Path) -> None:
    driver.press("Ctrl+4")
    wait_for(driver, SHIPPED, "alone")
    field = driver.field("Search the runs")
    QTest.keyClicks(field, "WIDTH")
    assert sorted(column(driver)) == [FIRST, SECOND]
    QTest.keyClicks(field, "s-0002")
    assert column(driver) == []  # that is a trial's own name: one in thousands


def test_the_columns_have_room_for_their_titles_whatever_is_shown(driver: Driver, search: Path) -> None:
    driver.window.resize(1024, 640)  # no room for all columns
    driver.press("Ctrl+4")
    wait_for(driver, SHIPPED, "alone")
    rows = table(driver)
    header = rows.horizontalHeader()
    for which in ("All", "Trials of searches", "Active"):
        driver.choose(box(driver), which)
        shown = [each for each in Column if not rows.isColumnHidden(each)]
        assert 3 < len(shown) < len(Column)
        assert all(header.sectionSize(each) >= header.sectionSizeHint(each) for each in shown)
        assert header.length() <= rows.viewport().width()


def test_a_pruned_one_says_what_that_is(driver: Driver, search: Path) -> None:
    show_trials(driver)
    row = column(driver).index(SECOND)
    index = table(driver).model().index(row, Column.STATE)
    assert index.data() == "pruned"
    assert index.data(Qt.ItemDataRole.ForegroundRole).name() == style.colors().muted
    tip = index.data(Qt.ItemDataRole.ToolTipRole)
    assert "A trial of the search “widths”" in tip
    assert "ended early" in tip


def test_one_is_renamed_in_its_folder(driver: Driver, search: Path) -> None:
    show_trials(driver)
    choose(driver, FIRST)
    driver.press("F2")
    editor = QApplication.focusWidget()
    assert isinstance(editor, QLineEdit)
    editor.selectAll()
    QTest.keyClicks(editor, "wide")
    QTest.keyClick(editor, Qt.Key.Key_Return)
    wait_for(driver, "wide", SECOND)
    assert (search / "wide" / MODEL).exists()


def test_one_is_tagged(driver: Driver, search: Path) -> None:
    show_trials(driver)
    choose(driver, FIRST)
    field = driver.field("Tags")
    field.setFocus()
    QTest.keyClicks(field, "good")
    QTest.keyClick(field, Qt.Key.Key_Return)
    driver.wait_until(lambda: read_notes(search / FIRST).tags == ("good",))


def test_one_is_deleted_and_brought_back(driver: Driver, search: Path) -> None:
    show_trials(driver)
    choose(driver, FIRST)
    driver.press("Del")
    wait_for(driver, SECOND)
    driver.press("Ctrl+Z")
    wait_for(driver, FIRST, SECOND)
    assert (search / FIRST / MODEL).exists()


def test_without_its_last_trial_a_search_goes_to_the_trash(driver: Driver, search: Path, tmp_path: Path) -> None:
    show_trials(driver)
    choose(driver, FIRST)
    driver.press("Ctrl+A")
    driver.press("Del")
    wait_for(driver)
    assert search.exists()  # it can be undone
    driver.close()
    assert not search.exists()
    (record,) = tmp_path.rglob(SEARCH)
    assert "Trash" in str(record)


def test_one_is_used_and_made_the_default(driver: Driver, search: Path) -> None:
    show_trials(driver)
    choose(driver, FIRST)
    driver.choose_from_menu("Make default")
    assert Settings().default_model == search / FIRST / MODEL
    driver.press("Return")
    driver.wait_until(
        lambda: driver.window.opener.in_use is not None and driver.window.opener.in_use.path == search / FIRST / MODEL
    )
    driver.press("Ctrl+4")
    driver.wait_until(lambda: column(driver, Column.STATE).count("in use  ·  default") == 1)
    assert sorted(column(driver)) == [FIRST, SECOND]  # once each


def test_they_are_compared(driver: Driver, search: Path) -> None:
    show_trials(driver)
    choose(driver, FIRST)
    driver.press("Ctrl+A")
    driver.click("Settings")
    heads = driver.window.runs.compare.settings.table.model()
    assert heads.columnCount() == 2


def test_the_overview_leaves_them_out(driver: Driver, search: Path) -> None:
    show_trials(driver)
    driver.choose(box(driver), "All")
    driver.click("Overview")
    assert driver.sees("5 more runs to go.")  # the one that stands alone has no accuracy


def test_one_is_saved_as_a_page(driver: Driver, search: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    page = tmp_path / "page.html"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(page), "HTML (*.html)"))
    show_trials(driver)
    choose(driver, SECOND)
    driver.choose_from_menu("Save as a page …")
    driver.wait_until(page.exists)
    assert SECOND in page.read_text(encoding="utf-8")


@pytest.mark.usefixtures("few_shapes")
def test_one_is_continued_in_its_folder(driver: Driver, search: Path) -> None:
    write_recipe(ARTICLE.changed({"optimization.epochs": 1}), search / SECOND / RECIPE)
    show_trials(driver)
    choose(driver, SECOND)
    driver.click("Continue")
    driver.wait_until((search / SECOND / MODEL).exists)
    driver.wait_for_rest()


def test_one_that_is_opened_by_its_folder_is_no_run_from_elsewhere(driver: Driver, search: Path) -> None:
    driver.press("Ctrl+4")
    driver.window.runs.open_run(search / FIRST)
    driver.wait_until(lambda: driver.window.runs.current is not None and driver.window.runs.current.name == FIRST)
    assert Settings().runs_elsewhere == []


def test_an_interrupted_one_is_not_offered_at_the_start(open_window: Opener, search: Path) -> None:
    write_record(search / SECOND, new_record("shapes", "Drawn shapes", None, ()))
    driver = open_window()
    driver.press("Ctrl+4")
    wait_for(driver, SHIPPED, "alone")
    strip = driver.window.strips.interrupted_runs
    driver.wait_until(lambda: strip._has_looked and not strip._task.is_running)
    assert not strip.isVisible()
