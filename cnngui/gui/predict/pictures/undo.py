"""Removed pictures, kept so that they can come back."""

from dataclasses import dataclass

from cnngui.gui.predict.pictures.picture import Picture

MOST = 1_000  # pictures kept below the latest removal; with what the network saw of them, each takes up to 60 kB


@dataclass
class _Removal:
    pictures: list[Picture]
    is_stale: bool = False


class UndoStack:
    """Removals, of which the latest is undone first."""

    def __init__(self) -> None:
        self._removals: list[_Removal] = []

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to undo."""
        return not self._removals

    def push(self, pictures: list[Picture]) -> None:
        """Remember a removal; an empty one is ignored. Drops the oldest removals when there are too many pictures."""
        if pictures:
            self._removals.append(_Removal(pictures))
        while len(self._removals) > 1 and sum(len(each.pictures) for each in self._removals[:-1]) > MOST:
            del self._removals[0]

    def change_model(self) -> None:
        """Mark the answers of all removed pictures as stale: another model gave them."""
        for removal in self._removals:
            removal.is_stale = True

    def pop(self) -> tuple[list[Picture], bool]:
        """The pictures of the latest removal, and whether their answers are stale. Empty when nothing is left."""
        removal = self._removals.pop() if self._removals else _Removal([])
        return removal.pictures, removal.is_stale
