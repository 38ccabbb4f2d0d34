"""Which pictures are shown in which order, and what can be done with many at once."""

import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QDesktopServices, QGuiApplication, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox, QFileDialog, QLineEdit, QMenu, QProgressBar, QPushButton, QWidget

from cnngui.core.answers import prediction
from cnngui.core.answers.classifier import Classifier
from cnngui.core.answers.prediction import Prediction
from cnngui.core.pictures.decoding import Source
from cnngui.gui.predict import answerer
from cnngui.gui.predict.answer.confusion_view import ConfusionView
from cnngui.gui.predict.pictures.list_view import PictureListView
from cnngui.gui.predict.work_strip import SHOWN_FROM, WorkStrip
from tests.gui.conftest import STRANGE, Driver, Opener, copies, picture

COLOURS = ("red", "green", "blue", "red")


@pytest.fixture
def four(driver: Driver, tmp_path: Path) -> Driver:
    """A window with four classified pictures and an unreadable file."""
    files = [picture(tmp_path / f"{name}.png", colour) for name, colour in zip("dacb", COLOURS, strict=True)]
    (tmp_path / "e.png").touch()
    driver.drop_files(*files, tmp_path / "e.png")
    driver.wait_for_answers()
    return driver


def shown(driver: Driver) -> str:
    """The pictures in the list, by the first letters of their names."""
    return "".join(driver.pictures.picture(row).name[0] for row in range(driver.pictures.rowCount()))


def box(driver: Driver, name: str) -> QComboBox:
    (found,) = (each for each in driver.window.findChildren(QComboBox) if each.accessibleName() == name)
    return found


def list_of(driver: Driver) -> PictureListView:
    (view,) = (each for each in driver.window.findChildren(PictureListView) if each.model() is driver.pictures)
    return view


def test_a_part_of_a_name(four: Driver) -> None:
    four.press("Ctrl+F")
    field = four.window.focusWidget()
    assert isinstance(field, QLineEdit)
    QTest.keyClicks(field, "B.")
    assert shown(four) == "b"
    assert four.sees("5 pictures  ·  1 shown")
    assert four.sees("b.png")  # and it is in view
    QTest.keyClicks(field, "x")
    assert shown(four) == ""
    field.clear()
    assert shown(four) == "dacbe"


def test_one_class(four: Driver) -> None:
    four.choose(box(four, "Show"), "Classified as red")
    assert shown(four) == "db"
    four.choose(box(four, "Show"), "All pictures")
    assert shown(four) == "dacbe"


def test_none_of_these(open_window: Opener, choosy_model: Path, tmp_path: Path) -> None:
    driver = open_window(choosy_model)
    driver.drop_files(picture(tmp_path / "a.png", "red"), picture(tmp_path / "b.png", STRANGE))
    driver.wait_for_answers()
    driver.choose(box(driver, "Show"), "None of these")
    assert shown(driver) == "b"


def test_unreadable_pictures(four: Driver) -> None:
    four.click("1 of 5 unreadable")
    assert shown(four) == "e"
    assert four.sees("e.png: The file is empty.")


def test_orders(four: Driver) -> None:
    four.choose(box(four, "Order"), "Name")
    assert shown(four) == "abcde"
    four.choose(box(four, "Order"), "Class")
    assert shown(four) == "cadbe"


def test_the_picture_in_view_survives_a_new_order(four: Driver) -> None:
    view = list_of(four)
    view.setCurrentIndex(four.pictures.index(1))
    assert four.sees("a.png")
    four.choose(box(four, "Order"), "Name")
    assert four.sees("a.png")
    assert view.currentIndex().row() == 0


def test_new_pictures_find_their_places(four: Driver, tmp_path: Path) -> None:
    four.choose(box(four, "Order"), "Name")
    four.drop_files(picture(tmp_path / "bb.png", "green"))
    four.wait_for_answers()
    assert shown(four) == "abbcde"
    four.drop_files(picture(tmp_path / "ab.png", "green"), picture(tmp_path / "ac.png", "blue"))
    four.choose(box(four, "Show"), "Classified as green")
    four.wait_until(lambda: shown(four) == "aab")


def test_another_models_classes_are_offered(four: Driver, warmth_model: Path) -> None:
    four.choose(box(four, "Show"), "Classified as red")
    four.window.opener.open(warmth_model)
    four.wait_for_rest()
    four.wait_for_answers()
    assert shown(four) == "dacbe"
    four.choose(box(four, "Show"), "Classified as cold")
    four.wait_until(lambda: shown(four) == "c")


def test_one_picture_needs_no_tools(driver: Driver, tmp_path: Path) -> None:
    driver.drop_files(picture(tmp_path / "a.png", "red"))
    driver.wait_for_answers()
    assert not box(driver, "Show").isVisible()
    driver.drop_files(picture(tmp_path / "b.png", "red"))
    assert box(driver, "Show").isVisible()


def test_clearing_shows_all_again(four: Driver, tmp_path: Path) -> None:
    four.choose(box(four, "Show"), "Classified as red")
    four.press("Ctrl+L")
    four.drop_files(picture(tmp_path / "a.png", "green"), picture(tmp_path / "b.png", "red"))
    four.wait_for_answers()
    assert shown(four) == "ab"


def test_removed_pictures_are_restored(four: Driver) -> None:
    list_of(four).selectAll()
    four.press("Del")
    assert four.pictures.total == 0
    four.press("Ctrl+Z")
    assert shown(four) == "dacbe"
    assert len(four.wait_for_answers()) == 5
    for row in (0, 1):
        select(four, row)
        four.press("Del")
    four.wait_for("1 removed, 3 left. Undo brings it back.")
    four.press("Ctrl+L")
    four.press("Ctrl+3")
    four.press("Ctrl+Z")
    assert shown(four) == "abe"
    assert list_of(four).isVisible()
    four.press("Ctrl+Z")
    four.press("Ctrl+Z")
    assert shown(four) == "dacbe"
    assert not four.window.predict_state.can_undo


def test_a_restored_labelled_folder_begins_with_misclassified_pictures(driver: Driver, tmp_path: Path) -> None:
    driver.drop_files(album(tmp_path))
    driver.wait_for_answers()
    driver.press("Ctrl+L")
    driver.press("Ctrl+Z")
    driver.wait_until(lambda: driver.pictures.picture(0).wrong)
    assert box(driver, "Order").currentText() == "Surest mistakes first"


def test_restored_pictures_are_answered_by_the_model_in_use(four: Driver, warmth_model: Path) -> None:
    four.press("Ctrl+L")
    four.window.opener.open(warmth_model)
    four.wait_for_rest()
    four.press("Ctrl+Z")
    four.wait_until(lambda: set(four.wait_for_answers()) == {"warm", "cold", "The file is empty."})


# A folder whose sub-folders are named after classes


def album(parent: Path) -> Path:
    """Three labelled pictures, one of them with the wrong label, and one without any."""
    folder = parent / "album"
    for name, colour in (("Red/a.png", "red"), ("Red/b.png", "blue"), ("blue/c.png", "blue"), ("d.png", "blue")):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        picture(folder / name, colour)
    return folder


def cells(view: ConfusionView) -> dict[tuple[str, str], str]:
    """The matrix as the user reads it."""
    model = view.model
    return {
        (label, answer): str(model.index(row, column).data())
        for row, label in enumerate(model.labels)
        for column, answer in enumerate(model.answers)
    }


def test_labels_are_taken_from_folders(driver: Driver, tmp_path: Path) -> None:
    driver.drop_files(album(tmp_path))
    driver.wait_for_answers()
    driver.choose(box(driver, "Show"), "Misclassified")
    assert driver.sees(f"{Path('Red/b.png')}   ·   labelled red")
    assert driver.pictures.rowCount() == 1
    driver.choose(box(driver, "Show"), "All pictures")
    assert box(driver, "Order").currentText() == "Surest mistakes first"  # nobody had to choose it
    assert driver.pictures.picture(0).name == str(Path("Red/b.png"))


def test_the_confusion_matrix_of_labelled_pictures(driver: Driver, tmp_path: Path) -> None:
    driver.drop_files(album(tmp_path))
    driver.wait_for_answers()
    driver.click("66.7 % of 3 correct")
    (view,) = driver.window.findChildren(ConfusionView)
    assert view.isVisible()
    assert cells(view) == {("red", "red"): "1", ("red", "blue"): "1", ("blue", "red"): "", ("blue", "blue"): "1"}
    assert driver.sees("66.7 % correct")

    table, wrong = view.table, view.model.index(0, view.model.answers.index("blue"))
    QTest.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=table.visualRect(wrong).center())
    assert [driver.pictures.picture(row).name for row in range(driver.pictures.rowCount())] == [str(Path("Red/b.png"))]
    assert box(driver, "Show").currentText() == "red classified as blue"
    assert not view.isVisible()
    assert QApplication.focusWidget() is list_of(driver)  # to walk through them
    assert driver.sees(f"{Path('Red/b.png')}   ·   labelled red")


def test_the_accuracy_of_a_class_leads_to_its_pictures(driver: Driver, tmp_path: Path) -> None:
    driver.drop_files(album(tmp_path))
    driver.wait_for_answers()
    driver.click("66.7 % of 3 correct")
    (view,) = driver.window.findChildren(ConfusionView)
    last = view.model.columnCount() - 1
    assert [view.model.index(row, last).data() for row in range(2)] == ["50 %", "100 %"]
    spot = view.table.visualRect(view.model.index(0, last)).center()
    QTest.mouseClick(view.table.viewport(), Qt.MouseButton.LeftButton, pos=spot)
    assert box(driver, "Show").currentText() == "Labelled red"
    assert driver.pictures.rowCount() == 2
    driver.click("66.7 % of 3 correct")
    driver.click("Back to the list")
    assert not view.isVisible()
    assert QApplication.focusWidget() is list_of(driver)


def test_the_matrix_is_saved_as_a_table_and_as_a_picture(
    driver: Driver, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    driver.drop_files(album(tmp_path))
    driver.wait_for_answers()
    driver.click("66.7 % of 3 correct")
    (view,) = driver.window.findChildren(ConfusionView)
    offered = [action.text().replace("&", "") for action in view.findChildren(QMenu)[0].actions()]
    assert offered == ["Save the confusion matrix as PNG …", "Save the confusion matrix as CSV …"]
    for entry, name in zip(offered, ("matrix.png", "matrix.csv"), strict=True):
        path = str(tmp_path / name)
        monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_, path=path: (path, ""))
        driver.choose_from_menu(entry)
        driver.wait_for(f"Saved as {path}")
    assert (tmp_path / "matrix.csv").read_text(encoding="utf-8-sig").splitlines() == [
        '"true class","answer red","answer blue","accuracy"',
        '"red","1","1","0.5"',
        '"blue","0","1","1.0"',
    ]
    saved = QImage(str(tmp_path / "matrix.png"))
    colours = {saved.pixel(x, y) for x in range(saved.width()) for y in range(saved.height())}
    assert len(colours) > 10


def test_a_wrong_answer_is_marked_with_the_true_class(driver: Driver, tmp_path: Path) -> None:
    driver.drop_files(album(tmp_path))
    driver.wait_for_answers()
    driver.wait_for("✗ Wrong. True class: red.")
    assert driver.sees("✓ red")
    select(driver, 1)
    assert not driver.sees("Wrong")
    assert not driver.sees("✓")


def test_an_empty_cell_shows_nothing(driver: Driver, tmp_path: Path) -> None:
    driver.drop_files(album(tmp_path))
    driver.wait_for_answers()
    driver.click("66.7 % of 3 correct")
    (view,) = driver.window.findChildren(ConfusionView)
    empty = view.model.index(view.model.labels.index("blue"), view.model.answers.index("red"))
    QTest.mouseClick(view.table.viewport(), Qt.MouseButton.LeftButton, pos=view.table.visualRect(empty).center())
    assert view.isVisible()
    assert driver.pictures.rowCount() == 4


def test_a_click_in_the_list_leads_back_to_the_picture(driver: Driver, tmp_path: Path) -> None:
    driver.drop_files(album(tmp_path))
    driver.wait_for_answers()
    driver.click("66.7 % of 3 correct")
    (view,) = driver.window.findChildren(ConfusionView)
    spot = list_of(driver).visualRect(list_of(driver).currentIndex()).center()
    QTest.mouseClick(list_of(driver).viewport(), Qt.MouseButton.LeftButton, pos=spot)
    assert not view.isVisible()


def test_the_matrix_disappears_with_the_labelled_pictures(driver: Driver, tmp_path: Path) -> None:
    driver.drop_files(album(tmp_path))
    driver.wait_for_answers()
    driver.click("66.7 % of 3 correct")
    driver.press("Ctrl+L")
    driver.drop_files(picture(tmp_path / "a.png", "red"), picture(tmp_path / "b.png", "red"))
    driver.wait_for_answers()
    (view,) = driver.window.findChildren(ConfusionView)
    assert not view.isVisible()
    assert not driver.sees("correct")


def test_other_folders_are_no_labels(driver: Driver, tmp_path: Path) -> None:
    (tmp_path / "album" / "paris").mkdir(parents=True)
    picture(tmp_path / "album" / "paris" / "a.png", "red")
    picture(tmp_path / "album" / "b.png", "red")
    driver.drop_files(tmp_path / "album")
    driver.wait_for_answers()
    assert box(driver, "Show").findText("Misclassified") < 0
    assert not driver.sees("labelled")


# With many at once


def select(driver: Driver, *rows: int) -> None:
    """Click the first row, then the others with Ctrl held."""
    view = list_of(driver)
    for row in rows:
        key = Qt.KeyboardModifier.NoModifier if row == rows[0] else Qt.KeyboardModifier.ControlModifier
        spot = view.visualRect(driver.pictures.index(row)).center()
        QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, key, spot)


def test_answers_are_copied(four: Driver, tmp_path: Path) -> None:
    select(four, 2, 0, 4)
    four.press("Ctrl+C")
    mime = QGuiApplication.clipboard().mimeData()
    first, second, third = mime.text().splitlines()
    assert re.fullmatch(rf"{re.escape(str(tmp_path / 'd.png'))}: red \d\d %, .*", first)
    assert second.startswith(f"{tmp_path / 'c.png'}: blue ")
    assert third == f"{tmp_path / 'e.png'}: The file is empty."
    assert [Path(url.toLocalFile()).name for url in mime.urls()] == ["d.png", "c.png", "e.png"]
    assert four.sees("Copied 3 answers")


def test_selected_pictures_are_removed(four: Driver, tmp_path: Path) -> None:
    select(four, 1, 2)
    four.press("Del")
    assert shown(four) == "dbe"
    assert four.sees("b.png")  # what was below them is in view
    assert four.sees("2 removed, 3 left. Undo brings them back.")
    assert (tmp_path / "a.png").exists()
    for _ in range(3):
        four.press("Del")
    assert four.window.predict.invitation.isVisible()


def test_nothing_is_removed_while_the_list_is_hidden(four: Driver) -> None:
    four.press("Ctrl+3")
    four.press("Del")
    assert shown(four) == "dacbe"


def test_its_folder_is_shown(four: Driver, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[QUrl] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", opened.append)
    select(four, 1)
    (entry,) = (each for each in list_of(four).actions() if each.text().replace("&", "") == "Show in folder")
    entry.trigger()
    assert [Path(url.toLocalFile()) for url in opened] == [tmp_path]


@pytest.mark.parametrize(("entry", "name"), [("Save answers as CSV …", "a.csv"), ("Save answers as JSON …", "a.json")])
def test_what_is_shown_is_saved(
    four: Driver, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, entry: str, name: str
) -> None:
    four.choose(box(four, "Order"), "Name")
    four.choose(box(four, "Show"), "Classified as red")
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(tmp_path / name), ""))
    four.choose_from_menu(entry)
    four.wait_for(f"2 of 5 saved as {tmp_path / name}")
    written = (tmp_path / name).read_text(encoding="utf-8")
    assert written.index("b.png") < written.index("d.png")
    assert "c.png" not in written
    four.wait_until(lambda: not four.window.saver.is_running)
    four.click("Save all 5 …")
    four.wait_for(f"Saved as {tmp_path / name}")
    written = (tmp_path / name).read_text(encoding="utf-8")
    assert all(f"{letter}.png" in written for letter in "abcde")


def test_of_several_selected_pictures_these_are_saved(
    four: Driver, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    def ask(_parent: QWidget, title: str, *_: str) -> tuple[str, str]:
        asked.append(title)
        return str(tmp_path / "a.csv"), ""

    monkeypatch.setattr(QFileDialog, "getSaveFileName", ask)
    select(four, 1, 2)
    four.choose_from_menu("Save answers as CSV …")
    four.wait_for("2 of 5 saved as")
    assert asked == ["Save 2 of 5 answers"]


def test_a_filter_leads_back_to_all_pictures(four: Driver) -> None:
    four.choose(box(four, "Show"), "Classified as red")
    assert shown(four) == "db"
    four.click("Show all 5")
    assert shown(four) == "dacbe"
    assert not [
        each for each in four.window.findChildren(QPushButton) if each.isVisible() and "Show all" in each.text()
    ]


def test_when_the_list_shows_no_answers_there_is_nothing_to_save(four: Driver) -> None:
    four.choose(box(four, "Show"), "Classified as white")
    assert not four.window.actions_table["save json"].isEnabled()
    four.choose(box(four, "Show"), "All pictures")
    assert four.window.actions_table["save json"].isEnabled()


# Dragging out


def test_files_are_dragged_out(four: Driver, tmp_path: Path) -> None:
    indexes = [four.pictures.index(row) for row in (0, 2)]
    assert all(index.flags() & Qt.ItemFlag.ItemIsDragEnabled for index in indexes)
    urls = four.pictures.mimeData(indexes).urls()
    assert [Path(url.toLocalFile()) for url in urls] == [tmp_path / "d.png", tmp_path / "c.png"]


# Many


def strip(driver: Driver) -> WorkStrip:
    (found,) = driver.window.findChildren(WorkStrip)
    return found


def test_progress_and_cancel_from_20_pictures_on(driver: Driver, tmp_path: Path) -> None:
    """All pictures are the same file: only reading it takes time."""
    large = picture(tmp_path / "large.png", "red", size=(1500, 1500))
    driver.drop_files(*copies(large, 300))
    driver.wait_until(lambda: strip(driver).isVisible() and 0 < driver.pictures.tally.waiting < 300)
    (bar,) = strip(driver).findChildren(QProgressBar)
    assert bar.maximum() == 300
    assert bar.value() == 300 - driver.pictures.tally.waiting
    assert driver.sees(" of 300")
    driver.click("Cancel")
    answers = driver.wait_for_answers()
    assert 0 < len(answers) < 300
    assert set(answers) == {"red"}
    assert not strip(driver).isVisible()


def test_few_pictures_show_no_progress(driver: Driver, tmp_path: Path) -> None:
    large = picture(tmp_path / "large.png", "red", size=(1500, 1500))
    driver.drop_files(*copies(large, SHOWN_FROM - 1))
    assert not strip(driver).isVisible()
    assert len(driver.wait_for_answers()) == SHOWN_FROM - 1


def test_after_a_cancel_the_next_drop_is_answered(driver: Driver, tmp_path: Path) -> None:
    large = picture(tmp_path / "large.png", "red", size=(1500, 1500))
    driver.drop_files(*copies(large, 100))
    driver.press("Esc")
    before = driver.pictures.rowCount()
    driver.drop_files(picture(tmp_path / "blue.png", "blue"))
    assert driver.wait_for_answers()[before:] == ["blue"]


def test_removed_pictures_are_no_longer_classified(driver: Driver, tmp_path: Path) -> None:
    large = picture(tmp_path / "large.png", "red", size=(1500, 1500))
    driver.drop_files(*copies(large, 2000))
    list_of(driver).selectAll()
    driver.press("Del")
    assert driver.pictures.rowCount() == 0
    driver.drop_files(picture(tmp_path / "blue.png", "blue"))
    assert driver.wait_for_answers() == ["blue"]


def test_another_model_answers_first_what_is_in_view(
    four: Driver, warmth_model: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    four.wait_for_answers()
    list_of(four).setCurrentIndex(four.pictures.index(2))
    asked: list[Source] = []

    def noted(classifier: Classifier, sources: Sequence[Source], **options: Any) -> Iterator[list[Prediction]]:
        asked.extend(sources)
        return prediction.predict(classifier, sources, **options)

    monkeypatch.setattr(answerer, "predict", noted)
    four.window.opener.open(warmth_model)
    four.wait_until(lambda: len(asked) >= four.pictures.total)
    four.wait_for_rest()
    paths = [each.source for each in four.pictures.pictures]
    assert asked[: len(paths)] == [paths[2], *paths[:2], *paths[3:]]


def test_a_cancel_loses_nothing_that_was_answered_once(four: Driver, warmth_model: Path, tmp_path: Path) -> None:
    large = picture(tmp_path / "large.png", "red", size=(1500, 1500))
    four.drop_files(*copies(large, 30))
    four.wait_for_answers()
    four.window.opener.open(warmth_model)
    four.wait_until(lambda: four.pictures.tally.waiting > 0)
    four.press("Esc")
    four.wait_for_rest()
    answers = four.wait_for_answers()
    assert len(answers) == 35
    assert "Cancelled. Open the model again to classify this picture." in answers
    four.window.opener.open(warmth_model)
    four.wait_for_rest()
    four.wait_until(lambda: set(four.wait_for_answers()) == {"warm", "cold", "The file is empty."})


def test_a_filter_can_be_cleared_when_it_hides_every_picture(four: Driver) -> None:
    four.choose(box(four, "Show"), "Classified as red")
    select(four, 0, 1)
    four.press("Del")
    assert shown(four) == ""
    assert four.sees("No picture matches.")
    for name in ("All pictures", "Classified as green", "All pictures"):
        four.choose(box(four, "Show"), name)
    assert shown(four) == "ace"


def test_unreadable_pictures_are_offered_once(four: Driver) -> None:
    entries = box(four, "Show").count()
    for _ in range(2):
        four.click("1 of 5 unreadable")
    assert box(four, "Show").count() == entries


def test_the_selection_survives_a_new_order(four: Driver) -> None:
    select(four, 0, 2)
    four.choose(box(four, "Order"), "Name")
    assert [picture.name for picture in four.window.predict.selected()] == ["c.png", "d.png"]


def test_escape_clears_the_search_and_cancels_nothing(four: Driver, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(four.window.predict_state, "cancel", lambda: pytest.fail("all that waits was cancelled"))
    four.press("Ctrl+F")
    field = four.window.focusWidget()
    assert isinstance(field, QLineEdit)
    QTest.keyClicks(field, "b.")
    four.press("Esc")
    assert field.text() == ""
    assert shown(four) == "dacbe"


def test_a_drop_is_seen_whatever_was_shown_before(four: Driver, tmp_path: Path) -> None:
    four.click("1 of 5 unreadable")
    assert shown(four) == "e"
    four.drop_files(picture(tmp_path / "new.png", "cyan"))
    four.wait_for_answers()
    assert shown(four) == "dacben"
    assert four.sees("new.png")


def test_a_picture_added_while_ctrl_is_held_is_selected_alone(four: Driver, tmp_path: Path) -> None:
    """As with Ctrl+V: otherwise Del would remove the others, too."""
    QTest.keyPress(four.window, Qt.Key.Key_Control)
    four.drop_files(picture(tmp_path / "new.png", "cyan"))
    four.wait_for_answers()
    QTest.keyRelease(four.window, Qt.Key.Key_Control)
    assert [each.name for each in four.window.predict.selected()] == ["new.png"]


def test_the_first_misclassified_picture_is_in_view_until_another_is_chosen(driver: Driver, tmp_path: Path) -> None:
    (tmp_path / "red").mkdir()
    files = [picture(tmp_path / "red" / name, colour) for name, colour in (("a.png", "red"), ("b.png", "blue"))]
    driver.drop_files(tmp_path)
    driver.wait_for_answers()
    driver.wait_for("b.png   ·   labelled red")  # though a.png came first
    assert [each.name for each in driver.window.predict.selected()] == [str(Path("red/b.png"))]
    driver.drop_files(*files)
    driver.wait_for_answers()
    assert driver.sees("a.png")


def test_a_cell_that_the_next_model_lacks_is_no_longer_filtered(
    driver: Driver, tmp_path: Path, warmth_model: Path
) -> None:
    driver.drop_files(album(tmp_path))
    driver.wait_for_answers()
    driver.window.predict._show_cell("red", "blue")
    assert driver.pictures.rowCount() == 1
    driver.window.opener.open(warmth_model)
    driver.wait_for_rest()
    driver.wait_until(lambda: driver.pictures.rowCount() == 4)
    assert box(driver, "Show").currentText() == "All pictures"


def test_a_chosen_order_stays_when_pictures_are_added(driver: Driver, tmp_path: Path) -> None:
    driver.drop_files(album(tmp_path))
    driver.wait_for_answers()
    driver.choose(box(driver, "Order"), "As added")
    driver.drop_files(album(tmp_path / "again"))
    driver.wait_for_answers()
    assert box(driver, "Order").currentText() == "As added"


def test_a_click_on_the_first_row_chooses_it(driver: Driver, tmp_path: Path) -> None:
    driver.drop_files(album(tmp_path))
    driver.wait_for_answers()
    view = list_of(driver)
    driver.wait_until(lambda: driver.pictures.picture(0).wrong)
    QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=view.visualRect(driver.pictures.index(0)).center())
    driver.choose(box(driver, "Order"), "Name")
    assert [each.name for each in driver.window.predict.selected()] == [str(Path("Red/b.png"))]
