"""The Predict half: pictures come in, answers come out."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QFocusEvent
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from cnngui.core.answers.answer_files import Matrix
from cnngui.core.data.test_part import TestImage
from cnngui.gui.common.actions import Actions, follow
from cnngui.gui.common.open_dialogs import ask_for_folder, ask_for_pictures
from cnngui.gui.common.settings import Settings
from cnngui.gui.common.strips.offer_strip import OfferStrip
from cnngui.gui.common.style import SPACE
from cnngui.gui.predict.answer.confusion_model import matrix_of
from cnngui.gui.predict.answer.side import AnswerSide
from cnngui.gui.predict.arrivals import Arrivals
from cnngui.gui.predict.invitation import Invitation
from cnngui.gui.predict.list_splitter import ListSplitter
from cnngui.gui.predict.pictures.in_view import PictureInView
from cnngui.gui.predict.pictures.picture import Arrangement, Picture
from cnngui.gui.predict.pictures.side import PictureSide
from cnngui.gui.predict.state import PredictState
from cnngui.gui.predict.test_images import picture_of


class PredictPanel(QWidget):
    """Shows a PredictState: the list of pictures and the answer for the one in view, or an invitation to add some.

    selection_changed: other pictures are selected, or another one is in view.
    """

    selection_changed = Signal()

    def __init__(self, state: PredictState, settings: Settings, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._state, self._pictures, self._settings = state, state.pictures, settings
        self.invitation = Invitation()
        self._left, self._right = PictureSide(state.pictures), AnswerSide(settings)
        self.list_view, self._tools, self._accuracy = self._left.list_view, self._left.tools, self._left.accuracy
        self._card = self._right.card
        self.explain_button = self._card.explain_button
        self._in_view = PictureInView(state.pictures, self.list_view)
        self._offer = OfferStrip()
        self._arrivals = Arrivals(state, self._tools, self._in_view)
        self._pages = QStackedWidget()
        self._lay_out()
        self._connect()
        self._show_model()
        self._show_state()

    def use_actions(self, actions: Actions) -> None:
        """Let the buttons follow the actions of the window, and offer those on pictures in the list's context menu."""
        for button, name in (
            (self._left.open_button, "open"),
            (self._left.clear_button, "clear"),
            (self._left.strip.cancel_button, "cancel"),
            (self.invitation.open_button, "open"),
            (self.invitation.paste_button, "paste"),
        ):
            follow(button, actions[name])
        follow(self.invitation.test_image_button, actions["test image"], tip=False)
        self.explain_button.setToolTip(actions["explain"].toolTip())
        self._right.confusion.use_actions([actions["save matrix png"], actions["save matrix csv"]])
        self.list_view.addActions([actions[name] for name in ("copy", "add to class", "reveal", "remove")])
        self.list_view.setContextMenuPolicy(Qt.ContextMenuPolicy.ActionsContextMenu)

    @property
    def has_selection(self) -> bool:
        """Whether pictures are selected in the list, and the list is visible."""
        return self.list_view.isVisible() and self.list_view.selectionModel().hasSelection()

    @property
    def has_file_in_view(self) -> bool:
        """Whether the picture in view is a file."""
        picture = self._in_view.picture
        return picture is not None and picture.path is not None

    @property
    def is_explaining(self) -> bool:
        """Whether answers are explained."""
        return self.explain_button.isChecked()

    @property
    def has_answer_in_view(self) -> bool:
        """Whether the picture in view has been classified."""
        picture = self._in_view.picture
        return picture is not None and picture.answer is not None

    @property
    def matrix(self) -> Matrix:
        """The confusion matrix of the labelled pictures."""
        return matrix_of(self._pictures.tally.cells, self._state.classes)

    def selected(self) -> list[Picture]:
        """The selected pictures, in the order of the list; none while the list is not visible."""
        if not self.list_view.isVisible():
            return []
        rows = sorted(index.row() for index in self.list_view.selectionModel().selectedIndexes())
        return [self._pictures.picture(row) for row in rows]

    def explained_writer(self) -> Callable[[Path], None] | None:
        """A function that writes the picture in view with its explanation to a PNG file; None without an answer."""
        return self._card.explained_writer()

    @Slot()
    def open_files(self) -> None:
        """Ask for picture files and add them."""
        self._state.look_at(ask_for_pictures(self, self._settings))

    @Slot()
    def open_folder(self) -> None:
        """Ask for a folder and add its pictures."""
        self._state.look_at(ask_for_folder(self, self._settings))

    @Slot()
    def explain(self) -> None:
        """Show or hide the explanation of the answer."""
        self.explain_button.toggle()

    @Slot()
    def find_by_name(self) -> None:
        """Move the focus to the search field."""
        self._tools.focus_name()

    @Slot()
    def show_unreadable(self) -> None:
        """Show only the unreadable pictures."""
        self._tools.choose_unreadable()

    def stop(self) -> None:
        """Block until the work for what is shown has ended, which takes no longer than reading one picture."""
        self._card.stop()
        self.invitation.stop()

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Hand the focus to the list, or to the first button of the invitation.

        This is no focus proxy: Tab would take the panel for its proxy, and skip whatever comes before that.
        """
        self._focus_target().setFocus(event.reason())

    # Showing the state

    @Slot()
    def _show_state(self) -> None:
        counts = self._state.counts
        self._tools.offer(self._state.classes, labelled=self._pictures.store.has_labels)
        if not counts.total:
            self._tools.reset()
        self._tools.show_total(counts.total)
        self._tools.setVisible(counts.total > 1 or self._tools.hides_some)
        self._accuracy.show_tally(self._pictures.tally)
        self._right.show_tally(self._pictures.tally, self._state.classes)
        self._show_current()
        self._show_page(1 if counts.total else 0)  # after it: a list without a current row makes the first one that
        waiting = counts.waiting if self._state.classifier else 0
        self._left.strip.show_work(counts.total, waiting, gathering=self._state.is_gathering)

    @Slot()
    def _show_model(self) -> None:
        if self._state.classifier is not None:
            self._card.set_classifier(self._state.classifier, self._state.data_dir)
        self.invitation.show_classes(self._state.classes)
        self._card.waiting_text = self._state.waiting_text
        self._show_current()

    def _show_current(self) -> None:
        picture = self._in_view.settle()
        self._state.prefer(self._in_view.number)
        if picture is None:
            self._card.show_nothing()
        else:
            self._card.show_picture(picture, self._pictures.thumbnail(picture))

    def _show_page(self, page: int) -> None:
        if page == self._pages.currentIndex():
            return
        had_focus = self.isAncestorOf(self.window().focusWidget() or self)
        self._pages.setCurrentIndex(page)
        if had_focus:
            self._focus_target().setFocus()

    def _focus_target(self) -> QWidget:
        return self.list_view if self._pages.currentIndex() else self.invitation.open_button

    # What the user chooses

    @Slot(object)
    def _arrange(self, arrangement: Arrangement) -> None:
        self._state.arrange(arrangement)
        self.list_view.scrollTo(self.list_view.currentIndex())

    @Slot()
    def _show_card(self) -> None:
        self._accuracy.setChecked(False)

    @Slot()
    def _leave_matrix(self) -> None:
        self._show_card()
        self.list_view.setFocus()

    @Slot()
    def _show_other(self) -> None:
        self._show_card()
        self._show_current()
        self.selection_changed.emit()

    @Slot(bool)
    def _show_matrix(self, shown: bool) -> None:
        self._right.show_matrix(shown)
        self._right.show_tally(self._pictures.tally, self._state.classes)

    @Slot(str, str)
    def _show_cell(self, truth: str, label: str) -> None:
        self._tools.choose_cell(truth, label)
        self._leave_matrix()  # so that the arrow keys walk through the pictures of the cell

    @Slot(object)
    def _add_sample(self, sample: Path | TestImage) -> None:
        if isinstance(sample, Path):
            self._state.look_at([sample])
        else:
            self._state.add([picture_of(sample)])

    # Setting up

    def _connect(self) -> None:
        state = self._state
        state.changed.connect(self._show_state)
        state.model_changed.connect(self._show_model)
        self._in_view.changed.connect(self._show_other)
        self.list_view.clicked.connect(self._show_card)
        self.list_view.selectionModel().selectionChanged.connect(self.selection_changed)
        self._tools.changed.connect(self._arrange)
        self._accuracy.toggled.connect(self._show_matrix)
        self._right.confusion.chosen.connect(self._show_cell)
        self._right.confusion.closed.connect(self._leave_matrix)
        state.suggested.connect(self._offer.show_suggestion)
        state.arrived.connect(self._offer.hide)
        self.invitation.samples.chosen.connect(self._add_sample)

    def _lay_out(self) -> None:
        self._pages.addWidget(self.invitation)
        self._pages.addWidget(ListSplitter(self._left, self._right, self._settings))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(2 * SPACE, 2 * SPACE, 2 * SPACE, 2 * SPACE)
        layout.setSpacing(SPACE)
        layout.addWidget(self._pages, 1)
        layout.addWidget(self._offer)
