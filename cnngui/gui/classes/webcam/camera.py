"""What the window needs of a camera, whoever provides it."""

from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QImage


@dataclass(frozen=True)
class Device:
    """A camera that is connected. key: stays the same when it is plugged in again. name: as its maker calls it."""

    key: str
    name: str


class Camera(QObject):
    """The cameras of this computer, of which one at a time shows what is before it.

    frame: what it shows now, as a QImage that nobody writes to. failed: why it shows nothing, in a sentence.
    devices_changed: a camera has come or gone.
    """

    frame = Signal(QImage)
    failed = Signal(str)
    devices_changed = Signal()

    @property
    def devices(self) -> tuple[Device, ...]:
        """All that are connected, the system's default first."""
        raise NotImplementedError

    def start(self, device: Device) -> None:
        """Show what this one sees, and no other; frame or failed follows."""
        raise NotImplementedError

    def stop(self) -> None:
        """Show nothing any more, and let other programs have the camera."""
        raise NotImplementedError
