"""The card at the left of the Train half: the form, and the buttons that start and stop."""

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QApplication, QFrame, QPushButton, QVBoxLayout, QWidget

from cnngui.gui.common.actions import Actions, follow
from cnngui.gui.common.scroll_column import ScrollColumn
from cnngui.gui.common.style import SPACE, mark
from cnngui.gui.train.form import TrainForm
from cnngui.gui.train.notes import Notes
from cnngui.gui.train.search.box import SearchBox
from cnngui.gui.train.search.turn import Turn

FORM_WIDTH = 300  # pixels, at least


class TrainSide(QFrame):
    """The form scrolls where there is no room; the buttons below it are always in view.

    The start button keeps the focus, though Qt passes it on whenever the button is disabled.
    """

    def __init__(self, form: TrainForm, turn: Turn, box: SearchBox) -> None:
        """box: the choice between a training and a search, above the buttons."""
        super().__init__()
        self._turn = turn
        self._start_button, self._queue_button = QPushButton(), QPushButton()
        self._had_focus = False  # the form or the button, while they were enabled
        self._passed_on_to: QWidget | None = None  # by Qt, when the button was disabled
        self._lay_out(form, box)
        turn.changed.connect(self._show_buttons)
        # Queued: by then the form and the button are enabled or disabled.
        turn.changed.connect(self._keep_focus, Qt.ConnectionType.QueuedConnection)
        form.vary.changed.connect(self._show_queue_button)
        self._show_buttons()

    def use_actions(self, actions: Actions) -> None:
        """Let the buttons follow the actions of the window."""
        follow(self._start_button, actions["start"], text=True)
        follow(self._queue_button, actions["queue"], text=True)

    def focus_start(self, reason: Qt.FocusReason) -> None:
        """Put the focus on the start button."""
        self._start_button.setFocus(reason)

    @Slot()
    def _show_buttons(self) -> None:
        if self._start_button.isEnabled():  # once it is disabled, Qt has passed on its focus
            self._had_focus = self.isAncestorOf(QApplication.focusWidget() or self)
            self._passed_on_to = None
        mark(self._start_button, kind="stop" if self._turn.is_busy else "primary")
        if self._queue_button.hasFocus() and not self._turn.is_busy:
            self._passed_on_to = None  # by the start button, and it is hidden now
        self._show_queue_button()

    @Slot()
    def _show_queue_button(self) -> None:
        self._queue_button.setVisible(self._turn.can_queue)

    @Slot()
    def _keep_focus(self) -> None:
        """Give the button its focus back, unless the user has put it elsewhere."""
        now = QApplication.focusWidget()
        if not self._had_focus or not self.isVisible():
            return
        if not self._start_button.isEnabled():
            self._passed_on_to = now
        elif now in (None, self._passed_on_to) or self._passed_on_to is None:
            self._start_button.setFocus()

    def _lay_out(self, form: TrainForm, box: SearchBox) -> None:
        settings = QWidget()
        above = QVBoxLayout(settings)
        above.setContentsMargins(0, 0, 0, 0)
        above.setSpacing(2 * SPACE)
        above.addWidget(form)
        above.addWidget(Notes(form))
        above.addStretch(1)
        mark(self, kind="card")
        column = QVBoxLayout(self)
        column.setContentsMargins(2 * SPACE, 2 * SPACE, 2 * SPACE, 2 * SPACE)
        column.setSpacing(2 * SPACE)
        column.addWidget(ScrollColumn(settings, FORM_WIDTH), 1)
        column.addWidget(box)
        column.addWidget(self._start_button)
        column.addWidget(self._queue_button)
