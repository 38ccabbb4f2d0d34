"""The pictures in a piece of a web page, as browsers offer it when something is dragged or copied."""

import re
import time
from collections.abc import Container, Iterator
from dataclasses import dataclass
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import urljoin

from cnngui.core.errors import Stopped
from cnngui.core.pictures.addresses import text_of
from cnngui.core.progress import ShouldStop, never_stop

MOST_BYTES = 20_000_000  # of HTML: a picture of 15 MB inside its address; copying more takes the window too long
MOST_LETTERS = 1_000_000  # of HTML besides data addresses
MOST_PICTURES = 20
MOST_SECONDS = 3.0

_GLANCE = 4_000_000  # bytes of HTML
_STEP = 16_384  # letters that are parsed in one go
_LONG = 1_000  # letters of a data address that is not worth parsing
_IMAGE = re.compile(rb"<\0?[iI]\0?[mM]\0?[gG]")  # UTF-16 has a null character behind each letter, or before it
_SOURCE_URL = re.compile(rb"\ASourceURL:(.*)\Z", re.IGNORECASE)
_SIZE = re.compile(r"(\d{1,9}(?:\.\d{1,9})?)[wx]")
# Pages that load their pictures late name a placeholder as "src" until then.
_LATE = ("data-src", "data-original", "data-lazy-src", "data-url")
_LATE_SETS = ("data-srcset", "data-lazy-srcset")


@dataclass(frozen=True)
class HtmlFragment:
    """A piece of a web page.

    html: as it came, in UTF-8 or UTF-16, perhaps behind the header that Windows puts before it (CF_HTML).
    page: the address that its relative addresses belong to; "" if nobody knows.
    otherwise: files and addresses to take if no picture is in it: the page behind a link.
    """

    html: bytes
    page: str = ""
    otherwise: tuple[Path | str, ...] = ()


def may_hold_picture(html: bytes) -> bool:
    """Whether there seems to be a picture near its beginning. Quick."""
    return _IMAGE.search(html, 0, _GLANCE) is not None


def source_url(html: bytes) -> str:
    """The address of the page, from the header that Windows puts before HTML; "" without one."""
    if not html.startswith(b"Version:"):
        return ""
    header = html[:4096].partition(b"<")[0]
    lines = (_SOURCE_URL.match(line.strip()) for line in header.splitlines())
    return next((line[1].decode(errors="replace").strip() for line in lines if line), "")


def pictures_in(fragment: HtmlFragment, should_stop: ShouldStop = never_stop) -> list[str]:
    """The addresses of its pictures, in order, each once: http, https, data and file.

    Takes at most MOST_SECONDS, and looks no further than the limits above. Raises Stopped.
    """
    text, long = _without_long_data(text_of(fragment.html[:MOST_BYTES]))
    parser = _Parser(source_url(fragment.html) or fragment.page)
    deadline = time.monotonic() + MOST_SECONDS
    for begin in range(0, min(len(text), MOST_LETTERS), _STEP):
        if should_stop():
            raise Stopped
        if time.monotonic() > deadline or len(parser.images) >= MOST_PICTURES:
            break
        time.sleep(0.001)  # let the window go on
        try:
            parser.feed(text[begin : begin + _STEP])
        except AssertionError:  # html.parser's word for a declaration that it does not know
            break
    found = (_address(image, parser.base, long) for image in parser.images[:MOST_PICTURES])
    return list(dict.fromkeys(filter(None, found)))


class _Parser(HTMLParser):
    """Collects the images, with their attributes. base: the address that relative ones belong to."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.base = page
        self.images: list[dict[str, str]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value.strip() for name, value in reversed(attrs) if value}  # of doubles, the first counts
        if tag == "img":
            self.images.append(values)
        elif tag == "base" and "href" in values:
            self.base = _joined(self.base, values["href"])


def _without_long_data(text: str) -> tuple[str, dict[str, str]]:
    """The text with a short name in place of each long data address in quotes, and these by name.

    html.parser is slow with them.
    """
    parts, long, done, place = list[str](), dict[str, str](), 0, 0
    while (begin := text.find("data:", place)) >= 0:
        place = begin + len("data:")
        quote = text[max(0, begin - 1) : begin]
        if quote not in ('"', "'"):
            continue
        place = text.find(quote, place)
        if place < 0:
            break
        if place - begin > _LONG:
            name = f"data:{len(long)}"
            long[name] = text[begin:place]
            parts += [text[done:begin], name]
            done = place
    return "".join([*parts, text[done:]]), long


def _address(image: dict[str, str], base: str, long: dict[str, str]) -> str | None:
    """The address of the picture that an image shows, or None if it has none that can be opened."""
    for name in _candidates(image, long):
        address = long.get(name) or _joined(base, name)
        if address.partition(":")[0].lower() in ("http", "https", "file", "data"):
            return address
    return None


def _candidates(image: dict[str, str], long: Container[str]) -> Iterator[str]:
    """What may be its address, best first: a small data address is a placeholder, if there is anything else."""
    late = [image[name] for name in _LATE if name in image]
    late += [name for key in _LATE_SETS if key in image for name in _largest_first(image[key])]
    shown = [image["src"]] if "src" in image else []
    sets = _largest_first(image.get("srcset", ""))
    if shown and shown[0][:5].lower() == "data:" and shown[0] not in long:
        yield from (*late, *sets, *shown)
    else:
        yield from (*shown, *late, *sets)


def _largest_first(srcset: str) -> list[str]:
    """The addresses in a set of sizes or resolutions of the same picture: "a.png 100w, b.png 200w"."""
    found, address = list[tuple[float, str]](), ""
    for word in srcset[:_STEP].split():
        if address:
            size, _, following = word.partition(",")
            number = _SIZE.fullmatch(size)
            found.append((float(number[1]) if number else 1.0, address))
            address = following.strip(",")
        elif word.endswith(","):
            found.append((1.0, word.strip(",")))
        else:
            address = word.lstrip(",")
    if address:
        found.append((1.0, address))
    return [address for _, address in sorted(found, key=lambda each: -each[0])]


def _joined(base: str, address: str) -> str:
    """An address, complete. One of another server without a scheme is taken for https."""
    address = re.sub(r"[\t\r\n]", "", address)  # as browsers do
    try:
        joined = urljoin(base, address)
    except ValueError:
        return ""
    return f"https:{joined}" if joined.startswith("//") else joined
