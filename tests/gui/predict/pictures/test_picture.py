from itertools import chain, repeat

from hypothesis import given
from hypothesis import strategies as st

from cnngui.core.answers.classifier import Classification
from cnngui.core.answers.prediction import Prediction
from cnngui.gui.predict.pictures.picture import AS_ADDED, ORDERS, WRONG_FIRST, Arrangement, Picture

CLASSES = ("cat", "dog")


def answered(
    name: str, cat: float, *, known: bool = True, familiarity: float = 0.5, truth: str | None = None
) -> Picture:
    answer = Classification(CLASSES, (cat, 1 - cat), familiarity, known)
    return Picture(b"", name, truth=truth, prediction=Prediction(b"", answer))


CAT = answered("Mia.png", 0.9, familiarity=0.7, truth="cat")
DOG = answered("rex.png", 0.2, familiarity=0.9, truth="cat")
STRANGE = answered("cup.png", 0.6, known=False, familiarity=0.1)
UNREADABLE = Picture(b"", "Notes.txt", unreadable="It is empty.")
WAITING = Picture(b"", "later.png")
ALL = [CAT, DOG, STRANGE, UNREADABLE, WAITING]


def names(arrangement: Arrangement) -> list[str]:
    return [picture.name.split(".")[0] for picture in arrangement.of(ALL[::-1])]


def test_orders() -> None:
    assert names(Arrangement()) == ["Mia", "rex", "cup", "Notes", "later"]
    assert names(Arrangement("Name")) == ["cup", "later", "Mia", "Notes", "rex"]
    assert names(Arrangement("Class"))[:3] == ["Mia", "rex", "cup"]
    assert names(Arrangement("Most confident first"))[:3] == ["Mia", "rex", "cup"]
    assert names(Arrangement("Least confident first"))[:3] == ["cup", "rex", "Mia"]
    assert names(Arrangement("Most familiar first"))[:3] == ["rex", "Mia", "cup"]
    assert names(Arrangement("Least familiar first"))[:3] == ["cup", "Mia", "rex"]
    assert names(Arrangement(WRONG_FIRST))[0] == "rex"


def test_which_are_shown() -> None:
    assert names(Arrangement(text="M")) == ["Mia"]
    assert names(Arrangement(text=".PNG")) == ["Mia", "rex", "cup", "later"]
    assert names(Arrangement(label="cat")) == ["Mia"]
    assert names(Arrangement(label="none of these")) == ["cup"]
    assert names(Arrangement(unreadable=True)) == ["Notes"]
    assert names(Arrangement(wrong=True)) == ["rex"]
    assert Arrangement(unreadable=True).of([WAITING.cancelled(), UNREADABLE]) == [UNREADABLE]


@given(st.lists(st.floats(0, 1), max_size=20), st.sampled_from(list(ORDERS)))
def test_nothing_is_lost_in_any_order(confidences: list[float], order: str) -> None:
    pictures = [*chain.from_iterable(zip((answered("a", c) for c in confidences), repeat(WAITING), strict=False))]
    arranged = Arrangement(order).of(pictures)
    assert sorted(picture.number for picture in arranged) == sorted(picture.number for picture in pictures)
    assert arranged == Arrangement(order).of(arranged)


def test_pictures_are_sorted_as_added_by_number() -> None:
    assert [picture.number for picture in Arrangement(AS_ADDED).of(ALL)] == sorted(p.number for p in ALL)


def test_in_a_few_words() -> None:
    assert [picture.summary for picture in ALL] == [
        "cat  90 %",
        "dog  80 %",
        "none of these",
        "unreadable",
        "waiting …",
    ]
    assert [picture.waits for picture in ALL] == [False, False, False, False, True]
