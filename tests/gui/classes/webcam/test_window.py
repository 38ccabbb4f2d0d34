"""Pictures are taken, as a person does it."""

from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox, QPushButton, QWidget

from cnngui.core.errors import UserError
from cnngui.core.pictures import images
from cnngui.gui.classes.webcam import qt_camera, shooting, webcam
from cnngui.gui.classes.webcam.camera import Camera
from cnngui.gui.classes.webcam.finder import NO_CAMERA
from cnngui.gui.classes.webcam.live_view import LiveView
from cnngui.gui.classes.webcam.window import WebcamWindow
from tests.gui.classes.webcam.conftest import INSIDE, OUTSIDE, Photographer
from tests.gui.conftest import Opener


def focused() -> QWidget:
    """What has the keyboard."""
    found = QApplication.focusWidget()
    assert found is not None
    return found


def tap() -> None:
    """Press the space key."""
    QTest.keyClick(focused(), Qt.Key.Key_Space)


def named(box: QWidget, name: str) -> QComboBox:
    """The box with this accessible name."""
    (found,) = (each for each in box.findChildren(QComboBox) if each.accessibleName() == name)
    return found


def message(photographer: Photographer) -> str:
    """What stands where the picture would be."""
    (view,) = photographer.box.findChildren(LiveView)
    return view.message


def test_a_tap_takes_a_picture_for_the_class_that_is_shown(photographer: Photographer, birds: Path) -> None:
    photographer.open(birds)
    photographer.choose("wren")
    photographer.open_box()
    tap()
    photographer.driver.wait_until(lambda: photographer.counts["wren"] == 6)
    assert photographer.driver.sees("1 picture taken")
    (file,) = (birds / "wren").glob("webcam *.jpg")
    pixels = np.asarray(images.read(file, 48))
    assert pixels.shape == (48, 64, 3)
    assert np.abs(pixels[24, 8] - np.array([255, 0, 0])).max() < 8, "not as in a mirror"


def test_the_live_picture_is_a_mirror(photographer: Photographer, birds: Path) -> None:
    photographer.open(birds)
    (view,) = photographer.open_box().findChildren(LiveView)
    shown = view.grab().toImage()
    middle = shown.height() // 2
    assert shown.pixelColor(shown.width() - 60, middle).red() > 200
    assert shown.pixelColor(60, middle).red() < 50


def test_what_one_press_takes_is_undone_as_a_whole(
    photographer: Photographer, birds: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    photographer.open(birds)
    box = photographer.open_box()
    with monkeypatch.context() as quick:
        quick.setattr(shooting, "FIRST_MS", 1)
        QTest.keyPress(focused(), Qt.Key.Key_Space)
    photographer.driver.wait_until(lambda: box._count >= 2)
    QTest.keyRelease(focused(), Qt.Key.Key_Space)  # as X11 repeats a key
    QTest.keyPress(focused(), Qt.Key.Key_Space)
    photographer.driver.wait_until(lambda: box._count >= 4)
    QTest.keyRelease(focused(), Qt.Key.Key_Space)
    photographer.driver.wait_until(lambda: not photographer.window.classes.webcam._shooting.is_busy)
    taken = box._count
    photographer.driver.wait_until(lambda: photographer.counts["robin"] == 6 + taken)
    tap()
    photographer.driver.wait_until(lambda: photographer.counts["robin"] == 7 + taken)
    photographer.settle()
    for left in (6 + taken, 6):
        photographer.driver.press("Ctrl+Z")
        photographer.settle()
        assert photographer.counts["robin"] == left


def test_the_class_is_chosen_on_either_side(photographer: Photographer, birds: Path) -> None:
    photographer.open(birds)
    box = named(photographer.open_box(), "Class")
    assert box.currentText() == "robin"
    photographer.driver.choose(box, "wren")
    box.activated.emit(box.currentIndex())
    assert photographer.shown == [f"{number}.png" for number in range(5)]
    assert isinstance(focused(), QPushButton)
    photographer.choose("no class yet")
    assert box.currentText() == "no class yet"
    tap_button(photographer)
    photographer.driver.wait_until(lambda: photographer.counts["no class yet"] == 1)


def tap_button(photographer: Photographer) -> None:
    """Click the large button."""
    QTest.mouseClick(photographer.box.findChildren(QPushButton)[0], Qt.MouseButton.LeftButton)


def test_cameras_come_and_go(photographer: Photographer, birds: Path) -> None:
    photographer.open(birds)
    photographer.camera.connected = ()
    photographer.driver.press("Ctrl+Shift+W")
    assert message(photographer) == NO_CAMERA
    (button,) = photographer.box.findChildren(QPushButton)
    assert not button.isEnabled()
    photographer.camera.plug(INSIDE, OUTSIDE)
    assert photographer.running() == INSIDE
    assert message(photographer) == "The camera is starting …"
    photographer.camera.show("red")
    assert button.isEnabled()
    cameras = named(photographer.box, "Camera")
    photographer.driver.choose(cameras, OUTSIDE.name)
    cameras.activated.emit(cameras.currentIndex())
    assert photographer.running() == OUTSIDE
    photographer.camera.plug(INSIDE)
    assert photographer.running() is None, "no other camera is used unasked"
    assert message(photographer) == "“Desk <b>” was unplugged. Plug it in again or choose another one."
    photographer.camera.plug()
    assert message(photographer) == "“Desk <b>” was unplugged. Plug it in again."
    photographer.camera.plug(OUTSIDE)
    assert photographer.running() == OUTSIDE


def test_a_press_ends_when_the_camera_is_unplugged(photographer: Photographer, birds: Path) -> None:
    photographer.open(birds)
    photographer.open_box()
    QTest.keyPress(focused(), Qt.Key.Key_Space)
    photographer.camera.plug()
    photographer.driver.wait_until(lambda: photographer.counts["robin"] == 7)


def test_a_camera_that_fails_says_why(photographer: Photographer, birds: Path) -> None:
    photographer.open(birds)
    photographer.open_box()
    photographer.camera.failed.emit("It is in use.")
    assert message(photographer) == "It is in use."
    photographer.camera.show("red")
    assert not message(photographer)


def test_a_collection_that_cannot_take_it_is_told(photographer: Photographer, birds: Path) -> None:
    photographer.open(birds)
    photographer.open_box()
    birds.rename(birds.with_name("away"))
    tap()
    photographer.settle()
    photographer.driver.wait_for("It was moved or renamed")
    assert any(
        "is not there" in label.text() for label in photographer.box.findChildren(type(photographer.box._failure))
    )


@pytest.mark.parametrize("way", ["Esc", "cross", "window"])
def test_the_camera_is_free_once_the_window_closes(photographer: Photographer, birds: Path, way: str) -> None:
    photographer.open(birds)
    box = photographer.open_box()
    assert photographer.running() == INSIDE
    match way:
        case "Esc":
            QTest.keyClick(box, Qt.Key.Key_Escape)
        case "cross":
            box.windowHandle().close()
        case "window":
            photographer.driver.close()
    assert photographer.running() is None


def test_what_qtmultimedia_lacks_is_told(
    photographer: Photographer, birds: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def lacking() -> Camera:
        raise UserError("QtMultimedia cannot be loaded (libpulse.so.0).")

    monkeypatch.setattr(webcam, "QtCamera", lacking)
    photographer.open(birds)
    photographer.driver.choose_from_menu("Webcam …")
    assert photographer.driver.sees("QtMultimedia cannot be loaded")
    assert not photographer.window.findChildren(WebcamWindow)


def test_it_opens_again_and_only_once(photographer: Photographer, birds: Path) -> None:
    photographer.open(birds)
    photographer.open_box()
    photographer.driver.choose_from_menu("Webcam …")
    assert len(photographer.window.findChildren(WebcamWindow)) == 1
    QTest.keyClick(photographer.box, Qt.Key.Key_Escape)
    photographer.driver.wait_until(lambda: not photographer.window.findChildren(WebcamWindow))


def test_without_the_wheel_there_is_nothing_of_it(open_window: Opener, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(qt_camera, "is_installed", lambda: False)
    driver = open_window()
    driver.press("Ctrl+2")
    names = [action.name for action, _ in driver.window.actions_table]
    assert "webcam" not in names
    assert not any(each.text() == "Webcam …" and each.isVisible() for each in driver.window.findChildren(QPushButton))
