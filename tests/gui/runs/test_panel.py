"""The list of models: what it says, and using, renaming and deleting what is in it."""

import os
import shutil
import sys
import threading
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QDateTime, QLocale, QPoint, Qt
from PySide6.QtGui import QColor, QDesktopServices
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox, QLabel, QLineEdit

from cnngui import paths
from cnngui.core.models.card import Card, TrainingRecord, card_path
from cnngui.core.progress import EpochResult
from cnngui.core.recipes.presets import ARTICLE
from cnngui.core.runs import library
from cnngui.core.runs.folder import MODEL, NOTES
from cnngui.core.runs.library import ListedRun
from cnngui.core.runs.record import Notes, read_notes, write_notes
from cnngui.gui.common import style, worker
from cnngui.gui.common.settings import Settings
from cnngui.gui.common.worker import Worker
from cnngui.gui.runs import listing
from cnngui.gui.runs.cells import Column
from cnngui.gui.runs.rows import ModelRoles, RunTableModel
from cnngui.gui.runs.table import RunTable
from cnngui.gui.train.requests import continuation
from tests.gui.conftest import Driver, Opener, picture, whole_box

SHIPPED = "The shipped model"


@pytest.fixture(autouse=True)
def shipped(colour_model: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The model of ten colours ships."""
    monkeypatch.setattr(paths, "shipped_model", lambda: colour_model)
    return colour_model


@pytest.fixture
def runs(colour_model: Path, warmth_model: Path, tmp_path: Path) -> Path:
    """Two trained models, "colours" of 2020 and "warmth" of 2010."""
    for name, model, moment in (("colours", colour_model, 1_577_880_000), ("warmth", warmth_model, 1_262_347_200)):
        folder = tmp_path / "runs" / name
        folder.mkdir(parents=True)
        shutil.copy(model, folder / MODEL)
        shutil.copy(card_path(model), card_path(folder / MODEL))
        os.utime(folder / MODEL, (moment, moment))
    return tmp_path / "runs"


def table(driver: Driver) -> RunTable:
    (found,) = driver.window.findChildren(RunTable)
    return found


def column(driver: Driver, which: Column) -> list[str]:
    """What stands in a column, from above."""
    model = table(driver).model()
    return [model.index(row, which).data() for row in range(model.rowCount())]


def show(driver: Driver, *names: str) -> None:
    """Show the models, and wait until it is these."""
    driver.press("Ctrl+4")
    wait_for_names(driver, *names)


def wait_for_names(driver: Driver, *names: str) -> None:
    driver.wait_until(lambda: column(driver, Column.NAME) == list(names))


def choose(driver: Driver, name: str) -> None:
    """Click a model's row."""
    QTest.mouseClick(table(driver).viewport(), Qt.MouseButton.LeftButton, pos=spot(driver, name))


def spot(driver: Driver, name: str) -> QPoint:
    row = column(driver, Column.NAME).index(name)
    return table(driver).visualRect(table(driver).model().index(row, Column.NAME)).center()


def type_name(driver: Driver, name: str) -> None:
    """Type a name in place of the one that is being edited."""
    editor = QApplication.focusWidget()
    assert isinstance(editor, QLineEdit)
    editor.selectAll()
    QTest.keyClick(editor, Qt.Key.Key_Delete)
    QTest.keyClicks(editor, name)
    QTest.keyClick(editor, Qt.Key.Key_Return)


def in_use(driver: Driver) -> Path | None:
    model = driver.window.opener.in_use
    return model.path if model else None


# What it says


def test_all_that_is_known_of_each_is_there(driver: Driver, runs: Path) -> None:
    driver.click("The shipped model  ·  87.5 %")
    wait_for_names(driver, SHIPPED, "colours", "warmth")
    assert column(driver, Column.DATA) == ["Ten colours", "Ten colours", "Warmth"]
    assert column(driver, Column.RECIPE) == ["article"] * 3
    assert column(driver, Column.ACCURACY) == ["87.5 %"] * 3
    written = QDateTime.fromSecsSinceEpoch(1_577_880_000)
    assert column(driver, Column.DATE)[1] == QLocale.system().toString(written, QLocale.FormatType.ShortFormat)
    assert column(driver, Column.STATE) == ["in use  ·  default", "", ""]
    assert driver.sees(f"2 runs in {runs}") or driver.sees("2 runs in ~/")


def test_an_empty_list_says_how_it_fills(driver: Driver) -> None:
    show(driver, SHIPPED)
    assert driver.sees("The models that you train appear here.")


def test_a_click_on_a_title_sorts_and_the_shipped_one_stays_first(driver: Driver, runs: Path) -> None:
    driver.window.resize(1400, 800)  # room for all columns
    show(driver, SHIPPED, "colours", "warmth")
    header = table(driver).horizontalHeader()
    for which, expected in ((Column.DATE, "warmth"), (Column.DATA, "colours"), (Column.DATA, "warmth")):
        choose(driver, "warmth")
        place = QPoint(header.sectionViewportPosition(which) + 10, header.height() // 2)
        QTest.mouseClick(header.viewport(), Qt.MouseButton.LeftButton, pos=place)
        other = {"warmth": "colours", "colours": "warmth"}[expected]
        assert column(driver, Column.NAME) == [SHIPPED, expected, other]
        assert driver.window.runs.current is not None
        assert driver.window.runs.current.name == "warmth"


def test_an_unreadable_card_is_reported(driver: Driver, runs: Path) -> None:
    card_path(runs / "warmth" / MODEL).write_text("{")
    card_path(runs / "colours" / MODEL).unlink()
    show(driver, SHIPPED, "colours", "warmth")
    assert column(driver, Column.DATA)[1:] == ["–", "cannot be read"]
    tip = table(driver).model().index(2, 0).data(Qt.ItemDataRole.ToolTipRole)
    assert "model.json is not a valid model card." in tip


def test_an_unreadable_folder_is_reported_beside_the_shipped_model(driver: Driver, tmp_path: Path) -> None:
    (tmp_path / "runs").touch()
    show(driver, SHIPPED)
    assert driver.sees("runs could not be read")


def test_a_model_from_elsewhere_is_listed_while_it_is_in_use(driver: Driver, warmth_model: Path, runs: Path) -> None:
    driver.drop_files(warmth_model)
    driver.wait_for("warmth.keras")
    show(driver, SHIPPED, "warmth.keras", "colours", "warmth")
    choose(driver, "warmth.keras")
    assert not driver.window.runs.run_actions["rename"].isEnabled()
    assert not driver.button("Delete").isEnabled()
    driver.choose_from_menu("Make default")
    driver.wait_until(lambda: column(driver, Column.STATE) == ["", "in use  ·  default", "", ""])


def test_a_training_is_listed_from_its_start(driver: Driver, few_shapes: None) -> None:
    driver.press("Ctrl+3")
    driver.choose(driver.window.train.form.recipe_box, "article")
    driver.enter(whole_box(driver.window.train.form, "epochs"), "1")
    driver.click("Start")
    driver.press("Ctrl+4")
    driver.wait_until(lambda: len(column(driver, Column.NAME)) == 2)  # from its first second
    driver.wait_until(lambda: column(driver, Column.ACCURACY)[1].endswith(" %)"))
    assert column(driver, Column.DATA)[1] == "Drawn shapes"
    assert column(driver, Column.STATE)[1] == ""


# Curves


def test_the_curves_of_a_model_are_shown_with_its_result(driver: Driver, runs: Path) -> None:
    card = Card.from_json(card_path(runs / "warmth" / MODEL).read_text(encoding="utf-8"))
    assert card.training is not None
    history = (EpochResult(1, 2.0, 0.25, 1.5, 0.5, 3.25), EpochResult(2, 1.0, 0.75, 0.5, 0.875, 6.5))
    training = replace(card.training, history=history, images={"test": 48}, test_accuracy=8 / 48, test_most_frequent=8)
    card_path(runs / "warmth" / MODEL).write_text(replace(card, training=training).to_json(), encoding="utf-8")
    show(driver, SHIPPED, "colours", "warmth")
    assert column(driver, Column.ACCURACY)[2] == "8 of 48 (16.7 %)"
    choose(driver, "colours")
    assert not driver.button("Show curves").isEnabled()  # its card has no history
    choose(driver, "warmth")
    driver.click("Show curves")
    assert driver.window.train.isVisible()
    assert driver.window.train.plot.isVisible()
    assert driver.sees("article on Warmth")
    assert [point.loss for point in driver.window.train.plot.points.validation] == [1.5, 0.5]
    assert driver.sees("No better than guessing: 8 of 48 test images correct (16.7 %)")
    driver.click("Use for prediction")
    driver.wait_for("warmth  ·  8 of 48 (16.7 %)")


def test_the_accuracy_of_a_model_that_is_no_better_than_guessing_is_amber(driver: Driver) -> None:
    record = TrainingRecord("Pets", "", {"test": 48}, ARTICLE, (), 2.3, 8 / 48, 1.0, "", test_most_frequent=8)
    for number, expected in ((8, "warning"), (7, "warning"), (40, "muted")):
        card = Card(("cat", "dog"), replace(record, test_accuracy=number / 48))
        model = ListedRun(Path("a/model.keras"), "a", True, 0.0, card)
        rows = RunTableModel()
        rows.show([model], ModelRoles(None, Path()))
        color = rows.data(rows.index(0, Column.ACCURACY), Qt.ItemDataRole.ForegroundRole)
        assert color == QColor(getattr(style.colors(), expected))


def test_a_model_stopped_in_its_first_epoch_is_marked(driver: Driver, runs: Path) -> None:
    card = Card.from_json(card_path(runs / "warmth" / MODEL).read_text(encoding="utf-8"))
    assert card.training is not None
    training = replace(card.training, history=(), test_loss=None, test_accuracy=None)
    card_path(runs / "warmth" / MODEL).write_text(replace(card, training=training).to_json(), encoding="utf-8")
    show(driver, SHIPPED, "colours", "warmth")
    assert column(driver, Column.STATE) == ["in use  ·  default", "", "stopped in its first epoch"]


def test_a_training_ended_when_its_card_says(driver: Driver, runs: Path) -> None:
    card = Card.from_json(card_path(runs / "warmth" / MODEL).read_text(encoding="utf-8"))
    assert card.training is not None
    training = replace(card.training, ended="2024-02-03T04:05:06+00:00")
    card_path(runs / "warmth" / MODEL).write_text(replace(card, training=training).to_json(), encoding="utf-8")
    show(driver, SHIPPED, "warmth", "colours")  # the newest first
    moment = QDateTime.fromSecsSinceEpoch(1_706_933_106)
    assert column(driver, Column.DATE)[1] == QLocale.system().toString(moment, QLocale.FormatType.ShortFormat)


def test_a_name_is_shortened_only_where_there_is_no_room(driver: Driver, runs: Path) -> None:
    long = "a name of forty letters, which is longer"
    (runs / "warmth").rename(runs / long)
    driver.window.resize(1100, 600)
    show(driver, SHIPPED, "colours", long)
    shown = table(driver)
    need, header = shown.sizeHintForColumn(Column.NAME), shown.horizontalHeader()
    assert header.sectionSize(Column.NAME) >= need
    assert header.sectionSize(Column.DATA) >= shown.sizeHintForColumn(Column.DATA)
    driver.window.resize(700, 600)
    driver.wait_until(lambda: header.sectionSize(Column.NAME) < need)
    assert header.length() <= shown.viewport().width()
    assert long in shown.model().index(2, Column.NAME).data(Qt.ItemDataRole.ToolTipRole)


def test_the_widths_are_measured_once_until_there_is_more_to_show(
    driver: Driver, runs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    measured: list[int] = []
    measure = RunTable.sizeHintForColumn

    def count(shown: RunTable, which: int) -> int:
        measured.append(which)
        return measure(shown, which)

    monkeypatch.setattr(RunTable, "sizeHintForColumn", count)
    driver.window.resize(1100, 600)
    show(driver, SHIPPED, "colours", "warmth")
    header = table(driver).horizontalHeader()
    wide = header.sectionSize(Column.NAME)
    measured.clear()
    for width in range(1090, 1000, -10):
        driver.window.resize(width, 600)
        driver.wait_until(lambda width=width: table(driver).width() < width)  # type: ignore[misc]
    assert header.length() <= table(driver).viewport().width()
    assert header.sectionSize(Column.NAME) != wide
    assert measured == []
    Settings().default_model = runs / "warmth" / MODEL
    driver.window.runs.refresh()
    driver.wait_until(lambda: column(driver, Column.STATE)[2] == "default")
    assert len(measured) == len(Column)


def test_the_selection_is_asked_for_once_and_follows(driver: Driver, runs: Path) -> None:
    show(driver, SHIPPED, "colours", "warmth")
    panel = driver.window.runs
    choose(driver, "colours")
    driver.press("Ctrl+A")
    assert [run.name for run in panel.selected] == [SHIPPED, "colours", "warmth"]
    assert panel.selected is panel.selected
    table(driver).sortByColumn(Column.NAME, Qt.SortOrder.DescendingOrder)
    assert [run.name for run in panel.selected] == [SHIPPED, "warmth", "colours"]
    choose(driver, "warmth")
    assert [run.name for run in panel.selected] == ["warmth"]
    write_notes(runs / "warmth", Notes("new"))
    panel.refresh()
    driver.wait_until(lambda: [run.notes.note for run in panel.selected] == ["new"])
    search = driver.field("Search the runs")
    search.setFocus()
    QTest.keyClicks(search, "colours")  # also in the data of the shipped one
    wait_for_names(driver, SHIPPED, "colours")
    assert [run.name for run in panel.selected] == ["colours"]


# Using


@pytest.mark.parametrize("way", ["button", "Enter", "double click"])
def test_a_chosen_model_is_used(driver: Driver, runs: Path, tmp_path: Path, way: str) -> None:
    show(driver, SHIPPED, "colours", "warmth")
    assert driver.button("Use").isEnabled()  # the one in use is chosen, which would be asked anew
    choose(driver, "warmth")
    if way == "button":
        driver.click("Use")
    elif way == "Enter":
        driver.press("Return")
    else:
        QTest.mouseDClick(table(driver).viewport(), Qt.MouseButton.LeftButton, pos=spot(driver, "warmth"))
    driver.wait_for("warmth  ·  87.5 %")
    assert driver.window.predict.isVisible()
    driver.drop_files(picture(tmp_path / "red.png", "red"))
    assert driver.wait_for_answers() == ["warm"]
    show(driver, SHIPPED, "colours", "warmth")
    driver.wait_until(lambda: column(driver, Column.STATE) == ["default", "", "in use"])


def test_the_default_is_opened_at_the_next_start(open_window: Opener, runs: Path) -> None:
    driver = open_window()
    show(driver, SHIPPED, "colours", "warmth")
    choose(driver, "warmth")
    driver.choose_from_menu("Make default")
    driver.wait_until(lambda: column(driver, Column.STATE) == ["in use", "", "default"])
    driver.close()
    again = open_window(default=True)
    assert again.sees("warmth  ·  87.5 %")
    show(again, SHIPPED, "colours", "warmth")
    choose(again, SHIPPED)
    again.choose_from_menu("Make default")
    assert Settings().default_model is None


@pytest.mark.parametrize("is_gone", [True, False], ids=["gone", "damaged"])
def test_without_its_default_the_window_begins_with_the_shipped_one(
    open_window: Opener, tmp_path: Path, is_gone: bool
) -> None:
    default = tmp_path / "mine.keras"
    Settings().default_model = default
    if not is_gone:
        default.write_text("damaged")
    driver = open_window(default=True)
    assert driver.sees("The shipped model")
    sentence = "There is no model at " if is_gone else "mine.keras is not a model"
    assert driver.sees(f"Your default model could not be opened, so the shipped model is in use. {sentence}")
    show(driver, SHIPPED, *([] if is_gone else ["mine.keras"]))


def test_its_folder_is_shown(driver: Driver, runs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[str] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: opened.append(url.toLocalFile()))
    show(driver, SHIPPED, "colours", "warmth")
    choose(driver, "colours")
    driver.window.runs.run_actions["show folder"].trigger()
    driver.choose_from_menu("Show the runs’ folder")
    assert [Path(name) for name in opened] == [runs / "colours", runs]


# Renaming


@pytest.mark.parametrize("way", ["F2", "button"])
def test_a_model_is_renamed_in_place(driver: Driver, runs: Path, way: str) -> None:
    driver.window.opener.open(runs / "warmth" / MODEL)
    Settings().default_model = runs / "warmth" / MODEL
    driver.wait_for("warmth  ·  87.5 %")
    show(driver, SHIPPED, "colours", "warmth")
    choose(driver, "warmth")
    if way == "F2":
        driver.press("F2")
    else:
        driver.choose_from_menu("Rename")
    type_name(driver, "hot & cold")
    wait_for_names(driver, SHIPPED, "colours", "hot & cold")
    assert (runs / "hot & cold" / MODEL).is_file()
    assert column(driver, Column.STATE) == ["", "", "in use  ·  default"]
    assert in_use(driver) == Settings().default_model == runs / "hot & cold" / MODEL
    assert driver.window.runs.current is not None
    assert driver.window.runs.current.name == "hot & cold"
    assert "hot &amp; cold" in driver.button("Model: hot & cold  ·  87.5 %").toolTip()


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("", "A name is needed."),
        ("colours", "There is already a run “colours”."),
        ("a/b", "A name cannot have / in it"),
    ],
)
def test_an_invalid_name_gives_a_reason_beside_the_table(driver: Driver, runs: Path, name: str, sentence: str) -> None:
    driver.window.resize(1000, 1000)  # below the name is room for it
    show(driver, SHIPPED, "colours", "warmth")
    choose(driver, "warmth")
    driver.press("F2")
    type_name(driver, name)
    driver.wait_for(sentence)
    wait_for_names(driver, SHIPPED, "colours", "warmth")
    editor = QApplication.focusWidget()
    assert isinstance(editor, QLineEdit)
    assert editor.text() == name  # to be corrected
    reason = next(label for label in driver.window.findChildren(QLabel) if sentence in label.text())
    below = reason.mapTo(driver.window, QPoint()).y() - editor.mapTo(driver.window, QPoint(0, editor.height())).y()
    assert -1 <= below <= 8
    driver.press("Return")  # as it is
    driver.wait_until(lambda: driver.window.runs.changer.is_free)
    driver.wait_for(sentence)
    driver.wait_until(lambda: isinstance(QApplication.focusWidget(), QLineEdit))
    type_name(driver, "other")
    wait_for_names(driver, SHIPPED, "colours", "other")
    assert not driver.sees(sentence)


def test_a_refused_name_can_be_given_up(driver: Driver, runs: Path) -> None:
    show(driver, SHIPPED, "colours", "warmth")
    for way in ("Escape", "a click elsewhere"):
        choose(driver, "warmth")
        driver.press("F2")
        type_name(driver, "colours")
        driver.wait_until(lambda: table(driver).is_correcting)
        if way == "Escape":
            driver.press("Escape")
        else:
            choose(driver, "colours")
        assert not table(driver).is_correcting
        driver.wait_until(lambda: driver.window.runs.changer.is_free)
        assert not driver.sees("There is already a run")
        assert column(driver, Column.NAME) == [SHIPPED, "colours", "warmth"]
    choose(driver, "warmth")
    driver.press("F2")
    editor = QApplication.focusWidget()
    assert isinstance(editor, QLineEdit)
    assert editor.text() == "warmth"


def test_escape_leaves_the_name(driver: Driver, runs: Path) -> None:
    show(driver, SHIPPED, "colours", "warmth")
    choose(driver, "warmth")
    driver.press("F2")
    driver.press("Escape")
    assert column(driver, Column.NAME) == [SHIPPED, "colours", "warmth"]


def test_the_shipped_one_is_neither_renamed_nor_deleted(driver: Driver, runs: Path, shipped: Path) -> None:
    show(driver, SHIPPED, "colours", "warmth")
    choose(driver, SHIPPED)
    driver.press("F2")
    assert not isinstance(QApplication.focusWidget(), QLineEdit)
    driver.press("Del")
    assert not driver.window.runs.run_actions["rename"].isEnabled()
    assert not driver.button("Delete").isEnabled()
    assert shipped.is_file()


# Deleting


@pytest.fixture
def _trash() -> None:
    """Of the desktop's specification; elsewhere it is the system's own."""
    if sys.platform in ("win32", "darwin"):
        pytest.skip("the trash of this system is the user's")


@pytest.mark.usefixtures("_trash")
@pytest.mark.parametrize("way", ["Del", "button"])
def test_a_deleted_run_can_be_brought_back_until_the_window_closes(
    driver: Driver, runs: Path, tmp_path: Path, way: str
) -> None:
    driver.drop_files(picture(tmp_path / "red.png", "red"))
    show(driver, SHIPPED, "colours", "warmth")
    choose(driver, "colours")
    if way == "Del":
        driver.press("Del")
    else:
        driver.click("Delete")
    wait_for_names(driver, SHIPPED, "warmth")
    assert driver.sees("“colours” is deleted.")
    assert not (runs / "colours").exists()
    assert driver.window.runs.current is not None
    assert driver.window.runs.current.name == "warmth"  # what comes after it
    assert driver.pictures.total == 1
    if way == "Del":
        driver.press("Ctrl+Z")
    else:
        driver.click("Undo")
    wait_for_names(driver, SHIPPED, "colours", "warmth")
    assert driver.sees("“colours” is back.")
    choose(driver, "colours")
    driver.press("Del")
    wait_for_names(driver, SHIPPED, "warmth")
    driver.close()
    (model,) = tmp_path.rglob(f"colours/{MODEL}")
    assert "Trash" in str(model)


@pytest.mark.usefixtures("_trash")
def test_without_a_trash_nothing_is_deleted_for_good(driver: Driver, runs: Path, tmp_path: Path) -> None:
    (tmp_path / "home" / "data" / "Trash").touch()
    show(driver, SHIPPED, "colours", "warmth")
    choose(driver, "colours")
    driver.click("Delete")
    wait_for_names(driver, SHIPPED, "warmth")
    choose(driver, "warmth")
    driver.click("Delete")
    wait_for_names(driver, SHIPPED)
    driver.close()
    assert sorted(path.parent.name for path in runs.rglob(MODEL)) == ["colours", "warmth"]


def test_several_are_deleted_and_brought_back_together(driver: Driver, runs: Path) -> None:
    show(driver, SHIPPED, "colours", "warmth")
    choose(driver, "colours")
    driver.press("Shift+Down")
    assert [run.name for run in driver.window.runs.selected] == ["colours", "warmth"]
    assert not driver.button("Use").isEnabled()
    driver.press("Del")
    wait_for_names(driver, SHIPPED)
    driver.click("Undo")
    wait_for_names(driver, SHIPPED, "colours", "warmth")


def test_what_is_brought_back_has_its_roles_again(driver: Driver, runs: Path) -> None:
    Settings().default_model = runs / "colours" / MODEL
    Settings().baseline = runs / "warmth" / MODEL
    show(driver, SHIPPED, "colours", "warmth")
    choose(driver, "colours")
    driver.press("Shift+Down")
    driver.press("Del")
    wait_for_names(driver, SHIPPED)
    assert (Settings().default_model, Settings().baseline) == (None, None)
    driver.click("Undo")
    wait_for_names(driver, SHIPPED, "colours", "warmth")
    driver.wait_until(lambda: column(driver, Column.STATE)[1:] == ["default", "baseline"])
    assert Settings().default_model == runs / "colours" / MODEL


def test_what_is_brought_back_takes_no_role_from_another(driver: Driver, runs: Path) -> None:
    Settings().baseline = runs / "warmth" / MODEL
    show(driver, SHIPPED, "colours", "warmth")
    choose(driver, "warmth")
    driver.press("Del")
    wait_for_names(driver, SHIPPED, "colours")
    Settings().baseline = runs / "colours" / MODEL
    driver.click("Undo")
    wait_for_names(driver, SHIPPED, "colours", "warmth")
    assert Settings().baseline == runs / "colours" / MODEL


def test_what_is_brought_back_waits_in_its_place_again(
    driver: Driver, runs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    state = driver.window.train_state
    asked = [continuation(runs / name / MODEL, "Shapes", ARTICLE) for name in ("colours", "warmth")]
    with monkeypatch.context() as patch:
        patch.setattr(type(state), "is_busy", True)
        state.queue = tuple(asked)
        show(driver, SHIPPED, "colours", "warmth")
        choose(driver, "colours")
        driver.press("Del")
        driver.wait_until(lambda: [each.path for each in state.queue] == [asked[1].path])
        driver.wait_until(lambda: driver.window.runs.changer.can_undo)
        driver.click("Undo")
        driver.wait_until(lambda: [each.path for each in state.queue] == [each.path for each in asked])
    state.queue = ()


@pytest.mark.usefixtures("_trash")
def test_after_the_one_in_use_and_the_default_the_shipped_one_answers(driver: Driver, runs: Path) -> None:
    driver.window.opener.open(runs / "warmth" / MODEL)
    Settings().default_model = runs / "warmth" / MODEL
    driver.wait_for("warmth  ·  87.5 %")
    show(driver, SHIPPED, "colours", "warmth")
    choose(driver, "warmth")
    driver.press("Del")
    driver.wait_for("The shipped model")
    driver.wait_until(lambda: column(driver, Column.STATE) == ["in use  ·  default", ""])
    assert Settings().default_model is None


def test_what_is_gone_meanwhile_cannot_be_renamed(driver: Driver, runs: Path) -> None:
    show(driver, SHIPPED, "colours", "warmth")
    choose(driver, "warmth")
    (run,) = driver.window.runs.selected
    shutil.rmtree(runs / "warmth")
    driver.window.runs.changer.rename(run, "other")  # typed, the list might see first that it is gone
    driver.wait_for("“warmth” could not be renamed")
    wait_for_names(driver, SHIPPED, "colours")


# What the user says of them


def test_notes_and_tags_are_kept_and_found(driver: Driver, runs: Path) -> None:
    show(driver, SHIPPED, "colours", "warmth")
    choose(driver, "warmth")
    note, tags = (driver.field(name) for name in ("Note", "Tags"))
    note.setFocus()
    QTest.keyClicks(note, "for the class")
    tags.setFocus()
    QTest.keyClicks(tags, "school, warm,, school ")
    driver.wait_until(lambda: driver.window.runs.changer.is_free and read_notes(runs / "warmth").note != "")
    choose(driver, "colours")
    driver.wait_until(lambda: column(driver, Column.NOTE) == ["", "", "for the class  ·  #school  ·  #warm"])
    assert read_notes(runs / "warmth") == Notes("for the class", ("school", "warm"))
    assert note.text() == ""
    search = driver.field("Search the runs")
    search.setFocus()
    QTest.keyClicks(search, "CLASS warm")
    wait_for_names(driver, "warmth")
    driver.click("1 of 3 shown  ·  Show all")
    wait_for_names(driver, SHIPPED, "colours", "warmth")


def test_a_note_typed_while_a_model_opens_is_kept(driver: Driver, runs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    show(driver, SHIPPED, "colours", "warmth")
    choose(driver, "warmth")
    with monkeypatch.context() as patch:
        patch.setattr(type(driver.window.opener), "is_running", True)
        note = driver.field("Note")
        note.setFocus()
        QTest.keyClicks(note, "for the class")
        driver.press("Return")
        driver.wait_until(lambda: read_notes(runs / "warmth").note == "for the class")
        assert not driver.sees("is being opened or changed")


@pytest.mark.parametrize("closes", [False, True])
def test_a_note_typed_during_another_change_follows_its_run(
    driver: Driver, runs: Path, closes: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    goes_on, rename = threading.Event(), library.rename

    def slow(model: Path, name: str) -> Path:
        assert goes_on.wait(60)
        return rename(model, name)

    monkeypatch.setattr(library, "rename", slow)
    show(driver, SHIPPED, "colours", "warmth")
    choose(driver, "warmth")
    run = driver.window.runs.current
    assert run is not None
    changer = driver.window.runs.changer
    changer.rename(driver.window.runs._rows.all[1] if closes else run, "other")
    changer.write_notes([run], lambda notes: replace(notes, note="for the class"))
    assert read_notes(runs / "warmth").note == ""
    goes_on.set()
    if closes:
        driver.close()
        assert read_notes(runs / "warmth").note == "for the class"
    else:
        driver.wait_until(lambda: read_notes(runs / "other").note == "for the class")
        assert not (runs / "warmth").exists()


def test_closing_does_not_wait_for_a_list_that_hangs(
    driver: Driver, runs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun, answers, left = threading.Event(), threading.Event(), list[Worker]()

    def hang(*_: object, **__: object) -> list[ListedRun]:
        begun.set()
        answers.wait(60)
        return []

    monkeypatch.setattr(worker, "READER_SECONDS", 1.0)
    monkeypatch.setattr(worker, "_left_behind", left)
    monkeypatch.setattr(listing, "list_runs", hang)
    driver.press("Ctrl+4")
    driver.wait_until(begun.is_set)
    driver.close()
    assert not driver.window.isVisible()
    assert not answers.is_set()
    (hanging,) = left
    answers.set()
    hanging.wait()


def test_an_archived_run_is_hidden_until_it_is_asked_for(driver: Driver, runs: Path) -> None:
    show(driver, SHIPPED, "colours", "warmth")
    choose(driver, "warmth")
    driver.choose_from_menu("Archive")
    wait_for_names(driver, SHIPPED, "colours")
    assert driver.sees("“warmth” is archived")
    assert (runs / "warmth" / MODEL).is_file()
    (which,) = (box for box in driver.window.findChildren(QComboBox) if box.accessibleName().startswith("Active"))
    driver.choose(which, "Archived")
    wait_for_names(driver, "warmth")
    choose(driver, "warmth")
    driver.choose_from_menu("Bring back")
    wait_for_names(driver)
    driver.choose(which, "Active")
    wait_for_names(driver, SHIPPED, "colours", "warmth")


def test_notes_of_a_newer_version_are_not_written_over(driver: Driver, runs: Path) -> None:
    (runs / "warmth" / NOTES).write_text('{"format": 99}')
    show(driver, SHIPPED, "colours", "warmth")
    choose(driver, "warmth")
    driver.choose_from_menu("Archive")
    driver.wait_for("notes.json is from a newer version of cnngui. Update cnngui to read it.")
    assert (runs / "warmth" / NOTES).read_text() == '{"format": 99}'


def test_the_baseline_is_marked_and_follows_its_name(driver: Driver, runs: Path) -> None:
    show(driver, SHIPPED, "colours", "warmth")
    choose(driver, "warmth")
    driver.choose_from_menu("Pin as baseline")
    driver.wait_until(lambda: column(driver, Column.STATE)[2] == "baseline")
    driver.press("F2")
    type_name(driver, "first")
    wait_for_names(driver, SHIPPED, "colours", "first")
    driver.wait_until(lambda: column(driver, Column.STATE)[2] == "baseline")
    choose(driver, "first")
    driver.choose_from_menu("Unpin the baseline")
    driver.wait_until(lambda: column(driver, Column.STATE)[2] == "")


def test_a_run_elsewhere_is_listed_and_may_vanish_and_come_back(
    driver: Driver, runs: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(listing, "REFRESH_MS", 50)
    driver.window.runs._listing._timer.setInterval(50)
    elsewhere = tmp_path / "server" / "theirs"
    elsewhere.parent.mkdir()
    (runs / "warmth").rename(elsewhere)
    show(driver, SHIPPED, "colours")
    driver.window.runs.open_run(elsewhere)
    wait_for_names(driver, SHIPPED, "theirs", "colours")
    assert driver.window.runs.current is not None
    assert driver.window.runs.current.name == "theirs"
    assert not driver.window.runs.run_actions["delete"].isEnabled()
    elsewhere.rename(tmp_path / "away")
    driver.window.runs.refresh()
    driver.wait_until(lambda: column(driver, Column.DATA)[1] == "cannot be read")
    (tmp_path / "away").rename(elsewhere)
    driver.wait_until(lambda: column(driver, Column.DATA)[1] == "Warmth")
    driver.choose_from_menu("Remove from the list")
    wait_for_names(driver, SHIPPED, "colours")
    assert (elsewhere / MODEL).is_file()
