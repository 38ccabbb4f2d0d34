"""What the Predict half shows of its pictures, and how they are removed again."""

import re
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QAccessible, QColor, QFont, QFontMetrics, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QProgressBar, QPushButton, QSplitter, QWidget

from cnngui.core.answers.classifier import Classifier
from cnngui.core.pictures import images
from cnngui.gui.common.labels.elided_label import ElidedLabel
from cnngui.gui.common.pictures.image_view import ImageView
from cnngui.gui.common.style import LIGHT
from cnngui.gui.common.words import percent
from cnngui.gui.predict.answer.card import ResultCard
from cnngui.gui.predict.answer.probability_bars import ProbabilityBars
from cnngui.gui.predict.answer.seen_pixels import SeenPixels
from cnngui.gui.predict.pictures.list_view import PictureListView
from cnngui.gui.predict.samples import Samples, shipped_samples
from tests.gui.conftest import COLOURS, STRANGE, Driver, Opener, picture, save_colour_model


def gradient(path: Path) -> Path:
    """A picture in which every pixel that the network sees has another colour."""
    rows, columns = np.mgrid[0:128, 0:96].astype(np.uint8)
    Image.fromarray(np.dstack([2 * rows, 2 * columns, rows + columns])).save(path)
    return path


def list_of(driver: Driver) -> PictureListView:
    """The list of pictures."""
    (view,) = (each for each in driver.window.findChildren(PictureListView) if each.model() is driver.pictures)
    return view


def pick(driver: Driver, row: int) -> None:
    """Click a picture in the list."""
    view = list_of(driver)
    spot = view.visualRect(driver.pictures.index(row)).center()
    QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=spot)


def row_image(driver: Driver, row: int) -> QImage:
    """The answer in a row of the list, as painted: its right lower quarter, without the thumbnail."""
    view = list_of(driver)
    rect = view.visualRect(driver.pictures.index(row))
    return view.viewport().grab(rect.adjusted(60, rect.height() // 2, -4, -4)).toImage()


def darkest(image: QImage) -> int:
    """The lightness of the darkest pixel, 0 to 255."""
    pixels = [image.pixelColor(x, y) for x in range(image.width()) for y in range(image.height())]
    return min(pixel.lightness() for pixel in pixels)


def seen_views(driver: Driver) -> list[ImageView]:
    """What the network sees: its views, from left to right."""
    (seen,) = driver.window.findChildren(SeenPixels)
    return sorted((view for view in seen.findChildren(ImageView) if view.isVisible()), key=lambda view: view.x())


def photo_of(driver: Driver) -> ImageView:
    """Where the photograph is shown."""
    (found,) = (v for v in driver.window.findChildren(ImageView) if v.accessibleName() == "The picture")
    return found


def large_type(driver: Driver) -> list[str]:
    """The texts in large type."""
    labels = [label for label in driver.window.findChildren(QLabel) if label.property("role") == "winner"]
    return [label.text() for label in labels if label.text()]


def chunks(driver: Driver) -> set[str]:
    """The colours at the left ends of the bars that are long enough."""
    (bars,) = driver.window.findChildren(ProbabilityBars)
    long = [bar for bar in bars.findChildren(QProgressBar) if bar.value() >= 50]
    assert long
    return {bar.grab().toImage().pixelColor(5, bar.height() // 2).name() for bar in long}


def bar_names(driver: Driver) -> list[QLabel]:
    """The labels of the rows of the bars."""
    (bars,) = driver.window.findChildren(ProbabilityBars)
    return [label for label in bars.findChildren(QLabel) if label.isVisible()]


def place_of(driver: Driver, widget: QWidget) -> tuple[int, int, int, int]:
    """Where a widget is in the window: left, top, width, height."""
    spot = widget.mapTo(driver.window, widget.rect().topLeft())
    return spot.x(), spot.y(), widget.width(), widget.height()


# The answer in view


def test_the_answer_in_view_is_the_models(driver: Driver, colour_model: Path, tmp_path: Path) -> None:
    path = gradient(tmp_path / "gradient.png")
    driver.drop_files(path)
    driver.wait_for_answers()
    (expected,) = Classifier.load(colour_model).classify([images.to_views(images.read(path, images.READ_SIDE))])
    assert driver.bars() == [round(1000 * probability) for probability in expected.probabilities]
    assert len(driver.bars()) == 10
    winner, confidence = expected.top[0]
    assert large_type(driver) == [winner, percent(confidence)]
    shown = [text for text in driver.texts() if text in COLOURS]
    assert [text for text in shown if text != winner] == [name for name in COLOURS if name != winner]
    for probability in expected.probabilities:
        assert driver.sees(percent(probability))


def test_the_pixels_are_those_that_the_network_sees(driver: Driver, tmp_path: Path) -> None:
    path = gradient(tmp_path / "gradient.png")
    driver.drop_files(path)
    driver.wait_for_answers()
    assert driver.sees("What the network sees\n4 views of 32 × 32 pixels")
    views = images.to_views(images.read(path, images.READ_SIDE))
    assert len(views) == 4
    assert (views[0] != views[1]).any()
    for view, pixels in zip(seen_views(driver), views, strict=True):
        assert_shows(view, pixels)


def test_a_picture_of_the_networks_size_is_seen_as_it_is(driver: Driver, tmp_path: Path) -> None:
    larger, small = gradient(tmp_path / "larger.png"), tmp_path / "small.png"
    pixels = np.random.default_rng(0).integers(0, 256, (32, 32, 3), np.uint8)
    Image.fromarray(pixels).save(small)
    driver.drop_files(small, larger)
    driver.wait_for_answers()
    assert "What the network sees\n32 × 32 pixels" in driver.texts()
    (view,) = seen_views(driver)
    assert_shows(view, pixels)
    pick(driver, 1)  # and the other views come back
    assert len(seen_views(driver)) == 4


def assert_shows(view: ImageView, pixels: NDArray[np.uint8]) -> None:
    """Each of the 32 × 32 pixels is a square of its colour in the view."""
    shown = view.grab().toImage()
    scale = view.width() // 32
    assert scale in (2, 3)
    assert (shown.width(), shown.height()) == (32 * scale, 32 * scale)
    for row, columns in enumerate(pixels):
        for column, expected in enumerate(columns):
            # Not where the frame is, which is one pixel of the screen wide.
            inside = [place * scale + (scale // 2 if place < 16 else (scale - 1) // 2) for place in (column, row)]
            at = shown.pixelColor(*inside)
            assert (at.red(), at.green(), at.blue()) == tuple(expected)


def test_a_click_in_the_list_brings_a_picture_into_view(driver: Driver, tmp_path: Path) -> None:
    driver.drop_files(picture(tmp_path / "blue.png", "blue"), picture(tmp_path / "red.png", "red"))
    driver.wait_for_answers()
    photo = photo_of(driver)
    assert "blue.png" in driver.texts()
    pick(driver, 1)
    assert "red.png" in driver.texts()
    assert "blue.png" not in driver.texts()
    red = QColor(*COLOURS["red"])
    driver.wait_until(lambda: photo.grab().toImage().pixelColor(photo.rect().center()) == red)
    assert driver.bars()[list(COLOURS).index("red")] == max(driver.bars())


def test_the_list_is_walked_with_the_arrow_keys(driver: Driver, tmp_path: Path) -> None:
    driver.drop_files(*(picture(tmp_path / f"{colour}.png", colour) for colour in ("red", "green", "blue")))
    driver.wait_for_answers()
    driver.press("Down")
    assert "green.png" in driver.texts()
    driver.press("End")
    assert "blue.png" in driver.texts()


def test_a_row_says_what_it_shows_to_a_screen_reader(driver: Driver, tmp_path: Path) -> None:
    driver.drop_files(picture(tmp_path / "red.png", "red"), tmp_path / "gone.png")
    driver.wait_for_answers()
    first, second = (driver.pictures.index(row).data(Qt.ItemDataRole.AccessibleTextRole) for row in range(2))
    assert re.fullmatch(r"red\.png: red  \d\d %", first)
    assert second == "gone.png: unreadable"


# None of these


@pytest.fixture
def choosy(open_window: Opener, choosy_model: Path, tmp_path: Path) -> Driver:
    """A light window whose model does not know green, with a green and a red picture classified, the green in view."""
    driver = open_window(choosy_model)
    driver.choose_from_menu("Light")
    driver.window.resize(1024, 640)
    driver.drop_files(picture(tmp_path / "grass.png", STRANGE), picture(tmp_path / "rose.png", "red"))
    driver.wait_for_answers()
    return driver


def test_an_unknown_picture_is_none_of_these(choosy: Driver) -> None:
    assert large_type(choosy) == ["none of these"]
    answer = choosy.pictures.picture(0).prediction
    assert answer is not None
    assert answer.classification is not None
    likeliest = f"Most likely: {STRANGE}, {percent(answer.classification.confidence)}."
    assert f"Unlike the training images. {likeliest}" in choosy.texts()
    pick(choosy, 1)
    assert large_type(choosy)[0] == "red"
    assert len(large_type(choosy)) == 2
    assert not choosy.sees("Most likely")


def test_the_bars_of_an_unknown_picture_are_all_there_and_faint(choosy: Driver) -> None:
    assert len(choosy.bars()) == 10
    assert max(choosy.bars()) > 200
    for _ in range(2):  # also after another picture, and back
        assert chunks(choosy) == {LIGHT.faint}
        for label in bar_names(choosy):
            assert label.palette().text().color().name() == LIGHT.muted
            assert not label.font().bold()
        pick(choosy, 1)
        assert LIGHT.accent in chunks(choosy)
        assert {label.text() for label in bar_names(choosy) if label.font().bold()} >= {"red"}
        assert {label.palette().text().color().name() for label in bar_names(choosy)} == {LIGHT.text}
        pick(choosy, 0)


def test_a_row_of_the_list_says_none_of_these_in_muted_type(choosy: Driver) -> None:
    first, second = (choosy.pictures.index(row).data(Qt.ItemDataRole.AccessibleTextRole) for row in range(2))
    assert first == "grass.png: none of these"
    assert re.fullmatch(r"rose\.png: red  \d\d %", second)
    assert darkest(row_image(choosy, 0)) >= QColor(LIGHT.muted).lightness() - 5
    assert darkest(row_image(choosy, 1)) < QColor(LIGHT.muted).lightness() - 20


def test_a_screen_reader_hears_none_of_these_and_no_winner(choosy: Driver) -> None:
    (card,) = choosy.window.findChildren(ResultCard)
    texts = [
        QAccessible.queryAccessibleInterface(widget).text(QAccessible.Text.Name)
        for widget in card.findChildren(QWidget)
        if widget.isVisible()
    ]
    assert "none of these" in texts
    assert sum(bool(re.fullmatch(rf"{STRANGE} \d+ %", text)) for text in texts) == 1  # its bar
    assert "What the network sees, view 4 of 4" in texts


def test_nothing_moves_between_known_and_unknown(choosy: Driver) -> None:
    (bars,) = choosy.window.findChildren(ProbabilityBars)
    stays: list[QWidget] = [bars, photo_of(choosy), *seen_views(choosy)]
    places = [place_of(choosy, widget) for widget in stays]
    pick(choosy, 0)
    assert [place_of(choosy, widget) for widget in stays] == places


@pytest.mark.parametrize("size", [(1024, 640), (0, 0)], ids=["small", "smallest"])
def test_nothing_is_cut_in_a_small_window(choosy: Driver, size: tuple[int, int]) -> None:
    (card,) = choosy.window.findChildren(ResultCard)
    choosy.window.resize(*size)
    choosy.wait_until(lambda: choosy.window.width() == max(size[0], choosy.window.minimumWidth()))

    def nothing_is_cut() -> None:
        labels = [label for label in card.findChildren(QLabel) if label.isVisible() and label.text()]
        for label in labels:
            if label.wordWrap():
                assert label.height() >= label.heightForWidth(label.width())
            elif size == (0, 0) and isinstance(label, ElidedLabel):
                continue  # its tooltip tells it
            elif not label.text().endswith(".png"):  # a file's name may be cut: its tooltip tells it
                assert label.width() >= label.sizeHint().width()
        inside = card.rect().translated(card.mapTo(choosy.window, card.rect().topLeft()))
        for widget in (*labels, *seen_views(choosy)):
            assert inside.contains(QRect(*place_of(choosy, widget)))
        if size != (0, 0):  # where the window scrolls instead
            assert choosy.window.rect().contains(inside)

    choosy.bot.waitUntil(nothing_is_cut)  # the layout follows a new text with an event of its own


def test_a_model_without_familiarity_names_every_picture(driver: Driver, tmp_path: Path) -> None:
    driver.drop_files(picture(tmp_path / "grass.png", STRANGE))
    driver.wait_for_answers()
    assert large_type(driver)[0] == STRANGE
    assert not driver.sees("none of these")


# Clearing


def test_clear_empties_the_list_and_invites_again(driver: Driver, tmp_path: Path) -> None:
    driver.drop_files(picture(tmp_path / "red.png", "red"))
    driver.wait_for_answers()
    driver.click("Clear")
    assert driver.pictures.rowCount() == 0
    assert driver.sees("Drop pictures anywhere")
    assert "1 picture" not in driver.texts()


def test_answers_that_come_after_clearing_are_not_shown(driver: Driver, tmp_path: Path) -> None:
    driver.drop_files(*(picture(tmp_path / f"{number}.png", "red") for number in range(300)))
    driver.wait_until(lambda: 0 < driver.pictures.tally.waiting < 300)
    driver.press("Ctrl+L")
    assert driver.pictures.rowCount() == 0
    driver.drop_files(picture(tmp_path / "blue.png", "blue"))
    assert driver.wait_for_answers() == ["blue"]
    assert "1 picture" in driver.texts()


def test_clear_offers_its_undo(driver: Driver, tmp_path: Path) -> None:
    driver.drop_files(picture(tmp_path / "red.png", "red"), picture(tmp_path / "blue.png", "blue"))
    driver.wait_for_answers()
    driver.click("Clear")
    assert driver.sees("2 pictures removed.")
    driver.click("Undo")
    assert driver.pictures.rowCount() == 2
    assert not driver.sees("2 pictures removed.")
    driver.click("Clear")
    driver.drop_files(picture(tmp_path / "red.png", "red"))
    driver.wait_for_answers()
    assert not driver.sees("2 pictures removed.")  # it is out of date


# Samples


def wait_for_samples(driver: Driver) -> None:
    """Until the sample pictures have been read."""
    (shown,) = driver.window.findChildren(Samples)
    driver.wait_until(lambda: bool(shown.findChildren(QPushButton)))


def test_there_are_samples_and_each_is_drawn_on_its_button(driver: Driver) -> None:
    assert len(shipped_samples()) >= 6
    wait_for_samples(driver)
    buttons = [driver.button(f"Sample picture {path.stem}") for path in shipped_samples()]
    assert all(not button.icon().isNull() for button in buttons)


@pytest.mark.parametrize("path", shipped_samples()[:2], ids=lambda path: path.stem)
def test_a_click_on_a_sample_classifies_it(driver: Driver, path: Path) -> None:
    wait_for_samples(driver)
    driver.click(f"Sample picture {path.stem}")
    (answer,) = driver.wait_for_answers()
    assert answer in COLOURS
    assert driver.sees(path.name)


def test_every_sample_is_in_the_menu(driver: Driver) -> None:
    for path in shipped_samples():
        driver.choose_from_menu(path.stem)
    assert len(driver.wait_for_answers()) == len(shipped_samples())


def test_without_pictures_there_is_no_list_to_clear(driver: Driver) -> None:
    assert not [
        button for button in driver.window.findChildren(QPushButton) if button.text() == "Clear" and button.isVisible()
    ]


# What the window's actions depend on


def test_whether_there_is_an_answer_in_view(driver: Driver, tmp_path: Path) -> None:
    panel = driver.window.predict

    def can_explain() -> tuple[bool, bool]:
        return panel.has_answer_in_view, panel.explain_button.isEnabled()

    assert can_explain() == (False, False)
    driver.drop_files(picture(tmp_path / "red.png", "red"), tmp_path / "gone.png")
    driver.wait_for_answers()
    assert can_explain() == (True, True)
    with driver.bot.waitSignal(panel.selection_changed):
        pick(driver, 1)
    assert can_explain() == (False, False)
    assert [each.name for each in panel.selected()] == ["gone.png"]
    with driver.bot.waitSignal(panel.selection_changed):
        list_of(driver).selectAll()
    assert len(panel.selected()) == 2


# What is remembered


def test_the_order_of_the_bars_is_remembered(open_window: Opener, tmp_path: Path) -> None:
    for is_first in (False, True):
        driver = open_window()
        driver.drop_files(picture(tmp_path / "blue.png", "blue"))
        driver.wait_for_answers()
        (bars,) = driver.window.findChildren(ProbabilityBars)
        assert (bars.findChildren(QLabel)[0].text() == "blue") is is_first
        if not is_first:
            driver.click("Likeliest first")
            assert bars.findChildren(QLabel)[0].text() == "blue"
            driver.window.close()


def test_the_width_of_the_list_is_remembered(open_window: Opener, tmp_path: Path) -> None:
    path = picture(tmp_path / "blue.png", "blue")
    widths = []
    for _ in range(2):
        driver = open_window()
        driver.window.resize(1024, 640)
        driver.drop_files(path)
        driver.wait_for_answers()
        (splitter,) = driver.window.predict.findChildren(QSplitter)
        driver.wait_until(lambda splitter=splitter: splitter.width() > 600)  # type: ignore[misc]
        widths.append(splitter.sizes()[0])
        handle = splitter.handle(1)
        middle = handle.rect().center()
        QTest.mousePress(handle, Qt.MouseButton.LeftButton, pos=middle)
        QTest.mouseMove(handle, middle + QPoint(-30, 0))
        QTest.mouseRelease(handle, Qt.MouseButton.LeftButton, pos=middle + QPoint(-30, 0))
        widths.append(splitter.sizes()[0])
        driver.window.close()
    assert widths[1] < widths[0] - 20
    assert abs(widths[2] - widths[1]) <= 2


def test_the_picture_keeps_its_size_whatever_the_classes(open_window: Opener, tmp_path: Path) -> None:
    path = picture(tmp_path / "blue.png", "blue")
    long = {f"{name} {number} {38 * 'm'}": rgb for number in range(4) for name, rgb in COLOURS.items()}
    places = []
    for classes in (COLOURS, long):
        model = save_colour_model(tmp_path / f"{len(classes)}.keras", classes, "Colours")
        driver = open_window(model)
        driver.drop_files(path)
        driver.wait_for_answers()
        driver.window.resize(1024, 640)
        driver.wait_until(lambda driver=driver: driver.window.width() == 1024)  # type: ignore[misc]
        driver.wait_for("4 views of 32 × 32 pixels")
        QApplication.processEvents()
        places.append(place_of(driver, photo_of(driver)))
    assert places[0] == places[1]


def test_large_text_is_cut_nowhere_in_the_list(driver: Driver, qapp: QApplication, tmp_path: Path) -> None:
    driver.drop_files(picture(tmp_path / "blue.png", "blue"), picture(tmp_path / "red.png", "red"))
    driver.wait_for_answers()
    small = qapp.font()
    large = QFont(small)
    large.setPointSizeF(2 * small.pointSizeF())
    try:
        qapp.setFont(large)
        view = list_of(driver)
        driver.wait_until(lambda: view.rowHeight(0) >= 2 * QFontMetrics(large).height())
        (bars,) = driver.window.findChildren(ProbabilityBars)
        driver.wait_until(lambda: not bars.findChildren(ElidedLabel)[2].is_elided)
    finally:
        qapp.setFont(small)
