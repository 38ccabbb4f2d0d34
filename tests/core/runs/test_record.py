import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from cnngui.core.errors import UserError
from cnngui.core.runs.folder import NOTES, RECORD
from cnngui.core.runs.record import (
    FORMAT,
    Notes,
    Phase,
    now,
    read_notes,
    read_record,
    write_notes,
    write_record,
)
from tests.core.runs.runs import record


@pytest.mark.parametrize("phase", Phase)
def test_a_record_comes_back(phase: Phase, tmp_path: Path) -> None:
    written = record(
        phase,
        host="here",
        data_dir="/data/\udcff",  # names of folders may be any bytes
        images={"training": 900, "validation": 100, "test": 0},
        classes=("Vögel", "a\nb", ""),
        content="ab12",
        fit=("batch_size",),
        reason="The training diverged.",
    )
    write_record(tmp_path, written)
    assert read_record(tmp_path) == written
    assert [path.name for path in tmp_path.iterdir()] == [RECORD]


def test_before_the_data_is_read_its_counts_are_unknown(tmp_path: Path) -> None:
    write_record(tmp_path, record())
    found = read_record(tmp_path)
    assert found == record()
    assert found is not None
    assert (found.images, found.host, found.device) == (None, "", "")


def test_the_last_session_says_where_it_is_trained(tmp_path: Path) -> None:
    first, second = record(host="first").sessions[0], record(host="second").sessions[0]
    gpu = replace(second, environment=replace(second.environment, device="GPU"))
    found = replace(record(), sessions=(first, gpu))
    assert (found.host, found.device) == ("second", "GPU")


def test_without_files_there_is_nothing(tmp_path: Path) -> None:
    assert read_record(tmp_path) is None
    assert read_notes(tmp_path) == Notes()
    assert read_record(tmp_path / "gone") is None


def test_notes_come_back(tmp_path: Path) -> None:
    notes = Notes("Überraschend gut\nzweite Zeile", ("baseline", "ä"), archived=True)
    write_notes(tmp_path, notes)
    assert read_notes(tmp_path) == notes


def test_notes_that_cannot_be_written_say_so(tmp_path: Path) -> None:
    (tmp_path / "run").touch()
    with pytest.raises(UserError, match=r"The note on “run” could not be written \(.*\)\. Check"):
        write_notes(tmp_path / "run", Notes("x"))


def test_now_has_a_time_zone(tmp_path: Path) -> None:
    write_record(tmp_path, replace(record(), created=now()))
    found = read_record(tmp_path)
    assert found is not None
    assert found.created[-6] in "+-"


def changed(folder: Path, **values: Any) -> None:
    """Write a whole record, with these values instead of its own."""
    write_record(folder, record(host="here"))
    text = json.loads((folder / RECORD).read_text(encoding="utf-8"))
    (folder / RECORD).write_text(json.dumps({**text, **values}), encoding="utf-8")


@pytest.mark.parametrize(
    "values",
    [
        {"phase": "asleep"},
        {"phase": 1},
        {"created": "yesterday"},
        {"created": None},
        {"images": {"test": "many"}},
        {"images": {"test": float("inf")}},
        {"images": [1, 2, 3]},
        {"classes": "cat"},
        {"classes": {"cat": 0}},
        {"sessions": None},
        {"sessions": [{}]},
        {"sessions": [{"started": "2026-01-01", "epoch": 10**400, "environment": None}]},
        {"sessions": [{"started": "2026-01-01", "epoch": float("inf"), "environment": None}]},
        {"format": "one"},
        {"format": None},
    ],
)
def test_a_damaged_record_is_named(values: dict[str, Any], tmp_path: Path) -> None:
    changed(tmp_path, **values)
    with pytest.raises(
        UserError, match=rf"{RECORD} is damaged or from another program\. Copy the run’s folder again\.$"
    ):
        read_record(tmp_path)


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"null", b"1", b'"a"', b"\xff", b"[" * 100_000, b"{}"])
@pytest.mark.parametrize(("name", "read"), [(RECORD, read_record), (NOTES, read_notes)])
def test_what_is_no_such_file_is_named(content: bytes, name: str, read: Any, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(UserError, match=rf"{name} is damaged or from another program\."):
        read(tmp_path)


def test_a_record_cut_at_any_byte_is_named(tmp_path: Path) -> None:
    write_record(tmp_path, record(host="here"))
    whole = (tmp_path / RECORD).read_bytes().rstrip()
    for length in range(len(whole)):
        (tmp_path / RECORD).write_bytes(whole[:length])
        with pytest.raises(UserError, match=f"{RECORD} is damaged"):
            read_record(tmp_path)


@pytest.mark.parametrize(("name", "read"), [(RECORD, read_record), (NOTES, read_notes)])
def test_a_newer_file_is_named(name: str, read: Any, tmp_path: Path) -> None:
    (tmp_path / name).write_text(json.dumps({"format": FORMAT + 1}))
    with pytest.raises(UserError, match=rf"^{name} is from a newer version of cnngui\. Update cnngui to read it\.$"):
        read(tmp_path)


def test_a_folder_in_its_place_is_named(tmp_path: Path) -> None:
    (tmp_path / RECORD).mkdir()
    with pytest.raises(UserError, match=rf"{RECORD} could not be read \(.*\)\."):
        read_record(tmp_path)


def test_what_newer_versions_add_is_passed_over(tmp_path: Path) -> None:
    changed(tmp_path, invented="later")
    assert read_record(tmp_path) == record(host="here")
