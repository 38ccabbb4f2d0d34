"""Which distributions the program is built on, and their licences, as their metadata have them."""

from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import Distribution, PackageNotFoundError, distribution

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from cnngui.core.errors import Stopped
from cnngui.core.progress import ShouldStop, never_stop

NOT_STATED = "not stated"
_UMBRELLA = "OSI Approved"  # the classifier that names no licence


@dataclass(frozen=True)
class Library:
    """A library in the files of a distribution, under a licence of its own. source: where its source code is."""

    name: str
    licence: str
    source: str = ""


@dataclass(frozen=True)
class Licensed:
    """An installed distribution, and the libraries inside."""

    name: str
    version: str
    licence: str
    libraries: tuple[Library, ...] = ()


LIBRARIES = {
    "h5py": (Library("HDF5", "BSD-3-Clause"), Library("libaec", "BSD-2-Clause")),
    "numpy": (Library("OpenBLAS", "BSD-3-Clause"), Library("libgfortran", "GPL-3.0-or-later WITH GCC-exception-3.1")),
    "pi-heif": (  # it only decodes, so x265 is not in it
        Library("libheif", "LGPL-3.0", "https://github.com/strukturag/libheif"),
        Library("libde265", "LGPL-3.0", "https://github.com/strukturag/libde265"),
    ),
    "pillow": (
        Library("libjpeg-turbo", "IJG AND BSD-3-Clause"),
        Library("OpenJPEG, libavif", "BSD-2-Clause"),
        Library("libwebp", "BSD-3-Clause"),
        Library("libtiff, libpng", "their own, permissive"),
        Library("FreeType", "FTL"),
        Library("HarfBuzz, Little CMS, Brotli", "MIT"),
        Library("zstd", "BSD-3-Clause"),
        Library("xz", "0BSD"),
    ),
    "pyside6-essentials": (Library("Qt", "LGPL-3.0", "https://code.qt.io"),),
    "tensorflow": (
        Library("oneDNN, XLA, Abseil", "Apache-2.0"),
        Library("Eigen", "MPL-2.0", "https://gitlab.com/libeigen/eigen"),
    ),
}
"""What wheels bring along, by distribution. Their metadata do not list it."""


def read_licences(root: str = "cnngui", should_stop: ShouldStop = never_stop) -> tuple[Licensed, ...]:
    """All that the distribution ``root`` needs here, by name: without its extras and what is not installed.

    Raises Stopped.
    """
    found = sorted(_needed(root, should_stop), key=lambda each: str(canonicalize_name(each.name)))
    return tuple(
        Licensed(each.name, each.version, licence_of(each), LIBRARIES.get(canonicalize_name(each.name), ()))
        for each in found
    )


def licence_of(of: Distribution) -> str:
    """The licence in a distribution's metadata, from the newest of their three fields that names one."""
    named = map(_named, of.metadata.get_all("Classifier") or [])
    (text,) = of.metadata.get_all("License") or [""]  # some put the whole text there
    (expression,) = of.metadata.get_all("License-Expression") or [""]
    return expression or ", ".join(filter(None, named)) or text.strip().partition("\n")[0] or NOT_STATED


def _named(classifier: str) -> str:
    """The licence that a classifier names, or ""."""
    name = classifier.rpartition(" :: ")[2]
    return name if classifier.startswith("License ::") and name != _UMBRELLA else ""


def _needed(root: str, should_stop: ShouldStop) -> Iterator[Distribution]:
    """The distributions that the root needs, each once. What it needs with an extra needs that extra's, too."""
    seen: set[tuple[str, str]] = set()
    given: set[str] = {canonicalize_name(root)}
    todo = [(root, "")]
    while todo:
        if should_stop():
            raise Stopped
        name, extra = todo.pop()
        key = canonicalize_name(name)
        if (key, extra) in seen:
            continue
        seen.add((key, extra))
        try:
            here = distribution(name)
        except PackageNotFoundError:
            continue
        if key not in given:
            given.add(key)
            yield here
        for requirement in map(Requirement, here.requires or ()):
            if requirement.marker is None or requirement.marker.evaluate({"extra": extra}):
                todo += [(requirement.name, wanted) for wanted in ("", *requirement.extras)]
