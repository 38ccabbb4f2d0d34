"""Archives: files that hold others, which only an archive program takes out."""

from pathlib import PurePath

SUFFIXES = (
    *(".zip", ".zipx", ".7z", ".rar", ".cbz", ".cbr", ".tar", ".tgz", ".tbz2", ".txz", ".tzst"),
    *(".gz", ".bz2", ".xz", ".zst", ".lz", ".lzma", ".lz4", ".z", ".cab", ".iso", ".dmg", ".lha", ".arj"),
)
UNPACK = "This is an archive. Unpack it, then drop the folder with its pictures."


def is_archive(path: PurePath) -> bool:
    """Whether it is an archive, going by its name."""
    return path.suffix.lower() in SUFFIXES
