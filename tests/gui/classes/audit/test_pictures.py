"""Where the pictures of a question are."""

from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QRect

from cnngui.gui.classes.audit.pictures import LARGEST, MOST, cells


@given(st.integers(0, MOST), st.integers(240, 2000), st.integers(300, 1500))
def test_all_fit_and_none_covers_another(count: int, width: int, height: int) -> None:
    room = QRect(0, 0, width, height)
    places = cells(room, count, 40)
    assert len(places) == count
    assert all(place.width() <= LARGEST for place in places)
    assert all(room.contains(place) for place in places)
    assert not any(one.intersects(other) for one in places for other in places if one is not other)
