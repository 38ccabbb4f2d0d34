"""The weights that Keras publishes for its networks: where they are, and how they come here."""

from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from cnngui import paths
from cnngui.core.download import TIMEOUT, Wanted, arriving, md5_of
from cnngui.core.errors import UserError
from cnngui.core.files import replacing
from cnngui.core.progress import Report, ShouldStop, never_stop, no_report
from cnngui.core.recipes.parts import BACKBONES

MAX_BYTES = 50_000_000  # at most, of a download; the larger network has 5.9 million weights of 4 bytes
FOLDER = "weights"  # in the cache


@dataclass(frozen=True)
class Published:
    """Where a file of weights is, and its checksum."""

    url: str
    md5: str

    @property
    def name(self) -> str:
        """The file's name."""
        return self.url.rpartition("/")[2]


# Without the last layer. Source: keras/src/applications/mobilenet_v3.py and efficientnet_v2.py in Keras 3.15.1, the
# names there put together from BASE_WEIGHT_PATH and WEIGHTS_HASHES.
_KERAS = "https://storage.googleapis.com/tensorflow/keras-applications"
PUBLISHED: Mapping[str, Published] = MappingProxyType(
    {
        "mobilenet_v3_large": Published(
            f"{_KERAS}/mobilenet_v3/weights_mobilenet_v3_large_224_1.0_float_no_top_v2.h5",
            "07fb09a5933dd0c8eaafa16978110389",
        ),
        "efficientnet_v2_b0": Published(
            f"{_KERAS}/efficientnet_v2/efficientnetv2-b0_notop.h5", "893217f2bb855e2983157299931e43ff"
        ),
    }
)
"""By the value of "network.begin"."""


def fetch(
    backbone: str,
    progress: Report = no_report,
    should_stop: ShouldStop = never_stop,
    *,
    timeout: float = TIMEOUT,
) -> Path:
    """The file of a backbone's weights, in the cache. It is downloaded unless it is there, whole.

    timeout: as :func:`cnngui.core.download.arriving` takes it.
    If anything fails, the cache stays as it was. Raises UserError if the network, the server, the file or the disk
    fails, and Stopped.
    """
    found = PUBLISHED[backbone]
    file = _place(found)
    try:
        if not file.exists() or md5_of(file, should_stop) != found.md5:
            _download(backbone, found, file, progress, should_stop, timeout)
    except OSError as error:
        raise UserError(
            f"The weights of {BACKBONES[backbone]} could not be saved in {file.parent} ({error.strerror or error}). "
            f"Fix that and try again, {_or_choose(found)}"
        ) from error
    return file


def fetched(backbone: str) -> Path:
    """The file of a backbone's weights, where :func:`fetch` puts it. Raises UserError if it is not there."""
    found = PUBLISHED[backbone]
    if not _place(found).exists():
        raise UserError(
            f"The weights of {BACKBONES[backbone]} are not here yet. A training downloads them: start one, "
            f"{_or_choose(found)}"
        )
    return _place(found)


def _place(published: Published) -> Path:
    return paths.cache_dir() / FOLDER / published.name


def _download(
    backbone: str, published: Published, file: Path, progress: Report, should_stop: ShouldStop, timeout: float
) -> None:
    name, advice = BACKBONES[backbone], f"Try again, {_or_choose(published)}"
    wanted = Wanted(name, published.url, MAX_BYTES, advice)
    with replacing(file) as new:
        with new.open("wb") as opened, closing(arriving(wanted, timeout, progress, should_stop)) as chunks:
            for chunk in chunks:
                opened.write(chunk)
        if md5_of(new, should_stop) != published.md5:
            raise UserError(f"What {name}'s server sent is damaged, or something else: its checksum is wrong. {advice}")


def _or_choose(published: Published) -> str:
    return f"or get {published.url} elsewhere and choose that file as the “Model file” (network.begin_file)."
