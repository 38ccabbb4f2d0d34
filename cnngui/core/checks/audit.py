"""The check of a folder of pictures before a training."""

from dataclasses import dataclass
from pathlib import Path

from cnngui.core import memory
from cnngui.core.checks import rules
from cnngui.core.checks.doubles import near_doubles
from cnngui.core.checks.examined import Picture, examine, listed
from cnngui.core.checks.findings import Finding
from cnngui.core.checks.looks import Extractor, Looks
from cnngui.core.checks.store import LookStore
from cnngui.core.data import image_folder
from cnngui.core.progress import Progress, Report, ShouldStop, never_stop, no_report

NO_MEMORY = "There is not enough memory to check the pictures. Close other programs, or check a smaller folder."


@dataclass(frozen=True, eq=False)
class Audit:
    """A data set that was checked.

    pictures: all of them. looks: of those that can be read, in order. findings: sorted by kind.
    doubles: the pictures of each group that shows the same.
    """

    classes: tuple[str, ...]
    pictures: tuple[Picture, ...]
    looks: Looks
    findings: tuple[Finding, ...]
    doubles: tuple[rules.Group, ...] = ()


@memory.told(lambda: NO_MEMORY)
def audit(
    folder: Path,
    extractor: Extractor,
    *,
    side: int = image_folder.SIDE,
    store: Path | None = None,
    progress: Report = no_report,
    should_stop: ShouldStop = never_stop,
) -> Audit:
    """Check a folder of classes.

    side: of the network's input, in pixels, at most 256. store: the file that remembers what pictures look like, by
    default in the user's cache.
    Raises UserError if the folder has no classes, and Stopped.
    """
    progress(Progress(f"Looking through {folder.name}"))
    layout = image_folder.layout_of(image_folder.listing(folder, should_stop))
    with LookStore(extractor.key, store) as remembered:
        pictures, looks = examine(listed(layout), extractor, remembered, progress, should_stop)
    readable = [picture for picture in pictures if not picture.error]
    groups = [tuple(readable[number] for number in group) for group in near_doubles(looks, progress, should_stop)]
    found = tuple(_findings(pictures, layout.classes, groups, side))
    return Audit(layout.classes, pictures, looks, found, tuple(groups))


def _findings(
    pictures: tuple[Picture, ...], classes: tuple[str, ...], groups: list[rules.Group], side: int
) -> list[Finding]:
    return [
        *rules.unreadable(pictures),
        *rules.leaks(groups),
        *rules.shared(groups, classes, rules.sizes_of(pictures)),
        *rules.copies(groups, classes),
        *rules.alike(groups, classes),
        *rules.few(pictures, classes),
        *rules.imbalance(pictures, classes),
        *rules.grey(pictures),
        *rules.small(pictures, side),
    ]
