"""cnngui search."""

import json
from pathlib import Path

import pytest

from cnngui import cli
from cnngui.commands import search
from cnngui.core import device
from cnngui.core.recipes import presets
from cnngui.core.recipes.recipe import Recipe
from cnngui.core.recipes.toml_file import read_recipe
from cnngui.core.runs.folder import MODEL
from cnngui.core.search.trials import Standing, State, Trial
from cnngui.terminal import Terminal
from tests.searches import PLAN

Captured = pytest.CaptureFixture[str]

RATE = "optimization.learning_rate=0.1:0.5"


@pytest.fixture(autouse=True)
def _here(monkeypatch: pytest.MonkeyPatch, tiny: Recipe) -> None:
    """The tiny recipe has a name, and the networks are float32 on any processor."""
    monkeypatch.setitem(presets.PRESETS, "tiny", tiny)
    monkeypatch.setattr(device, "fastest_precision", lambda: "float32")


def arguments(data: Path, out: Path, *others: str) -> list[str]:
    """Those of a search of the tiny recipe."""
    return ["search", "--data", str(data), "--recipe", "tiny", "--epochs", "1", "--out", str(out), *others]


def test_it_writes_an_object_for_each_trial_and_the_best_recipe(
    easy_folder: Path, tmp_path: Path, capsys: Captured
) -> None:
    out = tmp_path / "found"
    command = arguments(easy_folder, out, "--vary", RATE, "--trials", "2", "--json")
    assert cli.main(command) == 0
    *trials, last = map(json.loads, capsys.readouterr().out.splitlines())
    assert [trial["trial"] for trial in trials] == [1, 2]
    for trial in trials:
        assert trial["state"] == "finished"
        assert (out / trial["run"] / MODEL).exists()
        assert 0.1 <= trial["values"]["optimization.learning_rate"] <= 0.5
    best = max(trials, key=lambda trial: trial["accuracy"])
    assert last["best"]["accuracy"] == best["accuracy"]
    recipe = read_recipe(Path(last["recipe"]))
    assert recipe.optimization.learning_rate == last["best"]["values"]["optimization.learning_rate"]
    assert cli.main(command) == 0  # nothing is left to do
    (again,) = map(json.loads, capsys.readouterr().out.splitlines())
    assert again == last
    assert cli.main(["search", "--out", str(out), "--trials", "2"]) == 0
    text = capsys.readouterr().out
    assert text.startswith("The best of 2 trials is trial ")
    assert str(out / "best.toml") in text
    assert cli.main(arguments(easy_folder, out, "--vary", "network.dropout")) == 1
    assert "differs from this one" in capsys.readouterr().err
    assert cli.main(["search", "--out", str(out), "--set", "network.dropout=0.2"]) == 1
    assert "Without --vary, a search goes on as it is." in capsys.readouterr().err


@pytest.mark.parametrize(
    ("others", "sentence"),
    [
        ([], "Nothing varies in this search. Add --vary"),
        (["--vary", "nonsense"], "There is no setting “nonsense”."),
        (["--vary", "seed"], "Seed cannot vary in a search."),
        (["--vary", RATE, "--vary", RATE], "varies twice. Give it one --vary."),
        (["--vary", "network.dropout=0.5:0"], "from a lower to a higher number"),
        (["--vary", RATE, "--budget", "soon"], "--budget soon is no time. Write it as 90s, 30m or 2h."),
        (["--vary", RATE, "--budget", "0m"], "is no time"),
        (["--vary", RATE, "--trials", "0"], "Write a number above 0."),
        (["--vary", RATE, "--storage", "mysql://a@b/c"], "must be a PostgreSQL server"),
        (["--vary", RATE, "--set", "nonsense=1"], "There is no setting “nonsense”."),
    ],
)
def test_it_refuses(others: list[str], sentence: str, easy_folder: Path, tmp_path: Path, capsys: Captured) -> None:
    assert cli.main(arguments(easy_folder, tmp_path / "found", *others)) == 1
    written = capsys.readouterr()
    assert written.out == ""
    assert sentence in written.err
    assert len(written.err.splitlines()) == 1
    assert not (tmp_path / "found").exists()


def test_a_trial_that_failed_does_not_look_like_a_result(capsys: Captured) -> None:
    trial = Trial(3, State.FAILED, {}, accuracy=0.99, reason="The disk is full.")
    search._write(Terminal(as_json=False), Standing("a", PLAN, "", (trial,)), trial, as_json=False)
    assert capsys.readouterr().out == "Trial 3: failed: the recipe as it is. The disk is full.\n"
