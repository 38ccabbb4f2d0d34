"""How long a training of the network takes here: as the runs so far, or else measured on a few steps."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from cnngui.core.errors import UserError
from cnngui.core.networks.plan import Shape
from cnngui.core.progress import ShouldStop
from cnngui.core.recipes.layers import Layer
from cnngui.core.recipes.recipe import Recipe
from cnngui.core.runs import timing
from cnngui.core.training import trial
from cnngui.gui.common.worker import COMPUTING_SECONDS, Deliver, LatestTask

REST_MS = 700  # after the last change


@dataclass(frozen=True)
class Estimate:
    """seconds: of the whole training; None if nothing tells. from_runs: whether runs of the same layers have."""

    seconds: float | None
    from_runs: bool = False


class TimeEstimate(QObject):
    """Waits until the user has stopped editing. found: an Estimate, or None while it is sought."""

    found = Signal(object)

    def __init__(
        self, recipe: Recipe, image: Shape, classes: int, training_images: int, runs_dir: Path, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._recipe, self._image, self._classes, self._runs_dir = recipe, image, classes, runs_dir
        self._images = training_images
        self._task = LatestTask(self)
        self._rest = QTimer(self, singleShot=True, interval=REST_MS)
        self._rest.timeout.connect(self._measure)

    def measure(self, layers: tuple[Layer, ...]) -> None:
        """Find the time of these layers, soon."""
        self._recipe = replace(self._recipe, network=replace(self._recipe.network, shape="layers", layers=layers))
        self._task.abandon()
        if not self._images:  # the data has not been read
            self.found.emit(Estimate(None))
            return
        self.found.emit(None)
        self._rest.start()

    def forget(self) -> None:
        """Measure nothing: the layers cannot work."""
        self._rest.stop()
        self._task.abandon()
        self.found.emit(None)

    def stop_then(self, then: Callable[[], object]) -> None:
        """Measure nothing any more, and call ``then`` once nothing runs."""
        self._rest.stop()
        self._task.abandon_then(then)

    def stop(self) -> None:
        """Measure nothing any more, and wait until nothing runs."""
        self._rest.stop()
        self._task.stop(COMPUTING_SECONDS)

    @Slot()
    def _measure(self) -> None:
        recipe, classes, runs_dir = self._recipe, self._classes, self._runs_dir
        height, width, channels = self._image
        passes = self._images * recipe.optimization.epochs

        def work(_report: Deliver, should_stop: ShouldStop) -> Estimate:
            seconds = timing.seconds_per_image(runs_dir, recipe)
            if seconds is not None:
                return Estimate(passes * seconds, from_runs=True)
            try:
                seconds = trial.seconds_per_image(recipe, (height, width, channels), classes, should_stop=should_stop)
            except UserError:
                return Estimate(None)
            return Estimate(passes * seconds)

        self._task.do(work, self._take)

    def _take(self, estimate: Estimate) -> None:
        self.found.emit(estimate)
