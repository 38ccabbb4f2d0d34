"""What an address names: a file of this computer, something on the web, or what only a file manager reaches."""

import codecs
import os
import re
import socket
import sys
from pathlib import Path
from urllib.parse import unquote, unquote_to_bytes

WEB = ("http://", "https://", "data:image/")
"""How the addresses begin of pictures that can be fetched."""

# What file managers, browsers and phones name that is not in a folder of this computer.
ELSEWHERE = (
    *("sftp", "ssh", "fish", "ftp", "ftps", "smb", "nfs", "afp", "dav", "davs", "webdav", "webdavs"),
    *("mtp", "gphoto2", "afc", "kdeconnect", "bluetooth", "google-drive", "onedrive", "gdrive"),
    *("trash", "recent", "recentlyused", "archive", "zip", "tar", "admin", "network", "computer", "burn", "search"),
)

_BOMS = {codecs.BOM_UTF8: "utf-8", codecs.BOM_UTF16_LE: "utf-16-le", codecs.BOM_UTF16_BE: "utf-16-be"}
_PART = 1 << 20  # bytes that are decoded in one go: other threads wait meanwhile
_DRIVE = re.compile(r"/([A-Za-z])[:|]")


def local_path(address: str) -> Path | None:
    """The path that a file address names; None for another address, or a file of another computer.

    A name that is no UTF-8 is kept as the system has it. On Windows, other computers have paths too.
    """
    if address[:5].lower() != "file:":
        return None
    rest = address[5:].partition("?")[0].partition("#")[0]
    host, path = "", rest
    if rest.startswith("//"):
        host, slash, path = rest[2:].partition("/")
        path = slash + path
    if not path.startswith("/") or (host and not _is_here(host) and sys.platform != "win32"):
        return None
    if sys.platform == "win32":
        name = _DRIVE.sub(r"\1:", unquote(path), count=1)
        return Path(name if not host or _is_here(host) else f"//{host}{name}")
    return Path(os.fsdecode(unquote_to_bytes(path)) if "%" in path else path)


def out_of_reach(address: str) -> str | None:
    """Why there is no way to what it names, as a sentence, if it is neither on this computer nor on the web."""
    scheme, colon, rest = address.partition(":")
    scheme = scheme.lower()
    if colon and scheme in ELSEWHERE:
        return f"{scheme}: addresses cannot be opened. Copy the file to a folder of this computer, then drop the copy."
    if scheme == "file" and rest.startswith("//") and local_path(address) is None:
        host = rest.removeprefix("//").partition("/")[0]
        return f"The file is on another computer, “{host}”. Copy it to this computer, then drop the copy."
    return None


def text_of(data: bytes) -> str:
    """The text in what a browser offers, which is UTF-8 or UTF-16, with a byte order mark or without."""
    encoding = next((encoding for mark, encoding in _BOMS.items() if data.startswith(mark)), None)
    if encoding is None:
        start = data[:200]
        high, low = (start[place::2].count(0) for place in (0, 1))
        encoding = "utf-8" if max(high, low) * 4 < len(start) else "utf-16-be" if high > low else "utf-16-le"
    decoder = codecs.getincrementaldecoder(encoding)(errors="replace")
    parts = [decoder.decode(data[begin : begin + _PART]) for begin in range(0, len(data), _PART)]
    return "".join([*parts, decoder.decode(b"", True)]).strip("\ufeff\0")


def _is_here(host: str) -> bool:
    """Whether a host is this computer, going by its name, with or without its domain."""
    host, own = host.lower(), socket.gethostname().lower()
    if host in ("localhost", "127.0.0.1", own):
        return True
    return ("." in host) != ("." in own) and host.partition(".")[0] == own.partition(".")[0]
