"""Whether a folder's classes are its sub-folders, so that they can be changed as a collection."""

from collections.abc import Collection, Iterable
from pathlib import Path

from cnngui.core.data.layout import arrange, composed
from cnngui.core.errors import UserError


def require_plain(folder: Path, pictures: Collection[Path], folders: Iterable[Path]) -> None:
    """Raise UserError if a training would take other folders for the classes, or if there are parts.

    pictures: one of each folder will do. folders: all sub-folders.
    """
    inside = {path.relative_to(folder).parts[0] for path in pictures if path.parent != folder}
    try:
        layout = arrange(folder, pictures, folders)
    except UserError:
        if len(inside) > 1:
            raise
        return  # it has one class so far
    if layout.validation is not None or layout.test is not None:
        raise UserError(
            f"{folder} is divided into parts, such as training and test. It can be trained on as it is. "
            "To change its pictures, open one of the parts."
        )
    if not set(layout.classes) <= {composed(name) for name in inside}:
        deeper = next((path for path in sorted(folders) if path.parent != folder), folder)
        raise UserError(
            f"The classes in {folder} lie deeper. Open the folder that holds them, such as {deeper.parent}."
        )
