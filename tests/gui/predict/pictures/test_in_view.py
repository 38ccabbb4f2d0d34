"""Which picture stays in view when the rows change."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from cnngui.gui.predict.pictures.in_view import PictureInView
from cnngui.gui.predict.pictures.list_model import PictureListModel
from cnngui.gui.predict.pictures.list_view import PictureListView
from cnngui.gui.predict.pictures.picture import Arrangement, Picture

BY_NAME = Arrangement(order="Name")


class List:
    """A visible list of the pictures b, a and c."""

    def __init__(self, bot: QtBot) -> None:
        self.model, self.view = PictureListModel(), PictureListView()
        bot.addWidget(self.view)
        self.view.setModel(self.model)
        self.in_view = PictureInView(self.model, self.view)
        self.model.add([Picture(b"", name) for name in "bac"])
        self.view.resize(240, 300)
        self.in_view.settle()
        with bot.waitExposed(self.view):
            self.view.show()

    def shown(self) -> str:
        """The picture in view once all has settled; its row is the current and selected one."""
        picture = self.in_view.settle()
        assert picture is not None
        assert self.in_view.picture is picture
        assert self.in_view.number == picture.number
        assert self.model.picture(self.view.currentIndex().row()) is picture
        assert self.view.selectionModel().selectedIndexes() == [self.view.currentIndex()]
        return picture.name

    def click(self, row: int) -> None:
        spot = self.view.visualRect(self.model.index(row)).center()
        QTest.mouseClick(self.view.viewport(), Qt.MouseButton.LeftButton, pos=spot)


@pytest.fixture
def pictures(qtbot: QtBot) -> Iterator[List]:
    made = List(qtbot)
    yield made
    made.model.thumbnails.stop()


def test_the_first_picture_is_in_view_and_stays(pictures: List) -> None:
    assert pictures.shown() == "b"
    pictures.model.arrange(BY_NAME)
    assert pictures.shown() == "b"


def test_the_first_row_is_followed(pictures: List) -> None:
    pictures.in_view.follow_first()
    assert pictures.shown() == "b"
    pictures.model.arrange(BY_NAME)
    assert pictures.shown() == "a"


def test_staying_ends_the_following(pictures: List) -> None:
    pictures.in_view.follow_first()
    assert pictures.shown() == "b"
    pictures.in_view.stay()
    pictures.model.arrange(BY_NAME)
    assert pictures.shown() == "b"


@pytest.mark.parametrize(("row", "name"), [(0, "b"), (2, "c")])
def test_a_click_ends_the_following_even_on_the_current_row(pictures: List, row: int, name: str) -> None:
    pictures.in_view.follow_first()
    assert pictures.shown() == "b"
    pictures.click(row)
    pictures.model.arrange(BY_NAME)
    assert pictures.shown() == name


def test_a_chosen_picture_ends_the_following(pictures: List) -> None:
    pictures.in_view.follow_first()
    pictures.in_view.choose(pictures.model.picture(2).number)
    assert pictures.shown() == "c"
    pictures.model.arrange(BY_NAME)
    assert pictures.shown() == "c"


def test_the_first_row_replaces_a_picture_that_is_no_longer_shown(pictures: List) -> None:
    pictures.in_view.choose(pictures.model.picture(2).number)
    assert pictures.shown() == "c"
    pictures.model.arrange(Arrangement(text="a"))
    assert pictures.shown() == "a"


def test_an_empty_list_has_no_picture_in_view(pictures: List) -> None:
    assert pictures.shown() == "b"
    pictures.model.clear()
    assert pictures.in_view.settle() is None
    assert (pictures.in_view.number, pictures.in_view.picture) == (None, None)


def test_a_new_current_row_is_announced(pictures: List, qtbot: QtBot) -> None:
    assert pictures.shown() == "b"
    with qtbot.waitSignal(pictures.in_view.changed):
        pictures.click(1)
    assert pictures.shown() == "a"
