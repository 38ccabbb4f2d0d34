"""What in a picture spoke for a class, painted over it."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QProgressBar

from cnngui.gui.explainer import STRONGEST, painted
from cnngui.gui.image_view import ImageView
from cnngui.gui.probability_bars import ProbabilityBars
from cnngui.gui.result_card import SeenPixels
from tests.gui.conftest import COLOURS, Driver, picture


@pytest.fixture
def half_red(driver: Driver, tmp_path: Path) -> Driver:
    """A window with a picture that is red on the left and black on the right: a dark red, on the whole."""
    pixels = np.zeros((64, 64, 3), np.uint8)
    pixels[:, :32, 0] = 255
    Image.fromarray(pixels).save(tmp_path / "half.png")
    driver.drop_files(tmp_path / "half.png")
    driver.wait_for_answers()
    return driver


def photo(driver: Driver) -> QImage:
    (view,) = (v for v in driver.window.findChildren(ImageView) if not isinstance(v.parentWidget(), SeenPixels))
    return view.grab().toImage()


def colour(driver: Driver, x: float) -> QColor:
    """The colour of the photograph half way down, at this share of its width."""
    image = photo(driver)
    side = min(image.width(), image.height(), 8 * 64)
    return image.pixelColor(int(image.width() / 2 + (x - 0.5) * side), image.height() // 2)


def bar(driver: Driver, name: str) -> QProgressBar:
    (bars,) = driver.window.findChildren(ProbabilityBars)
    return bars.findChildren(QProgressBar)[list(COLOURS).index(name)]


def test_the_key_shows_and_hides_what_spoke_for_the_class(half_red: Driver) -> None:
    half_red.wait_until(lambda: colour(half_red, 0.25) == QColor(255, 0, 0))
    half_red.press("Ctrl+E")
    assert half_red.sees("Painted: without it, “")
    half_red.wait_until(
        lambda: colour(half_red, 0.25) != QColor(255, 0, 0) or colour(half_red, 0.75) != QColor(0, 0, 0)
    )
    half_red.press("Ctrl+E")
    assert colour(half_red, 0.25) == QColor(255, 0, 0)
    assert not half_red.sees("Painted: without it")


def test_a_click_on_a_bar_explains_that_class(half_red: Driver) -> None:
    """Grey in the place of red makes red less likely, and in the place of black black."""
    half_red.wait_until(lambda: colour(half_red, 0.25) == QColor(255, 0, 0))
    QTest.mouseClick(bar(half_red, "red"), Qt.MouseButton.LeftButton)
    assert half_red.sees("Painted: without it, “red” would be less likely.")
    half_red.wait_until(lambda: colour(half_red, 0.25) != QColor(255, 0, 0))
    assert colour(half_red, 0.75) == QColor(0, 0, 0)
    QTest.mouseClick(bar(half_red, "black"), Qt.MouseButton.LeftButton)
    half_red.wait_until(lambda: colour(half_red, 0.75) != QColor(0, 0, 0))


def test_the_next_picture_is_explained_too(half_red: Driver, tmp_path: Path) -> None:
    half_red.press("Ctrl+E")
    half_red.drop_files(picture(tmp_path / "blue.png", "blue"))
    half_red.wait_for_answers()
    half_red.wait_for("Painted: without it, “blue” would be less likely.")


def test_what_has_no_answer_has_no_explanation(half_red: Driver, tmp_path: Path) -> None:
    half_red.press("Ctrl+E")
    half_red.drop_files(tmp_path / "gone.png")
    half_red.wait_for_answers()
    assert not half_red.button("Explain").isEnabled()
    assert not half_red.sees("Painted: without it")


def test_painted() -> None:
    image = painted(np.array([[0.0, 2.0], [-1.0, 1.0]], np.float32), "#ff8000")
    assert (image.width(), image.height()) == (2, 2)
    assert [image.pixelColor(x, y).alpha() for x, y in ((0, 0), (1, 0), (0, 1), (1, 1))] == [
        0,
        STRONGEST,
        0,
        STRONGEST // 2,
    ]
    assert image.pixelColor(1, 0).name() == "#ff8000"
    assert painted(np.zeros((2, 2), np.float32), "#ff8000").pixelColor(0, 0).alpha() == 0
