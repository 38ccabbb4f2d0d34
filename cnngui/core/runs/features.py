"""What a frozen network sees in a run's images, kept in its folder while it is trained: a run that goes on needs no
second look."""

import hashlib
import json
from contextlib import suppress
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from cnngui.core.files import replacing
from cnngui.core.reading import opened
from cnngui.core.recipes.recipe import Recipe
from cnngui.paths import expanded

NAME = "features-{}-{}.npy"


def features_path(folder: Path, part: str, recipe: Recipe) -> Path:
    """The file of a part of the data, "training" or "validation". Its name tells what the features depend on."""
    values = recipe.to_dict()
    parts = [values["network"], values["augmentation"], values["validation"], recipe.seed]
    if recipe.network.begin_file:
        with suppress(OSError, ValueError):  # the model of that name may be another by now
            status = expanded(Path(recipe.network.begin_file)).stat()
            parts.append([status.st_size, status.st_mtime_ns])
    decisive = json.dumps(parts, sort_keys=True)
    return folder / NAME.format(part, hashlib.blake2b(decisive.encode(), digest_size=8).hexdigest())


def write_features(path: Path, features: NDArray[np.float32]) -> None:
    """Keep features, float32 (views, n, units). What cannot be written is looked at again."""
    with suppress(OSError), replacing(path) as new, new.open("wb") as file:
        np.save(file, features)


def read_features(path: Path, images: int) -> NDArray[np.float32] | None:
    """The features of so many images, float32 (views, n, units); None if there are none, or they are damaged."""
    try:
        with opened(path) as file:
            found = np.load(file, allow_pickle=False)
    except Exception:  # NumPy raises almost anything
        return None
    fits = found.dtype == np.float32 and found.ndim == 3 and found.shape[1] == images and np.isfinite(found).all()
    return found if fits else None


def remove_features(folder: Path) -> None:
    """The run has ended. Never raises OSError."""
    with suppress(OSError):
        for path in folder.glob(NAME.format("*", "*")):
            path.unlink()
