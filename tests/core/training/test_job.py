import pickle
import shutil
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from cnngui.core.answers.classifier import Classifier
from cnngui.core.data import datasets, image_folder, test_part
from cnngui.core.data.datasets import RawData
from cnngui.core.errors import Stopped, UserError
from cnngui.core.models.samples import read_samples
from cnngui.core.progress import BatchProgress, DataNotes, LeftOut, Progress
from cnngui.core.recipes.recipe import Recipe
from cnngui.core.runs.folder import LOCK
from cnngui.core.runs.record import Phase, read_record
from cnngui.core.training.job import Job, JobResult, continued, run
from tests.conftest import training_record
from tests.core.runs.test_lock import held_elsewhere


@pytest.fixture
def job(easy_folder: Path, tiny: Recipe, tmp_path: Path) -> Job:
    """Trains for an epoch and saves the model in a run's folder."""
    return Job(str(easy_folder), tiny.changed({"optimization.epochs": 1}), tmp_path / "runs" / "first" / "model.keras")


def in_the_way(path: Path) -> None:
    """Make saving at ``path`` fail."""
    (path / "in the way").mkdir(parents=True)


def test_it_loads_trains_and_saves(job: Job) -> None:
    reports: list[Any] = []
    result = run(job, progress=reports.append)
    assert (result.path, result.stopped, result.left_out) == (job.path, False, ())
    assert sorted(file.name for file in job.folder.iterdir()) == [
        "batches.bin",
        "checkpoint-000000004.npz",  # of its end: from there it can be trained longer
        "history.jsonl",
        *("model.images.npy", "model.json", "model.keras", "model.samples.npz", "model.test.npz"),
        *("recipe.toml", "run.json"),
    ]
    assert Classifier.load(job.path).card == result.card
    assert result.card.training == training_record(job.path)
    samples = read_samples(job.path)
    assert samples is not None
    assert (len(samples.images), samples.validation) == (60, 6)
    texts = [report.text for report in reports if isinstance(report, Progress)]
    assert texts[-1] == "Saving the model"
    assert [report.text for report in reports if isinstance(report, Progress) and not report.can_stop] == [texts[-1]]
    assert [report for report in reports if isinstance(report, LeftOut)] == [LeftOut(())]


def test_settings_follow_the_number_of_images_if_wanted(job: Job) -> None:
    recipe = job.recipe.changed({"optimization.batch_size": 64})
    kept = run(replace(job, recipe=recipe)).card.training
    reports: list[Any] = []
    fitted = run(replace(job, recipe=recipe, fit=("batch_size",)), progress=reports.append).card.training
    assert kept is not None
    assert fitted is not None
    assert kept.recipe == recipe
    assert fitted.recipe == recipe.changed({"optimization.batch_size": 16})
    (notes,) = [report.sentences for report in reports if isinstance(report, DataNotes)]
    assert notes[-1] == "Batch size for this data: 16."


def test_the_result_can_be_pickled(job: Job) -> None:
    result = run(job)
    copy = pickle.loads(pickle.dumps(result))
    assert isinstance(copy, JobResult)
    assert copy == result


def test_files_that_cannot_be_read_are_left_out(job: Job, easy_folder: Path, tmp_path: Path) -> None:
    folder = tmp_path / "data"
    for name in ("red", "green", "blue"):
        (folder / name).mkdir(parents=True)
        for image in sorted((easy_folder / "train" / name).iterdir())[:9]:
            (folder / name / image.name).write_bytes(image.read_bytes())
    (folder / "red" / "bad.png").write_text("no picture")
    reports: list[Any] = []
    result = run(replace(job, source=str(folder)), progress=reports.append)
    (sentence,) = result.left_out
    assert "bad.png: Not a readable picture." in sentence
    assert LeftOut(result.left_out) in reports


def test_stopped_after_learning_it_saves_the_model(job: Job) -> None:
    reports: list[Any] = []
    result = run(
        replace(job, recipe=job.recipe.changed({"optimization.epochs": 100})),
        progress=reports.append,
        should_stop=lambda: any(isinstance(report, BatchProgress) for report in reports),
    )
    assert result.stopped
    assert result.path == job.path
    assert training_record(job.path).test_accuracy is None


def test_stopped_before_learning_it_leaves_nothing(job: Job) -> None:
    with pytest.raises(Stopped):
        run(job, should_stop=lambda: True)
    assert not job.path.parent.parent.exists()


def test_without_data_it_leaves_nothing(job: Job) -> None:
    with pytest.raises(UserError, match="There is no data “imagenet”"):
        run(replace(job, source="imagenet"))
    assert not job.path.parent.parent.exists()


def test_diverged_it_leaves_nothing(job: Job) -> None:
    wild = job.recipe.changed(
        {
            "network.shape": "article",
            "network.width": 32,
            "optimization.learning_rate": 100.0,
            "optimization.weight_decay": 1.0,
        }
    )
    with pytest.raises(UserError, match="Try a lower learning rate"):
        run(replace(job, recipe=wild))
    assert not job.path.parent.parent.exists()


def test_it_looks_at_the_folder_before_the_data(job: Job, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(datasets, "read", lambda *_, **__: pytest.fail("the data was loaded first"))
    (tmp_path / "file").touch()
    with pytest.raises(UserError, match="Nothing can be written in"):
        run(replace(job, path=tmp_path / "file" / "run" / "model.keras"))


def test_given_up_it_raises_the_error(job: Job) -> None:
    in_the_way(job.path)
    with pytest.raises(UserError, match="could not be saved in"):
        run(job)


def test_it_tries_the_same_place_again(job: Job) -> None:
    in_the_way(job.path)
    asked: list[Path] = []

    def next_place(error: UserError, path: Path) -> Path:
        assert "could not be saved" in str(error)
        asked.append(path)
        if len(asked) == 2:
            (path / "in the way").rmdir()
            path.rmdir()
        return path

    assert run(job, next_place=next_place).path == job.path
    assert asked == [job.path, job.path]
    Classifier.load(job.path)


def test_it_tries_other_places(job: Job, tmp_path: Path) -> None:
    places = [tmp_path / "file" / "model.keras", tmp_path / "other" / "model.keras"]
    in_the_way(job.path)
    places[0].parent.touch()
    failed: list[Path] = []

    def next_place(_error: UserError, path: Path) -> Path:
        failed.append(path)
        return places[len(failed) - 1]

    result = run(job, next_place=next_place)
    assert result.path == places[1]
    assert failed == [job.path, places[0]]
    record = read_record(job.folder)
    assert record is not None
    assert (record.phase, record.model) == (Phase.FINISHED, str(places[1]))
    assert Classifier.load(result.path).card == result.card


def test_a_model_is_not_saved_over_another_trainings(job: Job, tmp_path: Path) -> None:
    other = tmp_path / "other" / "model.keras"
    reasons: list[str] = []
    with ExitStack() as stack:

        def begin_another(value: Any) -> None:
            if value == Progress("Saving the model", can_stop=False):
                shutil.rmtree(job.folder)
                job.folder.mkdir()
                stack.enter_context(held_elsewhere(job.folder))

        def next_place(error: UserError, _path: Path) -> Path:
            reasons.append(str(error))
            return other

        assert run(job, progress=begin_another, next_place=next_place).path == other
        assert [path.name for path in job.folder.iterdir()] == [LOCK]
    assert [reason.startswith("Another window or command trains a run in") for reason in reasons] == [True]


def test_doubles_are_kept_together_noted_and_found_again(
    job: Job, easy_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "data"
    shutil.copytree(easy_folder / "train", folder)
    groups = tuple((number, number + 1) for number in range(0, 60, 2))

    def found(raw: RawData, *_arguments: object) -> RawData:
        return replace(raw, doubles=groups)

    monkeypatch.setattr("cnngui.core.training.job.with_doubles", found)
    reports: list[Any] = []
    training = run(replace(job, source=str(folder)), progress=reports.append).card.training
    record = read_record(job.folder)
    assert training is not None
    assert record is not None
    assert training.doubles == record.doubles == groups
    assert training == training_record(job.path)
    (notes,) = [report.sentences for report in reports if isinstance(report, DataNotes)]
    assert f"{training.images['test']} for the test" in notes[1]
    part = test_part.read(training.source, training.images, doubles=training.doubles)
    files = test_part.read(training.source, training.images, doubles=()).images
    assert part.images != files
    everything = [path for path, _ in image_folder.layout_of(image_folder.listing(folder)).train]
    numbers = {everything.index(path) for path in part.images if isinstance(path, Path)}
    assert all((number ^ 1) in numbers for number in numbers)  # both of each pair


def test_a_run_goes_on_with_the_doubles_that_it_began_with(
    job: Job, tmp_path: Path, easy_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "data"
    shutil.copytree(easy_folder / "train", folder)
    groups = ((0, 1, 2), (30, 31))
    monkeypatch.setattr("cnngui.core.training.job.with_doubles", lambda raw, *_: replace(raw, doubles=groups))
    run(replace(job, source=str(folder)))
    monkeypatch.setattr("cnngui.core.training.job.with_doubles", lambda raw, *_: replace(raw, doubles=()))
    longer = run(continued(job.folder, epochs=2)).card.training
    assert longer is not None
    assert longer.doubles == groups
