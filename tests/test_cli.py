import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from cnngui import cli, paths
from cnngui.commands import train as train_command
from cnngui.core import device
from cnngui.core.answers.classifier import Classifier
from cnngui.core.data import cifar10, datasets
from cnngui.core.data.datasets import Dataset
from cnngui.core.errors import UserError
from cnngui.core.models.card import card_path
from cnngui.core.progress import STOP_SIGNALS, EpochResult, Reported
from cnngui.core.recipes import presets as recipes
from cnngui.core.recipes.layers import Convolution, Dense, Flatten, MaxPooling
from cnngui.core.recipes.parts import NetworkSettings
from cnngui.core.recipes.recipe import SETTINGS, Recipe
from cnngui.core.recipes.setting import Value
from cnngui.core.recipes.toml_file import write_recipe
from cnngui.core.runs.history import read_epochs
from cnngui.core.training.job import Job
from cnngui.terminal import Terminal
from tests.conftest import training_record

REAL = os.environ.get(cifar10.ENVIRONMENT)

Captured = pytest.CaptureFixture[str]


def objects(text: str) -> list[dict[str, Any]]:
    """The JSON objects, one a line, that the text consists of."""
    return [json.loads(line, parse_constant=pytest.fail) for line in text.splitlines()]


def sentence(capsys: Captured) -> str:
    """The one sentence on standard error; nothing was written to standard output."""
    written = capsys.readouterr()
    assert written.out == ""
    (line,) = written.err.splitlines()
    assert line.startswith("cnngui: ")
    assert line.endswith(".")
    return line


@pytest.fixture(autouse=True)
def _here(monkeypatch: pytest.MonkeyPatch, tiny: Recipe) -> None:
    """The tiny recipe has a name, and no CIFAR-10 of this machine is used."""
    monkeypatch.setitem(recipes.PRESETS, "tiny", tiny)
    monkeypatch.setattr(device, "fastest_precision", lambda: "float32")
    monkeypatch.delenv(cifar10.ENVIRONMENT, raising=False)


@pytest.fixture
def pictures(easy: Dataset, tmp_path: Path) -> list[Path]:
    """Six pictures, of red, green, blue, red, green, blue; the names are unusual."""
    names = ["a b.png", "it's “one”.png", '"quoted".png', "😀 ü.png", "%s{0}\\n.png", "-1.png"]
    if sys.platform == "win32":
        names = [re.sub(r'["\\]', "_", name) for name in names]
    for name, pixels in zip(names, easy.test.images, strict=False):
        Image.fromarray(pixels).save(tmp_path / name)
    return [tmp_path / name for name in names]


# --- predict ---


def test_predict_json(
    model: Path, classifier: Classifier, pictures: list[Path], easy: Dataset, capsys: Captured
) -> None:
    assert cli.main(["predict", "--json", "--model", str(model), *map(str, pictures)]) == 0
    written = capsys.readouterr()
    found = objects(written.out)
    assert [answer["image"] for answer in found] == [str(path) for path in pictures]
    assert [answer["top"][0][0] for answer in found] == ["red", "green", "blue"] * 2
    for answer, expected in zip(
        found, classifier.classify([image[None] for image in easy.test.images[:6]]), strict=True
    ):
        assert list(answer) == ["image", "label", "confidence", "top", "error", "known", "familiarity"]
        assert answer["error"] is None
        assert answer["confidence"] == pytest.approx(expected.confidence, abs=1e-5)
        assert [name for name, _ in answer["top"]] == [name for name, _ in expected.top]
        assert answer["known"] == expected.known
        assert answer["label"] == (expected.label if expected.known else None)
        assert answer["top"][0] == [expected.label, answer["confidence"]]
        assert sum(probability for _, probability in answer["top"]) == pytest.approx(1, abs=1e-5)


def test_predict_says_none_of_these(model: Path, classifier: Classifier, tmp_path: Path, capsys: Captured) -> None:
    stripes = np.zeros((32, 32, 3), np.uint8)
    stripes[::3] = 255
    Image.fromarray(stripes).save(path := tmp_path / "stripes.png")
    assert cli.main(["predict", "--json", "--model", str(model), str(path)]) == 0
    (answer,) = objects(capsys.readouterr().out)
    assert (answer["label"], answer["known"], answer["error"]) == (None, False, None)
    assert answer["familiarity"] == pytest.approx(classifier.classify([stripes[None]])[0].familiarity, abs=1e-4)
    assert answer["confidence"] == answer["top"][0][1]
    assert cli.main(["predict", "--model", str(model), str(path)]) == 0
    assert re.fullmatch(
        rf"{re.escape(str(path))}: none of these \((\w+ \d+\.\d%(, )?){{3}}\)\n", capsys.readouterr().out
    )


def test_predict_goes_on_after_bad_files(model: Path, pictures: list[Path], capsys: Captured) -> None:
    bad = pictures[0].parent / "bad.jpg"
    bad.write_text("no picture")
    (bad.parent / "empty").mkdir()
    given = [pictures[0], bad, pictures[1], bad.parent / "empty", bad.with_name("gone.png"), pictures[2]]
    assert cli.main(["predict", "--json", "--model", str(model), *map(str, given)]) == 1
    found = objects(capsys.readouterr().out)
    assert [answer["image"] for answer in found] == [str(path) for path in given]
    assert [answer["label"] for answer in found] == ["red", None, "green", None, None, "blue"]
    for answer in found:
        assert list(answer) == ["image", "label", "confidence", "top", "error", "known", "familiarity"]
        if answer["label"] is None:
            assert (answer["confidence"], answer["top"]) == (None, [])
            assert re.fullmatch(r"[A-Z].*\.", answer["error"])


def test_predict_a_folder(model: Path, pictures: list[Path], capsys: Captured) -> None:
    assert cli.main(["predict", "--json", "--model", str(model), str(pictures[0].parent)]) == 0
    found = objects(capsys.readouterr().out)
    assert sorted(answer["image"] for answer in found) == sorted(map(str, pictures))


def test_predict_text(model: Path, pictures: list[Path], capsys: Captured) -> None:
    gone = pictures[0].with_name("gone.png")
    assert cli.main(["predict", "--model", str(model), str(pictures[3]), str(gone)]) == 1
    answer, error = capsys.readouterr().out.splitlines()
    percent = r"\d+\.\d%"
    assert re.fullmatch(rf"{re.escape(str(pictures[3]))}: red {percent}, \w+ {percent}, \w+ {percent}", answer)
    assert error == f"{gone}: The file does not exist. It may have been moved or renamed."


def test_predict_with_an_image_whose_name_begins_with_a_dash(
    model: Path, pictures: list[Path], capsys: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(pictures[0].parent)
    assert cli.main(["predict", "--json", "--model", str(model), "--", "-1.png"]) == 0
    assert objects(capsys.readouterr().out)[0]["label"] == "blue"


@pytest.mark.skipif(sys.platform != "linux", reason="other systems have no names that are no text")
def test_predict_in_a_process_whose_output_knows_no_such_letters(model: Path, pictures: list[Path]) -> None:
    odd = pictures[0].with_name(os.fsdecode(b"\xff\xe9.png"))
    shutil.copy(pictures[0], odd)
    command = [sys.executable, "-m", "cnngui", "predict", "--model", str(model), str(odd), str(pictures[3])]
    environment = {**os.environ, "PYTHONIOENCODING": "ascii:strict"}
    answer = subprocess.run(command, env=environment, capture_output=True, timeout=100)
    assert answer.returncode == 0, answer.stderr
    assert [line.split(b": ")[1][:4] for line in answer.stdout.splitlines()] == [b"red ", b"red "]


def test_predict_without_a_model(pictures: list[Path], tmp_path: Path, capsys: Captured) -> None:
    assert cli.main(["predict", "--json", "--model", str(tmp_path / "none.keras"), str(pictures[0])]) == 1
    assert "There is no model at" in sentence(capsys)


def test_predict_without_an_image_is_wrong_usage(capsys: Captured) -> None:
    with pytest.raises(SystemExit) as ended:
        cli.main(["predict"])
    assert ended.value.code == 2
    assert "IMAGE" in capsys.readouterr().err


# --- train ---


def assert_run(folder: Path) -> None:
    """Nothing but a run and its model is there, with one checkpoint."""
    names = sorted(file.name for file in folder.iterdir() if not file.name.startswith("checkpoint-"))
    has_answers = training_record(folder / "model.keras").score is not None
    assert names == [
        *("batches.bin", "history.jsonl"),
        *("model.images.npy", "model.json", "model.keras", "model.samples.npz"),
        *(["model.test.npz"] if has_answers else []),
        *("recipe.toml", "run.json"),
    ]
    assert len(list(folder.glob("checkpoint-*.npz"))) == 1


def test_every_setting_can_be_set(easy_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Job] = []

    def take(job: Job, **_: object) -> None:
        asked.append(job)
        raise UserError("That is enough.")

    monkeypatch.setattr(train_command, "run_job", take)
    for path, setting in SETTINGS.items():
        least = f"{max(3, int(setting.minimum))}" if setting.kind is int else ""
        value = {bool: "false", int: least, float: "0.25"}.get(setting.kind, next(iter(setting.choices or ["article"])))
        arguments = ["--data", str(easy_folder), "--recipe", "tiny", "--set", f"{path}={value}"]
        assert cli.main(["train", *arguments, "--out", str(tmp_path / path)]) == 1
        assert asked[-1].recipe.value(path) == setting.parse(value, path)


@pytest.mark.parametrize(
    ("options", "name", "begin"),
    [
        ([], "backbone", "efficientnet_lite0"),
        (["--begin", "backbone"], "backbone", "efficientnet_lite0"),
        (["--begin", "mobilenet_v3_large"], "backbone", "mobilenet_v3_large"),
        (["--begin", "shipped"], "fine-tune", "shipped"),
        (["--begin", "shipped", "--recipe", "quick"], "fine-tune", "shipped"),
        (["--begin", "mine.keras"], "fine-tune", "model"),
        (["--begin", "nothing"], "standard", "nothing"),
        (["--begin", "nothing", "--recipe", "quick"], "quick", "nothing"),
        (["--recipe", "quick"], "quick", "nothing"),
    ],
)
def test_what_a_training_on_a_folder_begins_with(
    options: list[str], name: str, begin: str, easy_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[Job] = []

    def take(job: Job, **_: object) -> None:
        asked.append(job)
        raise UserError("That is enough.")

    monkeypatch.setattr(train_command, "run_job", take)
    cli.main(["train", "--data", str(easy_folder), "--out", str(tmp_path / "out"), *options])
    (job,) = asked
    assert (job.recipe.name, job.recipe.network.begin) == (name, begin)
    assert job.recipe.network.begin_file == (str(Path("mine.keras").absolute()) if begin == "model" else "")


def test_a_recipe_in_a_file(easy_folder: Path, tmp_path: Path, tiny: Recipe, capsys: Captured) -> None:
    recipe = replace(
        tiny, name="own", network=NetworkSettings("layers", layers=(Convolution(4), MaxPooling(4), Flatten(), Dense(8)))
    )
    write_recipe(recipe, tmp_path / "own.toml")
    out, file = tmp_path / "run", str(tmp_path / "own.toml")
    arguments = ["--data", str(easy_folder), "--recipe", file, "--set", "epochs=1", "--out", str(out)]
    assert cli.main(["train", *arguments]) == 0
    assert training_record(out / "model.keras").recipe == recipe.changed({"optimization.epochs": 1})
    picture = next(easy_folder.rglob("*.png"))
    capsys.readouterr()
    assert cli.main(["predict", "--model", str(out / "model.keras"), str(picture)]) == 0
    assert picture.name in capsys.readouterr().out


def test_train_json(easy_folder: Path, tmp_path: Path, capsys: Captured) -> None:
    out = tmp_path / "new" / "run"
    arguments = ["--data", str(easy_folder), "--recipe", "tiny", "--epochs", "3", "--seed", "1", "--out", str(out)]
    assert cli.main(["train", "--json", *arguments]) == 0
    *epochs, last = objects(capsys.readouterr().out)
    assert [epoch["epoch"] for epoch in epochs] == [1, 2, 3]
    assert {tuple(epoch) for epoch in epochs} == {("epoch", "loss", "accuracy", "val_loss", "val_accuracy", "seconds")}
    assert list(last) == ["model", "test_accuracy", "test_loss", "seconds"]
    assert last["model"] == str(out / "model.keras")
    assert last["test_accuracy"] > 0.9
    assert epochs[0]["seconds"] < epochs[1]["seconds"] < epochs[2]["seconds"] <= last["seconds"]
    assert_run(out)
    training = training_record(out / "model.keras")
    assert (training.recipe.name, training.recipe.optimization.epochs, training.recipe.seed) == ("tiny", 3, 1)
    assert training.data == f"Folder {easy_folder.name}"
    assert training.test_accuracy == last["test_accuracy"]

    # What was trained can be evaluated and asked.
    arguments = ["--model", last["model"], "--data", str(easy_folder)]
    assert cli.main(["evaluate", "--json", *arguments]) == 0
    (result,) = objects(capsys.readouterr().out)
    assert list(result) == ["images", "accuracy", "loss", "ece", "per_class", "confusion", "trained_on"]
    assert 0 <= result["ece"] <= 1
    assert set(result["per_class"]) == {"red", "green", "blue"}
    assert result["images"] == sum(map(sum, result["confusion"])) == 120  # all labelled pictures, whatever their part
    assert result["trained_on"] == 54


def test_train_and_evaluate_text(easy_folder: Path, tmp_path: Path, capsys: Captured) -> None:
    (folder := tmp_path / "data").mkdir()
    shutil.copytree(easy_folder, folder, dirs_exist_ok=True)
    (folder / "train" / "red" / "bad.png").write_text("no picture")
    arguments = ["--data", str(folder), "--recipe", "tiny", "--epochs", "1", "--out", str(tmp_path)]
    assert cli.main(["train", *arguments]) == 0
    written = capsys.readouterr()
    epoch, last = written.out.splitlines()
    number = r"\d+\.\d+"
    assert re.fullmatch(
        rf"Epoch 1: loss {number}, accuracy {number}%, validation loss {number}, accuracy {number}%, \d+ s", epoch
    )
    model = tmp_path / "model.keras"
    assert re.fullmatch(
        rf"\d+ of 60 test images correct \({number} %\), loss {number}\. Saved as {re.escape(str(model))}", last
    )
    assert "Left out: " in written.err
    assert "bad.png" in written.err
    assert "█" not in written.err

    assert cli.main(["evaluate", "--model", str(model), "--data", str(folder)]) == 0
    evaluated = capsys.readouterr()
    measured = rf"loss {number}, calibration error {number}\n"
    assert re.fullmatch(rf"Folder data: \d+ of 120 labelled pictures correct \({number} %\), {measured}", evaluated.out)
    assert "54 of these 120 were training images." in evaluated.err


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (
            ["--recipe", "fast"],
            "There is no recipe “fast”. Choose one of: article, quick, standard, best, backbone, fine-tune, tiny.",
        ),
        (["--data", "imagenet"], "There is no data “imagenet”."),
        (["--epochs", "0"], "Epochs must be between 1 and 10,000."),
        (["--seed", "-1"], "Seed must be between 0 and 4,294,967,295."),
        (["--set", "optimization.momentum=1"], "Momentum must be at least 0 and below 1."),
        (
            ["--set", "optimization.momentun=0.5"],
            "There is no setting “optimization.momentun”. The nearest is “optimization.mo",
        ),
        (["--set", "momentum"], "--set momentum has no value. Write it as --set optimization.momentum=0.9."),
        (["--set", "epochs=many"], "Epochs must be a whole number."),
        (["--recipe", "missing.toml"], "missing.toml does not exist. Check its name."),
        (["--data", "cifar10", "--data-dir", "nowhere"], "nowhere"),
    ],
)
def test_train_refuses(arguments: list[str], message: str, tmp_path: Path, capsys: Captured) -> None:
    assert cli.main(["train", "--json", "--out", str(tmp_path / "out"), *arguments]) == 1
    assert message in sentence(capsys)


def test_a_folder_that_cannot_be_written_to_is_found_before_anything_is_loaded(
    tmp_path: Path, capsys: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(datasets, "read", lambda *_, **__: pytest.fail("the data were loaded first"))
    (tmp_path / "file").touch()
    assert cli.main(["train", "--data", "shapes", "--out", str(tmp_path / "file" / "run")]) == 1
    assert "Nothing can be written in" in sentence(capsys)


def test_a_model_that_cannot_be_saved_is_kept_elsewhere(
    easy_folder: Path, tmp_path: Path, capsys: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    (spare := tmp_path / "spare").mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(spare))
    (tmp_path / "out" / "model.keras" / "in the way").mkdir(parents=True)
    arguments = ["--data", str(easy_folder), "--recipe", "tiny", "--epochs", "1", "--out", str(tmp_path / "out")]
    assert cli.main(["train", "--json", "--overwrite", *arguments]) == 1
    (kept,) = spare.glob("*/model.keras")
    error = capsys.readouterr().err
    assert f"Until then, it is kept as {kept}" in error
    assert "could not be saved" in error
    Classifier.load(kept)
    assert training_record(kept).test_accuracy is not None
    assert cli.main(["train", "--resume", "--out", str(tmp_path / "out")]) == 0
    assert f"is finished. Its model is saved as {kept}." in capsys.readouterr().err.replace("\n", " ")


def test_another_model_is_not_replaced_without_being_asked(easy_folder: Path, tmp_path: Path, capsys: Captured) -> None:
    arguments = ["--data", str(easy_folder), "--recipe", "tiny", "--epochs", "1", "--out", str(tmp_path)]
    (tmp_path / "model.keras").write_text("dear")
    assert cli.main(["train", *arguments]) == 1
    assert "Name another folder, or add --resume to continue it or --overwrite to replace it." in sentence(capsys)
    assert (tmp_path / "model.keras").read_text() == "dear"
    assert cli.main(["train", "--overwrite", *arguments]) == 0
    Classifier.load(tmp_path / "model.keras")


@pytest.mark.parametrize("options", [[], ["--resume"]])
def test_what_is_left_of_a_run_is_not_replaced(options: list[str], tmp_path: Path, capsys: Captured) -> None:
    (tmp_path / "history.jsonl").write_text("dear")
    assert cli.main(["train", *options, "--data", "shapes", "--out", str(tmp_path)]) == 1
    assert "run.json is missing. Copy the run’s folder again." in sentence(capsys)
    (tmp_path / "history.jsonl").rename(tmp_path / "model.keras")
    assert cli.main(["train", "--resume", "--data", "shapes", "--out", str(tmp_path)]) == 1
    assert "without its run, so it cannot be continued." in sentence(capsys)
    assert (tmp_path / "model.keras").read_text() == "dear"


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full on this system")
def test_output_that_cannot_be_written_does_not_end_a_training(easy_folder: Path, tmp_path: Path) -> None:
    with Path("/dev/full").open("w") as full:
        command = [sys.executable, "-m", "cnngui", "train", "--recipe", "article", "--epochs", "1"]
        ended = subprocess.run(
            [*command, "--data", str(easy_folder), "--out", str(tmp_path)],
            stdout=full,
            stderr=subprocess.PIPE,
            encoding="utf-8",
        )
    assert ended.returncode == 1
    assert ended.stderr.splitlines()[-1].startswith("cnngui: The output could not be written (No space left on device)")
    assert training_record(tmp_path / "model.keras").test_accuracy is not None


def test_train_needs_out(capsys: Captured) -> None:
    with pytest.raises(SystemExit) as ended:
        cli.main(["train"])
    assert ended.value.code == 2
    assert "--out" in capsys.readouterr().err


def test_a_diverging_training_writes_no_nan(
    easy_folder: Path, tmp_path: Path, capsys: Captured, monkeypatch: pytest.MonkeyPatch, tiny: Recipe
) -> None:
    settings: dict[str, Value] = {
        "network.shape": "article",
        "network.width": 32,
        "optimization.learning_rate": 100.0,
        "optimization.weight_decay": 1.0,
    }
    monkeypatch.setitem(recipes.PRESETS, "wild", replace(tiny.changed(settings), name="wild"))
    arguments = ["--data", str(easy_folder), "--recipe", "wild", "--out", str(tmp_path)]
    assert cli.main(["train", "--json", *arguments]) == 1
    assert "Try a lower learning rate." in capsys.readouterr().err
    assert not list(tmp_path.glob("*.keras"))


def stopped_by_ctrl_c(process: "subprocess.Popen[str]", out: Path) -> str:
    """Press Ctrl-C; what the process wrote afterwards, once its model has proved to be whole."""
    process.send_signal(signal.SIGINT)
    rest, _ = process.communicate(timeout=60)
    assert process.returncode == 130
    model = out / "model.keras"
    Classifier.load(model)
    training = training_record(model)
    assert (training.test_accuracy, training.test_loss) == (None, None)
    assert_run(out)
    return rest


def started(out: Path, *arguments: str, **streams: Any) -> "subprocess.Popen[str]":
    command = [sys.executable, "-m", "cnngui", "train", "--recipe", "article", "--out", str(out), *arguments]
    environment = {name: value for name, value in os.environ.items() if name != cifar10.ENVIRONMENT}
    environment["COLUMNS"] = "100"
    return subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, encoding="utf-8", **streams)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows sends Ctrl-C to whole groups of processes only")
def test_ctrl_c_after_an_epoch_keeps_the_model(easy_folder: Path, tmp_path: Path) -> None:
    arguments = ["--json", "--data", str(easy_folder), "--epochs", "10000"]
    with started(tmp_path, *arguments, stderr=subprocess.DEVNULL) as process:
        assert process.stdout is not None
        assert objects(process.stdout.readline())[0]["epoch"] == 1
        *epochs, last = objects(stopped_by_ctrl_c(process, tmp_path))
    assert all(epoch["epoch"] > 1 for epoch in epochs)
    assert list(last) == ["model", "test_accuracy", "test_loss", "seconds"]
    assert (last["test_accuracy"], last["test_loss"]) == (None, None)


def test_ctrl_c_in_the_middle_of_an_epoch_on_a_terminal(tmp_path: Path) -> None:
    """The progress bar on a terminal tells that the first epoch has begun."""
    pty = pytest.importorskip("pty", reason="Windows has no pseudo terminals")
    ours, theirs = pty.openpty()
    with started(tmp_path, "--data", "shapes", "--epochs", "500", stderr=theirs) as process:
        os.close(theirs)
        shown = b""
        while b"epoch 1/500" not in shown:
            shown += os.read(ours, 4096)
        assert "█".encode() in shown  # of the drawing of the shapes
        rest = stopped_by_ctrl_c(process, tmp_path)
    os.close(ours)
    assert (
        rest == f"Stopped. What was learnt so far is saved as {tmp_path / 'model.keras'}. To continue, add --resume.\n"
    )
    assert training_record(tmp_path / "model.keras").history == ()


@pytest.mark.parametrize("number", STOP_SIGNALS)
def test_a_stop_signal_while_the_data_are_loaded(
    number: signal.Signals, tmp_path: Path, easy_folder: Path, capsys: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    read = datasets.read

    def interrupted(*arguments: Any, **keywords: Any) -> datasets.RawData:
        signal.raise_signal(number)
        return read(*arguments, **keywords)

    monkeypatch.setattr(datasets, "read", interrupted)
    before = signal.getsignal(number)
    assert cli.main(["train", "--data", str(easy_folder), "--out", str(tmp_path)]) == 130
    assert capsys.readouterr().err == "cnngui: stopped\n"
    assert signal.getsignal(number) == before
    assert not list(tmp_path.iterdir())


# --- train --resume ---


def resume(easy_folder: Path, out: Path, *arguments: str) -> int:
    """Train on the easy pictures in the folder ``out``, and go on with what is there."""
    return cli.main(["train", "--json", "--resume", "--data", str(easy_folder), "--out", str(out), *arguments])


@pytest.fixture
def finished(easy_folder: Path, tmp_path: Path, capsys: Captured) -> Path:
    """The folder of a run of one epoch, which begins although it is to be continued."""
    out = tmp_path / "run"
    assert resume(easy_folder, out, "--recipe", "tiny", "--epochs", "1") == 0
    assert [each["epoch"] for each in objects(capsys.readouterr().out)[:-1]] == [1]
    return out


def test_resume_begins_where_nothing_is_and_continues_what_was_stopped(
    easy_folder: Path, tmp_path: Path, capsys: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    show = Terminal.show

    def interrupt(terminal: Terminal, value: Reported) -> None:
        show(terminal, value)
        if isinstance(value, EpochResult) and value.epoch == 1:
            signal.raise_signal(signal.SIGINT)

    with monkeypatch.context() as patch:
        patch.setattr(Terminal, "show", interrupt)
        assert resume(easy_folder, tmp_path, "--recipe", "tiny", "--epochs", "3") == 130
    *epochs, last = objects(capsys.readouterr().out)
    assert [each["epoch"] for each in epochs] == [1]
    assert last["test_accuracy"] is None
    before = read_epochs(tmp_path)

    assert resume(easy_folder, tmp_path) == 0
    *epochs, last = objects(capsys.readouterr().out)
    assert [each["epoch"] for each in epochs] == [2, 3]
    assert last["test_accuracy"] is not None
    assert epochs[0]["seconds"] > before[0].seconds
    training = training_record(tmp_path / "model.keras")
    assert (training.history[:1], len(training.history)) == (before, 3)
    assert read_epochs(tmp_path) == training.history


def test_a_finished_run_says_so_and_is_trained_longer_on_request(
    finished: Path, easy_folder: Path, capsys: Captured
) -> None:
    before = {path.name: path.read_bytes() for path in finished.iterdir()}
    assert resume(easy_folder, finished) == 0
    written = capsys.readouterr()
    assert written.out == ""
    assert f"The run in {finished} is finished. Add --epochs with a larger number to train it longer." in written.err
    assert {path.name: path.read_bytes() for path in finished.iterdir()} == before

    assert resume(easy_folder, finished, "--epochs", "3") == 0
    *epochs, _ = objects(capsys.readouterr().out)
    assert [each["epoch"] for each in epochs] == [2, 3]
    assert training_record(finished / "model.keras").recipe.optimization.epochs == 3


def test_resume_refuses_what_does_not_fit_the_run(finished: Path, easy_folder: Path, capsys: Captured) -> None:
    before = {path.name: path.read_bytes() for path in finished.iterdir()}
    for arguments, message in (
        (["--recipe", "quick"], f"The run in {finished} has the recipe tiny. Leave that option away"),
        (["--seed", "7"], f"The run in {finished} has the seed 0. Leave that option away"),
        (["--set", "momentum=0.5"], f"The run in {finished} has the optimization.momentum 0.85. Leave that option"),
        (["--data", "shapes", "--epochs", "2"], "The data of “run” has changed since it began"),
        (["--overwrite"], "--resume continues a run and --overwrite replaces it. Choose one of them."),
    ):
        assert resume(easy_folder, finished, *arguments) == 1, arguments
        assert message in capsys.readouterr().err
    assert cli.main(["train", "--data", str(easy_folder), "--out", str(finished)]) == 1
    assert "add --resume to continue it or --overwrite to replace it" in sentence(capsys)
    assert {path.name: path.read_bytes() for path in finished.iterdir()} == before


def test_resume_and_overwrite_are_refused_where_nothing_is(easy_folder: Path, tmp_path: Path, capsys: Captured) -> None:
    (tmp_path / "model.keras").write_text("dear")
    assert resume(easy_folder, tmp_path, "--overwrite") == 1
    assert "Choose one of them." in sentence(capsys)
    assert (tmp_path / "model.keras").read_text() == "dear"


# --- evaluate ---


def test_evaluate_with_other_classes(model: Path, tmp_path: Path, pictures: list[Path], capsys: Captured) -> None:
    for name in ("pink", "violet"):
        for number in range(6):
            target = tmp_path / "data" / name / f"{number}.png"
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(pictures[number], target)
    assert cli.main(["evaluate", "--json", "--model", str(model), "--data", str(tmp_path / "data")]) == 1
    assert "does not know pink, violet. It knows red, green, blue" in sentence(capsys)


@pytest.fixture
def foreign(model: Path, tmp_path: Path) -> Path:
    """The model without its card, as somebody else's would be."""
    folder = tmp_path / "foreign"
    folder.mkdir()
    return Path(shutil.copy(model, folder / "other.keras"))


def test_predict_with_a_model_of_others(foreign: Path, pictures: list[Path], capsys: Captured) -> None:
    arguments = ["predict", "--json", "--model", str(foreign), *map(str, pictures[:3])]
    assert cli.main(arguments) == 0
    assert [answer["label"] for answer in objects(capsys.readouterr().out)] == ["class 1", "class 2", "class 3"]
    foreign.with_suffix(".txt").write_text("röd\ngrön\nblå\n", encoding="utf-8")
    assert cli.main(arguments) == 0
    assert [answer["label"] for answer in objects(capsys.readouterr().out)] == ["röd", "grön", "blå"]
    foreign.with_suffix(".txt").write_text("röd\n", encoding="utf-8")
    assert cli.main(arguments) == 0
    assert "other.txt has 1 line, but other.keras has 3 classes" in capsys.readouterr().err


def test_the_pixels_of_a_model_of_others(foreign: Path, pictures: list[Path], capsys: Captured) -> None:
    arguments = ["predict", "--model", str(foreign), str(pictures[0])]
    assert cli.main([*arguments, "--pixels=-1-1"]) == 0
    assert capsys.readouterr().err == "other.keras: pixels −1–1; probabilities as they are.\n"
    assert cli.main(arguments) == 0  # as they were chosen before
    assert capsys.readouterr().err == "other.keras: pixels −1–1; probabilities as they are.\n"
    with pytest.raises(SystemExit):
        cli.main([*arguments, "--pixels", "0-2"])


def test_the_pixels_of_a_model_that_cnngui_trained(model: Path, pictures: list[Path], capsys: Captured) -> None:
    assert cli.main(["predict", "--model", str(model), "--pixels", "0-1", str(pictures[0])]) == 1
    assert "gets the pixels that it learnt from" in sentence(capsys)
    assert not model.with_suffix(".pixels.txt").exists()


def test_evaluate_with_a_model_of_others(foreign: Path, easy_folder: Path, capsys: Captured) -> None:
    arguments = ["evaluate", "--json", "--model", str(foreign), "--data", str(easy_folder)]
    assert cli.main(arguments) == 1
    assert "does not know blue, green, red. It knows class 1, class 2, class 3" in sentence(capsys)
    foreign.with_suffix(".txt").write_text("red\ngreen\nblue")
    assert cli.main(arguments) == 0
    assert objects(capsys.readouterr().out)[-1]["accuracy"] > 0.8


def test_evaluate_with_a_damaged_model(model: Path, tmp_path: Path, capsys: Captured) -> None:
    shutil.copy(card_path(model), tmp_path)
    (tmp_path / model.name).write_bytes(model.read_bytes()[:1000])
    assert cli.main(["evaluate", "--model", str(tmp_path / model.name), "--data", "shapes"]) == 1
    assert "or is cut short" in sentence(capsys)


@pytest.mark.skipif(not REAL, reason=f"{cifar10.ENVIRONMENT} names no folder with CIFAR-10")
@pytest.mark.skipif(not paths.shipped_model().is_file(), reason="there is no models/cifar10.keras")
def test_the_shipped_model_on_cifar10(capsys: Captured, monkeypatch: pytest.MonkeyPatch) -> None:
    """On a few of the test images. The model’s card has the accuracy on all of them, and the command for it."""
    read = datasets.read

    def few(*arguments: Any, **keywords: Any) -> datasets.RawData:
        raw = read(*arguments, **keywords)
        assert raw.test is not None
        return replace(raw, test=datasets.Split(raw.test.images[:400], raw.test.labels[:400]))

    monkeypatch.setattr(datasets, "read", few)
    assert cli.main(["evaluate", "--json", "--data", "cifar10", "--data-dir", str(REAL)]) == 0
    (result,) = objects(capsys.readouterr().out)
    assert result["images"] == 400
    assert result["accuracy"] >= 0.88


# --- the program ---


def test_version_and_help(capsys: Captured) -> None:
    for arguments in (["--version"], ["--help"], ["train", "--help"], ["predict", "--help"], ["evaluate", "--help"]):
        with pytest.raises(SystemExit) as ended:
            cli.main(arguments)
        assert ended.value.code == 0
        assert "cnngui" in capsys.readouterr().out


def test_a_command_behind_an_option_is_no_picture(capsys: Captured) -> None:
    with pytest.raises(SystemExit) as end:
        cli.main(["--model", "some.keras", "predict", "cat.png"])
    assert end.value.code == 2
    assert "put the command first: cnngui predict" in capsys.readouterr().err


def test_a_network_without_layers_is_told_before_anything_else(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    options = ["--set", "network.shape=layers", "--data", str(tmp_path / "none"), "--out", str(tmp_path / "run")]
    assert cli.main(["train", *options]) == 1
    assert "The network ends with an image. Add Flatten or Global pooling at its end." in capsys.readouterr().err
    assert not (tmp_path / "run").exists()
