"""The cameras of this computer by QtMultimedia. It is in another wheel than the rest of Qt, and may be missing.

It takes 0.05 s to import, so import it inside functions only.
"""

import importlib.util
from collections.abc import Iterable
from typing import TYPE_CHECKING

from PySide6.QtCore import QCameraPermission, QCoreApplication, QObject, Qt, Slot

from cnngui.core.errors import UserError
from cnngui.gui.classes.webcam.camera import Camera, Device

if TYPE_CHECKING:
    from PySide6.QtMultimedia import QCamera, QCameraDevice, QCameraFormat, QVideoFrame

LEAST_HEIGHT = 480  # pixels: twice what the largest networks see; more only takes longer
LEAST_RATE = 10.0  # frames a second, so that people see themselves move

DENIED = "cnngui may not use the camera. Allow it in the system’s settings for privacy, then open this window again."


def is_installed() -> bool:
    """Whether QtMultimedia is there. Does not load it."""
    return importlib.util.find_spec("PySide6.QtMultimedia") is not None


class QtCamera(Camera):
    """Works where :func:`is_installed`. Raises UserError if it does not."""

    def __init__(self, parent: QObject | None = None) -> None:
        try:
            from PySide6.QtMultimedia import QMediaCaptureSession, QMediaDevices, QVideoSink
        except ImportError as error:  # such as "libpulse.so.0: cannot open shared object file"
            raise UserError(f"QtMultimedia cannot be loaded ({error}). Install what it needs.") from error
        super().__init__(parent)
        # Else frames are converted with OpenGL. Mesa's needs LLVM, finds TensorFlow's instead, and crashes.
        QCoreApplication.setAttribute(Qt.ApplicationAttribute.AA_ForceRasterWidgets)
        self._inputs, self._session, self._sink = QMediaDevices(self), QMediaCaptureSession(self), QVideoSink(self)
        self._session.setVideoSink(self._sink)
        self._sink.videoFrameChanged.connect(self._take)
        self._inputs.videoInputsChanged.connect(self.devices_changed)
        self._camera: QCamera | None = None
        self._wanted: Device | None = None

    @property
    def devices(self) -> tuple[Device, ...]:
        """All that are connected, the system's default first."""
        inputs = sorted(self._inputs.videoInputs(), key=lambda each: not each.isDefault())
        return tuple(Device(_key(each), each.description()) for each in inputs)

    def start(self, device: Device) -> None:
        """Show what this one sees; before that, the system may ask the user whether it may."""
        self.stop()
        self._wanted = device
        app, permission, status = QCoreApplication.instance(), QCameraPermission(), Qt.PermissionStatus
        if app is None:
            return
        answer = app.checkPermission(permission)
        if answer == status.Undetermined:
            app.requestPermission(permission, self, self._go_on)
        else:
            self._begin(device, is_allowed=answer == status.Granted)

    def stop(self) -> None:
        """Show nothing any more, and let other programs have the camera."""
        self._wanted = None
        if self._camera is not None:
            self._camera.errorOccurred.disconnect(self._fail)
            self._camera.stop()
            self._session.setCamera(None)  # type: ignore[arg-type]
            self._camera.deleteLater()
            self._camera = None

    @Slot()
    def _go_on(self) -> None:
        """The user has answered whether the camera may be used."""
        app = QCoreApplication.instance()
        if self._wanted is not None and app is not None:
            granted = app.checkPermission(QCameraPermission()) == Qt.PermissionStatus.Granted
            self._begin(self._wanted, is_allowed=granted)

    def _begin(self, device: Device, *, is_allowed: bool) -> None:
        from PySide6.QtMultimedia import QCamera

        found = next((each for each in self._inputs.videoInputs() if _key(each) == device.key), None)
        if not is_allowed or found is None:
            self.failed.emit(DENIED if not is_allowed else f"“{device.name}” is not connected any more.")
            return
        self._camera = QCamera(found, self)
        if (chosen := suitable(found.videoFormats())) is not None:
            self._camera.setCameraFormat(chosen)
        self._camera.errorOccurred.connect(self._fail)
        self._session.setCamera(self._camera)
        self._camera.start()

    @Slot(object, str)
    def _fail(self, _error: object, reason: str) -> None:
        name = self._wanted.name if self._wanted else "The camera"
        why = f" ({reason.rstrip('.')})" if reason else ""
        self.failed.emit(f"“{name}” shows nothing{why}. Close other programs that use it, then choose it again.")

    @Slot(object)
    def _take(self, frame: "QVideoFrame") -> None:
        """Pass it on, unless a newer one has come while the window was busy."""
        if frame.isValid() and frame == self._sink.videoFrame():
            image = frame.toImage()
            if not image.isNull():
                self.frame.emit(image)


def suitable(formats: Iterable["QCameraFormat"]) -> "QCameraFormat | None":
    """The smallest format that is large enough and not too slow, or else the nearest to that; None without any."""

    def badness(each: "QCameraFormat") -> tuple[bool, bool, int, float]:
        size = each.resolution()
        is_small, area = size.height() < LEAST_HEIGHT, size.width() * size.height()
        return each.maxFrameRate() < LEAST_RATE, is_small, -area if is_small else area, -each.maxFrameRate()

    return min(formats, key=badness, default=None)


def _key(device: "QCameraDevice") -> str:
    return bytes(device.id().data()).hex()
