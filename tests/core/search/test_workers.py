"""Workers in processes of their own, which are killed, stopped and cut off."""

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from importlib import import_module
from pathlib import Path

import pytest

from cnngui.core.errors import UserError
from cnngui.core.runs.folder import HISTORY, MODEL
from cnngui.core.runs.history import read_epochs
from cnngui.core.search.folder import read_search
from cnngui.core.search.search import search
from cnngui.core.search.storage import Place, connect, local, server, told
from cnngui.core.search.study import Study, searches
from cnngui.core.search.trials import Standing, State
from tests.core.search.postgres import PASSWORD, USER, Postgres, binaries
from tests.core.search.worker_child import EPOCHS, NAME, wanted

PATIENCE = 100  # seconds

pytestmark = [
    pytest.mark.skipif(os.name == "nt", reason="POSIX signals"),
    pytest.mark.timeout(2 * PATIENCE),
]


@pytest.fixture(scope="module")
def easy_folder(easy_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same in three parts: no worker looks for near-doubles, which takes longer than its trials."""
    folder = tmp_path_factory.mktemp("parts") / "easy"
    shutil.copytree(easy_folder, folder)
    for picture in sorted((folder / "train").glob("*/?.png")):
        place = folder / "validation" / picture.relative_to(folder / "train")
        place.parent.mkdir(parents=True, exist_ok=True)
        picture.rename(place)
    return folder


class Child:
    """A worker in a process of its own. folder: its search's."""

    def __init__(self, folder: Path, data: Path, trials: int, address: str = "") -> None:
        self.folder = folder
        arguments = [str(folder), str(data), str(trials), *([address] if address else [])]
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.core.search.worker_child", *arguments],
            cwd=Path(__file__).parents[3],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def epochs(self) -> int:
        """How many complete epochs the run that it began last has."""
        runs = sorted(self.folder.glob(f"{NAME}-*/{HISTORY}"), key=lambda history: history.stat().st_mtime)
        return len(read_epochs(runs[-1].parent)) if runs else 0

    def train(self) -> None:
        """Wait until it is in the midst of a trial."""
        until(lambda: 2 < self.epochs() < EPOCHS - 2 or self.process.poll() is not None)
        assert self.process.poll() is None, self.process.stderr and self.process.stderr.read()

    def end(self, number: int | None = None) -> int:
        """Send it a signal, if one is given, and wait for its end; returns its exit status."""
        if number is not None:
            self.process.send_signal(number)
        _, errors = self.process.communicate(timeout=PATIENCE)
        assert number is not None or self.process.returncode == 0, errors
        return self.process.returncode

    def __enter__(self) -> "Child":
        return self

    def __exit__(self, *_: object) -> None:
        self.process.kill()
        self.process.communicate()


def until(holds: Callable[[], bool]) -> None:
    """Wait until it holds."""
    end = time.monotonic() + PATIENCE
    while not holds():
        assert time.monotonic() < end, "in vain"
        time.sleep(0.02)


def read(place: Place) -> Standing:
    """How the search stands."""
    with connect(place) as storage:
        return Study(place, storage, NAME).standing()


def check_whole(standing: Standing, folders: list[Path], trials: int) -> None:
    """Each trial has ended once, with a run that has each epoch once, in one of the folders."""
    assert [trial.number for trial in standing.trials[:trials]] == list(range(1, trials + 1))
    assert len(standing.ended) >= trials
    assert {trial.state for trial in standing.trials} <= {State.FINISHED, State.PRUNED, State.WAITING}
    rates = [trial.values["optimization.learning_rate"] for trial in standing.ended]
    assert len(set(rates)) == len(rates)
    for trial in standing.finished:
        runs = [folder / trial.run for folder in folders if (folder / trial.run / MODEL).exists()]
        assert len(runs) == 1
        assert [result.epoch for result in read_epochs(runs[0])] == list(range(1, EPOCHS + 1))


def test_killed_it_goes_on_from_its_checkpoint(easy_folder: Path, tmp_path: Path) -> None:
    folder = tmp_path / "killed"
    with Child(folder, easy_folder, 2) as child:
        child.train()
        child.end(signal.SIGKILL)
    before = {path.name for path in folder.iterdir()}
    found = search(wanted(folder, str(easy_folder), 2))
    check_whole(found, [folder], 2)
    assert {path.name for path in folder.iterdir()} - before == {found.trials[1].run, "best.toml"}


def test_two_workers_in_one_folder_share_the_search(easy_folder: Path, tmp_path: Path) -> None:
    folder = tmp_path / "two"
    what = wanted(folder, str(easy_folder), 2)
    with Child(folder, easy_folder, 2) as other:
        other.train()
        search(what)
        other.end()
    found = read(local(folder))
    check_whole(found, [folder], 2)
    assert len({trial.worker for trial in found.finished}) == 2
    assert search(what) == found


@pytest.fixture(scope="module")
def postgres() -> Iterator[Postgres]:
    programs = binaries()
    if programs is None:
        pytest.skip("PostgreSQL is not installed")
    with ExitStack() as stack:
        server = Postgres(programs)
        stack.callback(server.close)
        yield server


def test_many_machines_lose_and_repeat_nothing(postgres: Postgres, easy_folder: Path, tmp_path: Path) -> None:
    folders = [tmp_path / name for name in ("one", "two", "three")]
    with ExitStack() as stack:
        first, second, third = (
            stack.enter_context(Child(folder, easy_folder, 5, postgres.address)) for folder in folders
        )
        for child in (first, second, third):
            child.train()
        first.end(signal.SIGKILL)
        second.end(signal.SIGINT)
        third.train()
        postgres.stop()
        postgres.start()
        third.end()
    search(wanted(folders[0], str(easy_folder), 5, postgres.address))
    place = server(postgres.address)
    check_whole(read(place), folders, 5)
    with connect(place) as storage:
        assert NAME in [each.name for each in searches(place, storage)]
    for folder in folders:
        record = read_search(folder)
        assert record is not None
        assert record.storage == place.shown
        for path in folder.rglob("*"):
            assert path.is_dir() or PASSWORD.encode() not in path.read_bytes()


def test_other_data_and_other_settings_do_not_join(postgres: Postgres, easy_folder: Path, tmp_path: Path) -> None:
    what = replace(wanted(tmp_path / "begun", str(easy_folder), 0, postgres.address), name="joined")  # it only begins
    search(what)
    with pytest.raises(UserError, match="other data"):
        search(replace(what, folder=tmp_path / "other", source="shapes"))
    assert what.request is not None
    other = replace(what.request, recipe=what.request.recipe.changed({"seed": 1}))
    with pytest.raises(UserError, match="differs from this one"):
        search(replace(what, folder=tmp_path / "other", request=other))


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ((PASSWORD, "wrong"), "refuses the user or the password"),
        (("/searches", "/nothing"), "no database or user"),
        ((f"//{USER}", "//nobody"), "refuses the user or the password"),
    ],
)
def test_what_the_server_refuses_is_a_sentence(
    postgres: Postgres, tmp_path: Path, change: tuple[str, str], sentence: str
) -> None:
    address = postgres.address.replace(*change)
    with pytest.raises(UserError, match=sentence) as raised, connect(server(address)):
        pass
    assert PASSWORD not in str(raised.value)
    assert "wrong" not in str(raised.value)
    assert raised.value.__cause__ is None


@pytest.mark.parametrize(
    "address",
    [
        *("", "nonsense", "sqlite:///a.db", "mysql://a@b/c", "postgresql://me:secret@host"),
        *("postgresql://me:secret@[::/c", "postgresql://me:host:secret/c", "postgresql://me:with@secret@host/c"),
    ],
)
def test_what_is_no_address_is_a_sentence(address: str) -> None:
    with pytest.raises(UserError, match=r"\.$") as raised:
        server(address)
    assert "secret" not in str(raised.value)
    assert raised.value.__cause__ is None


def test_an_address_is_shown_without_its_passwords() -> None:
    place = server("postgresql://me:secret@host/db?sslmode=require&password=secret&sslpassword=secret")
    assert place.shown == "postgresql://me@host/db?sslmode=require"
    assert "secret" in place.address
    assert "secret" not in repr(place)


def test_without_psycopg_it_is_said_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "psycopg", None)
    place = server("postgresql://me@127.0.0.1:1/searches")
    with pytest.raises(UserError, match="needs psycopg"), connect(place):
        pass
    with pytest.raises(ImportError), told(place):  # of a training, not of the storage
        import_module("nothing")


def test_a_server_that_is_not_there_is_a_sentence() -> None:
    address = "postgresql://me:secret@127.0.0.1:1/searches"
    with pytest.raises(UserError, match="cannot be reached") as raised, connect(server(address)):
        pass
    assert "secret" not in str(raised.value)


def test_a_user_who_may_not_make_tables_is_told(postgres: Postgres) -> None:
    import psycopg

    with psycopg.connect(postgres.address, autocommit=True) as owner:
        owner.execute("CREATE DATABASE theirs")
        owner.execute("CREATE ROLE guest LOGIN PASSWORD 'guest'")
    place = server(f"postgresql://guest:guest@127.0.0.1:{postgres.port}/theirs")
    with pytest.raises(UserError, match="may not write"), connect(place):
        pass
