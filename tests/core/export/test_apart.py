"""Exports in a process of their own. The processes here are small ones in its place."""

import json
import os
import sys
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path

import pytest

from cnngui.core.errors import Stopped, UserError
from cnngui.core.export import apart
from cnngui.core.export.apart import Request, export_apart
from cnngui.core.export.expected import size, weights_and_remembered
from cnngui.core.export.export import NO_MEMORY, Exported
from cnngui.core.export.formats import find
from cnngui.core.export.proof.proof import Proof
from cnngui.core.progress import Progress, Reported, never_stop, no_report
from cnngui.core.training.trained import Trained

PROOF = Proof("8 images", 8, 0.25, 0.5, 1, None, None, 2, 0.0, 1, 1, 100, ("Not good.",))
RESULT = {"folder": "/new", "format": "keras", "size": 7, "proof": {**asdict(PROOF), "is_good": False}}

Runs = Callable[[str], Request]


@pytest.fixture
def runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Runs:
    """Lets an export run this program instead, whose first argument is the new folder."""

    def run(program: str) -> Request:
        monkeypatch.setattr(
            apart, "_command", lambda request: [sys.executable, "-I", "-c", program, str(request.folder)]
        )
        return Request(tmp_path / "model.keras", find("keras"), tmp_path / "out" / "new")

    (tmp_path / "out").mkdir()
    return run


def test_its_lines_are_progress_and_the_result(runs: Runs) -> None:
    lines = ['{"progress": {"text": "Writ', 'ing", "done": 1}}\\n[1]\\nnonsense\\n', json.dumps(RESULT) + "\\n"]
    request = runs(
        f"import time\nfor part in {lines}:\n print(part, end='', flush=True)\n time.sleep(0.15)".replace(
            "\\\\n", "\\n"
        )
    )
    told: list[Reported] = []
    assert export_apart(request, told.append, never_stop) == Exported(Path("/new"), 7, PROOF)
    assert told == [Progress("Writing", 1)]


def test_its_last_sentence_is_the_error(runs: Runs) -> None:
    request = runs("import sys; sys.exit('cnngui: not this\\nW0000 a log\\ncnngui: “No” space.\\nand logs')")
    with pytest.raises(UserError, match=r"^“No” space\.$"):
        export_apart(request, no_report, never_stop)


def test_a_bug_shows_its_traceback(runs: Runs) -> None:
    with pytest.raises(RuntimeError, match=r"status 1: Traceback(.|\n)*ZeroDivisionError"):
        export_apart(runs("1 / 0"), no_report, never_stop)
    with pytest.raises(RuntimeError, match="status 0"):
        export_apart(runs("print('{}')"), no_report, never_stop)


LEFT = """
import pathlib, signal, sys, tempfile, time
new = pathlib.Path(sys.argv[1])
left = pathlib.Path(tempfile.mkdtemp(prefix=f".{new.stem}-cnngui-", dir=new.parent))
(left / "model.keras").write_bytes(b"half")
(pathlib.Path(tempfile.gettempdir()) / "calibration").write_text("")
"""


@pytest.mark.skipif(os.name != "posix", reason="signals")
def test_a_process_that_the_system_ends_leaves_nothing(runs: Runs) -> None:
    request = runs(f"{LEFT}\nimport os; os.kill(os.getpid(), signal.SIGKILL)")
    with pytest.raises(UserError, match=NO_MEMORY[:20]):
        export_apart(request, no_report, never_stop)
    assert not list(request.folder.parent.iterdir())


@pytest.mark.skipif(os.name != "posix", reason="signals")
@pytest.mark.parametrize("listens", [False, True])
def test_a_stop_ends_the_process_and_leaves_nothing(
    listens: bool, runs: Runs, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(apart, "STOP_SECONDS", 60 if listens else 0.2)
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr("tempfile.tempdir", None)
    end = "lambda *_: sys.exit(130)" if listens else "signal.SIG_IGN"
    request = runs(
        f"""{LEFT}
signal.signal(signal.SIGTERM, {end})
print('{{"progress": {{"text": "Writing", "can_stop": false}}}}', flush=True)
time.sleep(60)"""
    )
    told: list[Reported] = []
    with pytest.raises(Stopped):
        export_apart(request, told.append, lambda: bool(told))
    assert told == [Progress("Writing", can_stop=False)]
    assert not list(request.folder.parent.iterdir())
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_what_the_command_says_of_a_folder_that_is_in_use(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("mine")
    request = Request(tmp_path / "any.keras", find("keras"), tmp_path, str(tmp_path), tmp_path)
    with pytest.raises(UserError, match=r"There is something at .* already\. Choose a new folder\.$"):
        export_apart(request, no_report, never_stop)
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.txt"]


def test_expected_sizes(model: Path, trained: Trained) -> None:
    weights, remembered = weights_and_remembered(model)
    assert 0 <= weights - 4 * trained.network.count_params() < 200_000  # HDF5 has its own lists
    assert trained.familiarity is not None
    assert 0 < remembered - trained.familiarity.remembered.nbytes < 1000
    assert size(4000, 300, find("onnx")) == 4300
    assert size(4000, 300, find("litert-int8")) == 1300


def test_the_expected_size_of_a_model_that_is_no_archive(tmp_path: Path) -> None:
    (tmp_path / "old.h5").write_bytes(bytes(70))
    assert weights_and_remembered(tmp_path / "old.h5") == (70, 0)
    for name in ("none.h5", "none.keras"):
        with pytest.raises(UserError, match=f"{name} could not be read"):
            weights_and_remembered(tmp_path / name)
