"""A training's first model: it can be tried while the rest of the training goes on."""

from functools import partial

from PySide6.QtCore import QObject, Slot

from cnngui.core.progress import FirstModel
from cnngui.core.training.job import JobResult
from cnngui.gui.common.strips.offer_strip import OfferStrip, Suggestion
from cnngui.gui.common.words import percent
from cnngui.gui.runs.model.opener import ModelOpener
from cnngui.gui.train.phases import Ending
from cnngui.gui.window.ways import Ways


class FirstModelOffer(QObject):
    """Offers the first model in the strip, and lets the trained one take its place if it is in use by then."""

    def __init__(self, strip: OfferStrip, ways: Ways, opener: ModelOpener, parent: QObject) -> None:
        super().__init__(parent)
        self._strip, self._ways, self._opener = strip, ways, opener
        self._offered: Suggestion | None = None

    @Slot(object)
    def offer(self, first: FirstModel) -> None:
        """There is one."""
        text = f"A first model is right on {percent(first.accuracy, 1)} of the validation images. The training goes on."
        use = partial(self._ways.predict_with, first.path)
        self._offered = Suggestion(text, "Try it", "Classify pictures with it meanwhile", use)
        self._strip.show_suggestion(self._offered)

    @Slot(object)
    def end(self, ending: Ending) -> None:
        """The training has ended."""
        self._strip.withdraw(self._offered)
        in_use = self._opener.in_use
        if isinstance(ending, JobResult) and in_use is not None and in_use.path.parent == ending.path.parent:
            self._opener.open(ending.path)
