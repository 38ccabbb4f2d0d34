import pytest

from cnngui.gui.predict.pictures import removed
from cnngui.gui.predict.pictures.picture import Picture
from cnngui.gui.predict.pictures.removed import Removed


def pictures(count: int) -> list[Picture]:
    return [Picture(b"", str(number)) for number in range(count)]


def test_the_last_removal_is_put_back_first() -> None:
    stack, first, last = Removed(), pictures(2), pictures(1)
    for each in (first, [], last):
        stack.add(each)
    assert stack.take() == (last, False)
    assert stack.take() == (first, False)
    assert stack.take() == ([], False)


def test_answers_from_before_a_change_of_model_are_stale() -> None:
    stack, old, new = Removed(), pictures(1), pictures(1)
    stack.add(old)
    stack.change_model()
    stack.add(new)
    assert stack.take() == (new, False)
    assert stack.take() == (old, True)


def test_of_very_many_the_oldest_are_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(removed, "MOST", 3)
    stack, parts = Removed(), [pictures(2), pictures(2), pictures(9)]
    for each in parts:
        stack.add(each)
    assert stack.take() == (parts[2], False)  # however many they are
    assert stack.take() == (parts[1], False)
    assert stack.take() == ([], False)
