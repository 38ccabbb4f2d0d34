"""Opens the tools for the parts of the recipe: the builder, the rate finder and the preview."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import shiboken6
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Slot
from PySide6.QtWidgets import QWidget

from cnngui.core.data import datasets
from cnngui.core.data.datasets import RawData
from cnngui.core.data.image_folder import SIDE
from cnngui.core.data.summary import Summary
from cnngui.core.progress import ShouldStop
from cnngui.gui.train.builder.dialog import Builder
from cnngui.gui.train.data.data_state import DataState
from cnngui.gui.train.form import TrainForm
from cnngui.gui.train.recipe.preview import AugmentationPreview
from cnngui.gui.train.recipe.rate_finder import RateFinder, ReadData

Tool = Builder | RateFinder | AugmentationPreview


class Tools(QObject):
    """Opens a tool over the window. runs_dir: the folder of the runs."""

    def __init__(self, form: TrainForm, data: DataState, runs_dir: Path, parent: QWidget) -> None:
        super().__init__(parent)
        self._form, self._data, self._runs_dir, self._window = form, data, runs_dir, parent
        self._opened: list[Tool] = []
        form.tool_asked.connect(self.open)

    @Slot(str)
    def open(self, part: str) -> None:
        """Open the tool for a part of the recipe."""
        makers: dict[str, Callable[[], Tool]] = {
            "network": self._builder,
            "optimization": self._finder,
            "augmentation": self._preview,
        }
        tool = makers[part]()
        self._opened = [*(each for each in self._opened if shiboken6.isValid(each)), tool]
        tool.open()

    def stop(self) -> None:
        """Close what is open, and wait until nothing runs."""
        for tool in self._opened:
            if shiboken6.isValid(tool):
                tool.stop()

    def _builder(self) -> Builder:
        summary, form = self._data.summary, self._form
        classes, images = (len(summary.classes), summary.train) if summary else (10, 0)
        builder = Builder(form.recipe, self._pictures()[0], classes, images, self._runs_dir, self._window)
        builder.layers_chosen.connect(form.recipe_state.set_layers)
        return builder

    def _finder(self) -> RateFinder:
        form = self._form
        finder = RateFinder(form.recipe, _reader(form.source, form.data_dir, self._data.raw), self._window)
        finder.rate_chosen.connect(lambda rate: form.recipe_state.set("optimization.learning_rate", rate))
        return finder

    def _preview(self) -> AugmentationPreview:
        return AugmentationPreview(self._form.recipe_state, self._pictures(), self._window)

    def _pictures(self) -> NDArray[np.uint8]:
        """Some pictures of the chosen data; a grey ramp before it is read."""
        summary: Summary | None = self._data.summary
        samples = [each for each in summary.samples if len(each)] if summary else []
        if samples:
            return np.concatenate(samples)
        ramp = np.linspace(0, 255, SIDE).astype(np.uint8)
        return np.broadcast_to(ramp[None, None, :, None], (1, SIDE, SIDE, 3)).copy()


def _reader(source: str, data_dir: Path | None, raw: RawData | None) -> ReadData:
    def read(should_stop: ShouldStop) -> RawData:
        return raw if raw is not None else datasets.read(source, data_dir=data_dir, should_stop=should_stop)

    return read
