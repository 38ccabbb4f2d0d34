"""What goes with an exported model, so that others answer as the program does: the file card.json beside it."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from cnngui import __version__
from cnngui.core.answers.classifier import Classifier
from cnngui.core.export.formats import Format

CARD, LABELS, REMEMBERED = "card.json", "labels.txt", "remembered.npy"
"""The names of an export's files beside the model."""

ANSWERING = ("classes", "size", "views", "independent", "parts", "none_of_these")
"""What is needed to answer as the program does; it goes into the model's own metadata, too."""


@dataclass(frozen=True)
class ExportCard:
    """What goes with an exported model.

    values: for JSON. Nothing in it names a place on the computer that wrote it.
    """

    values: Mapping[str, Any]

    @classmethod
    def of(cls, classifier: Classifier, chosen: Format) -> "ExportCard":
        """The card of a model in a format, without its proof.

        size: width and height, in pixels. views: whether pictures that are not square are answered by several views.
        parts: how many features come from each depth of the network. threshold: the lowest score of a known picture.
        """
        height, width = classifier.image_size
        training, familiarity = classifier.card.training, classifier.familiarity
        none, units = None, 1
        if familiarity is not None:
            units = familiarity.remembered.shape[1]
            none = {"file": REMEMBERED, "threshold": familiarity.threshold}
        split = familiarity.split if familiarity is not None else units
        return cls(
            {
                "made_by": f"cnngui {__version__}",
                "format": chosen.key,
                "input": {"name": "images", "type": "uint8", "shape": ["n", height, width, 3], "pixels": "RGB, 0–255"},
                "outputs": ["probabilities", "features"],
                "classes": list(classifier.card.classes),
                "size": [width, height],
                "views": not classifier.sees_whole,
                "independent": classifier.is_independent,
                "parts": [part for part in (split, units - split) if part],
                "none_of_these": none,
                "temperature": training.temperature if training else None,  # the model divides by it itself
            }
        )

    @property
    def metadata(self) -> str:
        """What is needed to answer, as JSON, for the model's own metadata."""
        return json.dumps({name: self.values[name] for name in ANSWERING})

    @property
    def labels(self) -> str:
        """The names of the classes, one a line."""
        return "".join(f"{name}\n" for name in self.values["classes"])

    def write(self, folder: Path, files: Iterable[str], proof: Mapping[str, Any]) -> None:
        """Write the card into the folder, with the digest of these files in it. Raises OSError."""
        names = list(files)
        values = {**self.values, "files": names, "sha256": _digest(folder, names), "proof": dict(proof)}
        text = json.dumps(values, indent=2, allow_nan=False)  # ASCII: class names may be any bytes
        (folder / CARD).write_text(text + "\n", encoding="utf-8")


def write_remembered(classifier: Classifier, folder: Path) -> list[str]:
    """Write the features that the model remembers, if it does, and return the names of the files. Raises OSError."""
    if classifier.familiarity is None:
        return []
    np.save(folder / REMEMBERED, classifier.familiarity.remembered)
    return [REMEMBERED]


def _digest(folder: Path, names: Iterable[str]) -> str:
    return hashlib.sha256(b"".join((folder / name).read_bytes() for name in names)).hexdigest()
