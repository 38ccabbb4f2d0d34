"""To watch a search."""

import json
import sqlite3
import threading
from contextlib import closing
from pathlib import Path

import pytest

from cnngui.core.errors import UserError
from cnngui.core.search import following
from cnngui.core.search.following import Seen, follow, reader, searches_at
from cnngui.core.search.storage import DATABASE, connect, local
from cnngui.core.search.trials import RUN
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


def test_a_heart_goes_on_beating_when_the_storage_has_failed(tmp_path: Path) -> None:
    noted(tmp_path, [None])
    with connect(local(tmp_path)) as storage:
        storage.record_heartbeat(1)
        with closing(sqlite3.connect(tmp_path / DATABASE)) as file, file:
            file.execute("ALTER TABLE trial_heartbeats RENAME TO gone")
        storage.record_heartbeat(1)
        with closing(sqlite3.connect(tmp_path / DATABASE)) as file, file:
            file.execute("ALTER TABLE gone RENAME TO trial_heartbeats")
        storage.record_heartbeat(1)


def test_the_searches_in_a_storage_are_listed(tmp_path: Path) -> None:
    noted(tmp_path, [0.5])
    assert [each.name for each in searches_at(local(tmp_path))] == [tmp_path.name]


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ("UPDATE study_user_attributes SET value_json = '{' WHERE key = 'plan'", "damaged"),
        ("UPDATE study_user_attributes SET value_json = '[]' WHERE key = 'plan'", "damaged"),
        ("UPDATE trial_params SET distribution_json = '['", "damaged"),
        ("UPDATE trial_params SET param_value = 1e300", "damaged"),
        ("UPDATE trial_values SET value = 7.5", "damaged"),
        ("UPDATE trials SET state = 'NEW'", "damaged"),
        ("UPDATE alembic_version SET version_num = 'v99'", "another version of Optuna"),
    ],
)
def test_what_anyone_may_have_written_is_a_sentence(tmp_path: Path, change: str, sentence: str) -> None:
    noted(tmp_path, [0.5, None])
    with closing(sqlite3.connect(tmp_path / DATABASE)) as file, file:
        file.execute(change)
    with pytest.raises(UserError, match=sentence):
        follow(local(tmp_path), tmp_path.name, seen=print, should_stop=lambda: False)


@pytest.mark.parametrize("name", ["..", "../other", "/etc", "a/b"])
def test_a_run_that_would_be_elsewhere_is_none(tmp_path: Path, name: str) -> None:
    noted(tmp_path, [0.5])
    with closing(sqlite3.connect(tmp_path / DATABASE)) as file, file:
        file.execute("UPDATE trial_user_attributes SET value_json = ? WHERE key = ?", (json.dumps(name), RUN))
    with reader(local(tmp_path), tmp_path.name) as reading:
        assert [trial.run for trial in reading.seen().standing.trials] == [""]
