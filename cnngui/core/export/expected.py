"""How large an export will be, before it is made."""

from pathlib import Path

from cnngui.core.export.formats import Format
from cnngui.core.models.opening import archive
from cnngui.core.reading import unreadable


def weights_and_remembered(model: Path) -> tuple[int, int]:
    """The bytes of a model's weights in float32, and of the features that it remembers.

    Raises UserError if the file cannot be read.
    """
    if model.suffix.lower() != ".keras":
        try:
            return model.stat().st_size, 0
        except OSError as error:
            raise unreadable(model.name, error) from error
    with archive.opened(model) as opened:
        return opened.size(archive.WEIGHTS), sum(opened.size(each) for each in archive.REMEMBERED if each in opened)


def size(weights: int, remembered: int, chosen: Format) -> int:
    """About the bytes of an export, from what :func:`weights_and_remembered` returns."""
    return weights * chosen.bytes_per_weight // 4 + remembered
