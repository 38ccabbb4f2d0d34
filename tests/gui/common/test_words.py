from hypothesis import given
from hypothesis import strategies as st

from cnngui.gui.common.words import shortened


def test_a_short_name_stays() -> None:
    assert shortened("holiday.keras") == "holiday.keras"


def test_a_long_name_keeps_its_beginning_and_its_end() -> None:
    assert shortened("a very long name of a model.keras", letters=16) == "a very l…l.keras"


@given(st.text(), st.integers(2, 50))
def test_no_name_is_longer_than_it_may_be(name: str, letters: int) -> None:
    assert len(shortened(name, letters)) == min(len(name), letters)
