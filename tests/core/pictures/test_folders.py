import os
from collections import Counter
from pathlib import Path

import pytest
from PIL import Image

from cnngui.core.pictures.folders import MAX_DEPTH, FolderWalk, left_out
from cnngui.core.pictures.gathering import gather


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("b.png", "a.JPG", "sub/c.png"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        Image.new("RGB", (8, 8)).save(tmp_path / name)
    return tmp_path


def found(walk: FolderWalk, folder: Path) -> list[str]:
    return [path.relative_to(folder).as_posix() for path in walk]


def test_pictures_come_sorted(folder: Path) -> None:
    assert found(FolderWalk(folder), folder) == ["a.JPG", "b.png", "sub/c.png"]


def test_contents_count_where_the_ending_says_nothing(folder: Path) -> None:
    content = (folder / "b.png").read_bytes()
    for name in ("without", "date.2024-01-02", "text.txt"):
        (folder / name).write_bytes(content)
    (folder / "README").write_text("no picture")
    walk = FolderWalk(folder)
    assert found(walk, folder) == ["a.JPG", "b.png", "date.2024-01-02", "without", "sub/c.png"]
    assert walk.passed_over == Counter({"TXT": 1, "": 1})


def test_text_and_raw_files_that_begin_like_pictures_are_passed_over(folder: Path) -> None:
    (folder / "README").write_text("Python is a language, BMW a maker of cars.")
    (folder / "AUTHORS").write_text("BMW, Python and others. P1 and P2.")
    Image.new("RGB", (8, 8)).save(folder / "a.NEF", "TIFF")
    walk = FolderWalk(folder)
    assert len(list(walk)) == 3
    assert walk.passed_over == Counter({"": 2, "NEF": 1})


def test_folders_that_are_nested_without_end_are_reported(folder: Path) -> None:
    deepest = folder.joinpath(*["d"] * (MAX_DEPTH + 1))
    deepest.mkdir(parents=True)
    for number, place in enumerate((deepest.parent, deepest)):
        Image.new("RGB", (8, 8)).save(place / f"{number}.png")
    walk = FolderWalk(folder)
    assert deepest.parent / "0.png" in list(walk)
    assert walk.unreadable == [(deepest, "This folder could not be read: it is nested more than 100 levels deep.")]


def test_links_to_folders_are_followed_once(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    Image.new("RGB", (8, 8)).save(elsewhere / "d.png")
    (folder / "again").symlink_to(folder / "sub")
    (folder / "loop").symlink_to(folder)
    (folder / "more").symlink_to(elsewhere)
    assert found(FolderWalk(folder), folder) == ["a.JPG", "b.png", "sub/c.png", "more/d.png"]


def test_a_pipe_does_not_block(folder: Path) -> None:
    if not hasattr(os, "mkfifo"):
        pytest.skip("no named pipes on this system")
    os.mkfifo(folder / "pipe")
    assert len(list(FolderWalk(folder))) == 3


def test_a_stop_ends_the_walk(folder: Path) -> None:
    seen: list[Path] = []
    for path in FolderWalk(folder, lambda: bool(seen)):
        seen.append(path)
    assert len(seen) == 1


def test_left_out_in_words() -> None:
    assert left_out(Counter({"PSD": 8})) == "8 files left out: PSD."
    assert left_out(Counter({"": 1})) == "1 file left out: without an ending."
    assert left_out(Counter({"TXT": 1, "PSD": 8})) == "9 files left out: 8 PSD, 1 TXT."


def test_a_drop_counts_what_is_passed_over(folder: Path) -> None:
    for name in ("x.psd", "labels.csv"):
        (folder / name).write_text("no picture")
    passed_over: Counter[str] = Counter()
    assert sum(map(len, gather([folder], passed_over=passed_over))) == 3
    assert passed_over == Counter({"PSD": 1, "CSV": 1})
