"""The names of the classes, and what else is needed to answer, in the place that each format has for such things."""

import json
import zipfile
from pathlib import Path

from cnngui.core.export.card import LABELS, ExportCard
from cnngui.core.models.opening import archive

MEMBER = archive.OF_EXPORT


def add(path: Path, card: ExportCard) -> None:
    """Add the card's metadata to a model's file, or to the folder of a SavedModel. Raises OSError."""
    if path.is_dir():
        _beside(path / "assets.extra", card)  # where TensorFlow keeps what others add
    elif path.suffix == ".onnx":
        _into_onnx(path, card)
    else:  # a file of Keras is a zip archive; one of LiteRT may have one behind it, with the labels in it
        with zipfile.ZipFile(path, "a") as opened:
            opened.writestr(MEMBER, card.metadata)
            opened.writestr(LABELS, _labels(card))


def _beside(folder: Path, card: ExportCard) -> None:
    folder.mkdir()
    (folder / MEMBER).write_text(card.metadata, encoding="utf-8")
    write_labels(folder / LABELS, card)


def write_labels(path: Path, card: ExportCard) -> None:
    """Write the names of the classes, one a line. Raises OSError."""
    path.write_bytes(_labels(card))


def _into_onnx(path: Path, card: ExportCard) -> None:
    import onnx

    model = onnx.load(path)
    values = {"cnngui": card.metadata, "names": json.dumps(card.values["classes"])}
    onnx.helper.set_model_props(model, values)
    onnx.save(model, path)


def _labels(card: ExportCard) -> bytes:
    return card.labels.encode("utf-8", "backslashreplace")  # names of folders may be any bytes
