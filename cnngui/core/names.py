"""Names that people give and that become names of files: every system must take them."""

from cnngui.core.errors import UserError

MOST_BYTES = 200  # of a name in UTF-8: systems take 255, and an ending or a number may follow
FORBIDDEN = frozenset('<>:"/\\|?*')
_NUMBERS = "0123456789¹²³"
_DEVICES = frozenset(
    {
        "CON",
        "PRN",
        "AUX",
        "NUL",
        "CONIN$",
        "CONOUT$",
        *(port + number for port in ("COM", "LPT") for number in _NUMBERS),
    }
)
"""What Windows takes for a device, also with an ending."""


def check_name(name: str) -> None:
    """Raise UserError, which says what to change, if some system does not take a file or folder of this name."""
    if not name.strip():
        raise UserError("A name is needed. Type one.")
    shown = f"“{name[:20]}…”" if len(name) > 40 else f"“{name}”"
    bad = sorted({letter for letter in name if letter in FORBIDDEN})
    if bad:
        raise UserError(f"A name cannot have {' '.join(bad)} in it, because it becomes a file’s. Choose another one.")
    if not name.isprintable():
        raise UserError("The name has a letter in it that cannot be seen, such as a line break. Type it anew.")
    if name[0] == "." or name[-1] == "." or name != name.strip():
        raise UserError(f"{shown} begins or ends with a dot or a blank. Leave that out.")
    if name.split(".")[0].rstrip().upper() in _DEVICES:
        raise UserError(f"{shown} cannot be a name, because Windows calls a device so. Choose another one.")
    if len(name.encode("utf-8", "replace")) > MOST_BYTES:
        raise UserError(f"{shown} is too long for a name. Shorten it.")


def as_name(text: str, most: int) -> str:
    """The text as a part of a file's name, with hyphens for what cannot be in one.

    It has at most so many letters, and twice as many bytes in UTF-8: systems count those, and some letters have four.
    """
    made = "".join("-" if letter in FORBIDDEN or not letter.isprintable() else letter for letter in text[:most])
    return made.encode()[: 2 * most].decode(errors="ignore")
