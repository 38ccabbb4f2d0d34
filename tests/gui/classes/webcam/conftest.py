"""A camera that shows one colour after the other, without hardware and without QtMultimedia."""

import pytest
from PySide6.QtGui import QColor, QImage

from cnngui.gui.classes.webcam import qt_camera, webcam
from cnngui.gui.classes.webcam.camera import Camera, Device
from cnngui.gui.classes.webcam.window import WebcamWindow
from tests.gui.classes.conftest import Collector
from tests.gui.conftest import Driver, Opener

INSIDE, OUTSIDE = Device("1", "Lid"), Device("2", "Desk <b>")
SIZE = (64, 48)


def half(colour: str) -> QImage:
    """This colour on the left, black on the right."""
    image = QImage(*SIZE, QImage.Format.Format_RGB32)
    image.fill(QColor("black"))
    for x in range(SIZE[0] // 2):
        for y in range(SIZE[1]):
            image.setPixelColor(x, y, QColor(colour))
    return image


class DrawnCamera(Camera):
    """Shows what a test says. connected: its devices. running: the one in use."""

    def __init__(self, *connected: Device) -> None:
        super().__init__()
        self.connected = connected
        self.running: Device | None = None

    @property
    def devices(self) -> tuple[Device, ...]:
        return self.connected

    def start(self, device: Device) -> None:
        self.running = device

    def stop(self) -> None:
        self.running = None

    def show(self, colour: str) -> None:
        """The next picture."""
        self.frame.emit(half(colour))

    def plug(self, *devices: Device) -> None:
        """These are connected now, and no others."""
        self.connected = devices
        self.devices_changed.emit()


class Photographer(Collector):
    """Takes pictures as a person does. camera: what is before it is drawn."""

    def __init__(self, driver: Driver, camera: DrawnCamera) -> None:
        super().__init__(driver)
        self.camera = camera

    @property
    def box(self) -> WebcamWindow:
        """The webcam's window, once it has the keyboard."""
        (found,) = self.window.findChildren(WebcamWindow)
        self.driver.wait_until(found.isActiveWindow)
        return found

    def running(self) -> Device | None:
        """The camera that is in use."""
        return self.camera.running

    def open_box(self) -> WebcamWindow:
        """Ask for the webcam, which shows red."""
        self.driver.press("Ctrl+Shift+W")
        self.camera.show("red")
        return self.box


@pytest.fixture
def camera(monkeypatch: pytest.MonkeyPatch) -> DrawnCamera:
    """As if QtMultimedia were installed; two cameras are connected."""
    made = DrawnCamera(INSIDE, OUTSIDE)
    monkeypatch.setattr(qt_camera, "is_installed", lambda: True)
    monkeypatch.setattr(webcam, "QtCamera", lambda: made)
    return made


@pytest.fixture
def photographer(camera: DrawnCamera, open_window: Opener) -> Photographer:
    """A window with a camera, and no collection."""
    return Photographer(open_window(), camera)
