"""The rules of a check: what is found in the pictures of a data set that were read."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import combinations
from pathlib import Path
from typing import TypeVar

import numpy as np

from cnngui.core.checks.examined import Picture
from cnngui.core.checks.findings import Exclude, Finding, Kind, Merge
from cnngui.core.data.collections.notes import LEAST_PICTURES
from cnngui.core.data.part_names import Part
from cnngui.core.sentences import counted

MOST_TIMES = 10  # as many pictures in one class as in another
MERGED = 0.5  # of the smaller class is in the larger one, too: then they are one

Group = tuple[Picture, ...]
"""Pictures that show the same."""

Key = TypeVar("Key")

_PARTS = {Part.TRAIN: "training", Part.VALIDATION: "validation", Part.TEST: "the test"}


def unreadable(pictures: Sequence[Picture]) -> Iterator[Finding]:
    """The pictures that cannot be read."""
    found = _paths(picture for picture in pictures if picture.error)
    if found:
        yield Finding(Kind.UNREADABLE, f"{counted(len(found), 'picture')} cannot be read.", found, Exclude(found))


def leaks(groups: Sequence[Group]) -> Iterator[Finding]:
    """The same picture in training and validation or test: the result would be too good."""
    for group in groups:
        by_part = _by(group, lambda picture: picture.part)
        kept = next((part for part in (Part.TEST, Part.VALIDATION) if part in by_part), Part.TRAIN)
        others = [part for part in _PARTS if part in by_part and part is not kept]
        if others:
            excluded = _paths(picture for part in others for picture in by_part[part])
            places = " and ".join(_PARTS[part] for part in (*others, kept))
            yield Finding(Kind.LEAK, f"The same picture is in {places}.", _paths(group), Exclude(excluded))


def shared(groups: Sequence[Group], classes: Sequence[str], sizes: Counter[int]) -> Iterator[Finding]:
    """Pairs of classes that hold the same pictures. sizes: the number of pictures in each class."""
    common: dict[tuple[int, int], list[Group]] = defaultdict(list)
    for group in groups:
        for pair in combinations(sorted({picture.label for picture in group}), 2):
            common[pair].append(group)
    for pair, found in sorted(common.items()):
        smaller, larger = sorted(pair, key=lambda label: sizes[label])
        inside = [picture for group in found for picture in group if picture.label in pair]
        is_one = sum(picture.label == smaller for picture in inside) >= MERGED * sizes[smaller]
        mend = Merge(classes[smaller], classes[larger]) if is_one else Exclude(_paths(inside))
        first, second = (classes[label] for label in pair)
        sentence = f"{first} and {second} have {counted(len(found), 'picture')} in common."
        yield Finding(Kind.SHARED, sentence, _paths(inside), mend)


def copies(groups: Sequence[Group], classes: Sequence[str]) -> Iterator[Finding]:
    """The same file more than once in a class."""
    for label, together in _together(groups):
        for same in _by(together, lambda picture: picture.content).values():
            if len(same) > 1:
                times = "twice" if len(same) == 2 else f"{len(same):,} times"
                sentence = f"{classes[label]} holds the same file {times}."
                yield Finding(Kind.COPY, sentence, _paths(same), Exclude(_paths(same[1:])))


def alike(groups: Sequence[Group], classes: Sequence[str]) -> Iterator[Finding]:
    """Pictures of a class that show the same, but are other files; the largest one is kept."""
    for label, together in _together(groups):
        first = [same[0] for same in _by(together, lambda picture: picture.content).values()]
        if len(first) > 1:
            best = max(first, key=lambda picture: picture.side)
            rest = _paths(picture for picture in first if picture is not best)
            sentence = f"{len(first):,} pictures of {classes[label]} look the same."
            yield Finding(Kind.ALIKE, sentence, _paths(first), Exclude(rest))


def few(pictures: Sequence[Picture], classes: Sequence[str]) -> Iterator[Finding]:
    """Classes with too few pictures to learn from."""
    sizes = sizes_of(pictures)
    for label, name in enumerate(classes):
        if sizes[label] < LEAST_PICTURES:
            found = _paths(picture for picture in pictures if picture.label == label)
            sentence = (
                f"{name} has {counted(sizes[label], 'picture')}. A class needs at least {LEAST_PICTURES}: add some."
            )
            yield Finding(Kind.FEW, sentence, found, Exclude(found))


def imbalance(pictures: Sequence[Picture], classes: Sequence[str]) -> Iterator[Finding]:
    """Classes with more than ten times as many pictures as the smallest one; what is too much is drawn at random."""
    sizes = sizes_of(pictures)
    smallest = min((label for label in range(len(classes)) if sizes[label]), key=lambda label: sizes[label], default=0)
    for label, name in enumerate(classes):
        most = MOST_TIMES * sizes[smallest]
        if sizes[label] > most > 0:
            members = [picture for picture in pictures if picture.label == label and picture.part is Part.TRAIN]
            surplus = np.random.default_rng(0).permutation(len(members))[: sizes[label] - most]
            excluded = _paths(members[number] for number in np.sort(surplus))
            times = f"more than {MOST_TIMES} times as many as {classes[smallest]} ({sizes[smallest]:,})"
            sentence = f"{name} has {sizes[label]:,} pictures, {times}. Add some to {classes[smallest]}."
            yield Finding(Kind.IMBALANCE, sentence, excluded, Exclude(excluded))


def grey(pictures: Sequence[Picture]) -> Iterator[Finding]:
    """A few pictures without colours among others with them."""
    found = _paths(picture for picture in pictures if picture.is_grey)
    readable = sum(not picture.error for picture in pictures)
    if found and 2 * len(found) < readable:
        verb = "is" if len(found) == 1 else "are"
        sentence = f"{counted(len(found), 'picture')} {verb} grey, the others in colour."
        yield Finding(Kind.GREY, sentence, found, Exclude(found))


def small(pictures: Sequence[Picture], side: int) -> Iterator[Finding]:
    """Pictures that would be enlarged. side: of the network's input, in pixels, at most 256."""
    found = _paths(picture for picture in pictures if not picture.error and picture.side < side)
    if found:
        verb = "is" if len(found) == 1 else "are"
        sentence = f"{counted(len(found), 'picture')} {verb} smaller than the network’s input, {side} × {side} pixels."
        yield Finding(Kind.SMALL, sentence, found, Exclude(found))


def sizes_of(pictures: Iterable[Picture]) -> Counter[int]:
    """The number of training pictures of each class that can be read."""
    return Counter(picture.label for picture in pictures if picture.part is Part.TRAIN and not picture.error)


def _together(groups: Sequence[Group]) -> Iterator[tuple[int, list[Picture]]]:
    """The pictures of each group that lie in one part and class, with their label."""
    for group in groups:
        for (_, label), found in _by(group, lambda picture: (picture.part, picture.label)).items():
            yield label, found


def _by(pictures: Iterable[Picture], key: Callable[[Picture], Key]) -> dict[Key, list[Picture]]:
    found: dict[Key, list[Picture]] = defaultdict(list)
    for picture in pictures:
        found[key(picture)].append(picture)
    return found


def _paths(pictures: Iterable[Picture]) -> tuple[Path, ...]:
    return tuple(picture.path for picture in pictures)
