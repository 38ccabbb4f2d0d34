"""A window at the place of the classes, with a collection of coloured pictures."""

from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData
from PySide6.QtGui import QDragEnterEvent, QDragMoveEvent, QDropEvent, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from cnngui.core.data.collections.collection import Collection
from cnngui.gui.classes.class_list.model import ClassListModel
from cnngui.gui.classes.class_list.view import ClassListView
from cnngui.gui.classes.dragged import SELECTED
from cnngui.gui.classes.grid.view import GridView
from cnngui.gui.classes.picker import ClassPicker
from tests.gui.conftest import Driver, Opener, picture


class Collector:
    """Does with the place of the classes what a person does."""

    def __init__(self, driver: Driver) -> None:
        self.driver, self.window = driver, driver.window
        self.state = driver.window.classes_state
        (self.list,) = driver.window.findChildren(ClassListView)
        (self.grid,) = driver.window.findChildren(GridView)

    def open(self, folder: Path) -> None:
        """Open the collection, and show it."""
        self.window.settings.collections = [folder]
        self.driver.press("Ctrl+2")
        self.settle()

    def settle(self) -> None:
        """Wait until nothing is being read or done."""
        self.driver.wait_until(lambda: not self.state.is_busy and not self.state.is_reading)

    @property
    def collection(self) -> Collection:
        """What is in the collection."""
        assert self.state.collection is not None
        return self.state.collection

    @property
    def counts(self) -> dict[str, int]:
        """The rows of the list: how many pictures each class has."""
        model = self.list.model()
        indexes = [model.index(row, 0) for row in range(model.rowCount())]
        return {str(index.data()): int(index.data(ClassListModel.CountRole)) for index in indexes}

    @property
    def shown(self) -> list[str]:
        """The names of the pictures in the grid."""
        model = self.grid.model()
        return [str(model.index(row, 0).data()) for row in range(model.rowCount())]

    def choose(self, name: str, *, also: bool = False) -> None:
        """Click a class in the list; also: with Ctrl."""
        model = self.list.model()
        (index,) = (model.index(row, 0) for row in range(model.rowCount()) if model.index(row, 0).data() == name)
        keys = Qt.KeyboardModifier.ControlModifier if also else Qt.KeyboardModifier.NoModifier
        place = self.list.visualRect(index).center()
        QTest.mouseClick(self.list.viewport(), Qt.MouseButton.LeftButton, keys, place)

    def select(self, *rows: int) -> None:
        """Click these pictures, all but the first with Ctrl."""
        for number, row in enumerate(rows):
            keys = Qt.KeyboardModifier.ControlModifier if number else Qt.KeyboardModifier.NoModifier
            place = self.grid.visualRect(self.grid.model().index(row, 0)).center()
            QTest.mouseClick(self.grid.viewport(), Qt.MouseButton.LeftButton, keys, place)

    def type(self, text: str) -> None:
        """Type where the focus is, and press Enter."""
        field = QApplication.focusWidget()
        assert field is not None
        QTest.keyClicks(field, text)
        QTest.keyClick(field, Qt.Key.Key_Return)

    def pick(self, text: str) -> None:
        """Answer the question for a class."""
        field = self.picker._field
        QTest.keyClicks(field, text)
        QTest.keyClick(field, Qt.Key.Key_Return)
        if QApplication.activeModalWidget() is None:
            self.window.activateWindow()  # as a window manager does
            self.driver.wait_until(self.window.isActiveWindow)

    @property
    def picker(self) -> ClassPicker:
        """The question for a class, once it is asked."""
        self.driver.wait_until(lambda: isinstance(QApplication.activeModalWidget(), ClassPicker))
        box = QApplication.activeModalWidget()
        assert isinstance(box, ClassPicker)
        return box

    def drop_on(self, mime: QMimeData, name: str) -> None:
        """Drop something on a class in the list."""
        model = self.list.model()
        (index,) = (model.index(row, 0) for row in range(model.rowCount()) if model.index(row, 0).data() == name)
        spot = self.list.viewport().mapTo(self.window, self.list.visualRect(index).center()).toPointF()
        action, left, no_keys = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
        for event in (
            QDragEnterEvent(spot.toPoint(), action, mime, left, no_keys),
            QDragMoveEvent(spot.toPoint(), action, mime, left, no_keys),
            QDropEvent(spot, action, mime, left, no_keys),
        ):
            QApplication.sendEvent(self.window.windowHandle(), event)
        self.settle()

    def drop_selected_on(self, name: str) -> None:
        """Drag the selected pictures of the grid onto a class."""
        mime = QMimeData()
        mime.setData(SELECTED, b"1")
        self.drop_on(mime, name)


def colours(folder: Path, **counts: int) -> Path:
    """A folder with so many pictures of each class."""
    for number, (name, count) in enumerate(counts.items()):
        (folder / name).mkdir(parents=True, exist_ok=True)
        for each in range(count):
            picture(folder / name / f"{each}.png", ("red", "green", "blue")[number % 3])
    return folder


@pytest.fixture
def birds(tmp_path: Path) -> Path:
    """Six robins and five wrens."""
    return colours(tmp_path / "birds", robin=6, wren=5)


@pytest.fixture
def collector(open_window: Opener) -> Collector:
    """A window without a collection."""
    return Collector(open_window())


@pytest.fixture
def with_birds(collector: Collector, birds: Path) -> Collector:
    """A window that shows the birds, those of the first class."""
    collector.open(birds)
    return collector
