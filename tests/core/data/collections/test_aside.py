import os
import time
from pathlib import Path

from cnngui.core.data.collections.aside import ABANDONED_SECONDS, leftovers
from cnngui.core.data.collections.shelves import ARRIVING, HIDDEN


def test_what_another_window_is_adding_is_no_leftover(tmp_path: Path) -> None:
    begun, abandoned = (tmp_path / HIDDEN / f"{ARRIVING}{name}" for name in ("begun", "abandoned"))
    for folder in (begun, abandoned):
        folder.mkdir(parents=True)
        (folder / "0").write_bytes(b"half a picture")
    then = time.time() - ABANDONED_SECONDS - 60
    os.utime(abandoned, (then, then))
    assert leftovers(tmp_path) == [abandoned]
