"""How the window writes numbers and names."""

from html import escape
from pathlib import Path

from cnngui.core.sentences import percent as percent

NONE_OF_THESE = "none of these"  # the answer for an out-of-distribution picture


def duration(seconds: float) -> str:
    """A time: "42 s", "3 min 05 s", "2 h 10 min"."""
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes_left = divmod(minutes, 60)
    if hours:
        return f"{hours} h {minutes_left:02} min"
    return f"{minutes} min {rest:02} s" if minutes else f"{rest} s"


def shortened(name: str, letters: int = 40) -> str:
    """A name of at most ``letters`` letters; a longer one keeps its beginning and its end."""
    if len(name) <= letters:
        return name
    return f"{name[: letters // 2]}…{name[1 + len(name) - letters + letters // 2 :]}"


def plain(text: str) -> str:
    """Plain text for a tooltip, where Qt would read a name like "<b>.png" as HTML."""
    return text and "<p style='white-space: pre-wrap'>" + escape(text).replace("\n", "<br>") + "</p>"


def place(path: Path) -> str:
    """A path as people write it, with "~" for their home folder."""
    return f"~/{path.relative_to(Path.home()).as_posix()}" if path.is_relative_to(Path.home()) else str(path)
