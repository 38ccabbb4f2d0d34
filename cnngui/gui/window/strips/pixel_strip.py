"""Asks which pixels a model of others learnt from, where its answers look as if it got other ones."""

from functools import partial
from pathlib import Path

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QWidget

from cnngui.core.models.pixels import Pixels, pixels_path
from cnngui.gui.common.strips.result_strip import Choice, Kind
from cnngui.gui.runs.model.loading import LoadedModel
from cnngui.gui.window.strips.padded_strip import PaddedStrip


class PixelStrip(PaddedStrip):
    """Hidden until such a model is opened. It stays after a choice, which may have been the wrong one.

    chosen: the model's path, and the Pixels.
    """

    chosen = Signal(object, object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._path: Path | None = None

    def tell(self, loaded: LoadedModel) -> None:
        """This model is in use: ask about it if need be."""
        adaptation = loaded.classifier.adaptation
        if adaptation is None or not (adaptation.is_always_sure or loaded.path == self._path):
            self._close()
            return
        name, file = loaded.path.name, pixels_path(loaded.path).name
        kind: Kind = "good"
        heading, text = f"{name} gets pixels of {adaptation.pixels.words}", f"{file} beside it keeps this choice."
        if adaptation.is_always_sure:
            kind, heading = "doubtful", f"{name} gives every picture 100 %"
            text = f"Perhaps it learnt from other pixels than {adaptation.pixels.words}. Try the others."
        self._path = loaded.path
        others = [each for each in Pixels if each != adaptation.pixels]
        choices = [Choice(f"Pixels {each.words}", partial(self.chosen.emit, loaded.path, each)) for each in others]
        close = Choice("Close", self._close)
        self.show_result(kind, heading, text, [*choices, close] if adaptation.is_always_sure else [close, *choices])

    @Slot()
    def _close(self) -> None:
        self._path = None
        self.hide()
