"""One writer for each run, in this process and in others."""

import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from unittest.mock import Mock

import pytest
from filelock import FileLock

from cnngui.core.errors import UserError
from cnngui.core.runs import lock
from cnngui.core.runs.folder import LOCK
from cnngui.core.runs.lock import is_written, writing

HOLD = """
import sys
from pathlib import Path
from cnngui.core.runs.lock import writing
with writing(Path(sys.argv[1])):
    print("held", flush=True)
    sys.stdin.read()
"""


@contextmanager
def held_elsewhere(folder: Path) -> Iterator["subprocess.Popen[str]"]:
    """Another process holds the lock until it is killed or its input ends."""
    process = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(folder)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    with process:
        try:
            assert process.stdout is not None
            assert process.stdout.readline() == "held\n"
            yield process
        finally:
            process.kill()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Of a run."""
    folder = tmp_path / "run"
    folder.mkdir()
    return folder


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lock, "PATIENCE", 0.01)


@pytest.mark.usefixtures("impatient")
def test_another_process_holds_it_until_it_is_killed(tmp_path: Path) -> None:
    with held_elsewhere(tmp_path) as process:
        assert is_written(tmp_path)
        sentence = f"“{tmp_path.name}” is being trained by another window or command. Wait until it ends"
        with pytest.raises(UserError, match=sentence), writing(tmp_path):
            pass
        assert is_written(tmp_path)
        process.kill()  # SIGKILL: nothing is tidied up
        process.wait()
        assert (tmp_path / LOCK).exists()
        assert not is_written(tmp_path)
        with writing(tmp_path):
            assert is_written(tmp_path)


def test_it_leaves_nothing_when_another_process_ends(tmp_path: Path) -> None:
    with held_elsewhere(tmp_path) as process:
        process.communicate()
        assert process.returncode == 0
        assert list(tmp_path.iterdir()) == []


@pytest.mark.usefixtures("impatient")
def test_two_in_one_process(tmp_path: Path) -> None:
    with writing(tmp_path):
        assert is_written(tmp_path)
        with pytest.raises(UserError, match="is being trained by another window or command"), writing(tmp_path):
            pass
    assert not is_written(tmp_path)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.usefixtures("impatient")
def test_a_thread_sees_what_another_holds(tmp_path: Path) -> None:
    seen: list[bool] = []
    with writing(tmp_path):
        thread = threading.Thread(target=lambda: seen.append(is_written(tmp_path)))
        thread.start()
        thread.join()
    assert seen == [True]


def test_it_is_free_again_after_an_error(tmp_path: Path) -> None:
    with pytest.raises(ZeroDivisionError), writing(tmp_path):
        raise ZeroDivisionError
    assert not is_written(tmp_path)


def test_whoever_only_looks_writes_nothing(tmp_path: Path) -> None:
    assert not is_written(tmp_path)
    assert not is_written(tmp_path / "gone")
    assert list(tmp_path.iterdir()) == []


def test_it_survives_a_removed_folder(folder: Path) -> None:
    with writing(folder):
        (folder / LOCK).unlink()
        folder.rmdir()
    assert not folder.exists()


def test_a_folder_that_is_none_says_so(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with (
        pytest.raises(UserError, match=r"Nothing can be written in .*file \(.*\)\. Choose another"),
        writing(tmp_path / "file"),
    ):
        pass


@pytest.mark.usefixtures("impatient")
def test_it_is_taken_again_in_a_folder_that_was_made_anew(folder: Path) -> None:
    with writing(folder) as held:
        shutil.rmtree(folder)
        held.renew()
        assert not folder.exists()  # without a folder, there is nothing to lock
        folder.mkdir()
        held.renew()
        assert is_written(folder)
        with pytest.raises(UserError, match="is being trained by another"), writing(folder):
            pass
    assert list(folder.iterdir()) == []


@pytest.mark.usefixtures("impatient")
def test_what_another_has_taken_meanwhile_stays_anothers(folder: Path) -> None:
    with writing(folder) as held:
        shutil.rmtree(folder)
        folder.mkdir()
        with held_elsewhere(folder):
            with pytest.raises(UserError, match="is being trained by another"):
                held.renew()
            held.release()
            assert is_written(folder)


def test_a_lock_that_could_not_be_taken_again_is_not_held(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with writing(folder) as held:
        shutil.rmtree(folder)
        folder.mkdir()
        with monkeypatch.context() as patch:
            patch.setattr(FileLock, "acquire", Mock(side_effect=OSError("full")))
            for _ in range(2):
                with pytest.raises(OSError, match="full"):
                    held.renew()
        assert not is_written(folder)
        held.renew()
        assert is_written(folder)
