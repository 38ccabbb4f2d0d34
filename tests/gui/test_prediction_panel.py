"""What the Predict half shows of its pictures, and how they are taken out again."""

import re
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QListView, QPushButton
from pytestqt.qtbot import QtBot

from cnngui.core import images
from cnngui.core.classifier import Classification, Classifier
from cnngui.gui.image_view import ImageView
from cnngui.gui.invitation import samples
from cnngui.gui.picture_list import Picture
from cnngui.gui.prediction_panel import PredictionPanel
from cnngui.gui.result_card import PIXELS_SIDE
from cnngui.gui.settings import Settings
from cnngui.gui.words import percent
from tests.gui.conftest import COLOURS, Driver, picture


def gradient(path: Path) -> Path:
    """A picture in which every pixel that the network sees has another colour."""
    rows, columns = np.mgrid[0:128, 0:96].astype(np.uint8)
    Image.fromarray(np.dstack([2 * rows, 2 * columns, rows + columns])).save(path)
    return path


def pick(driver: Driver, row: int) -> None:
    """Click a picture in the list."""
    (view,) = (each for each in driver.window.findChildren(QListView) if each.model() is driver.pictures)
    spot = view.visualRect(driver.pictures.index(row)).center()
    QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=spot)


def view_of(driver: Driver, *, pixels: bool) -> ImageView:
    """Where the photograph is shown, or what the network sees."""
    views = driver.window.findChildren(ImageView)
    (found,) = (view for view in views if (view.maximumWidth() < 2 * PIXELS_SIDE) == pixels)
    return found


# The answer in view


def test_the_answer_in_view_is_the_models(driver: Driver, colour_model: Path, tmp_path: Path) -> None:
    path = gradient(tmp_path / "gradient.png")
    driver.drop_files(path)
    driver.wait_for_answers()
    (expected,) = Classifier.load(colour_model).classify([images.to_views(images.read(path, images.READ_SIDE))])
    assert driver.bars() == [round(1000 * probability) for probability in expected.probabilities]
    assert len(driver.bars()) == 10
    winner, confidence = expected.top[0]
    large = [label.text() for label in driver.window.findChildren(QLabel) if label.property("role") == "winner"]
    assert large == [winner, percent(confidence)]
    shown = [text for text in driver.texts() if text in COLOURS]
    assert [text for text in shown if text != winner] == [name for name in COLOURS if name != winner]
    for probability in expected.probabilities:
        assert driver.sees(percent(probability))


def test_the_pixels_are_those_that_the_network_sees(driver: Driver, tmp_path: Path) -> None:
    path = gradient(tmp_path / "gradient.png")
    driver.drop_files(path)
    driver.wait_for_answers()
    assert driver.sees("32 × 32 pixels")
    view = view_of(driver, pixels=True)
    shown = view.grab().toImage()
    scale = PIXELS_SIDE // 32
    left, top = (view.width() - PIXELS_SIDE) // 2, (view.height() - PIXELS_SIDE) // 2
    for row, columns in enumerate(images.load_pixels(path)):
        for column, expected in enumerate(columns):
            at = shown.pixelColor(left + column * scale + scale // 2, top + row * scale + scale // 2)
            assert (at.red(), at.green(), at.blue()) == tuple(expected)


def test_a_click_in_the_list_brings_a_picture_into_view(driver: Driver, tmp_path: Path) -> None:
    driver.drop_files(picture(tmp_path / "red.png", "red"), picture(tmp_path / "blue.png", "blue"))
    driver.wait_for_answers()
    photo = view_of(driver, pixels=False)
    assert "blue.png" in driver.texts()
    pick(driver, 0)
    assert "red.png" in driver.texts()
    assert "blue.png" not in driver.texts()
    red = QColor(*COLOURS["red"])
    driver.wait_until(lambda: photo.grab().toImage().pixelColor(photo.rect().center()) == red)
    assert driver.bars()[list(COLOURS).index("red")] == max(driver.bars())


def test_the_list_is_walked_with_the_arrow_keys(driver: Driver, tmp_path: Path) -> None:
    driver.drop_files(*(picture(tmp_path / f"{colour}.png", colour) for colour in ("red", "green", "blue")))
    driver.wait_for_answers()
    driver.press("Up")
    assert "green.png" in driver.texts()
    driver.press("Home")
    assert "red.png" in driver.texts()


def test_a_row_says_what_it_shows_to_a_screen_reader(driver: Driver, tmp_path: Path) -> None:
    driver.drop_files(picture(tmp_path / "red.png", "red"), tmp_path / "gone.png")
    driver.wait_for_answers()
    first, second = (driver.pictures.index(row).data(Qt.ItemDataRole.AccessibleTextRole) for row in range(2))
    assert re.fullmatch(r"red\.png: red  \d\d %", first)
    assert second == "gone.png: could not be read"


# Clearing


def test_clear_empties_the_list_and_invites_again(driver: Driver, tmp_path: Path) -> None:
    driver.drop_files(picture(tmp_path / "red.png", "red"))
    driver.wait_for_answers()
    driver.click("Clear")
    assert driver.pictures.rowCount() == 0
    assert driver.sees("Drop pictures anywhere")
    assert not driver.sees("1 picture")


def test_answers_that_come_after_clearing_are_not_shown(driver: Driver, tmp_path: Path) -> None:
    driver.drop_files(*(picture(tmp_path / f"{number}.png", "red") for number in range(300)))
    driver.wait_until(lambda: 0 < driver.pictures.waiting < 300)
    driver.press("Ctrl+L")
    assert driver.pictures.rowCount() == 0
    driver.drop_files(picture(tmp_path / "blue.png", "blue"))
    assert driver.wait_for_answers() == ["blue"]
    assert "1 picture" in driver.texts()


# What can go wrong in the program itself


class Broken(Classifier):
    """A classifier whose answers fail, as they do where memory is short."""

    def __init__(self, good: Classifier) -> None:
        self.card, self.image_size = good.card, good.image_size

    def classify(self, images: object) -> list[Classification]:
        raise RuntimeError("out of memory")


def test_a_classifier_that_fails_is_told_and_nothing_is_left_waiting(
    qtbot: QtBot, colour_model: Path, tmp_path: Path
) -> None:
    panel = PredictionPanel(Settings())
    qtbot.addWidget(panel)
    statuses: list[str] = []
    panel.status_changed.connect(statuses.append)
    panel.set_classifier(Broken(Classifier.load(colour_model)))
    with qtbot.waitSignal(panel.notice) as notice:
        panel.add([Picture.of_file(picture(tmp_path / "red.png", "red"))])
    assert notice.args == ["The pictures could not be classified: out of memory"]
    assert panel.pictures.rowCount() == 0
    assert statuses[-1] == ""
    panel.stop()


# Samples


def test_there_are_samples_and_each_is_drawn_on_its_button(driver: Driver) -> None:
    assert len(samples()) >= 6
    buttons = [driver.button(f"Sample picture {path.stem}") for path in samples()]
    driver.wait_until(lambda: all(not button.icon().isNull() for button in buttons))


@pytest.mark.parametrize("path", samples()[:2], ids=lambda path: path.stem)
def test_a_click_on_a_sample_classifies_it(driver: Driver, path: Path) -> None:
    driver.click(f"Sample picture {path.stem}")
    (answer,) = driver.wait_for_answers()
    assert answer in COLOURS
    assert driver.sees(path.name)


def test_every_sample_is_in_the_menu(driver: Driver) -> None:
    for path in samples():
        driver.choose_from_menu(path.stem)
    assert len(driver.wait_for_answers()) == len(samples())


def test_without_pictures_there_is_no_list_to_clear(driver: Driver) -> None:
    assert not [
        button for button in driver.window.findChildren(QPushButton) if button.text() == "Clear" and button.isVisible()
    ]
