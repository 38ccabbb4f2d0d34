"""Where the squares of a grid are."""

from collections.abc import Iterator
from dataclasses import dataclass

from PySide6.QtCore import QRect


@dataclass(frozen=True)
class Geometry:
    """``count`` squares, ``side`` pixels wide, in lines of this width, with ``gap`` pixels between them at least.

    A square's row is its number, from 0; the first line has the rows 0, 1, 2 …
    """

    count: int
    width: int
    side: int
    gap: int

    @property
    def step(self) -> int:
        """From one line to the next, in pixels."""
        return self.side + self.gap

    @property
    def columns(self) -> int:
        """How many squares a line has."""
        return max(1, (self.width - self.gap) // self.step)

    @property
    def height(self) -> int:
        """Of all lines, in pixels."""
        return -(-self.count // self.columns) * self.step + self.gap

    def square(self, row: int) -> QRect:
        """Where the square with this number is."""
        line, column = divmod(row, self.columns)
        return QRect(self._left(column), self.gap + line * self.step, self.side, self.side)

    def row_at(self, x: int, y: int) -> int | None:
        """The number of the square at a point; None between them."""
        for first, last in self.rows_in(QRect(x, y, 1, 1)):
            return first if first == last else None
        return None

    def rows_in(self, rect: QRect) -> Iterator[tuple[int, int]]:
        """The squares that a rectangle touches: the first and the last of each line."""
        columns = [
            column
            for column in range(self.columns)
            if self._left(column) <= rect.right() and self._left(column) + self.side > rect.left()
        ]
        if not columns:
            return
        top = max(0, (rect.top() - self.gap) // self.step)
        for line in range(top, (rect.bottom() - self.gap) // self.step + 1):
            first = line * self.columns + columns[0]
            last = min(line * self.columns + columns[-1], self.count - 1)
            above = self.gap + line * self.step + self.side <= rect.top()  # only its gap is touched
            if first <= last and not above:
                yield first, last

    def moved(self, row: int, by: int) -> int:
        """The number of the square so many further, or the nearest there is; up and down stay in the column."""
        target = row + by
        if abs(by) > 1 and not 0 <= target < self.count and abs(by) < self.count:
            line = 0 if target < 0 else (self.count - 1) // self.columns
            target = line * self.columns + row % self.columns
        return max(0, min(target, self.count - 1))

    def _left(self, column: int) -> int:
        """The left edge of a column. The columns share the whole width."""
        spare = max(0, self.width - self.gap - self.columns * self.step)
        return self.gap + column * self.step + spare * column // self.columns
