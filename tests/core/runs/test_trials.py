"""The trials of a search among the runs: their folders lie in the search's folder."""

from pathlib import Path

import pytest
from filelock import FileLock

from cnngui.core.runs.deleted import bring_back, put_aside, put_aside_in, to_discard
from cnngui.core.runs.folder import MODEL, SEARCH
from cnngui.core.runs.library import Status, is_kept, list_runs, rename
from cnngui.core.runs.record import Notes, Phase, read_notes, write_notes
from tests.core.runs.runs import record, write_run


@pytest.fixture
def runs(tmp_path: Path) -> Path:
    """A run, and a search with two trials, the second of which was pruned."""
    runs = tmp_path / "runs"
    write_run(runs / "alone", record(Phase.STOPPED))
    for number, phase in ((1, Phase.FINISHED), (2, Phase.PRUNED)):
        write_run(runs / "widths" / f"widths-000{number}", record(phase))
    (runs / "widths" / SEARCH).write_text("{}")
    return runs


def names(runs: Path) -> list[str]:
    return sorted(run.name for run in list_runs(runs))


def test_they_are_listed_with_the_name_of_their_search(runs: Path) -> None:
    alone, first, second = sorted(list_runs(runs), key=lambda run: run.name)
    assert (alone.name, alone.search) == ("alone", "")
    assert (first.name, first.search, first.kept) == ("widths-0001", "widths", True)
    assert (second.search, second.status) == ("widths", Status.PRUNED)
    assert [run.name for run in list_runs(runs, with_trials=False)] == ["alone"]


def test_other_folders_are_not_looked_into(runs: Path) -> None:
    (runs / "widths" / SEARCH).unlink()
    assert names(runs) == ["alone"]


def test_which_runs_are_among_those_in_a_folder(runs: Path) -> None:
    assert is_kept(runs / "alone" / MODEL, runs)
    assert is_kept(runs / "widths" / "widths-0001" / MODEL, runs)
    assert not is_kept(runs / "other" / "run" / MODEL, runs)
    assert not is_kept(runs.parent / MODEL, runs)


def test_they_keep_their_place_when_they_are_renamed_and_tagged(runs: Path) -> None:
    new = rename(runs / "widths" / "widths-0002" / MODEL, "narrow")
    assert new == runs / "widths" / "narrow" / MODEL
    write_notes(new.parent, Notes("too narrow", ("no",)))
    assert read_notes(new.parent).tags == ("no",)
    assert names(runs) == ["alone", "narrow", "widths-0001"]


def test_one_that_is_deleted_comes_back_to_its_search(runs: Path) -> None:
    aside = put_aside(runs / "widths" / "widths-0001")
    assert put_aside_in(runs) == [aside]
    assert names(runs) == ["alone", "widths-0002"]
    assert to_discard([aside]) == [aside]
    assert bring_back(aside, "widths-0001") == runs / "widths" / "widths-0001"
    assert names(runs) == ["alone", "widths-0001", "widths-0002"]


def test_with_the_last_one_the_search_goes(runs: Path) -> None:
    alone = put_aside(runs / "alone")
    first, second = (put_aside(runs / "widths" / f"widths-000{number}") for number in (1, 2))
    assert to_discard([alone, first]) == [alone, first]  # the second one may still come back
    assert to_discard([alone, first, second]) == [alone, runs / "widths"]


def test_a_search_that_is_worked_on_stays(runs: Path) -> None:
    aside = [put_aside(runs / "widths" / f"widths-000{number}") for number in (1, 2)]
    with FileLock(runs / "widths" / ".worker-1.lock"):
        assert to_discard(aside) == aside
    assert to_discard(aside) == [runs / "widths"]
