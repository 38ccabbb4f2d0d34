import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnngui.core.errors import UserError
from cnngui.core.progress import EpochResult
from cnngui.core.reading import MOST_BYTES
from cnngui.core.runs.folder import BATCHES, HISTORY
from cnngui.core.runs.history import (
    FORMAT,
    HEAD,
    MAGIC,
    ROW,
    append_batches,
    append_epoch,
    no_batches,
    read_batches,
    read_epochs,
    read_history,
    row,
    write_history,
)
from tests.core.runs.runs import batch, epoch

EPOCHS = tuple(epoch(number) for number in (1, 2, 3))
ROWS = np.concatenate([row(batch(number)) for number in range(1, 6)])


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with three epochs and five rows."""
    write_history(tmp_path, EPOCHS, ROWS)
    return tmp_path


def test_a_history_comes_back(folder: Path) -> None:
    found = read_history(folder)
    assert found.epochs == EPOCHS
    assert found.batches.tobytes() == ROWS.tobytes()
    assert sorted(path.name for path in folder.iterdir()) == sorted([HISTORY, BATCHES])


def test_what_is_appended_comes_last(folder: Path) -> None:
    append_epoch(folder, epoch(4))
    append_batches(folder, [row(batch(6)), row(batch(7))])
    append_batches(folder, [])
    found = read_history(folder)
    assert found.epochs == (*EPOCHS, epoch(4))
    assert found.batches[:5].tobytes() == ROWS.tobytes()
    assert found.batches[5:].tobytes() == row(batch(6)).tobytes() + row(batch(7)).tobytes()


def test_an_empty_history_grows(tmp_path: Path) -> None:
    write_history(tmp_path, (), no_batches())
    assert read_history(tmp_path).epochs == ()
    assert len(read_history(tmp_path).batches) == 0
    append_epoch(tmp_path, epoch(1))
    append_batches(tmp_path, [row(batch(1))])
    assert read_epochs(tmp_path) == (epoch(1),)
    assert len(read_batches(tmp_path)) == 1


def test_nothing_there_is_empty_and_cannot_be_appended_to(tmp_path: Path) -> None:
    assert read_history(tmp_path).epochs == ()
    assert read_history(tmp_path / "gone").batches.dtype == ROW
    with pytest.raises(FileNotFoundError):
        append_epoch(tmp_path, epoch(1))
    with pytest.raises(FileNotFoundError):
        append_batches(tmp_path, [row(batch(1))])


def test_a_row_has_the_epochs_so_far_and_the_report() -> None:
    found = row(batch(12))[0]
    assert found["epoch"] == 1.5
    assert [found[name] for name in ("loss", "accuracy", "learning_rate", "seconds")] == pytest.approx(
        [2 / 12, 0.5, 0.1, 18.0]
    )


losses, shares, seconds = st.floats(0, 1e38), st.floats(0, 1), st.floats(0, 1e10)


@given(st.lists(st.builds(EpochResult, st.integers(1, 10_000), losses, shares, losses, shares, seconds)))
def test_every_number_comes_back_exactly(tmp_path_factory: pytest.TempPathFactory, results: list[EpochResult]) -> None:
    folder = tmp_path_factory.getbasetemp()
    write_history(folder, results[:2], no_batches())
    for result in results[2:]:
        append_epoch(folder, result)
    assert read_epochs(folder) == tuple(results)


def test_a_line_cut_at_any_byte_is_left_out(folder: Path) -> None:
    whole = (folder / HISTORY).read_bytes()
    last = whole[:-1].rindex(b"\n") + 1
    for length in range(last, len(whole)):
        (folder / HISTORY).write_bytes(whole[:length])
        assert read_epochs(folder) == EPOCHS[:2]


def test_a_row_cut_at_any_byte_is_left_out(folder: Path) -> None:
    whole = (folder / BATCHES).read_bytes()
    for length in range(len(MAGIC), len(whole) + 1):
        (folder / BATCHES).write_bytes(whole[:length])
        complete = (length - len(MAGIC)) // ROW.itemsize
        assert read_batches(folder).tobytes() == ROWS[:complete].tobytes()


@pytest.mark.parametrize("name", [HISTORY, BATCHES])
def test_a_beginning_that_is_being_copied_is_empty(name: str, folder: Path) -> None:
    whole = (folder / name).read_bytes()
    begin = len(MAGIC) if name == BATCHES else whole.index(b"\n")
    for length in range(begin):
        (folder / name).write_bytes(whole[:length])
        assert read_history(folder).epochs == (() if name == HISTORY else EPOCHS)
        assert len(read_history(folder).batches) == (0 if name == BATCHES else len(ROWS))


@pytest.mark.parametrize(
    "content",
    [
        "\n",
        "[]\n",
        "1\n",
        "{}\n",
        '{"format": "one"}\n',
        "PK\x03\x04\n",
        HEAD + "\n",
        HEAD + "{}\n",
        HEAD + "[]\n",
        HEAD + "null\n",
        HEAD + '{"epoch": 1}\n',
        HEAD + "[" * 100_000 + "\n",
        *(
            HEAD
            + '{"epoch": 1, "loss": VALUE, "accuracy": 0, "val_loss": 0, "val_accuracy": 0, "seconds": 0}\n'.replace(
                "VALUE", value
            )
            for value in ("NaN", "Infinity", "-Infinity", "1e999", '"much"', "null", "1" + "0" * 400)
        ),
        HEAD + '{"epoch": Infinity, "loss": 0, "accuracy": 0, "val_loss": 0, "val_accuracy": 0, "seconds": 0}\n',
    ],
)
def test_damaged_epochs_are_named(content: str, tmp_path: Path) -> None:
    (tmp_path / HISTORY).write_text(content, encoding="utf-8")
    with pytest.raises(UserError, match=r"history\.jsonl is damaged or from another program\. Copy the run’s folder"):
        read_history(tmp_path)


def test_epochs_that_would_hold_up_the_window_are_refused(tmp_path: Path) -> None:
    (tmp_path / HISTORY).write_text(HEAD + "[" + "[]," * (MOST_BYTES // 3), encoding="utf-8")
    with pytest.raises(UserError, match=r"history\.jsonl could not be read \(it is larger than 3 MB\)\. Copy it again"):
        read_epochs(tmp_path)


def test_as_many_epochs_as_a_recipe_takes_are_read(tmp_path: Path) -> None:
    epochs = [EpochResult(number, 1 / 3e7, 1 / 3, 1 / 3e7, 1 / 3, number * 1e5 / 3) for number in range(1, 10_001)]
    write_history(tmp_path, epochs, ROWS)
    assert read_epochs(tmp_path) == tuple(epochs)


@pytest.mark.parametrize("content", [b"PK\x03\x04", b"\0" * 100, MAGIC.upper(), b"cnn\n"])
def test_damaged_rows_are_named(content: bytes, tmp_path: Path) -> None:
    (tmp_path / BATCHES).write_bytes(content)
    with pytest.raises(UserError, match=r"batches\.bin is damaged or from another program\. Copy the run’s folder"):
        read_history(tmp_path)


def test_bytes_that_are_no_text_are_named(tmp_path: Path) -> None:
    (tmp_path / HISTORY).write_bytes(HEAD.encode() + b"\xff\n")
    with pytest.raises(UserError, match=r"history\.jsonl is damaged"):
        read_history(tmp_path)


@pytest.mark.parametrize(
    ("name", "content"), [(HISTORY, json.dumps({"format": FORMAT + 1}).encode() + b"\n"), (BATCHES, MAGIC[:-1] + b"2")]
)
def test_newer_files_are_named(name: str, content: bytes, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(UserError, match=rf"^{name} is from a newer version of cnngui\. Update cnngui to read it\.$"):
        read_history(tmp_path)


@pytest.mark.parametrize("name", [HISTORY, BATCHES])
def test_a_folder_in_its_place_is_named(name: str, tmp_path: Path) -> None:
    (tmp_path / name).mkdir()
    with pytest.raises(
        UserError, match=rf"{name} could not be read \(.*\)\. (Check its permissions|Copy it again, or remove it)\.$"
    ):
        read_history(tmp_path)
