"""The files and addresses that programs list when they are dragged, dropped or copied."""

from collections.abc import Iterable, Sequence
from functools import lru_cache
from pathlib import Path

from PySide6.QtCore import QMimeData, QUrl

from cnngui.core.pictures.addresses import ELSEWHERE, WEB, local_path, text_of

LISTS = (
    "text/uri-list",
    *("x-special/gnome-copied-files", "x-special/mate-copied-files", "x-special/KDE-copied-files"),
    *("text/x-moz-url", "_NETSCAPE_URL"),
)
"""Formats with an address in each line, among other lines; GNOME's begin with "copy" or "cut"."""

_SCHEMES = ("file:", *WEB, *(f"{scheme}:" for scheme in ELSEWHERE))
_LONGEST_BEGINNING = max(map(len, _SCHEMES))


def local_files(mime: QMimeData) -> list[Path]:
    """The files and folders of this computer, in their order."""
    return [each for each in listed(mime) if isinstance(each, Path)]


def listed(mime: QMimeData) -> Sequence[Path | str]:
    """The files and folders of this computer, and the addresses of other things, in their order."""
    for kind in LISTS:
        if mime.hasFormat(kind) and (found := _in_list(bytes(mime.data(kind).data()))):
            return found
    return ()


def named_in(lines: Iterable[str]) -> list[Path | str]:
    """What the addresses among these lines name."""
    addresses = (line for line in map(str.strip, lines) if is_address(line))
    return [local_path(address) or address for address in addresses]


def is_address(line: str) -> bool:
    """Whether it is an address of a kind that may be that of a picture."""
    return line[:_LONGEST_BEGINNING].lower().startswith(_SCHEMES)


def urls_of(paths: Iterable[Path]) -> list[QUrl]:
    """The addresses of files, for other programs. QUrl.fromLocalFile would lose names that are no UTF-8."""
    return [QUrl(path.absolute().as_uri()) for path in paths]


@lru_cache(maxsize=1)  # the same drag is asked about several times, and may hold thousands
def _in_list(data: bytes) -> tuple[Path | str, ...]:
    return tuple(named_in(text_of(data).splitlines()))
