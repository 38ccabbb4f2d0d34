"""Searches that are on disk: what is told of them, and which were interrupted."""

import math
import os
from pathlib import Path

import pytest

from cnngui.core.errors import UserError
from cnngui.core.runs.lock import writing
from cnngui.core.runs.record import Phase
from cnngui.core.search.going_on import continued, interrupted, place_of
from cnngui.core.search.storage import DATABASE, local
from cnngui.core.search.worker import Budget
from tests.searches import left, noted


def test_a_search_goes_on_for_some_more_trials(tmp_path: Path) -> None:
    folder = tmp_path / "one"
    standing = noted(folder, [0.5, 0.6])
    what = continued(folder, standing, Budget(trials=3))
    assert (what.folder, what.source, what.request, what.name) == (folder, "shapes", None, "one")
    assert what.budget == Budget(math.inf, 5)


def test_a_search_goes_on_for_some_more_time(tmp_path: Path) -> None:
    standing = noted(tmp_path / "one", [0.5, 0.6])
    spent = standing.seconds
    budget = continued(tmp_path / "one", standing, Budget(seconds=60)).budget
    assert spent > 0
    assert budget.seconds == pytest.approx(60 + spent)
    others = noted(tmp_path / "two", [0.5], id="theirs")
    assert continued(tmp_path / "one", others, Budget(seconds=60)).budget.seconds == 60  # on other computers


def test_a_folder_without_a_search_is_told(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="holds no search"):
        place_of(tmp_path, "")
    assert list(tmp_path.iterdir()) == []


def test_a_search_whose_trials_are_gone_is_told(tmp_path: Path) -> None:
    noted(tmp_path, [0.5])
    assert place_of(tmp_path, "") == (local(tmp_path), tmp_path.name)
    (tmp_path / DATABASE).unlink()
    with pytest.raises(UserError, match="is missing"):
        place_of(tmp_path, "")
    assert not (tmp_path / DATABASE).exists()


def test_a_search_that_ended_within_a_trial_was_interrupted(tmp_path: Path) -> None:
    assert interrupted(tmp_path / "missing") == ()
    noted(tmp_path / "1", [None])
    left(tmp_path / "1" / "1-0001", Phase.TRAINING)
    noted(tmp_path / "2", [0.5])
    left(tmp_path / "2" / "2-0001", Phase.FINISHED)
    left(tmp_path / "a run", Phase.TRAINING)
    assert interrupted(tmp_path) == (tmp_path / "1",)


def test_a_search_that_goes_on_was_not_interrupted(tmp_path: Path) -> None:
    noted(tmp_path / "1", [None])
    with writing(left(tmp_path / "1" / "1-0001", Phase.TRAINING)):
        assert interrupted(tmp_path) == ()


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such names")
@pytest.mark.parametrize("name", ["what?mode=ro#1", "50%41 {SCHEMA_VERSION}"])
def test_a_folder_may_have_any_name(tmp_path: Path, name: str) -> None:
    folder = tmp_path / name
    noted(folder, [0.5])
    assert place_of(folder, "") == (local(folder), name)
    assert list(tmp_path.iterdir()) == [folder]
