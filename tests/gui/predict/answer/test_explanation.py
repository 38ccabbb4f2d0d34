"""The parts of a picture that speak for a class, painted over it."""

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image
from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QColor, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QLabel, QProgressBar, QSlider, QWidget

from cnngui.core.answers.similar import COUNT
from cnngui.core.data import datasets
from cnngui.core.models import file as model_file
from cnngui.core.recipes.recipe import Recipe
from cnngui.gui.common.pictures.image_view import ImageView
from cnngui.gui.common.settings import HEAT_STRENGTH
from cnngui.gui.predict.answer.explained_picture import MARGIN, RAMP, WIDTH, painted
from cnngui.gui.predict.answer.probability_bars import ProbabilityBars
from cnngui.gui.predict.answer.similar_row import SimilarRow
from cnngui.gui.predict.picture_actions import PictureActions
from tests.conftest import CLASSES, remembering
from tests.gui.conftest import COLOURS, Driver, Opener, picture


@pytest.fixture
def half_red(driver: Driver, tmp_path: Path) -> Driver:
    """A window with a picture that is red on the left and black on the right, a dark red on average."""
    pixels = np.zeros((64, 64, 3), np.uint8)
    pixels[:, :32, 0] = 255
    Image.fromarray(pixels).save(tmp_path / "half.png")
    driver.drop_files(tmp_path / "half.png")
    driver.wait_for_answers()
    return driver


def photo(driver: Driver) -> QImage:
    (view,) = (v for v in driver.window.findChildren(ImageView) if v.accessibleName() == "The picture")
    return view.grab().toImage()


def colour(driver: Driver, x: float) -> QColor:
    """The colour of the photograph half way down, at this share of its width."""
    image = photo(driver)
    side = min(image.width(), image.height(), 8 * 64)
    return image.pixelColor(int(image.width() / 2 + (x - 0.5) * side), image.height() // 2)


def bar(driver: Driver, name: str) -> QProgressBar:
    (bars,) = driver.window.findChildren(ProbabilityBars)
    return bars.findChildren(QProgressBar)[list(COLOURS).index(name)]


def test_the_key_shows_and_hides_the_explanation(half_red: Driver) -> None:
    half_red.wait_until(lambda: colour(half_red, 0.25) == QColor(255, 0, 0))
    half_red.press("Ctrl+E")
    assert half_red.sees("Bright: parts that speak for “")
    half_red.wait_until(
        lambda: colour(half_red, 0.25) != QColor(255, 0, 0) or colour(half_red, 0.75) != QColor(0, 0, 0)
    )
    half_red.press("Ctrl+E")
    assert colour(half_red, 0.25) == QColor(255, 0, 0)
    assert not half_red.sees("Bright: parts")


def test_a_click_on_a_bar_explains_that_class(half_red: Driver) -> None:
    """Grey instead of the red half makes “red” less likely; instead of the black half, “black”."""
    half_red.wait_until(lambda: colour(half_red, 0.25) == QColor(255, 0, 0))
    QTest.mouseClick(bar(half_red, "red"), Qt.MouseButton.LeftButton)
    assert half_red.sees("Bright: parts that speak for “red”")
    half_red.wait_until(lambda: colour(half_red, 0.25) != QColor(255, 0, 0))
    assert colour(half_red, 0.75).lightness() < 8  # dark on black
    QTest.mouseClick(bar(half_red, "black"), Qt.MouseButton.LeftButton)
    half_red.wait_until(lambda: colour(half_red, 0.75).lightness() > 40)


def test_the_next_picture_is_explained_too(half_red: Driver, tmp_path: Path) -> None:
    half_red.press("Ctrl+E")
    half_red.drop_files(picture(tmp_path / "blue.png", "blue"))
    half_red.wait_for_answers()
    half_red.wait_for("Bright: parts that speak for “blue”")


def test_what_is_not_kept_is_read_again(
    open_window: Opener, colour_model: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The input of a network for large images is not kept: for thousands of pictures it would take gigabytes."""
    monkeypatch.setattr("cnngui.gui.predict.pictures.picture.MOST_KEPT", 0)
    driver = open_window(colour_model)
    driver.drop_files(picture(tmp_path / "red.png", "red"), picture(tmp_path / "blue.png", "blue"))
    driver.wait_for_answers()
    assert [each.prediction.pixels for each in driver.pictures.pictures if each.prediction] == [None, None]
    driver.wait_for("What the network sees\n4 views of 32 × 32 pixels")
    driver.press("Ctrl+E")
    driver.wait_for("Bright: parts that speak for “red”")


def test_what_has_no_answer_has_no_explanation(half_red: Driver, tmp_path: Path) -> None:
    half_red.press("Ctrl+E")
    half_red.drop_files(tmp_path / "gone.png")
    half_red.wait_for_answers()
    assert not half_red.button("Explain").isEnabled()
    assert not half_red.sees("Bright: parts")


def test_painted() -> None:
    image = painted(np.array([[0.0, 2.0], [-1.0, 1.0]], np.float32))
    assert (image.width(), image.height()) == (2, 2)
    nothing, strongest, negative, half = (image.pixelColor(x, y) for x, y in ((0, 0), (1, 0), (0, 1), (1, 1)))
    assert [(each.red(), each.green(), each.blue()) for each in (nothing, half, strongest)] == [
        tuple(RAMP[step].tolist()) for step in (0, 4, 8)
    ]
    assert negative == nothing
    assert painted(np.zeros((2, 2), np.float32)).pixelColor(0, 0) == nothing


@pytest.mark.parametrize("rgb", COLOURS.values(), ids=COLOURS)
def test_what_is_marked_stands_out_on_every_colour(rgb: tuple[int, int, int]) -> None:
    share = HEAT_STRENGTH / 100
    seen = [luminance((1 - share) * np.array(rgb) + share * colour) for colour in RAMP]
    assert seen == sorted(seen)
    assert (seen[-1] + 0.05) / (seen[0] + 0.05) > 4.5


def luminance(rgb: NDArray[np.float64]) -> float:
    """The relative luminance of WCAG, 0–1, of sRGB 0–255."""
    linear = np.where(rgb <= 10.3, rgb / 255 / 12.92, ((rgb / 255 + 0.055) / 1.055) ** 2.4)
    return float(linear @ [0.2126, 0.7152, 0.0722])


def test_the_strength_is_adjusted_and_remembered(half_red: Driver, open_window: Opener) -> None:
    half_red.press("Ctrl+E")
    half_red.wait_until(lambda: colour(half_red, 0.75) != QColor(0, 0, 0) or colour(half_red, 0.25).red() < 250)
    (slider,) = half_red.window.predict.findChildren(QSlider)
    strong = colour(half_red, 0.25), colour(half_red, 0.75)
    slider.setFocus()
    half_red.press("Home")
    weak = colour(half_red, 0.25), colour(half_red, 0.75)
    assert all(after.value() != before.value() or after == before for before, after in zip(strong, weak, strict=True))
    assert weak != strong
    assert weak[0].red() > 200  # the picture itself
    (again,) = open_window().window.predict.findChildren(QSlider)
    assert again.value() == slider.minimum()


def test_nothing_moves_with_the_explanation(half_red: Driver) -> None:
    half_red.window.resize(1024, 640)
    half_red.wait_until(lambda: half_red.window.width() == 1024)
    card = half_red.window.predict
    stays = [each for each in card.findChildren(QWidget) if each.isVisible()]
    before = [each.geometry() for each in stays]
    half_red.press("Ctrl+E")
    half_red.wait_for("Bright: parts that speak for")
    QApplication.processEvents()
    assert [each.geometry() for each in stays] == before


# As a file


def test_the_explained_picture_is_saved(half_red: Driver, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(tmp_path / "out"), ""))
    half_red.wait_until(lambda: colour(half_red, 0.25) == QColor(255, 0, 0))
    QTest.mouseClick(bar(half_red, "red"), Qt.MouseButton.LeftButton)
    half_red.choose_from_menu("Save explained picture …")
    half_red.wait_for(f"Saved as {tmp_path / 'out.png'}")
    saved = QImage(str(tmp_path / "out.png"))
    assert saved.width() == WIDTH + 2 * MARGIN
    left, right = (saved.pixelColor(MARGIN + int(share * WIDTH), MARGIN + WIDTH // 2) for share in (0.25, 0.75))
    assert left != QColor(255, 0, 0)  # painted: the red half speaks for “red”
    assert right.lightness() < 8
    below = saved.copy(0, MARGIN + WIDTH + 1, saved.width(), saved.height())
    assert len({below.pixel(x, y) for x in range(0, below.width(), 2) for y in range(0, below.height(), 2)}) > 2


def test_without_an_answer_there_is_no_picture_to_save(driver: Driver) -> None:
    (actions,) = driver.window.findChildren(PictureActions)
    actions.save_png()
    assert driver.sees("There is no answer to explain.")


def test_a_picture_that_is_gone_gives_a_reason(
    half_red: Driver, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(tmp_path / "out.png"), ""))
    (tmp_path / "half.png").unlink()
    half_red.choose_from_menu("Save explained picture …")
    half_red.wait_for("half.png can no longer be read.")
    assert not (tmp_path / "out.png").exists()


# Most similar training images


@pytest.fixture
def remembering_model(easy_folder: Path, tiny: Recipe, tmp_path: Path) -> Path:
    """A model that stores reference features of training images that still exist."""
    path = tmp_path / "model" / "model.keras"
    path.parent.mkdir()
    dataset = datasets.load(str(easy_folder), seed=tiny.seed)
    network, card, familiarity = remembering(dataset, tiny)
    model_file.save(network, card, path, familiarity)
    return path


def similar(driver: Driver) -> list[str]:
    """The labels of the images in the row."""
    (row,) = driver.window.findChildren(SimilarRow)
    labels = [label for label in row.findChildren(QLabel) if label.isVisible()]
    return [label.text() for label in labels if label.text() in CLASSES]


def laid_out(widget: QWidget) -> QRect:
    """Where the widget lies once no layout moves it any more."""
    place = QRect()
    while place != widget.geometry():
        place = widget.geometry()
        QApplication.processEvents()
    return place


def test_similar_training_images_are_shown_with_the_explanation(
    open_window: Opener, remembering_model: Path, easy_folder: Path
) -> None:
    driver = open_window(remembering_model)
    driver.drop_files(easy_folder / "train" / "green" / "1.png")
    driver.wait_for_answers()
    assert similar(driver) == []
    (bars,) = driver.window.findChildren(ProbabilityBars)
    driver.press("Ctrl+E")
    driver.wait_until(lambda: len(similar(driver)) == COUNT)
    place = laid_out(bars)
    assert driver.sees("Most similar training images")
    driver.press("Ctrl+E")
    assert similar(driver) == []
    assert laid_out(bars) == place  # the images have a place of their own


def test_where_the_training_images_are_gone_none_are_shown(half_red: Driver) -> None:
    half_red.press("Ctrl+E")
    half_red.wait_until(
        lambda: colour(half_red, 0.25) != QColor(255, 0, 0) or colour(half_red, 0.75) != QColor(0, 0, 0)
    )
    assert not half_red.sees("Most similar training images")
