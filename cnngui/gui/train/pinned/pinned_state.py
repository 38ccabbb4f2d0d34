"""Twelve pictures that are answered after each epoch: some of the data, or the user's own."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Signal, Slot

from cnngui.core.data.image_folder import SIDE
from cnngui.core.data.summary import Summary
from cnngui.core.errors import UserError
from cnngui.core.pictures.images import load_pixels
from cnngui.core.progress import Glimpse, ShouldStop
from cnngui.gui.common.worker import Deliver, LatestTask

MOST = 12


@dataclass(frozen=True, eq=False)
class Pinned:
    """A picture as the network gets it.

    pixels: uint8 (height, width, 3). label: its class, or None if unknown. path: of its file, if it has one.
    """

    pixels: NDArray[np.uint8]
    label: int | None = None
    path: Path | None = None

    @property
    def name(self) -> str:
        """Of its file; "" without one."""
        return self.path.name if self.path is not None else ""


class PinnedState(QObject):
    """The pinned pictures and the last answers.

    pictures_changed: which they are. answered: a Glimpse has come. problem: a sentence about a file.
    """

    pictures_changed = Signal()
    answered = Signal()
    problem = Signal(str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.pictures: tuple[Pinned, ...] = ()
        self.classes: tuple[str, ...] = ()
        self.glimpse: Glimpse | None = None
        self._side = SIDE
        self._pixels = np.zeros((0, SIDE, SIDE, 3), np.uint8)
        self._own: tuple[Pinned, ...] = ()
        self._of_data: tuple[Pinned, ...] = ()
        self._asked: list[Path] = []  # that are being read
        self._reader = LatestTask(self)

    @property
    def has_own(self) -> bool:
        """Whether the user has pinned pictures of their own."""
        return bool(self._own)

    @property
    def pixels(self) -> NDArray[np.uint8]:
        """All of them, uint8 (n, height, width, 3)."""
        return self._pixels

    def use_data(self, summary: Summary | None) -> None:
        """Pin pictures of the data, a few of each class, behind those of the user's own."""
        self.classes = summary.classes if summary is not None else ()
        self._of_data = _of_data(summary) if summary is not None else ()
        side = self._of_data[0].pixels.shape[0] if self._of_data else self._side
        if side != self._side:
            self._side = side
            own, self._own = [each.path for each in self._own if each.path is not None], ()
            self._put()
            if own:  # read again, at the size of the others
                self.use_files(own)
            return
        self._put()

    @Slot()
    def forget_own(self) -> None:
        """Pin pictures of the data alone."""
        self._own = ()
        self._put()
        self.problem.emit("")

    def use_files(self, paths: Sequence[Path]) -> None:
        """Pin these pictures of the user's own, before those that are pinned or asked for already."""
        self._asked = [*paths, *self._asked]
        asked, size = tuple(self._asked), (self._side, self._side)

        def work(_report: Deliver, should_stop: ShouldStop) -> tuple[list[Pinned], str]:
            found: list[Pinned] = []
            problem = ""
            for path in asked:
                if len(found) == MOST:
                    problem = f"Only {MOST} pictures have room here."
                    break
                if should_stop():
                    break
                try:
                    found.append(Pinned(load_pixels(path, size), path=path))
                except UserError as error:
                    problem = f"{path.name}: {error}"
            return found, problem

        self._reader.do(work, self._take_files)

    def take(self, glimpse: Glimpse) -> None:
        """The network's answers after an epoch; to other pictures, only its filters count."""
        self.glimpse = glimpse if glimpse.pictures is self._pixels else _without_answers(glimpse)
        self.answered.emit()

    def forget(self) -> None:
        """A training begins: the answers are those of another network."""
        self.glimpse = None
        self.answered.emit()

    def stop(self) -> None:
        """Read nothing any more."""
        self._reader.stop()

    def answers(self, number: int, most: int = 2) -> list[tuple[str, float]]:
        """The likeliest classes of a picture with their probabilities; none before it is answered."""
        glimpse = self.glimpse
        if glimpse is None or number >= len(glimpse.probabilities):
            return []
        row = glimpse.probabilities[number]
        best = np.argsort(row)[::-1][:most]
        return [(glimpse.classes[index], float(row[index])) for index in best]

    def is_right(self, number: int) -> bool | None:
        """Whether the likeliest class of a picture is its own; None if that is not known, or of another data set."""
        answers, label = self.answers(number, 1), self.pictures[number].label if number < len(self.pictures) else None
        if not answers or label is None or self.glimpse is None or self.glimpse.classes != self.classes:
            return None
        return answers[0][0] == self.classes[label]

    def _take_files(self, found: tuple[list[Pinned], str]) -> None:
        own, problem = found
        self._asked = []
        own = [each for each in own if each.pixels.shape[0] == self._side]
        if own:
            self._own = (*own, *self._own)[:MOST]
            self._put()
        self.problem.emit(problem)

    def _put(self) -> None:
        self.pictures = (*self._own, *self._of_data)[:MOST]
        self._pixels = np.stack([each.pixels for each in self.pictures]) if self.pictures else self._pixels[:0]
        if self.glimpse is not None:
            self.glimpse = _without_answers(self.glimpse)
        self.pictures_changed.emit()


def _without_answers(glimpse: Glimpse) -> Glimpse:
    return replace(glimpse, probabilities=glimpse.probabilities[:0])


def _of_data(summary: Summary) -> tuple[Pinned, ...]:
    """The first example of each class, then the second ones, and so on."""
    rounds = max((len(samples) for samples in summary.samples), default=0)
    found = [
        Pinned(samples[number], label)
        for number in range(rounds)
        for label, samples in enumerate(summary.samples)
        if number < len(samples)
    ]
    return tuple(found[:MOST])
