"""The test images of the model in use, as pictures: a random one, samples, or all of them."""

import random
from collections.abc import Callable, Iterator
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from cnngui.core.answers.classifier import Classifier
from cnngui.core.data import test_part
from cnngui.core.data.sources import CIFAR10
from cnngui.core.data.test_part import TestImage, TestPart
from cnngui.core.models.card import TrainingRecord
from cnngui.core.progress import ShouldStop
from cnngui.gui.predict.gatherer import Search
from cnngui.gui.predict.pictures.picture import Picture

GROUP = 200  # pictures in a group
SAMPLES = 10


class TestImages(QObject):
    """Knows which data the model in use was trained on, and whether its test images are on this computer.

    missing: why they are not, as a sentence, or "". changed: another model is in use, or ``missing`` may have changed.
    """

    __test__ = False  # for pytest, which would take it for tests by its name
    changed = Signal()

    def __init__(self, data_dir: Callable[[], Path | None], parent: QObject | None = None) -> None:
        """data_dir: returns the user's folder of CIFAR-10, or None if none was chosen."""
        super().__init__(parent)
        self._training: TrainingRecord | None = None
        self._data_dir = data_dir
        self.missing = self._reason()

    @property
    def source(self) -> str:
        """What the model was trained on, as in ``Dataset``; "" if that is unknown."""
        return self._training.source if self._training is not None else ""

    @property
    def is_there(self) -> bool:
        """Whether the test images seem to be on this computer."""
        return not self.missing

    @property
    def suits_shipped_samples(self) -> bool:
        """Whether the sample pictures that come with the program, of CIFAR-10's classes, may suit the model."""
        return self.source in ("", CIFAR10)

    def set_classifier(self, classifier: Classifier) -> None:
        """Offer the test images of this model from now on."""
        self._training = classifier.card.training
        self.missing = self._reason()
        self.changed.emit()

    def refresh(self) -> None:
        """Look again whether the data is on this computer."""
        before, self.missing = self.missing, self._reason()
        if self.missing != before:
            self.changed.emit()

    def random_one(self) -> Search:
        """A search that finds one at random."""
        read = self._reader()

        def search(should_stop: ShouldStop) -> Iterator[list[Picture]]:
            part = read(should_stop)
            yield [picture_of(part[random.randrange(len(part))])]

        return search

    def all(self) -> Search:
        """A search that finds all of them."""
        read = self._reader()

        def search(should_stop: ShouldStop) -> Iterator[list[Picture]]:
            part = read(should_stop)
            for start in range(0, len(part), GROUP):
                if should_stop():
                    return
                yield [picture_of(part[index]) for index in range(start, min(start + GROUP, len(part)))]

        return search

    def samples(self) -> Callable[[ShouldStop], list[TestImage]]:
        """A function that finds at most ten of different classes."""
        read = self._reader()

        def find(should_stop: ShouldStop) -> list[TestImage]:
            part = read(should_stop)
            first = {label: index for index, label in reversed(list(enumerate(part.labels)))}
            return [part[first[label]] for label in sorted(first)[:SAMPLES]]

        return find

    def _reason(self) -> str:
        return test_part.missing(self.source, self._data_dir())

    def _reader(self) -> Callable[[ShouldStop], TestPart]:
        source, data_dir = self.source, self._data_dir()
        counts = self._training.images if self._training is not None else {}
        doubles = self._training.doubles if self._training is not None else ()
        return lambda should_stop: test_part.read(source, counts, data_dir, doubles=doubles, should_stop=should_stop)


def picture_of(image: TestImage) -> Picture:
    """The test image as a picture of the list."""
    return Picture(image.source, image.name, given=image.label)
