"""Which picture comes into view when pictures come or go."""

from collections.abc import Sequence

from PySide6.QtCore import QObject, Slot

from cnngui.gui.predict.pictures.in_view import PictureInView
from cnngui.gui.predict.pictures.list_tools import ListTools
from cnngui.gui.predict.pictures.picture import Picture
from cnngui.gui.predict.state import PredictState


class Arrivals(QObject):
    """Brings into view the first picture that has arrived, again too, or the one that follows a removed one.

    Several labelled pictures are about accuracy: for them, misclassified pictures are sorted first,
    unless the user has chosen an order, and the first row is kept in view.
    """

    def __init__(self, state: PredictState, tools: ListTools, in_view: PictureInView) -> None:
        super().__init__(in_view)
        self._state, self._pictures, self._tools, self._in_view = state, state.pictures, tools, in_view
        state.arrived.connect(self._arrive)
        state.met_again.connect(self._bring_into_view)
        state.removed.connect(self._choose_after_removal)
        state.pictures.changed.connect(self._look_at_new_labels)

    @Slot(list)
    def _arrive(self, pictures: Sequence[Picture]) -> None:
        self._bring_into_view(pictures)
        self._begin_with_wrong_ones(pictures)

    @Slot(list)
    def _bring_into_view(self, pictures: Sequence[Picture]) -> None:
        first = pictures[0].number
        self._in_view.choose(first)
        if self._pictures.row(first) is None:
            self._tools.show_all()  # else nothing would seem to have been added

    @Slot(int)
    def _choose_after_removal(self, row: int) -> None:
        if count := self._pictures.rowCount():
            self._in_view.choose(self._pictures.picture(min(row, count - 1)).number)

    @Slot()
    def _look_at_new_labels(self) -> None:
        if not self._pictures.store.is_changing:
            self._begin_with_wrong_ones(self._pictures.pictures)

    def _begin_with_wrong_ones(self, pictures: Sequence[Picture]) -> None:
        self._tools.offer(self._state.classes, labelled=self._pictures.store.has_labels)
        if self._tools.order_is_free and _are_about_accuracy(pictures):
            self._in_view.follow_first()
            self._tools.show_wrong_first()


def _are_about_accuracy(pictures: Sequence[Picture]) -> bool:
    return any(picture.is_labelled_by_folder for picture in pictures) or (
        len(pictures) > 1 and all(picture.given is not None and picture.truth is not None for picture in pictures)
    )
