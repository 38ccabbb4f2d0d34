"""How long a training of the network takes here, measured once the user has stopped editing."""

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from cnngui.core.errors import UserError
from cnngui.core.networks.plan import Shape
from cnngui.core.progress import ShouldStop
from cnngui.core.recipes.layers import Layer
from cnngui.core.recipes.recipe import Recipe
from cnngui.core.training.trial import seconds_per_image
from cnngui.gui.common.worker import COMPUTING_SECONDS, Deliver, LatestTask

REST_MS = 700  # after the last change


class TimeEstimate(QObject):
    """found: the seconds that the whole training takes, or None while that is not known."""

    found = Signal(object)

    def __init__(self, recipe: Recipe, image: Shape, classes: int, training_images: int, parent: QObject) -> None:
        super().__init__(parent)
        self._recipe, self._image, self._classes = recipe, image, classes
        self._images = training_images
        self._task = LatestTask(self)
        self._rest = QTimer(self, singleShot=True, interval=REST_MS)
        self._rest.timeout.connect(self._measure)

    def measure(self, layers: tuple[Layer, ...]) -> None:
        """Measure these layers, soon."""
        self._recipe = replace(self._recipe, network=replace(self._recipe.network, shape="layers", layers=layers))
        self._task.abandon()
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
        recipe, shape, classes = self._recipe, self._image, self._classes
        height, width, channels = shape

        def work(_report: Deliver, should_stop: ShouldStop) -> float | None:
            try:
                return seconds_per_image(recipe, (height, width, channels), classes, should_stop=should_stop)
            except UserError:
                return None

        self._task.do(work, self._take)

    def _take(self, seconds: float | None) -> None:
        if seconds is not None:
            self.found.emit(seconds * self._images * self._recipe.optimization.epochs)
