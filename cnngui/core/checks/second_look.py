"""A second look at a collection: the labels that are most likely wrong, and the pictures most worth naming."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from cnngui.core import memory
from cnngui.core.checks.audit import NO_MEMORY
from cnngui.core.checks.examined import Picture, examine
from cnngui.core.checks.keys import key_of
from cnngui.core.checks.looks import Extractor
from cnngui.core.checks.naming import worth_naming
from cnngui.core.checks.store import LookStore
from cnngui.core.checks.suspects import FitHead, crossed_probabilities, softmax
from cnngui.core.data.collections.collection import Collection
from cnngui.core.data.collections.shelves import UNNAMED, Pictures, Shelf
from cnngui.core.data.groups import Groups
from cnngui.core.data.part_names import Part
from cnngui.core.errors import Stopped
from cnngui.core.progress import Progress, Report, ShouldStop, never_stop, no_report

SHARE = 0.02  # of the pictures that are shown as suspects,
LEAST, MOST = 8, 100  # but not fewer and not more


@dataclass(frozen=True)
class Suspect:
    """A picture whose label may be wrong.

    label: its class. suggested: the class that others like it have. key: of the picture under this label.
    """

    path: Path
    label: str
    suggested: str
    key: str


@dataclass(frozen=True)
class Nameless:
    """A picture without a class that is worth naming. key: of the picture."""

    path: Path
    key: str


@dataclass(frozen=True)
class SecondLook:
    """The suspects, most suspect first, and the pictures without a class, first the most worthwhile."""

    suspects: tuple[Suspect, ...] = ()
    nameless: tuple[Nameless, ...] = ()


@dataclass(frozen=True, eq=False)
class _Seen:
    """Pictures that can be read, and their features, float32 (n, units), rows of length 1."""

    pictures: tuple[Picture, ...]
    features: NDArray[np.float32]


@memory.told(lambda: NO_MEMORY)
def second_look(
    collection: Collection,
    extractor: Extractor,
    fit_head: FitHead,
    *,
    doubles: Iterable[Sequence[Path]] = (),
    store: Path | None = None,
    progress: Report = no_report,
    should_stop: ShouldStop = never_stop,
) -> SecondLook:
    """Look at the pictures with a model's features.

    fit_head: as in :func:`cnngui.core.checks.suspects.crossed_probabilities`. doubles: groups of pictures that show the
    same. store: the file that remembers what pictures look like to this model, by default in the user's cache.
    What is settled is left out. Raises UserError, and Stopped.
    """
    classes = [name for name in collection.classes if collection.count(name)]
    if len(classes) < 2:
        return SecondLook()
    named = [picture for label, name in enumerate(classes) for picture in _listed(collection.on(Shelf(name)), label)]
    with LookStore(extractor.key, store) as remembered:
        look = partial(_look, extractor=extractor, store=remembered, progress=progress, should_stop=should_stop)
        seen, waiting = look(named), look(list(_listed(collection.on(UNNAMED), 0)))
    if not seen.pictures:
        return SecondLook()
    labels = np.array([picture.label for picture in seen.pictures], np.int32)
    probabilities = crossed_probabilities(
        seen.features,
        labels,
        len(classes),
        fit_head,
        doubles=_numbered(doubles, seen.pictures),
        progress=progress,
        should_stop=should_stop,
    )
    suspects = tuple(_suspects(seen.pictures, probabilities, classes, collection.settled))
    waiting = _without(waiting, collection.settled)
    if not waiting.pictures:
        return SecondLook(suspects)
    if should_stop():
        raise Stopped
    progress(Progress("Looking for pictures that are worth naming"))
    kernel, bias = fit_head(seen.features, labels, len(classes))
    chosen = worth_naming(waiting.features, softmax(waiting.features @ kernel + bias))
    return SecondLook(suspects, tuple(_nameless(waiting.pictures[number]) for number in chosen))


def _listed(pictures: Pictures, label: int) -> Iterator[Picture]:
    return (Picture(item.path, label, Part.TRAIN) for item in pictures)


def _look(
    pictures: Sequence[Picture], *, extractor: Extractor, store: LookStore, progress: Report, should_stop: ShouldStop
) -> _Seen:
    found, looks = examine(pictures, extractor, store, progress, should_stop)
    return _Seen(tuple(picture for picture in found if not picture.error), looks.features.astype(np.float32))


def _numbered(groups: Iterable[Sequence[Path]], pictures: Sequence[Picture]) -> Groups:
    """The groups, with the numbers of the pictures for their paths."""
    numbers = {picture.path: number for number, picture in enumerate(pictures)}
    found = (tuple(numbers[path] for path in dict.fromkeys(group) if path in numbers) for group in groups)
    return tuple(group for group in found if len(group) > 1)


def _suspects(
    pictures: Sequence[Picture], probabilities: NDArray[np.float32], classes: Sequence[str], settled: frozenset[str]
) -> Iterator[Suspect]:
    """The pictures whose likeliest class is not their own, most doubtful first; none that was left as it is."""
    labels = np.array([picture.label for picture in pictures], np.intp)
    likeliest = probabilities.argmax(1)
    doubtful = np.flatnonzero(likeliest != labels)
    doubtful = doubtful[np.argsort(probabilities[doubtful, labels[doubtful]], kind="stable")]
    count = min(max(round(SHARE * len(pictures)), LEAST), MOST)
    for number in doubtful.tolist():
        picture, name = pictures[number], classes[labels[number]]
        key = key_of(f"suspect {name}", [picture.content])
        if key not in settled and count > 0:
            count -= 1
            yield Suspect(picture.path, name, classes[likeliest[number]], key)


def _without(seen: _Seen, settled: frozenset[str]) -> _Seen:
    kept = [number for number, picture in enumerate(seen.pictures) if _nameless(picture).key not in settled]
    return _Seen(tuple(seen.pictures[number] for number in kept), seen.features[kept])


def _nameless(picture: Picture) -> Nameless:
    return Nameless(picture.path, key_of("nameless", [picture.content]))
