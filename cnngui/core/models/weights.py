"""A stranger's weights, read in a child process and written anew, so that Keras does not read the stranger's file."""

from pathlib import Path

from cnngui.core import hdf5
from cnngui.core.models.archive import WEIGHTS, Archive, refusal


class Reader:
    """Reads the weights of one model. It starts at once, while the caller looks at the network."""

    def __init__(self, path: Path, archive: Archive) -> None:
        """path: of the model, for the messages. archive: its file, opened."""
        self._path, self._archive = path, archive
        self._reader = hdf5.Reader(archive.size(WEIGHTS))

    def __enter__(self) -> "Reader":
        return self

    def __exit__(self, *exception: object) -> None:
        self._reader.__exit__(*exception)

    def rewrite(self, folder: Path) -> tuple[Path, int]:
        """Write the weights anew, as a file in the empty ``folder`` that Keras opens: its path and how many numbers.

        Raises UserError if they are damaged, or not what Keras writes.
        """
        theirs, ours = folder / "theirs.h5", folder / "ours.weights.h5"
        with theirs.open("wb") as file:
            self._archive.unpack(WEIGHTS, file)
        try:
            numbers = hdf5.write(self._reader.arrays(theirs), ours)
        except hdf5.UnfitError as error:
            raise refusal(self._path, str(error)) from error
        theirs.unlink()
        return ours, numbers
