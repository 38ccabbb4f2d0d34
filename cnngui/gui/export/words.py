"""What is said of an export."""

from collections.abc import Iterator

from cnngui.core.export.export import Exported
from cnngui.core.export.formats import Format
from cnngui.core.sentences import counted, percent

EXPECTED = (
    "These figures are expected, beside those of this model in cnngui, one picture at a time on a processor. "
    "Each export measures its own."
)
NOT_GOOD = "It does not answer as the model does. Use it only where that is good enough, or choose another format."


def megabytes(size: int) -> str:
    """A size in bytes: "28 MB", "0.4 MB"."""
    return f"{size / 1e6:,.0f} MB" if size >= 9.5e6 else f"{max(size / 1e6, 0.1):.1f} MB"


def speed(chosen: Format) -> str:
    """How fast an export is expected to be."""
    return chosen.speed


def accuracy(chosen: Format) -> str:
    """How accurate an export is expected to be, beside the model."""
    return "the same" if chosen.is_exact else "at most 0.5 points lower"


def measured(exported: Exported) -> Iterator[tuple[str, str]]:
    """What the proof of an export has measured: captions and values."""
    proof = exported.proof
    yield "Size", megabytes(exported.size)
    yield "Compared on", f"{proof.what}, and {counted(proof.files, 'picture file')} through predict.py"
    yield "Same class", f"{percent(proof.equal, 1)} of the images, {percent(proof.files_equal, 1)} of the files"
    yield "Largest difference", f"{max(proof.difference, proof.files_difference):.2g} of a probability"
    if proof.accuracy is not None and proof.model_accuracy is not None:
        yield "Accuracy", f"{percent(proof.accuracy, 1)}; the model’s in cnngui: {percent(proof.model_accuracy, 1)}"
    else:
        yield "Accuracy", "unknown, because these images have no labels"
    yield "Speed", f"{proof.images_per_second:,.0f} images a second on this computer, one at a time"
