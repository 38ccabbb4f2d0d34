"""Which camera is in use, and why there is no picture."""

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtGui import QImage

from cnngui.gui.classes.webcam.camera import Camera, Device

NO_CAMERA = "No camera is connected. Plug one in."
STARTING = "The camera is starting …"


class Finder(QObject):
    """Begins with the first camera that there is, and follows as they come and go.

    changed: another camera is in use, or there is another reason why nothing is seen. seen: what it shows, a QImage.
    """

    changed = Signal()
    seen = Signal(QImage)

    def __init__(self, camera: Camera, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._camera = camera
        self._device: Device | None = None
        self._is_lost = False  # whether it was unplugged
        self._image: QImage | None = None
        self._message = NO_CAMERA
        camera.frame.connect(self._see)
        camera.failed.connect(self._fail)
        camera.devices_changed.connect(self._look)
        self._look()

    @property
    def devices(self) -> tuple[Device, ...]:
        """The cameras that can be chosen."""
        return self._camera.devices

    @property
    def device(self) -> Device | None:
        """The one in use; None if there is none, or it was unplugged."""
        return None if self._is_lost else self._device

    @property
    def image(self) -> QImage | None:
        """What it shows now; None if that is nothing."""
        return self._image

    @property
    def message(self) -> str:
        """Why nothing is seen, in a sentence; "" while something is."""
        return self._message

    def choose(self, device: Device) -> None:
        """Use this one."""
        self._device, self._is_lost = device, False
        self._tell(STARTING)
        self._camera.start(device)

    def stop(self) -> None:
        """Show nothing any more."""
        self._camera.frame.disconnect(self._see)
        self._camera.stop()

    @Slot()
    def _look(self) -> None:
        """See which cameras there are. Without being told, no other one is used than before."""
        device, devices = self._device, self.devices
        if device is None and devices:
            self.choose(devices[0])
        elif device is None:
            self._tell(NO_CAMERA)
        elif device not in devices:
            self._camera.stop()
            self._is_lost = True
            other = " or choose another one" if devices else ""
            self._tell(f"“{device.name}” was unplugged. Plug it in again{other}.")
        elif self._is_lost:
            self.choose(device)
        else:
            self.changed.emit()

    @Slot(QImage)
    def _see(self, image: QImage) -> None:
        if self.device is None:
            return  # on its way when the camera was unplugged
        had_message, self._image, self._message = bool(self._message), image, ""
        if had_message:
            self.changed.emit()
        self.seen.emit(image)

    @Slot(str)
    def _fail(self, message: str) -> None:
        self._tell(message)

    def _tell(self, message: str) -> None:
        self._image, self._message = None, message
        self.changed.emit()
