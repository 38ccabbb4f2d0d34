"""Which images of a data set are held out: a fraction of each class, without tearing groups of near-doubles apart."""

import numpy as np
from numpy.typing import NDArray


def hold_out(
    labels: NDArray[np.int32], fraction: float, seed: int, groups: NDArray[np.int32] | None = None
) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Split off ``fraction`` of each class, at least one image.

    groups: the number of each image's group, int32 (n,). Images of one group stay together, as long as no class has to
        give more than its fraction; a class whose groups are all too large for that gives its smallest one, if that is
        no more than half of it, and otherwise a single image.
    Returns the indices of the rest and of the held-out part, shuffled.
    """
    order = np.random.default_rng(seed).permutation(len(labels))
    sizes = np.bincount(labels)
    wanted = np.array([held_out(size, fraction) for size in sizes.tolist()], int)
    held = np.zeros(len(labels), bool)
    if groups is None:
        for label in np.unique(labels):
            held[order[labels[order] == label][: wanted[label]]] = True
    else:
        _hold_groups(held, order, labels, wanted, groups)
    return order[~held[order]], order[held[order]]


def held_out(count: int, fraction: float) -> int:
    """How many of a class's images are held out: at least one of any."""
    return max(1, round(fraction * count)) if count else 0


def _hold_groups(
    held: NDArray[np.bool_],
    order: NDArray[np.intp],
    labels: NDArray[np.int32],
    wanted: NDArray[np.int_],
    groups: NDArray[np.int32],
) -> None:
    """Mark in ``held`` the groups that are held out, in ``order`` as long as they fit."""
    members: dict[int, list[int]] = {}
    for image in order.tolist():
        members.setdefault(int(groups[image]), []).append(image)
    counts = {group: np.bincount(labels[images], minlength=len(wanted)) for group, images in members.items()}
    left = wanted.copy()
    for group, images in members.items():
        if (counts[group] <= left).all():
            held[images] = True
            left -= counts[group]
    half = np.bincount(labels, minlength=len(wanted)) // 2
    for label in np.flatnonzero((left == wanted) & (wanted > 0)):
        if held[labels == label].any():  # by a group of the class before
            continue
        fitting = [group for group, count in counts.items() if count[label] and (count <= half).all()]
        smallest = min(fitting, key=lambda group: len(members[group]), default=None)
        single = [int(order[labels[order] == label][0])]
        held[single if smallest is None else members[smallest]] = True
