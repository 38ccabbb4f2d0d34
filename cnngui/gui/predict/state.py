"""What the Predict half is about: the pictures, the model that answers, and what can be done with them."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QMimeData, QObject, Qt, Signal, Slot

from cnngui.core.answers.classifier import Classifier
from cnngui.core.pictures.gathering import Thing
from cnngui.core.sentences import counted
from cnngui.gui.common.mime import contents_of
from cnngui.gui.common.strips.offer_strip import Suggestion
from cnngui.gui.common.words import shortened
from cnngui.gui.predict.answerer import Answerer
from cnngui.gui.predict.gatherer import Gatherer, Search
from cnngui.gui.predict.pictures.list_model import Added, PictureListModel
from cnngui.gui.predict.pictures.picture import Arrangement, Picture
from cnngui.gui.predict.pictures.undo import UndoStack


@dataclass(frozen=True)
class Counts:
    """How many pictures there are.

    shown: those that match the filter. waiting: those still to be classified.
    cancelled, unreadable, trained_on: as in ``Tally``. busy: whether a model is classifying now.
    """

    total: int
    shown: int
    waiting: int
    cancelled: int
    unreadable: int
    trained_on: int
    busy: bool


class PredictState(QObject):
    """Takes pictures in, has them classified, and brings removed ones back.

    Pictures that arrive while others are classified, or before there is a model, are queued.

    changed: the counts, or what can be done, may have changed.
    model_changed: another classifier answers, or there is none for the reason in ``waiting_text``.
    arrived: pictures that the user wants to see: the first of a drop, or restored ones. ``changed`` follows.
    met_again: pictures of the list whose files have been dropped again, and nothing else. ``changed`` follows.
    removed: the first row from which pictures were removed. ``changed`` follows.
    notice: a sentence to show in passing. suggested: a Suggestion.
    """

    changed = Signal()
    model_changed = Signal()
    arrived = Signal(list)
    met_again = Signal(list)
    removed = Signal(int)
    notice = Signal(str)
    suggested = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.pictures = PictureListModel(self)
        self.data_dir: Path | None = None
        self.waiting_text = "The model is loading. The answer will follow in a moment."
        self._undo = UndoStack()
        self._known: list[Picture] = []  # what a drop has brought so far, as long as all of it was in the list
        self._gatherer, self._answerer = Gatherer(self), Answerer(self.pictures, self)
        self._gatherer.found.connect(self._take_found)
        self._gatherer.ended.connect(self._end_drop)
        self._gatherer.failed.connect(self.notice)
        self._gatherer.passed_over.connect(self.notice)
        self._answerer.changed.connect(self.changed)
        self._answerer.failed.connect(self._give_up)
        self._answerer.broken.connect(self.cancel)
        self.pictures.changed.connect(self._pictures_changed)
        # Queued: with ten thousand pictures, a new order and showing what it brings into view take 15 ms each.
        self.pictures.layoutChanged.connect(self.changed, Qt.ConnectionType.QueuedConnection)

    # Reading the state

    @property
    def is_gathering(self) -> bool:
        """Whether a drop is being searched for pictures."""
        return self._gatherer.is_running

    @property
    def is_busy(self) -> bool:
        """Whether pictures are being classified."""
        return self.classifier is not None and self.pictures.tally.waiting > 0

    @property
    def can_undo(self) -> bool:
        """Whether removed pictures can be brought back."""
        return not self._undo.is_empty

    @property
    def can_cancel(self) -> bool:
        """Whether pictures are being gathered or wait."""
        return self.is_gathering or self.pictures.store.to_do > 0

    @property
    def counts(self) -> Counts:
        """How many pictures there are now."""
        pictures, tally = self.pictures, self.pictures.tally
        return Counts(
            total=pictures.total,
            shown=pictures.rowCount(),
            waiting=pictures.store.to_do,
            cancelled=tally.cancelled,
            unreadable=tally.unreadable,
            trained_on=tally.trained_on,
            busy=self.is_busy,
        )

    @property
    def classifier(self) -> Classifier | None:
        """The model that answers, or None while there is none."""
        return self._answerer.classifier

    @property
    def classes(self) -> Sequence[str]:
        """The model's classes; none while there is no model."""
        return self.classifier.card.classes if self.classifier else ()

    def prefer(self, number: int | None) -> None:
        """Classify the picture with this number before the others."""
        self._answerer.preferred = number

    # The model

    def set_classifier(self, classifier: Classifier, data_dir: Path | None = None) -> None:
        """Answer with this model from now on, and classify again what another has classified.

        data_dir: the user's folder of CIFAR-10, if one was chosen.
        """
        self._answerer.abandon()
        self._answerer.classifier, self.data_dir = classifier, data_dir
        self.waiting_text = "Waiting …"
        self._undo.change_model()
        self.model_changed.emit()
        self.pictures.ask_anew(classifier.card.classes)

    def tell_no_model(self, reason: str) -> None:
        """Say why there is no model, in passing and wherever a picture waits."""
        self.waiting_text = reason
        self.model_changed.emit()
        self.notice.emit(reason)

    # Pictures

    def add(self, pictures: Sequence[Picture]) -> None:
        """Add these pictures, and bring the first into view."""
        self._take(pictures, is_first=True)

    def look_at(self, things: Sequence[Thing]) -> None:
        """Add the pictures in these files, folders and addresses, after those that are queued."""
        self._gatherer.look_at(things)
        self.changed.emit()

    def search(self, search: Search) -> None:
        """Add the pictures that this finds, after those that are queued."""
        self._gatherer.search(search)
        self.changed.emit()

    def take_mime(self, mime: QMimeData) -> bool:
        """Add what was dropped or pasted, except models. Returns whether there was anything to add."""
        contents = contents_of(mime)
        if isinstance(contents, bytes):
            self.add([Picture(contents, "pasted picture")])
        elif contents:
            self.look_at(contents)
        return bool(contents)

    def arrange(self, arrangement: Arrangement) -> None:
        """Show other pictures in the list, or in another order."""
        self.pictures.arrange(arrangement)
        self.changed.emit()

    def remove(self, numbers: Sequence[int]) -> None:
        """Remove pictures from the list by number; their files stay."""
        rows = [row for number in numbers if (row := self.pictures.row(number)) is not None]
        removed = self.pictures.remove(numbers)
        if not removed:
            return
        self._undo.push(removed)
        self._answerer.abandon()  # its list of pictures is out of date; it begins anew
        if rows:
            self.removed.emit(min(rows))
        self.changed.emit()
        them = "it" if len(removed) == 1 else "them"
        self.notice.emit(f"{len(removed):,} removed, {self.pictures.total:,} left. Undo brings {them} back.")

    @Slot()
    def undo(self) -> None:
        """Bring back the pictures that were removed last."""
        removed, is_stale = self._undo.pop()
        if not removed:
            self.notice.emit("Nothing to undo.")
            return
        restored = self.pictures.restore(removed)
        if not restored:
            self._tell_known(removed)  # they have been dropped again
            return
        if is_stale and self.classifier is not None:
            self.pictures.ask_anew(self.classes, [picture.number for picture in restored])
        self.arrived.emit(restored)
        self.changed.emit()
        self.notice.emit(f"Restored {len(restored):,} picture{'' if len(restored) == 1 else 's'}")
        self._answerer.begin()

    @Slot()
    def clear(self) -> None:
        """Remove all pictures, and stop gathering."""
        self._stop_all()
        removed = self.pictures.clear()
        self._undo.push(removed)
        self.changed.emit()
        if removed:
            self.suggested.emit(
                Suggestion(f"{counted(len(removed), 'picture')} removed.", "Undo", "Bring them back", self.undo)
            )

    @Slot()
    def cancel(self) -> None:
        """Stop gathering and classifying; remove what waits, except what another model has answered."""
        self._stop_all()
        self._undo.push(self.pictures.cancel_waiting())
        self.changed.emit()

    def stop(self) -> None:
        """Remove all pictures and block until all work has ended, which takes no longer than reading one picture."""
        self._stop_all()
        self.pictures.clear()
        self._answerer.wait()
        self._gatherer.wait()
        self.pictures.thumbnails.stop()

    def _stop_all(self) -> None:
        self._known = []
        self._gatherer.abandon()
        self._answerer.abandon()

    @Slot(list, bool)
    def _take_found(self, found: list[Picture], is_first: bool) -> None:
        added = self._take(found, is_first=is_first)
        is_all_known = not added.new and not added.is_anew and (is_first or bool(self._known))
        self._known = [*self._known, *added.pictures] if is_all_known else []

    def _take(self, pictures: Sequence[Picture], *, is_first: bool) -> Added:
        added = self.pictures.add([picture.among(self.classes) for picture in pictures])
        if added.is_anew:
            self._answerer.abandon()  # it may be reading the file as it was; it begins anew
        if is_first:
            (self.arrived if added.new else self.met_again).emit(added.pictures)
        self.changed.emit()
        self._answerer.begin()
        return added

    @Slot()
    def _end_drop(self) -> None:
        known, self._known = self._known, []
        if known:
            self._tell_known(known)
        self.changed.emit()

    def _tell_known(self, pictures: Sequence[Picture]) -> None:
        """Say that these are in the list, and nothing else was to be added to it."""
        one = f"“{shortened(pictures[0].name)}” is"
        them = one if len(pictures) == 1 else f"All {len(pictures):,} pictures are"
        self.notice.emit(f"{them} in the list already.")

    @Slot(str)
    def _give_up(self, reason: str) -> None:
        self.cancel()  # what waits would fail, too
        self.notice.emit(reason)

    @Slot()
    def _pictures_changed(self) -> None:
        self.changed.emit()
        self._answerer.begin()
