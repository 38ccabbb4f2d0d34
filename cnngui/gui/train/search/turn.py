"""Whose turn it is in the Train half: a training's, a search's, or nobody's."""

from PySide6.QtCore import QObject, Signal, Slot

from cnngui.gui.train.phases import Phase
from cnngui.gui.train.recipe.vary import VaryState
from cnngui.gui.train.search.endings import SearchPhase
from cnngui.gui.train.search.state import SearchState
from cnngui.gui.train.state import TrainState


class Turn(QObject):
    """What can be done with whichever of both is going on. vary: what the form asks for.

    While a search runs, trainings wait. changed: a training or a search has come to another phase.
    """

    changed = Signal()

    def __init__(self, training: TrainState, search: SearchState, vary: VaryState, parent: QObject) -> None:
        super().__init__(parent)
        self._training, self._search, self._vary = training, search, vary
        search.phase_changed.connect(self._reserve)
        training.phase_changed.connect(self.changed)
        search.phase_changed.connect(self.changed)

    @property
    def is_busy(self) -> bool:
        """Whether a training or a search is going on."""
        return self._training.is_busy or self._search.is_busy

    @property
    def is_preparing(self) -> bool:
        """Whether one is reading its data."""
        return self._training.phase == Phase.PREPARING or self._search.phase == SearchPhase.PREPARING

    @property
    def is_paused(self) -> bool:
        """Whether one waits."""
        return self._training.phase == Phase.PAUSED or self._search.phase == SearchPhase.PAUSED

    @property
    def can_start(self) -> bool:
        """Whether what the form asks for would begin at once."""
        if self._vary.is_on:
            return self.can_search and not self._vary.first_problem
        return self._training.can_start

    @property
    def can_search(self) -> bool:
        """Whether a search would begin at once; an unsaved model is not discarded by that."""
        return self._training.phase == Phase.IDLE and not self._search.is_busy

    @property
    def can_stop(self) -> bool:
        """Whether a stop has an effect."""
        return self._training.can_stop or self._search.can_stop

    @property
    def can_queue(self) -> bool:
        """Whether what the form asks for can wait: a training can, a search cannot."""
        return not self._training.can_start and not self._vary.is_on

    @property
    def can_pause(self) -> bool:
        """Whether it can be paused, or go on after a pause."""
        return self._training.can_pause or self._search.can_pause

    @Slot()
    def pause_or_resume(self) -> None:
        """Let it wait between two batches, or go on."""
        self._training.pause_or_resume()
        self._search.pause_or_resume()

    @Slot()
    def stop(self) -> None:
        """End it within a batch, and keep what there is."""
        self._training.stop()
        self._search.stop()

    @Slot(object)
    def _reserve(self, phase: SearchPhase) -> None:
        self._training.reserve(phase != SearchPhase.IDLE)
