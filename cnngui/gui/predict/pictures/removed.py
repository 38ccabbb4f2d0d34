"""What was taken out of the list of pictures, to be put back."""

from dataclasses import dataclass

from cnngui.gui.predict.pictures.picture import Picture

MOST = 10_000  # pictures that are kept beside the last that were taken out: 120 MB with what the network saw of them


@dataclass
class _Removal:
    pictures: list[Picture]
    is_stale: bool = False


class Removed:
    """One removal above the other; the last is put back first."""

    def __init__(self) -> None:
        self._removals: list[_Removal] = []

    def add(self, pictures: list[Picture]) -> None:
        """These were taken out. The oldest are forgotten where there are too many."""
        if pictures:
            self._removals.append(_Removal(pictures))
        while len(self._removals) > 1 and sum(len(each.pictures) for each in self._removals[:-1]) > MOST:
            del self._removals[0]

    def change_model(self) -> None:
        """What answers they have are a former model's from now on."""
        for removal in self._removals:
            removal.is_stale = True

    def take(self) -> tuple[list[Picture], bool]:
        """What was taken out last, and whether its answers are a former model's; nothing where nothing is left."""
        removal = self._removals.pop() if self._removals else _Removal([])
        return removal.pictures, removal.is_stale
