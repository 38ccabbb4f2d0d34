"""To watch a search."""

import threading
from pathlib import Path

import pytest

from cnngui.core.errors import UserError
from cnngui.core.search import following
from cnngui.core.search.following import Seen, follow, reader, searches_at
from cnngui.core.search.storage import local
from tests.searches import PATHS, noted


def test_what_changes_is_seen_until_it_is_enough(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(following, "READ_SECONDS", 0.01)
    monkeypatch.setattr(following, "LOOK_SECONDS", 0.01)
    noted(tmp_path, [0.5])
    enough, numbers = threading.Event(), list[int]()

    def seen(value: Seen) -> None:
        numbers.append(len(value.standing.finished))
        if len(numbers) == 1:
            noted(tmp_path, [0.6])
        else:
            enough.set()

    follow(local(tmp_path), tmp_path.name, seen=seen, should_stop=enough.is_set)
    assert numbers == [1, 2]


def test_a_search_that_is_not_there_is_told(tmp_path: Path) -> None:
    noted(tmp_path, [0.5])
    with pytest.raises(UserError, match="no search “another”"):
        follow(local(tmp_path), "another", seen=print, should_stop=lambda: False)


def test_the_importances_come_with_eight_trials_and_at_intervals(tmp_path: Path) -> None:
    noted(tmp_path, [0.1 * number for number in range(7)])
    with reader(local(tmp_path), tmp_path.name) as reading:
        assert reading.seen().importances == {}
        noted(tmp_path, [0.8])
        assert reading.seen().importances == {}  # so soon after the last time
        assert reading.seen(is_last=True).importances.keys() == set(PATHS)


def test_the_searches_in_a_storage_are_listed(tmp_path: Path) -> None:
    noted(tmp_path, [0.5])
    assert [each.name for each in searches_at(local(tmp_path))] == [tmp_path.name]
