"""Batches of pictures for the workers of a cluster: their paths, or what is in their files."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from cnngui.core.answers.prediction import Prediction
from cnngui.core.errors import UserError
from cnngui.core.pictures import decoding
from cnngui.core.pictures.decoding import Source
from cnngui.core.pictures.gathering import Gathered

SENT_BYTES = 8_000_000  # of a batch, except for a larger picture: several batches for each worker are in memory


@dataclass(frozen=True)
class Batch:
    """Pictures that a worker classifies together.

    pictures: as they were found. sources: what the worker reads of each. failed: the answers for those that there is
    nothing to read of.
    """

    pictures: list[Source] = field(default_factory=list)
    sources: list[Source] = field(default_factory=list)
    failed: list[Prediction] = field(default_factory=list)


def batches(groups: Iterable[Sequence[Gathered]], *, send: bool) -> Iterator[Batch]:
    """A batch of each group, or several. send: read the files here; otherwise, the worker does."""
    for group in groups:
        batch, size = Batch(), 0
        for each in group:
            try:
                source = _source(each, send=send)
            except UserError as error:
                batch.failed.append(Prediction(each.source, error=str(error)))
                continue
            batch.pictures.append(each.source)
            batch.sources.append(source)
            size += len(source) if isinstance(source, bytes) else 0
            if size >= SENT_BYTES:
                yield batch
                batch, size = Batch(), 0
        yield batch


def _source(found: Gathered, *, send: bool) -> Source:
    """What a worker reads of the picture. Raises UserError if there is none."""
    if found.error:
        raise UserError(found.error)
    if not send or isinstance(found.source, bytes):
        return found.source.absolute() if isinstance(found.source, Path) else found.source
    with decoding.opened(found.source) as file:
        try:
            content = file.read(decoding.MAX_HELD + 1)
        except OSError as error:
            raise UserError(f"The file could not be read: {error}.") from error
    if len(content) > decoding.MAX_HELD:
        raise UserError(
            f"The file has more than {decoding.MAX_HELD // 1_000_000} MB. Open a smaller version of the picture."
        )
    return content
