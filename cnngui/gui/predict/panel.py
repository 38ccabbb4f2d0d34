"""The Predict half: pictures come in, answers come out."""

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QMimeData, Qt, Signal, Slot
from PySide6.QtWidgets import QSplitter, QStackedWidget, QVBoxLayout, QWidget

from cnngui.core.answers.classifier import Classifier
from cnngui.core.answers.prediction import Prediction
from cnngui.core.pictures.gathering import Gathered, Thing
from cnngui.gui.common.settings import Settings
from cnngui.gui.common.style import SPACE
from cnngui.gui.common.words import percent
from cnngui.gui.predict.answer.card import ResultCard
from cnngui.gui.predict.answer.confusion_view import ConfusionView
from cnngui.gui.predict.answerer import Answerer
from cnngui.gui.predict.gatherer import Gatherer
from cnngui.gui.predict.invitation import Invitation
from cnngui.gui.predict.mime import bitmap_of, is_model, things_of
from cnngui.gui.predict.open_dialogs import ask_for_folder, ask_for_pictures
from cnngui.gui.predict.pictures.in_view import PictureInView
from cnngui.gui.predict.pictures.list_model import PictureListModel
from cnngui.gui.predict.pictures.picture import Arrangement, Picture
from cnngui.gui.predict.pictures.removed import Removed
from cnngui.gui.predict.pictures.side import PictureSide


class PredictionPanel(QWidget):
    """The list of pictures, and the answer for the one in view.

    What comes while other things are being looked at, or before there is a classifier, waits for its turn.
    status_changed: how many pictures there are, in words. failures_changed: how many of them cannot be read, or "".
    notice: something to tell in passing.
    """

    status_changed = Signal(str)
    failures_changed = Signal(str)
    notice = Signal(str)

    def __init__(self, settings: Settings, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._settings = settings
        self._classifier: Classifier | None = None
        self._answerer, self._gatherer = Answerer(self), Gatherer(self)
        self._fresh = False  # whether the next pictures are the first of a drop
        self._removed = Removed()
        self.pictures = PictureListModel(self)
        self.invitation = Invitation()
        self._side = PictureSide(self.pictures)
        self.list_view, self._accuracy = self._side.list_view, self._side.accuracy
        self._tools, self._strip = self._side.tools, self._side.strip
        self._in_view = PictureInView(self.pictures, self.list_view)
        self._card, self._confusion = ResultCard(), ConfusionView()
        self._right = QStackedWidget()  # the one or the other
        self._pages = QStackedWidget()
        self._lay_out()
        self._connect()

    @property
    def is_looking(self) -> bool:
        """Whether pictures are still being looked for in what was dropped."""
        return self._gatherer.is_running

    @property
    def is_busy(self) -> bool:
        """Whether pictures are being classified."""
        return self._classifier is not None and self.pictures.tally.waiting > 0

    def set_classifier(self, classifier: Classifier, data_dir: Path | None = None) -> None:
        """Answer with this model from now on, and answer anew what another has answered.

        data_dir: where CIFAR-10 lies, if a person has said so.
        """
        self._answerer.abandon()
        self._classifier = classifier
        self._card.set_classifier(classifier, data_dir)
        self._card.waiting_text = "Waiting for its turn …"
        self._removed.change_model()
        self.pictures.ask_anew(classifier.card.classes)

    def tell_no_model(self, reason: str) -> None:
        """There is no model, for this reason: say so wherever a picture waits, and in the status line."""
        self._card.waiting_text = reason
        self._show_current()
        self.notice.emit(reason)

    def add(self, pictures: Sequence[Picture]) -> None:
        """Put these pictures into the list; the first of them comes into view."""
        self._fresh = True
        self._take_pictures(pictures)

    def look_at(self, things: Sequence[Thing]) -> None:
        """Put the pictures that are in these files, folders and addresses into the list, after those before them."""
        self._gatherer.look_at(things)

    def take_mime(self, mime: QMimeData) -> bool:
        """Put what was dropped or pasted into the list, but for models; whether there was anything."""
        things, bitmap = things_of(mime), b""
        if not any(isinstance(thing, Path) for thing in things):
            bitmap = bitmap_of(mime)  # a browser offers its address too, but this is here already
        things = [thing for thing in things if not is_model(thing)]
        if bitmap:
            self.add([Picture(bitmap, "pasted picture")])
        elif things:
            self.look_at(things)
        return bool(bitmap or things)

    @Slot()
    def open_files(self) -> None:
        """Ask for picture files and put them into the list."""
        self.look_at(ask_for_pictures(self, self._settings))

    @Slot()
    def open_folder(self) -> None:
        """Ask for a folder and put the pictures in it into the list."""
        self.look_at(ask_for_folder(self, self._settings))

    @Slot()
    def clear(self) -> None:
        """Empty the list; what is still being looked at is dropped."""
        self._gatherer.abandon()
        self._answerer.abandon()
        self._removed.add(self.pictures.clear())
        self._tools.reset()
        self._show_all()

    @Slot()
    def explain(self) -> None:
        """Show what in the picture spoke for its class, or show it no more."""
        self._card.explain_button.toggle()

    def explained_writer(self) -> Callable[[Path], None] | None:
        """What writes the picture in view, explained, to a PNG file; None where there is no answer in view."""
        return self._card.explained_writer()

    def selected(self) -> list[Picture]:
        """The selected pictures, in the order of the list; none while the list cannot be seen."""
        if not self.list_view.isVisible():
            return []
        rows = sorted(index.row() for index in self.list_view.selectionModel().selectedIndexes())
        return [self.pictures.picture(row) for row in rows]

    def remove(self, numbers: Sequence[int]) -> None:
        """Take these pictures out of the list; what was below them comes into view."""
        rows = [row for number in numbers if (row := self.pictures.row(number)) is not None]
        taken = self.pictures.remove(numbers)
        self._removed.add(taken)
        if taken:
            self.notice.emit(
                f"{len(taken):,} taken out, {self.pictures.total:,} left. "
                f"Ctrl+Z puts {'it' if len(taken) == 1 else 'them'} back."
            )
        self._answerer.abandon()  # it begins anew with what still waits
        shown = self.pictures.rowCount()
        if rows and shown:
            self._in_view.choose(self.pictures.picture(min([*rows, shown - 1])).number)
        self._show_all()

    @Slot()
    def put_back(self) -> None:
        """Put back what was taken out of the list last; the first of it comes into view."""
        back, is_stale = self._removed.take()
        if not back:
            self.notice.emit("There is nothing to put back.")
            return
        self.notice.emit(f"{len(back):,} put back into the list")
        self.pictures.put_back(back)
        if is_stale and self._classifier is not None:
            self.pictures.ask_anew(self._classifier.card.classes, [picture.number for picture in back])
        self._bring_into_view(back[0])
        self._show_all()
        self._begin_with_wrong_ones(back)
        self._classify_waiting()

    @Slot()
    def cancel(self) -> None:
        """Take out what never had an answer; the rest stays, if without one from this model."""
        self._gatherer.abandon()
        self._answerer.abandon()
        self.pictures.cancel_waiting()
        self._show_all()

    def stop(self) -> None:
        """End all work of this panel within a picture's time, and forget its pictures, so that none begins anew."""
        self.clear()
        self._answerer.wait()
        self._gatherer.wait()
        self._card.stop()
        self.pictures.thumbnails.stop()
        self.invitation.stop()

    # Taking pictures

    @Slot()
    def _begin_drop(self) -> None:
        self._fresh = True

    @Slot(list)
    def _take_gathered(self, found: list[Gathered]) -> None:
        self._take_pictures([Picture.of(each) for each in found])

    def _take_pictures(self, pictures: Sequence[Picture]) -> None:
        classes = self._classifier.card.classes if self._classifier else ()
        pictures = [picture.among(classes) for picture in pictures]
        self.pictures.add(pictures)
        is_first, self._fresh = self._fresh, False
        if is_first:
            self._bring_into_view(pictures[0])
        self._show_all()
        if is_first:
            self._begin_with_wrong_ones(pictures)
        self._classify_waiting()

    def _bring_into_view(self, picture: Picture) -> None:
        self._in_view.choose(picture.number)
        if self.pictures.row(picture.number) is None:
            self._tools.show_all()  # else nothing would seem to have come

    def _begin_with_wrong_ones(self, pictures: Sequence[Picture]) -> None:
        """Where folders have labelled these, look at the list from its beginning, where the wrong ones come."""
        if any(picture.is_labelled_by_folder for picture in pictures) and self._tools.show_wrong_first():
            self._in_view.follow_first()
            self._show_current()

    # Classifying

    def _classify_waiting(self) -> None:
        if self._classifier is None or self._answerer.is_running or not self.pictures.tally.waiting:
            return
        # What is in view comes first.
        if waiting := sorted(self.pictures.waiting, key=lambda picture: picture.number != self._in_view.number):
            self._answerer.answer(self._classifier, waiting)

    @Slot(object)
    def _take_answers(self, predictions: dict[int, Prediction]) -> None:
        self.pictures.answer(predictions)
        self._show_all()

    @Slot(str)
    def _tell_failure(self, text: str) -> None:
        self.cancel()  # what waits would fail again
        self.notice.emit(text)

    @Slot()
    def _classified(self) -> None:
        self._show_status()
        self._classify_waiting()

    @Slot()
    def _pictures_changed(self) -> None:
        self._show_all()
        if not self.pictures.is_changing:
            self._begin_with_wrong_ones(self.pictures.pictures)
        self._classify_waiting()

    # Showing

    def _show_all(self) -> None:
        total = self.pictures.total
        classes = self._classifier.card.classes if self._classifier else ()
        self._tools.offer(classes, labelled=self.pictures.has_labels)
        if not total:
            self._tools.reset()
        self._tools.setVisible(total > 1 or self._tools.hides_some)
        self._show_accuracy()
        self._show_current()
        self._show_page(1 if total else 0)  # after it: a list without a current row makes the first one that
        self._show_status()

    def _show_accuracy(self) -> None:
        tally = self.pictures.tally
        self._accuracy.setVisible(tally.answered > 1)
        if tally.answered > 1:
            self._accuracy.setText(f"{percent(tally.right / tally.answered, 1)} of {tally.answered:,} right")
        else:
            self._accuracy.setChecked(False)
        if self._accuracy.isChecked() and self._classifier is not None:
            self._confusion.show_tally(tally, self._classifier.card.classes)

    @Slot(bool)
    def _show_confusion(self, shown: bool) -> None:
        self._right.setCurrentWidget(self._confusion if shown else self._card)
        self._show_accuracy()

    @Slot()
    def _show_card(self) -> None:
        self._in_view.stay()  # also where the first row was clicked
        self._accuracy.setChecked(False)

    @Slot(str, str)
    def _show_outcome(self, truth: str, label: str) -> None:
        """Show the pictures with this label that were given this answer."""
        self._tools.choose_outcome(truth, label)
        self._accuracy.setChecked(False)
        self.list_view.setFocus()  # to walk through them

    def _show_current(self) -> None:
        picture = self._in_view.settle()
        if picture is None:
            self._card.show_nothing()
        else:
            self._card.show_picture(picture, self.pictures.thumbnail(picture))

    @Slot()
    def _other_in_view(self) -> None:
        self._accuracy.setChecked(False)
        self._show_current()

    @Slot(object)
    def _arrange(self, arrangement: Arrangement) -> None:
        self.pictures.arrange(arrangement)
        self._show_current()
        self.list_view.scrollTo(self.list_view.currentIndex())
        self._show_status()

    @Slot()
    def _rearranged(self) -> None:
        self._show_current()
        self._show_status()

    @Slot()
    def find_by_name(self) -> None:
        """Be ready for a part of a name, where there are names to choose from."""
        self._tools.focus_name()

    @Slot()
    def show_refused(self) -> None:
        """Show the pictures that could not be read, each with its reason."""
        self._tools.choose_refused()

    def _show_page(self, page: int) -> None:
        if page == self._pages.currentIndex() and self.focusProxy() is not None:
            return
        self._pages.setCurrentIndex(page)
        first = self.list_view if page else self.invitation
        had_focus = self.isAncestorOf(self.window().focusWidget() or self)
        self.setFocusProxy(first)
        if had_focus:
            first.setFocus()

    @Slot()
    def _show_status(self) -> None:
        total, waiting, failures = self.pictures.total, self.pictures.to_do, self.pictures.tally.failures
        shown, gathering = self.pictures.rowCount(), self.is_looking
        parts = [f"{total:,} picture{'' if total == 1 else 's'}"] if total else []
        if gathering and not total:
            parts.append("looking for pictures …")
        if shown < total:
            parts.append(f"{shown:,} shown")
        if waiting:
            parts.append(f"{waiting:,} waiting")
        if self.pictures.tally.cancelled:
            parts.append(f"{self.pictures.tally.cancelled:,} cancelled")
        self.status_changed.emit("  ·  ".join(parts))
        self.failures_changed.emit(f"{failures:,} of {total:,} could not be read" if failures else "")
        self._strip.show_work(total, waiting if self._classifier else 0, gathering=gathering)

    def _connect(self) -> None:
        self._gatherer.begun.connect(self._begin_drop)
        self._gatherer.found.connect(self._take_gathered)
        self._gatherer.ended.connect(self._show_status)
        self._gatherer.failed.connect(self.notice)
        self._answerer.answered.connect(self._take_answers)
        self._answerer.failed.connect(self._tell_failure)
        self._answerer.ended.connect(self._classified)
        self.pictures.thumbnails.changed.connect(self._repaint_list)
        # Queued: with ten thousand, the new order and what comes into view by it take the window 15 ms each.
        self.pictures.layoutChanged.connect(self._rearranged, Qt.ConnectionType.QueuedConnection)
        self.pictures.changed.connect(self._pictures_changed)
        self._in_view.changed.connect(self._other_in_view)
        self.list_view.clicked.connect(self._show_card)
        self._tools.changed.connect(self._arrange)
        self._accuracy.toggled.connect(self._show_confusion)
        self._confusion.chosen.connect(self._show_outcome)
        self._strip.cancelled.connect(self.cancel)
        self._side.open_button.clicked.connect(self.open_files)
        self._side.clear_button.clicked.connect(self.clear)
        self.invitation.open_clicked.connect(self.open_files)
        self.invitation.sample_clicked.connect(self._add_sample)

    @Slot()
    def _repaint_list(self) -> None:
        self.list_view.viewport().update()

    @Slot(object)
    def _add_sample(self, path: Path) -> None:
        self.look_at([path])

    def _lay_out(self) -> None:
        self._right.addWidget(self._card)
        self._right.addWidget(self._confusion)
        splitter = QSplitter(Qt.Orientation.Horizontal)
        splitter.setHandleWidth(2 * SPACE)
        splitter.setChildrenCollapsible(False)
        splitter.addWidget(self._side)
        splitter.addWidget(self._right)
        splitter.setStretchFactor(1, 1)
        splitter.setSizes([240, 800])
        self._pages.addWidget(self.invitation)
        self._pages.addWidget(splitter)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(2 * SPACE, 2 * SPACE, 2 * SPACE, 2 * SPACE)
        layout.addWidget(self._pages)
        self._show_all()
