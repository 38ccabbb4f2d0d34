"""The things to look at, on the screen: their kinds on the left, and one of them with its answers on the right."""

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QFocusEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QSplitter, QVBoxLayout, QWidget

from cnngui.core.progress import Progress
from cnngui.core.sentences import counted
from cnngui.gui.classes.audit.answers import AnswerButtons
from cnngui.gui.classes.audit.pictures import QuestionPictures
from cnngui.gui.classes.audit.state import AuditState
from cnngui.gui.classes.audit.topics import TopicList
from cnngui.gui.classes.progress_strip import ProgressStrip
from cnngui.gui.common.actions import Actions, follow
from cnngui.gui.common.labels.plain_label import PlainLabel
from cnngui.gui.common.style import SPACE, mark

WIDTHS = (230, 700)  # pixels, as those of the classes
NOTHING = "Nothing is left to look at."
LOOKING = "Looking at the pictures …"


class AuditView(QWidget):
    """Shows an AuditState."""

    def __init__(self, state: AuditState, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._state = state
        self._back, self._reopen, self._again = QPushButton("‹ Classes"), QPushButton(), QPushButton("Train again")
        self._topics, self._pictures, self._answers = TopicList(), QuestionPictures(), AnswerButtons()
        self._sentence, self._place, self._failure = PlainLabel(), PlainLabel(), PlainLabel()
        self._previous, self._next, self.strip = QPushButton("‹"), QPushButton("›"), ProgressStrip()
        self._lay_out()
        state.changed.connect(self._show_state)
        state.checker.progressed.connect(self._show_progress)
        self._topics.chosen.connect(state.choose)
        self._show_state()

    def use_actions(self, actions: Actions) -> None:
        """Let the buttons follow the actions of the window."""
        for button, name in (
            (self._back, "classes back"),
            (self._reopen, "look again"),
            (self._again, "train again"),
            (self._previous, "previous thing"),
            (self._next, "next thing"),
            (self.strip.cancel_button, "cancel"),
        ):
            follow(button, actions[name])
        self._answers.use_actions(actions)

    def show_failure(self, text: str) -> None:
        """Say why something was not done; "" hides it."""
        self._failure.setText(text)
        self._failure.setVisible(bool(text))

    def stop(self) -> None:
        """Wait until no picture is read."""
        self._pictures.thumbnails.stop()

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Pass the focus on to the kinds."""
        self._topics.setFocus()

    @Slot()
    def _show_state(self) -> None:
        state, current = self._state, self._state.current
        self._topics.show_topics(state.topics, current.topic if current else None)
        number, count = state.place
        self._place.setText(f"{number:,} of {count:,}" if current else "")
        is_running = state.checker.is_running
        self._sentence.setText(current.sentence if current else LOOKING if is_running else NOTHING)
        shown, following = (each.pictures if each else () for each in (current, state.following))
        self._pictures.show_pictures(shown, following)
        self._reopen.setText(f"Show {counted(state.settled, 'thing')} again")
        self._reopen.setVisible(state.settled > 0)
        self.show_failure(state.failure)
        if not is_running:
            self.strip.hide()
        for button in (self._previous, self._next):
            button.setVisible(current is not None)

    @Slot(object)
    def _show_progress(self, progress: Progress) -> None:
        self.strip.show_progress(progress)

    def _lay_out(self) -> None:
        mark(self._back, kind="flat")
        mark(self._reopen, kind="flat")
        mark(self._sentence, role="heading")
        mark(self._place, role="muted")
        mark(self._failure, role="failure")
        for label in (self._sentence, self._failure):
            label.setWordWrap(True)
            label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        for button, name in ((self._previous, "Previous"), (self._next, "Next")):
            mark(button, kind="small")
            button.setAccessibleName(name)
        side = QWidget()
        left = QVBoxLayout(side)
        left.setContentsMargins(0, 0, 0, 0)
        left.setSpacing(SPACE)
        left.addWidget(self._back, alignment=Qt.AlignmentFlag.AlignLeft)
        left.addWidget(self._topics, 1)
        left.addWidget(self._reopen, alignment=Qt.AlignmentFlag.AlignLeft)
        left.addWidget(self._again)
        head = QHBoxLayout()
        head.setSpacing(SPACE)
        head.addWidget(self._sentence, 1)
        for each in (self._place, self._previous, self._next):
            head.addWidget(each)
        card = QFrame()
        mark(card, kind="card")
        right = QVBoxLayout(card)
        right.setContentsMargins(2 * SPACE, 2 * SPACE, 2 * SPACE, 2 * SPACE)
        right.setSpacing(2 * SPACE)
        right.addLayout(head)
        right.addWidget(self._pictures, 1)
        for part in (self._failure, self.strip, self._answers):
            right.addWidget(part)
        splitter = QSplitter(Qt.Orientation.Horizontal)
        splitter.addWidget(side)
        splitter.addWidget(card)
        splitter.setChildrenCollapsible(False)
        splitter.setHandleWidth(2 * SPACE)
        splitter.setStretchFactor(1, 1)
        splitter.setSizes(list(WIDTHS))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(splitter)
