from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QPoint, QRect

from cnngui.gui.classes.grid.geometry import Geometry

PLACES = st.builds(Geometry, st.integers(1, 200), st.integers(20, 900), st.integers(10, 120), st.integers(1, 20))


def test_three_lines_of_four() -> None:
    places = Geometry(10, width=88, side=16, gap=4)
    assert (places.columns, places.height) == (4, 64)
    assert places.square(0) == QRect(4, 4, 16, 16)
    assert places.square(9).topLeft() == QPoint(25, 44)
    assert list(places.rows_in(QRect(0, 0, 88, 25))) == [(0, 3), (4, 7)]
    assert [places.moved(1, by) for by in (-1, 1, -4, 4, -10, 10, 12)] == [0, 2, 1, 5, 0, 9, 9]
    assert places.row_at(2, 2) is None


@given(PLACES)
def test_every_square_is_found_where_it_is(places: Geometry) -> None:
    squares = [places.square(row) for row in range(places.count)]
    for row, square in enumerate(squares):
        for corner in (square.topLeft(), square.bottomRight()):
            assert places.row_at(corner.x(), corner.y()) == row
        assert square.left() >= 0
        assert square.bottom() < places.height
        assert places.columns == 1 or square.right() < places.width


@given(PLACES, st.integers(-50, 900), st.integers(-50, 3000), st.integers(1, 500), st.integers(1, 500))
def test_what_a_rectangle_touches(places: Geometry, left: int, top: int, width: int, height: int) -> None:
    rect = QRect(left, top, width, height)
    found = [row for first, last in places.rows_in(rect) for row in range(first, last + 1)]
    assert found == [row for row in range(places.count) if places.square(row).intersects(rect)]


@given(PLACES, st.integers(0, 199), st.integers(-300, 300))
def test_a_step_stays_among_the_squares(places: Geometry, row: int, by: int) -> None:
    row = min(row, places.count - 1)
    target = places.moved(row, by)
    assert 0 <= target < places.count
    if 0 <= row + by < places.count:
        assert target == row + by
