"""What is said of an export."""

from collections.abc import Iterator

from cnngui.core.export.export import Exported
from cnngui.core.export.formats import Format
from cnngui.core.export.proof.proof import MOST_LOST
from cnngui.core.sentences import counted, percent

EXPECTED = (
    "These figures are expected, beside those of the model in cnngui; each export measures its own. "
    "Speed is that of single pictures on a processor."
)
LEAST_POINTS = 0.001  # that are shown
NOT_GOOD = "It does not answer as the model does. Use it only where that is good enough, or choose another format."


def megabytes(size: int) -> str:
    """A size in bytes: "28 MB", "0.4 MB"."""
    return f"{size / 1e6:,.0f} MB" if size >= 9.5e6 else f"{max(size / 1e6, 0.1):.1f} MB"


def accuracy(chosen: Format) -> str:
    """How accurate an export is expected to be, beside the model."""
    return "the same" if chosen.is_exact else f"within {MOST_LOST * 100:g} points"


def measured(exported: Exported) -> Iterator[tuple[str, str]]:
    """What the proof of an export has measured: captions and values."""
    proof = exported.proof
    yield "Size", megabytes(exported.size)
    yield "Compared on", f"{proof.what}, and {counted(proof.files, 'picture file')} through predict.py"
    yield "Same class", f"{percent(proof.equal, 1)} of the images, {percent(proof.files_equal, 1)} of the files"
    yield "Largest difference", f"{_points(max(proof.difference, proof.files_difference))} of a probability"
    if proof.accuracy is not None and proof.model_accuracy is not None:
        yield "Accuracy", f"{percent(proof.accuracy, 1)}; the model’s in cnngui: {percent(proof.model_accuracy, 1)}"
    else:
        yield "Accuracy", "unknown, because these images have no labels"
    yield "Speed", f"{proof.images_per_second:,.0f} images a second on this computer, one at a time"


def _points(difference: float) -> str:
    """A difference of probabilities: "5.2 percentage points"."""
    points = 100 * difference
    return (
        f"{points:.2g} percentage points" if points >= LEAST_POINTS else f"less than {LEAST_POINTS} percentage points"
    )
