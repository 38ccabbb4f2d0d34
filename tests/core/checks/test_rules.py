"""What is found in the pictures of a data set."""

from collections import Counter
from pathlib import Path

from cnngui.core.checks import rules
from cnngui.core.checks.examined import Picture
from cnngui.core.checks.findings import Exclude, Kind, Merge
from cnngui.core.data.part_names import Part

CLASSES = ("robin", "wren")


def picture(name: str, label: int = 0, part: Part = Part.TRAIN, **known: object) -> Picture:
    return Picture(Path(name), label, part, **{"content": name.encode(), "side": 200, **known})  # type: ignore[arg-type]


def paths(*names: str) -> tuple[Path, ...]:
    return tuple(map(Path, names))


def many(count: int, label: int) -> list[Picture]:
    return [picture(f"{label}/{number}", label) for number in range(count)]


def test_pictures_that_cannot_be_read() -> None:
    (found,) = rules.unreadable([picture("a"), picture("b", error="The file is empty.")])
    assert (found.kind, found.sentence) == (Kind.UNREADABLE, "1 picture cannot be read.")
    assert (found.pictures, found.mend) == (paths("b"), Exclude(paths("b")))
    assert not list(rules.unreadable([picture("a")]))


def test_the_test_part_keeps_what_is_in_training_too() -> None:
    group = (picture("a"), picture("b", part=Part.VALIDATION), picture("c", part=Part.TEST))
    (found,) = rules.leaks([group, (picture("d"), picture("e"))])
    assert found.sentence == "The same picture is in training and validation and the test."
    assert (found.pictures, found.mend) == (paths("a", "b", "c"), Exclude(paths("a", "b")))
    (found,) = rules.leaks([group[:2]])
    assert found.mend == Exclude(paths("a"))


def test_two_classes_with_a_picture_in_common() -> None:
    group = (picture("a"), picture("b", 1), picture("c", 1))
    (found,) = rules.shared([group], CLASSES, Counter({0: 9, 1: 9}))
    assert found.sentence == "robin and wren have 1 picture in common."
    assert (found.pictures, found.mend) == (paths("a", "b", "c"), Exclude(paths("a", "b", "c")))


def test_two_classes_with_the_same_pictures_are_one() -> None:
    groups = [(picture(f"a{number}"), picture(f"b{number}", 1)) for number in range(3)]
    (found,) = rules.shared(groups, CLASSES, Counter({0: 5, 1: 50}))
    assert found.mend == Merge("robin", "wren")
    assert found.mend.text == "Merge robin into wren"


def test_of_copies_the_first_is_kept() -> None:
    group = tuple(picture(name, content=b"x") for name in "abc")
    (found,) = rules.copies([group], CLASSES)
    assert (found.sentence, found.mend) == ("robin holds the same file 3 times.", Exclude(paths("b", "c")))
    assert not list(rules.alike([group], CLASSES))


def test_of_near_doubles_the_largest_is_kept() -> None:
    group = (picture("a"), picture("b", side=256), picture("c", content=b"a"), picture("d", part=Part.TEST))
    (found,) = rules.alike([group], CLASSES)
    assert found.sentence == "2 pictures of robin look the same."
    assert (found.pictures, found.mend) == (paths("a", "b"), Exclude(paths("a")))


def test_near_doubles_in_other_classes_are_told_of_there() -> None:
    assert not list(rules.alike([(picture("a"), picture("b", 1))], CLASSES))


def test_a_class_of_few_pictures() -> None:
    (found,) = rules.few([*many(5, 0), *many(4, 1), picture("x", 1, error="Broken.")], CLASSES)
    assert found.sentence == "wren has 4 pictures. A class needs at least 5: add some."
    assert len(found.pictures) == 5


def test_a_class_of_more_than_ten_times_as_many() -> None:
    assert not list(rules.imbalance([*many(60, 0), *many(6, 1)], CLASSES))
    (found,) = rules.imbalance([*many(63, 0), *many(6, 1)], CLASSES)
    assert found.sentence == "robin has 63 pictures, more than 10 times as many as wren (6). Add some to wren."
    assert isinstance(found.mend, Exclude)
    assert len(set(found.mend.pictures)) == 3
    assert {path.parent.name for path in found.mend.pictures} == {"0"}


def test_grey_pictures_among_those_in_colour() -> None:
    shown = [picture("a", is_grey=True), picture("b"), picture("c")]
    (found,) = rules.grey(shown)
    assert (found.sentence, found.pictures) == ("1 picture is grey, the others in colour.", paths("a"))
    assert not list(rules.grey([*shown, picture("d", is_grey=True)]))


def test_pictures_below_the_size_of_the_network() -> None:
    shown = [picture("a", side=127), picture("b", side=128), picture("c", side=0, error="Broken.")]
    (found,) = rules.small(shown, 128)
    assert found.pictures == paths("a")
    assert found.sentence == "1 picture is smaller than the network’s input, 128 × 128 pixels."


def test_nothing_is_found_in_good_pictures() -> None:
    good = [*many(9, 0), *many(9, 1)]
    assert not [*rules.few(good, CLASSES), *rules.imbalance(good, CLASSES), *rules.grey(good), *rules.small(good, 32)]
    assert not [*rules.leaks([]), *rules.shared([], CLASSES, Counter())]
