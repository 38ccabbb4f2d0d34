"""The way to the webcam's window, and what it takes on its way into the collection."""

from PySide6.QtCore import QObject, Slot
from PySide6.QtWidgets import QWidget

from cnngui.core.errors import UserError
from cnngui.gui.classes.state import ClassesState
from cnngui.gui.classes.view import ClassesView
from cnngui.gui.classes.webcam.qt_camera import QtCamera
from cnngui.gui.classes.webcam.shooting import Shooting
from cnngui.gui.classes.webcam.window import WebcamWindow


class Webcam(QObject):
    """Opens the window, at most one. Pictures go into the class that is shown, and each press is undone as a whole."""

    def __init__(self, state: ClassesState, view: ClassesView, parent: QWidget) -> None:
        super().__init__(parent)
        self._state, self._view, self._parent = state, view, parent
        self._shooting = Shooting(state.add, self)
        self._window: WebcamWindow | None = None
        state.changed.connect(self._show_state)
        view.shown_changed.connect(self._show_state)

    @Slot()
    def open(self) -> None:
        """Show what the camera sees."""
        if self._window is None:
            try:
                camera = QtCamera()
            except UserError as error:
                self._state.notice.emit(str(error))
                return
            self._window = WebcamWindow(camera, self._shooting, self._parent.window())
            self._window.chosen.connect(self._view.class_list.choose)
            self._window.finished.connect(self._forget)
            self._show_state()
            self._window.show()
        self._window.raise_()
        self._window.activateWindow()

    @property
    def is_busy(self) -> bool:
        """Whether pictures that were taken are not in the collection yet."""
        return self._shooting.is_busy

    def close(self) -> None:
        """Close the window. What was taken is still handed on."""
        if self._window is not None:
            self._window.close()

    def stop(self) -> None:
        """Close the window, and wait until nothing is being written."""
        self.close()
        self._shooting.stop()

    @Slot()
    def _forget(self) -> None:
        self._window = None

    @Slot()
    def _show_state(self) -> None:
        if self._window is not None:
            self._window.show_classes(self._state.classes, self._view.shown)
            self._window.show_failure(self._state.problem or self._state.failure)
