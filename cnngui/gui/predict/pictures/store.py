"""All pictures with their counts, whether the list shows them or not."""

from collections.abc import Callable, Iterable
from functools import partial
from itertools import islice

from cnngui.gui.predict.pictures.picture import Picture
from cnngui.gui.predict.pictures.tally import Tally

Change = Callable[[Picture], Picture]


class PictureStore:
    """All pictures by number, in the order in which they were added.

    A change to all of them is made in portions, as it would block the window for ten thousand. A picture whose change
    is pending is not in the tally; whoever asks for it gets it changed.
    """

    def __init__(self) -> None:
        self.tally = Tally()
        self._pictures: dict[int, Picture] = {}
        self._numbers: dict[str, int] = {}  # by the place of the file
        self._pending: dict[int, Change] = {}

    def __len__(self) -> int:
        """How many pictures there are."""
        return len(self._pictures)

    def __contains__(self, number: object) -> bool:
        """Whether there is a picture with this number."""
        return number in self._pictures

    def __getitem__(self, number: int) -> Picture:
        """The picture with this number, after its pending change."""
        picture = self._pictures[number]
        if number in self._pending:
            picture = self._pictures[number] = self._pending.pop(number)(picture)
            self.tally.add(picture)
        return picture

    def same_file(self, picture: Picture) -> Picture | None:
        """The picture whose file this one is, too, or None."""
        number = self._numbers.get(picture.file.place) if picture.file is not None else None
        return None if number is None else self[number]

    @property
    def pictures(self) -> list[Picture]:
        """All pictures as they are, without their pending changes."""
        return list(self._pictures.values())

    @property
    def numbers(self) -> list[int]:
        """The numbers of all pictures."""
        return list(self._pictures)

    @property
    def ready(self) -> list[Picture]:
        """The pictures that can be classified now: they wait, and no change is pending."""
        return [p for number, p in self._pictures.items() if p.waits and number not in self._pending]

    @property
    def waiting_or_pending(self) -> list[Picture]:
        """The pictures that wait or have a pending change."""
        return [p for number, p in self._pictures.items() if p.waits or number in self._pending]

    @property
    def to_do(self) -> int:
        """How many pictures wait or have a pending change."""
        return self.tally.waiting + len(self._pending)

    @property
    def is_changing(self) -> bool:
        """Whether any change is pending."""
        return bool(self._pending)

    @property
    def has_labels(self) -> bool:
        """Whether the label of any picture is known."""
        pending = (self._pictures[number] for number in self._pending)
        return self.tally.labelled > 0 or any(picture.truth is not None for picture in pending)

    def put(self, picture: Picture) -> None:
        """Add a picture, or replace the one with its number."""
        if picture.number in self._pictures:
            self.tally.remove(self[picture.number])
        self._pictures[picture.number] = picture
        if picture.file is not None:
            self._numbers[picture.file.place] = picture.number
        self.tally.add(picture)

    def pop(self, number: int) -> Picture:
        """Remove and return a picture."""
        picture = self[number]
        self.tally.remove(picture)
        if picture.file is not None:
            del self._numbers[picture.file.place]
        return self._pictures.pop(number)

    def sort(self) -> None:
        """Restore the order in which the pictures were added."""
        self._pictures = dict(sorted(self._pictures.items()))

    def change(self, numbers: Iterable[int], change: Change) -> None:
        """Change these pictures later, after the changes that are pending already."""
        for number in sorted(numbers):
            if number in self._pending:
                self._pending[number] = partial(_both, self._pending[number], change)
            else:
                self.tally.remove(self._pictures[number])
                self._pending[number] = change

    def make_changes(self, most: int) -> list[int]:
        """Make the pending changes of at most so many pictures. Returns their numbers."""
        numbers = list(islice(self._pending, most))
        for number in numbers:
            self[number]
        return numbers


def _both(first: Change, then: Change, picture: Picture) -> Picture:
    return then(first(picture))
