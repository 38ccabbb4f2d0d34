"""Parts of sentences for the user."""

from collections.abc import Sequence


def some_of(names: Sequence[str], most: int) -> str:
    """The names with commas between them; if there are more than ``most``, the first ones "and 12 more"."""
    more = len(names) - most
    return ", ".join(names[:most]) + (f" and {more:,} more" if more > 0 else "")


def counted(number: int, noun: str, plural: str = "") -> str:
    """A number with its noun, in the plural if need be: "1 file", "1,200 files"."""
    return f"{number:,} {noun if number == 1 else plural or noun + 's'}"


def percent(share: float, decimals: int = 0) -> str:
    """A fraction as "97 %"; anything below 1 never reads as 100 %."""
    text = f"{share * 100:.{decimals}f} %"
    return text if share >= 1 or not text.startswith("100") else f"> {100 - 10**-decimals:.{decimals}f} %"
