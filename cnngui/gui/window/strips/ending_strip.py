"""Tells the other places that a training or a search has ended."""

from collections.abc import Callable

from PySide6.QtWidgets import QWidget

from cnngui.core.errors import UserError
from cnngui.core.training.job import JobResult
from cnngui.gui.common.strips.result_strip import Choice, Kind
from cnngui.gui.train.phases import Broken, Discarded, Ending
from cnngui.gui.train.results import headline, kind
from cnngui.gui.train.search.endings import SearchEnding
from cnngui.gui.train.search.outcome import in_words
from cnngui.gui.window.strips.padded_strip import PaddedStrip


class EndingStrip(PaddedStrip):
    """Hidden until there is an ending to tell. show_train: shows the place where the whole result is."""

    def __init__(self, show_train: Callable[[], object], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._show_train = show_train

    def tell(self, ending: Ending) -> None:
        """Say how the training ended, with a button that shows it."""
        self._tell(*_in_words(ending))

    def tell_search(self, ending: SearchEnding) -> None:
        """Say how the search ended."""
        self._tell(*in_words(ending))

    def _tell(self, kind: Kind, heading: str, text: str) -> None:
        choices = [Choice("Show", self._show_train), Choice("Close", self.hide)]
        self.show_result(kind, heading, text, choices)


def _in_words(ending: Ending) -> tuple[Kind, str, str]:
    match ending:
        case JobResult() if ending.card.training is not None:
            training = ending.card.training
            is_whole = training.score is not None
            return kind(training), "Training finished" if is_whole else "Training stopped", headline(training)
        case UserError():
            return "failed", "Training failed", str(ending)
        case Broken():
            return "failed", "Training failed", "An error in cnngui ended the training."
        case Discarded(run_stays=True):
            return "stopped", "Training discarded", "Its run is again what it was before it went on."
        case Discarded():
            return "stopped", "Training discarded", "Its run goes to the trash."
    return "stopped", "Training stopped", "It stopped before its first update, so there is nothing to save."
