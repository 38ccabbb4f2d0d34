import pytest

from cnngui.gui.predict.pictures import undo
from cnngui.gui.predict.pictures.picture import Picture
from cnngui.gui.predict.pictures.undo import UndoStack


def pictures(count: int) -> list[Picture]:
    return [Picture(b"", str(number)) for number in range(count)]


def test_the_latest_removal_is_undone_first() -> None:
    stack, first, last = UndoStack(), pictures(2), pictures(1)
    empty = [stack.is_empty]
    for each in (first, [], last):
        stack.push(each)
    empty.append(stack.is_empty)
    assert stack.pop() == (last, False)
    assert stack.pop() == (first, False)
    empty.append(stack.is_empty)
    assert empty == [True, False, True]
    assert stack.pop() == ([], False)


def test_answers_from_before_a_change_of_model_are_stale() -> None:
    stack, old, new = UndoStack(), pictures(1), pictures(1)
    stack.push(old)
    stack.change_model()
    stack.push(new)
    assert stack.pop() == (new, False)
    assert stack.pop() == (old, True)


def test_the_oldest_removals_are_dropped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(undo, "MOST", 3)
    stack, parts = UndoStack(), [pictures(2), pictures(2), pictures(9)]
    for each in parts:
        stack.push(each)
    assert stack.pop() == (parts[2], False)  # the latest removal is kept, however large
    assert stack.pop() == (parts[1], False)
    assert stack.pop() == ([], False)
