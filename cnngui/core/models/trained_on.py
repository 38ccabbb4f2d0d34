"""Which images a model was trained on: a file of their digests beside its card.

A digest is that of an image's pixels as the network sees them, so that a picture is recognised under another name, or
in another format without loss.
"""

import hashlib
import io
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from cnngui.core.reading import read_bytes

DIGEST_BYTES = 8  # of a million images, the chance that two others share a digest is one in 30 million

MOST_BYTES = 100_000_000  # of the file: twelve million images

Digests = NDArray[np.uint64]


def digests(images: NDArray[np.uint8]) -> Digests:
    """The digests, uint64 (n,), of images, uint8 (n, height, width, 3)."""
    values = b"".join(hashlib.blake2b(image.tobytes(), digest_size=DIGEST_BYTES).digest() for image in images)
    return np.frombuffer(values, "<u8").astype(np.uint64)


def digests_path(model: Path) -> Path:
    """The path of the file beside a model that holds the digests of its training images."""
    return model.with_suffix(".images.npy")


def read_digests(model: Path) -> Digests | None:
    """The sorted digests of the model's training images. None if there is no such file, or it is something else."""
    try:
        values = np.load(io.BytesIO(read_bytes(digests_path(model), MOST_BYTES)), allow_pickle=False)
    except Exception:  # NumPy raises almost anything
        return None
    # Not np.unique: it holds Python's lock for seconds, and the window with it.
    return np.sort(values) if values.dtype == np.uint64 and values.ndim == 1 else None


def are_among(images: NDArray[np.uint8], known: Digests) -> NDArray[np.bool_]:
    """Whether each image, uint8 (n, height, width, 3), has one of the ``known``, sorted digests; bool (n,)."""
    if not len(known):
        return np.zeros(len(images), bool)
    sought = digests(images)
    places = np.searchsorted(known, sought)
    return np.asarray(known[np.minimum(places, len(known) - 1)] == sought)
