"""What a data set holds, as one number: the same images with the same labels in the same order, wherever they lie."""

import hashlib

import numpy as np

from cnngui.core.data.datasets import RawData

AT_ONCE = 100  # images, which may be in a file


def digest(raw: RawData) -> str:
    """A digest of the classes' names and of all images and labels, as 32 hexadecimal digits."""
    found = hashlib.blake2b("\0".join(raw.classes).encode("utf-8", "surrogateescape"), digest_size=16)
    for name, split in (("train", raw.train), ("validation", raw.validation), ("test", raw.test)):
        found.update(f"\0{name} {0 if split is None else len(split)}\0".encode())
        if split is not None:
            for start in range(0, len(split), AT_ONCE):
                found.update(np.ascontiguousarray(split.images[start : start + AT_ONCE]).data)
            found.update(np.ascontiguousarray(split.labels).data)
    return found.hexdigest()
