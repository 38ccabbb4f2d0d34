"""The place of the classes: a person's own pictures are collected, sorted and handed on to a training."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QMimeData, Qt, Signal, Slot
from PySide6.QtGui import QFocusEvent, QHideEvent, QShowEvent
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from cnngui.core.pictures.decoding import Source
from cnngui.core.pictures.gathering import Thing
from cnngui.core.progress import Progress
from cnngui.core.sentences import counted
from cnngui.gui.classes.audit.commands import AuditCommands
from cnngui.gui.classes.audit.state import AuditState
from cnngui.gui.classes.audit.view import AuditView
from cnngui.gui.classes.class_list.model import NO_CLASS
from cnngui.gui.classes.commands import ClassCommands
from cnngui.gui.classes.dragged import is_selected, is_welcome
from cnngui.gui.classes.state import ClassesState
from cnngui.gui.classes.view import ClassesView
from cnngui.gui.classes.webcam import qt_camera
from cnngui.gui.classes.webcam.webcam import Webcam
from cnngui.gui.common.actions import Actions, follow
from cnngui.gui.common.mime import contents_of, things_of
from cnngui.gui.common.offers import Offer, refusal
from cnngui.gui.common.settings import Settings
from cnngui.gui.common.style import SPACE
from cnngui.gui.common.words import shortened

OF_PICTURES = ("move pictures", "exclude pictures", "remove pictures")
OF_CLASSES = ("rename class", "merge classes", "remove classes")
"""The actions in the context menus."""


class ClassesPanel(QWidget):
    """Shows a ClassesState, or the AuditState of its collection.

    commands, audit_commands: what can be done. webcam: takes pictures.
    selection_changed: other pictures or classes are selected, or another class is shown.
    """

    selection_changed = Signal()

    def __init__(
        self, state: ClassesState, audit: AuditState, settings: Settings, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._state, self._audit = state, audit
        self._view, self._audit_view = ClassesView(settings), AuditView(audit)
        self._pages = QStackedWidget()
        self._waiting: list[Source] = []  # pictures for which a class is to be asked once the classes are known
        self.commands = ClassCommands(state, self._view, settings, self)
        self.audit_commands = AuditCommands(audit, state, self)
        self.webcam = Webcam(state, self._view, self)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(2 * SPACE, 2 * SPACE, 2 * SPACE, 2 * SPACE)
        self._pages.addWidget(self._view)
        self._pages.addWidget(self._audit_view)
        layout.addWidget(self._pages)
        self._connect()
        self._show_state()

    def use_actions(self, actions: Actions) -> None:
        """Let the buttons follow the actions of the window, and offer them in the context menus."""
        board = self._view.board
        for button, name in (
            (board.add_button, "add pictures"),
            (board.train_button, "train on collection"),
            (board.strip.cancel_button, "cancel"),
            (board.findings_button, "things"),
            (self._view.invitation.open_button, "open collection"),
            (self._view.invitation.new_button, "new collection"),
        ):
            follow(button, actions[name])
        board.webcam_button.setVisible(qt_camera.is_installed())
        if qt_camera.is_installed():
            follow(board.webcam_button, actions["webcam"])
        self._view.side.chooser.use_actions(actions)
        self._audit_view.use_actions(actions)
        for widget, names in ((board.grid, OF_PICTURES), (self._view.class_list, OF_CLASSES)):
            widget.addActions([actions[name] for name in names])
            widget.setContextMenuPolicy(Qt.ContextMenuPolicy.ActionsContextMenu)

    @property
    def is_busy(self) -> bool:
        """Whether pictures are being added or changed; closed now, the window would lose that."""
        return self._state.is_busy or self.webcam.is_busy

    @property
    def has_selection(self) -> bool:
        """Whether pictures are selected."""
        return self._view.has_selection

    @Slot()
    def show_classes(self) -> None:
        """Show the classes and their pictures, not what is to be looked at."""
        self._audit.close()

    def stop(self) -> None:
        """Wait until nothing is read or changed."""
        self.webcam.stop()
        self._view.board.model.thumbnails.stop()
        self._audit_view.stop()
        self._audit.stop()
        self._state.stop()

    # What comes in

    def offer(self, mime: QMimeData) -> Offer:
        """What a drop beside the list and the pictures would do."""
        if not is_welcome(mime):
            return Offer(refusal(things_of(mime), mime) or "Not a picture, file or folder", False)
        shown = self._view.shown
        if shown is None:
            return Offer("Drop to collect it: a folder becomes a class, or several")
        return Offer(f"Drop to add to “{shortened(shown or NO_CLASS)}”")

    def take_mime(self, mime: QMimeData) -> bool:
        """Add what was dropped or pasted to the class that is shown; whether there was anything to add."""
        return self._take(mime, self._view.shown)

    def add_to_class(self, pictures: Sequence[Source]) -> None:
        """Ask for a class, and add these pictures to it."""
        self._waiting = list(pictures)
        if self._state.collection is None and self._state.can_wake:
            self._state.wake()  # its classes are to be offered
        else:
            self._ask()

    def _ask(self) -> None:
        pictures, self._waiting = self._waiting, []
        if pictures:
            title = f"Add {counted(len(pictures), 'picture')} to"
            self.commands.pick(title, lambda name: self._state.add(pictures, name))

    @Slot(object)
    def _drop_on_shown(self, mime: QMimeData) -> None:
        self._take(mime, self._view.shown)

    @Slot(object, str)
    def _drop_on_class(self, mime: QMimeData, name: str) -> None:
        self._take(mime, name)

    def _take(self, mime: QMimeData, name: str | None) -> bool:
        self.activateWindow()  # the keyboard is still in the file manager
        if is_selected(mime):
            self.commands.move_to(self._view.selected, name or "")
            return True
        contents = contents_of(mime)
        things: list[Thing | bytes] = [contents] if isinstance(contents, bytes) else [*contents]
        if things:
            self._state.add(things, name)
        return bool(things)

    # Showing the state

    def showEvent(self, event: QShowEvent) -> None:
        """Read the collection, which may have changed since it was last shown."""
        super().showEvent(event)
        self._audit.checker.set_in_view(True)
        self._look_again()

    def hideEvent(self, event: QHideEvent) -> None:
        """Check nothing that nobody looks at."""
        super().hideEvent(event)
        self._audit.checker.set_in_view(False)

    def changeEvent(self, event: QEvent) -> None:
        """Read it again when the user comes back from another program."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.ActivationChange and self.isActiveWindow() and self.isVisible():
            self._look_again()

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Pass the focus on to where work begins."""
        if self._audit.is_open:
            self._audit_view.setFocus()
        else:
            self._view.focus()

    def _look_again(self) -> None:
        self._state.wake()
        self._view.board.model.thumbnails.look_again()

    @Slot()
    def _show_state(self) -> None:
        state, board = self._state, self._view.board
        self._view.side.chooser.show_folder(state.folder)
        if state.collection is None and state.is_opening:
            self._view.show_reading()
        else:
            self._view.show_collection(state.collection)
        board.show_needed(state.needed)
        board.show_notes(state.notes)
        self._show_failure(state.problem or state.failure)
        if not state.is_busy:
            board.strip.hide()
        if state.collection is not None or state.problem:
            self._ask()

    @Slot()
    def _show_audit(self) -> None:
        self._view.board.show_findings(self._audit.count if self._audit.can_check else None)
        if not self._state.is_busy and not self._audit.checker.is_running:
            self._view.board.strip.hide()

    @Slot(bool)
    def _show_page(self, is_audit: bool) -> None:
        self._pages.setCurrentIndex(int(is_audit))
        self.setFocus()
        self.selection_changed.emit()

    def _show_failure(self, text: str) -> None:
        self._view.board.show_failure(text)
        self._view.invitation.show_problem(text)

    @Slot()
    def _show_shown(self) -> None:
        self._view.show_collection(self._state.collection)
        self.selection_changed.emit()

    @Slot(object)
    def _show_progress(self, progress: Progress) -> None:
        self._view.board.strip.show_progress(progress)

    def _connect(self) -> None:
        state, view = self._state, self._view
        state.changed.connect(self._show_state)
        state.progressed.connect(self._show_progress)
        self._audit.changed.connect(self._show_audit)
        self._audit.opened.connect(self._show_page)
        self._audit.checker.progressed.connect(self._show_progress)
        view.shown_changed.connect(self._show_shown)
        view.selection_changed.connect(self.selection_changed)
        view.invitation.named.connect(self.commands.new_class)
        view.side.named.connect(self.commands.new_class)
        view.side.model.renamed.connect(self.commands.rename)
        view.side.chooser.chosen.connect(state.open)
        view.class_list.dropped.connect(self._drop_on_class)
        view.board.grid.dropped.connect(self._drop_on_shown)
        self.commands.wanted.connect(view.want)
