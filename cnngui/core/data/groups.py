"""Groups of images that a division keeps together, such as near-doubles."""

import numpy as np
from numpy.typing import NDArray

Groups = tuple[tuple[int, ...], ...]
"""The numbers of the images in each group of two or more; an image is in one group at most."""

FOLDS = 5  # of a cross-validation
MOST_TEXT = 1_000_000  # letters of a text


def numbered(groups: Groups, images: int) -> NDArray[np.int32]:
    """The number of each image's group, int32 (images,). An image in no group has one of its own.

    Numbers of images that there are not, as in a changed folder, count for nothing.
    """
    of_image = np.arange(images, dtype=np.int32)
    for group in groups:
        members = [image for image in group if 0 <= image < images]
        of_image[members] = min(members, default=0)
    return of_image


def folds(labels: NDArray[np.integer], groups: NDArray[np.int32]) -> NDArray[np.int_]:
    """The fold of each image, int (n,), 0 to 4: each class is spread over all folds, and each group lies in one.

    groups: the number of each image's group, (n,), whatever numbers they are.
    """
    _, first, of_group = np.unique(groups, return_index=True, return_inverse=True)
    order = np.random.default_rng(0).permutation(len(first))
    order = order[np.argsort(labels[first[order]], kind="stable")]
    found = np.empty(len(first), int)
    found[order] = np.arange(len(first)) % FOLDS
    return found[of_group]


def to_text(groups: Groups) -> str:
    """The groups as a short text: "3 17 204, 5 9"."""
    return ", ".join(" ".join(map(str, group)) for group in groups)


def from_text(text: str) -> Groups:
    """The groups that :func:`to_text` wrote. Raises ValueError for any other text."""
    groups = tuple(tuple(map(int, group.split())) for group in text.split(",")) if text else ()
    members = [image for group in groups for image in group]
    if any(len(group) < 2 for group in groups) or len(set(members)) < len(members) or min(members, default=0) < 0:
        raise ValueError("not groups")
    return groups
