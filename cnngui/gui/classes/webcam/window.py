"""The window in which pictures are taken."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, Qt, Signal, Slot
from PySide6.QtGui import QImage, QKeyEvent
from PySide6.QtWidgets import QComboBox, QDialog, QFormLayout, QSizePolicy, QVBoxLayout, QWidget

from cnngui.core.sentences import counted
from cnngui.gui.classes.class_list.model import NO_CLASS
from cnngui.gui.classes.webcam.camera import Camera
from cnngui.gui.classes.webcam.finder import Finder
from cnngui.gui.classes.webcam.hold_button import HoldButton
from cnngui.gui.classes.webcam.live_view import LiveView
from cnngui.gui.classes.webcam.shooting import Shooting
from cnngui.gui.common.labels.plain_label import PlainLabel
from cnngui.gui.common.style import SPACE, mark

BUTTON_HEIGHT = 56  # pixels


class WebcamWindow(QDialog):
    """Shows what the camera sees. The space key or the button takes a picture; held, it takes more.

    chosen: a class was chosen, "" for none yet.
    """

    chosen = Signal(str)

    def __init__(self, camera: Camera, shooting: Shooting, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Tool)  # the keys of the main window go on working, undo above all
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("Webcam")
        camera.setParent(self)
        self._shooting, self._count = shooting, 0
        self._view, self._classes, self._cameras = LiveView(), QComboBox(), QComboBox()
        self._button, self._counted, self._failure = HoldButton("Take a picture"), PlainLabel(), PlainLabel()
        self._finder = Finder(camera, self)
        self._lay_out()
        self._finder.changed.connect(self._show_finder)
        self._finder.seen.connect(self._see)
        self._button.began.connect(self._begin)
        self._button.ended.connect(shooting.end)
        shooting.taken.connect(self._show_taken)
        self._classes.activated.connect(self._choose_class)
        self._cameras.activated.connect(self._choose_camera)
        self._show_finder()

    def show_classes(self, classes: Sequence[str], shown: str | None) -> None:
        """Offer these classes; shown: the one that gets the pictures, "" or None for none yet."""
        names = [*classes, ""]
        if names != [self._classes.itemData(row) for row in range(self._classes.count())]:
            self._classes.clear()
            for name in names:
                self._classes.addItem(name or NO_CLASS, name)
        self._classes.setCurrentIndex(names.index(shown) if shown in names else len(names) - 1)

    def show_failure(self, text: str) -> None:
        """Say why pictures could not be added; "" hides it."""
        self._failure.setText(text)
        self._failure.setVisible(bool(text))

    def event(self, event: QEvent) -> bool:
        """Esc closes this window, whatever it does in the main window."""
        is_asked = event.type() == QEvent.Type.ShortcutOverride
        if is_asked and isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Escape:
            event.accept()
            return True
        return super().event(event)

    def done(self, result: int) -> None:
        """The window closes: let other programs have the camera."""
        self._shooting.end()
        self._shooting.show(None)
        self._finder.stop()
        super().done(result)

    @Slot()
    def _begin(self) -> None:
        self._shooting.begin(self._classes.currentData())

    @Slot(QImage)
    def _see(self, image: QImage) -> None:
        self._shooting.show(image)
        self._view.show_image(image)

    @Slot()
    def _show_taken(self) -> None:
        self._count += 1
        self._counted.setText(f"{counted(self._count, 'picture')} taken")
        self._view.flash()

    @Slot()
    def _show_finder(self) -> None:
        finder = self._finder
        if finder.image is None:
            self._shooting.show(None)
        self._view.show_message(finder.message)
        was_enabled = self._button.isEnabled()
        self._button.setEnabled(finder.image is not None)
        if self._button.isEnabled() and not was_enabled:
            self._button.setFocus()  # for the space key
        self._cameras.clear()
        for device in finder.devices:
            self._cameras.addItem(device.name, device)
        self._cameras.setCurrentIndex(finder.devices.index(finder.device) if finder.device in finder.devices else -1)
        self._cameras.setEnabled(bool(finder.devices))

    @Slot(int)
    def _choose_class(self, row: int) -> None:
        self.chosen.emit(self._classes.itemData(row))
        self._button.setFocus()  # for the space key

    @Slot(int)
    def _choose_camera(self, row: int) -> None:
        self._finder.choose(self._cameras.itemData(row))
        self._button.setFocus()

    def _lay_out(self) -> None:
        mark(self._button, kind="primary")
        self._button.setMinimumHeight(BUTTON_HEIGHT)
        self._button.setToolTip("Take a picture; hold it for five a second (Space)")
        self._button.setAutoDefault(False)
        mark(self._counted, role="muted")
        self._counted.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self._counted.setText("Hold the button or the space key for five a second.")
        mark(self._failure, role="failure")
        self._failure.setWordWrap(True)
        self._failure.hide()
        for box, name in ((self._classes, "Class"), (self._cameras, "Camera")):
            box.setAccessibleName(name)
            box.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        form = QFormLayout()
        form.setSpacing(SPACE)
        form.addRow("&Class", self._classes)
        form.addRow("Ca&mera", self._cameras)
        column = QVBoxLayout(self)
        column.setSpacing(SPACE)
        column.addWidget(self._view, 1)
        column.addWidget(self._button)
        column.addWidget(self._counted)
        column.addWidget(self._failure)
        column.addLayout(form)
