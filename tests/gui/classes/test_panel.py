"""From no collection to one that can be trained on, as a person does it."""

import shutil
import threading
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QMimeData, QPoint, QRect, Qt
from PySide6.QtGui import QDragEnterEvent, QDragMoveEvent, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QRubberBand

from cnngui import paths
from cnngui.core.data.collections.shelves import HIDDEN, UNNAMED
from cnngui.core.progress import Progress
from cnngui.gui.classes import workshop
from cnngui.gui.classes.work import Outcome, perform
from tests.gui.classes.conftest import Collector, colours
from tests.gui.conftest import mime_of, picture


def test_from_nothing_to_a_training(collector: Collector, tmp_path: Path) -> None:
    phone = [picture(tmp_path / f"{number}.png", "red") for number in range(5)]
    collector.driver.press("Ctrl+2")
    assert collector.driver.sees("Name your first class")
    collector.type("robin")
    collector.settle()
    assert collector.counts == {"robin": 0, "no class yet": 0}
    folder = paths.collections_dir() / "My pictures"
    assert (folder / "robin").is_dir()
    collector.driver.drop_files(*phone)
    collector.settle()
    assert collector.counts["robin"] == 5
    assert collector.driver.sees("Make another class")
    collector.type("wren")  # the line for a new class has the focus
    collector.settle()
    assert collector.shown == []
    assert not collector.driver.button("Train on these").isEnabled()
    collector.drop_on(mime_of(*phone), "wren")
    assert collector.counts == {"robin": 5, "wren": 5, "no class yet": 0}
    collector.driver.click("Train on these")
    assert collector.window.places.current == "train"
    assert collector.window.train.form.source == str(folder)


def test_a_dropped_folder_of_classes_becomes_a_collection(collector: Collector, birds: Path) -> None:
    collector.driver.press("Ctrl+2")
    collector.driver.drop_files(birds)
    collector.settle()
    assert collector.counts == {"robin": 6, "wren": 5, "no class yet": 0}
    assert collector.state.folder != birds, "the dropped folder stays as it is"
    assert not (birds / HIDDEN).exists()


def test_the_collection_of_the_last_time_is_open(with_birds: Collector) -> None:
    assert with_birds.counts == {"robin": 6, "wren": 5, "no class yet": 0}
    assert with_birds.shown == [f"{number}.png" for number in range(6)]
    with_birds.choose("wren")
    assert len(with_birds.shown) == 5
    assert with_birds.driver.sees("5 pictures")


def test_pictures_go_to_another_class_and_back(with_birds: Collector) -> None:
    with_birds.select(0, 2)
    with_birds.drop_selected_on("wren")
    assert with_birds.counts == {"robin": 4, "wren": 7, "no class yet": 0}
    with_birds.driver.press("Ctrl+Z")
    with_birds.settle()
    assert with_birds.counts == {"robin": 6, "wren": 5, "no class yet": 0}
    with_birds.select(1)
    with_birds.driver.press("Ctrl+M")
    with_birds.pick("dove")
    with_birds.settle()
    assert with_birds.counts == {"dove": 1, "robin": 5, "wren": 5, "no class yet": 0}


def test_excluded_pictures_stay_in_view(with_birds: Collector) -> None:
    with_birds.select(0, 1)
    with_birds.driver.press("Ctrl+Shift+E")
    with_birds.settle()
    assert with_birds.counts["robin"] == 4
    assert with_birds.shown == ["2.png", "3.png", "4.png", "5.png", "0.png", "1.png"]
    assert with_birds.driver.sees("4 pictures  ·  2 excluded")
    with_birds.select(4)
    with_birds.driver.choose_from_menu("Use for training again")
    with_birds.settle()
    assert with_birds.counts["robin"] == 5


def test_removed_pictures_come_back_or_go_to_the_trash(with_birds: Collector, birds: Path, tmp_path: Path) -> None:
    with_birds.select(0, 1)
    with_birds.driver.press("Del")
    with_birds.settle()
    assert with_birds.counts["robin"] == 4
    with_birds.driver.choose_from_menu("Undo remove")
    with_birds.settle()
    assert with_birds.counts["robin"] == 6
    with_birds.select(0)
    with_birds.driver.press("Del")
    with_birds.settle()
    with_birds.driver.close()
    assert not (birds / "robin" / "0.png").exists()
    assert not list((birds / HIDDEN / "removed").iterdir())
    assert [path.name for path in (tmp_path / "home" / "data" / "Trash" / "files").rglob("*.png")] == ["0.png"]


def test_the_window_closes_once_what_is_being_added_is_in(
    with_birds: Collector, birds: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    goes_on = threading.Event()

    def slowly(*arguments: Any) -> Outcome:
        goes_on.wait(60)
        return perform(*arguments)

    monkeypatch.setattr(workshop, "perform", slowly)
    with_birds.driver.drop_files(picture(tmp_path / "new.png", "red"))
    with_birds.driver.close()
    assert with_birds.window.isVisible()
    assert with_birds.driver.sees("The window closes once the pictures are in the collection.")
    goes_on.set()
    with_birds.driver.wait_until(lambda: not with_birds.window.isVisible())
    assert (birds / "robin" / "new.png").exists()


def test_a_class_is_renamed_in_place(with_birds: Collector, birds: Path) -> None:
    with_birds.driver.press("F2")
    with_birds.type("Robin redbreast")
    with_birds.driver.wait_until(lambda: "Robin redbreast" in with_birds.counts)
    assert with_birds.counts == {"Robin redbreast": 6, "wren": 5, "no class yet": 0}
    assert with_birds.driver.sees("Robin redbreast")
    assert (birds / "Robin redbreast").is_dir()
    with_birds.driver.press("F2")
    with_birds.type("WREN")
    with_birds.driver.wait_for("There is already a class “wren”.")
    with_birds.driver.press("Ctrl+Z")
    with_birds.settle()
    assert "robin" in with_birds.counts
    assert not with_birds.driver.sees("There is already")


def test_classes_are_merged_and_removed(with_birds: Collector) -> None:
    with_birds.driver.press("Ctrl+G")
    with_birds.pick("wren")
    with_birds.settle()
    assert with_birds.counts == {"wren": 11, "no class yet": 0}
    with_birds.driver.press("Ctrl+Del")
    with_birds.settle()
    assert with_birds.driver.sees("Name your first class")
    for expected in ({"wren": 11}, {"robin": 6, "wren": 5}):
        with_birds.driver.press("Ctrl+Z")
        with_birds.settle()
        assert with_birds.counts == expected | {"no class yet": 0}


def test_a_picture_goes_from_predict_into_a_class(with_birds: Collector, tmp_path: Path) -> None:
    with_birds.driver.press("Ctrl+1")
    with_birds.driver.drop_files(picture(tmp_path / "new.png", "blue"))
    with_birds.driver.wait_for_answers()
    with_birds.driver.press("Ctrl+K")
    with_birds.pick("wren")
    with_birds.settle()
    assert with_birds.counts["wren"] == 6
    assert with_birds.driver.sees("1 picture added to wren.")


def test_the_first_picture_from_predict_makes_a_collection(collector: Collector, tmp_path: Path) -> None:
    collector.driver.drop_files(picture(tmp_path / "new.png", "blue"))
    collector.driver.wait_for_answers()
    collector.driver.choose_from_menu("Add to class …")
    collector.pick("test")
    assert "part of a data set" in collector.picker._problem.text()
    collector.picker._field.clear()
    collector.pick("wren")
    collector.settle()
    assert collector.collection.count("wren") == 1


def test_an_image_is_pasted_into_the_class(with_birds: Collector) -> None:
    image = QImage(8, 8, QImage.Format.Format_RGB888)
    image.fill(Qt.GlobalColor.red)
    QApplication.clipboard().setImage(image)
    with_birds.driver.press("Ctrl+V")
    with_birds.settle()
    assert with_birds.counts["robin"] == 7


def test_pictures_without_a_class(with_birds: Collector, birds: Path, tmp_path: Path) -> None:
    with_birds.drop_on(mime_of(picture(tmp_path / "which.png", "blue")), "no class yet")
    assert with_birds.counts == {"robin": 6, "wren": 5, "no class yet": 1}
    assert (UNNAMED.folder(birds) / "which.png").exists()
    with_birds.choose("no class yet")
    assert with_birds.shown == ["which.png"]


def test_files_may_stay_where_they_are(with_birds: Collector, tmp_path: Path) -> None:
    with_birds.driver.choose_from_menu("Leave added files where they are")
    path = picture(tmp_path / "far.png", "blue")
    with_birds.driver.drop(mime_of(path), on=with_birds.grid)
    with_birds.settle()
    assert with_birds.collection.references[0].path == path
    assert with_birds.shown[-1] == "far.png"
    path.unlink()
    with_birds.driver.press("Ctrl+1")
    with_birds.driver.press("Ctrl+2")
    with_birds.settle()
    assert with_birds.driver.sees("1 picture that lies elsewhere is gone: far.png.")


def test_what_another_program_does_is_seen(with_birds: Collector, birds: Path) -> None:
    shutil.rmtree(birds / "robin")
    picture(birds / "wren" / "new.png", "blue")
    with_birds.select(0)
    with_birds.driver.press("Ctrl+Shift+E")
    with_birds.settle()
    assert with_birds.counts == {"wren": 6, "no class yet": 0}


def test_a_collection_that_is_gone_is_told_and_comes_back(with_birds: Collector, birds: Path) -> None:
    away = birds.rename(birds.with_name("away"))
    with_birds.select(0)
    with_birds.driver.press("Del")
    with_birds.settle()
    assert with_birds.driver.sees("It was moved or renamed, or its disk was taken out.")
    away.rename(birds)
    with_birds.driver.press("Ctrl+1")
    with_birds.driver.press("Ctrl+2")
    with_birds.settle()
    assert not with_birds.driver.sees("It was moved or renamed")
    assert with_birds.counts["robin"] == 6


def test_another_collection_is_chosen(
    with_birds: Collector, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, birds: Path
) -> None:
    cars = colours(tmp_path / "cars", lorry=2)
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(cars))
    with_birds.driver.press("Ctrl+Alt+O")
    with_birds.settle()
    assert with_birds.counts == {"lorry": 2, "no class yet": 0}
    assert with_birds.driver.sees("Add 3 more to lorry: each class needs 5 pictures.")
    assert with_birds.window.settings.collections == [cars, birds]
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_, **__: (str(tmp_path / "new"), ""))
    with_birds.driver.press("Ctrl+N")
    with_birds.settle()
    assert with_birds.driver.sees("Name your first class")
    assert (tmp_path / "new" / HIDDEN).is_dir()


def test_data_with_parts_is_told(collector: Collector, tmp_path: Path) -> None:
    for part in ("train", "test"):
        colours(tmp_path / "data" / part, robin=2, wren=2)
    collector.open(tmp_path / "data")
    assert collector.driver.sees("It can be trained on as it is.")


def test_a_drop_says_where_it_goes(with_birds: Collector, tmp_path: Path) -> None:
    mime = mime_of(picture(tmp_path / "new.png", "blue"))
    assert with_birds.driver.drag(mime, with_birds.window.menuBar())
    assert with_birds.driver.sees("Drop to add to “robin”")
    with_birds.driver.drag_away()
    assert not with_birds.driver.drag(QMimeData(), with_birds.window.menuBar())
    with_birds.driver.drag_away()


def test_the_list_scrolls_while_something_is_dragged_over_its_edge(
    collector: Collector, birds: Path, tmp_path: Path
) -> None:
    for number in range(60):
        (birds / f"class {number:02}").mkdir()
    collector.open(birds)
    bar, list_ = collector.list.verticalScrollBar(), collector.list
    assert bar.value() == 0
    for down, end in ((True, bar.maximum()), (False, 0)):
        place = QPoint(20, list_.viewport().height() - 3 if down else 3)
        spot = list_.viewport().mapTo(collector.window, place)
        mime = mime_of(picture(tmp_path / "new.png", "blue"))
        arguments = (spot, Qt.DropAction.CopyAction, mime, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier)
        for event in (QDragEnterEvent(*arguments), QDragMoveEvent(*arguments)):
            QApplication.sendEvent(collector.window.windowHandle(), event)
        collector.driver.wait_until(lambda end=end: bar.value() == end)  # type: ignore[misc]
        assert list_._over == list_.indexAt(place), "the row that has come under the cursor"
    collector.driver.drag_away()
    assert not list_._edges._timer.isActive()


def test_keys_walk_through_the_pictures(with_birds: Collector) -> None:
    with_birds.select(0)
    for key, row in (("Right", 1), ("End", 5), ("Left", 4), ("Home", 0)):
        with_birds.driver.press(key)
        assert with_birds.grid.currentIndex().row() == row
    with_birds.driver.press("Shift+Right")
    with_birds.driver.press("Shift+Right")
    assert with_birds.grid.selected_rows == [0, 1, 2]
    with_birds.driver.press("Ctrl+A")
    assert with_birds.grid.selected_rows == [0, 1, 2, 3, 4, 5]


def test_a_rubber_band_selects(with_birds: Collector) -> None:
    grid = with_birds.grid
    below = grid.visualRect(grid.model().index(5, 0)).bottomRight() + QPoint(20, 60)
    inside = grid.visualRect(grid.model().index(4, 0)).center()
    view = grid.viewport()
    QTest.mousePress(view, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, below)
    band = grid.findChildren(QRubberBand)[0]
    for place in (below - QPoint(30, 30), inside, inside):
        QTest.mouseMove(view, place)
    assert band.isVisible()
    assert band.geometry().contains(QRect(inside, below).adjusted(1, 1, -1, -1))
    QTest.mouseRelease(view, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, inside)
    assert not band.isVisible()
    assert grid.selected_rows == [4, 5]


def test_the_next_picture_is_selected_after_one_is_removed(with_birds: Collector) -> None:
    with_birds.select(1, 2)
    for left in (["0.png", "3.png", "4.png", "5.png"], ["0.png", "4.png", "5.png"]):
        with_birds.driver.press("Del")
        with_birds.settle()
        assert with_birds.shown == left
        assert with_birds.grid.selected_rows == [1]


def test_undo_does_what_it_still_can(with_birds: Collector, birds: Path) -> None:
    with_birds.select(0, 1)
    with_birds.driver.press("Del")
    with_birds.settle()
    (gone,) = (birds / HIDDEN / "removed").rglob("0.png")
    gone.unlink()
    with_birds.driver.press("Ctrl+Z")
    with_birds.settle()
    assert with_birds.counts["robin"] == 5
    assert with_birds.driver.sees("1 file could not be found.")


def test_a_large_collection_is_not_taken_for_an_empty_one(collector: Collector, birds: Path) -> None:
    collector.window.settings.collections = [birds]
    collector.driver.press("Ctrl+2")
    assert not collector.driver.sees("Name your first class")
    collector.settle()
    assert collector.counts["robin"] == 6


def test_long_work_shows_how_far_it_is(with_birds: Collector) -> None:
    with_birds.state.progressed.emit(Progress("Copying pictures, 10 of 200", 10, 200))
    assert with_birds.driver.sees("Copying pictures, 10 of 200")
    with_birds.state.changed.emit()
    assert not with_birds.driver.sees("Copying pictures")
