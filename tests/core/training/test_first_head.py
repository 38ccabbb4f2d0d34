"""Trainings that begin with another model: the last layer first, then what else may change."""

import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from cnngui.core import device
from cnngui.core.answers.classifier import Classifier
from cnngui.core.answers.explanation import explain
from cnngui.core.data.datasets import Dataset, Split
from cnngui.core.errors import Stopped, UserError
from cnngui.core.models import file as model_file
from cnngui.core.progress import BatchProgress, EpochResult, FirstModel, Progress
from cnngui.core.recipes.parts import Augmentation, NetworkSettings, Optimization
from cnngui.core.recipes.recipe import Recipe
from cnngui.core.runs.features import features_path
from cnngui.core.runs.folder import MODEL, RECIPE
from cnngui.core.runs.record import Phase, read_record
from cnngui.core.training import first_head, job
from cnngui.core.training.control import Control
from cnngui.core.training.job import Job, continued
from cnngui.core.training.train import train
from cnngui.core.training.trained import Trained


@pytest.fixture(autouse=True)
def _float32(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(device, "fastest_precision", lambda: "float32")


@pytest.fixture(scope="module")
def head(model: Path) -> Recipe:
    """Only the last layer learns, on what the tiny model sees."""
    return Recipe(
        "head",
        network=NetworkSettings(begin="model", begin_file=str(model), trainable="head"),
        optimization=Optimization(epochs=6),
        augmentation=Augmentation(shift=0),
    )


@pytest.fixture(scope="module")
def two_phases(head: Recipe) -> Recipe:
    return head.changed(
        {
            "network.trainable": "half",
            "optimization.epochs": 2,
            "optimization.batch_size": 16,
            "optimization.optimizer": "adamw",
            "optimization.learning_rate": 0.001,
        }
    )


@pytest.fixture(scope="module")
def others(easy: Dataset) -> Dataset:
    """The same images in two classes that the model does not know."""

    def merged(split: Split) -> Split:
        return Split(split.images, np.minimum(split.labels, 1).astype(np.int32))

    train_part, validation, test = (merged(part) for part in (easy.train, easy.validation, easy.test))
    return Dataset("/pictures", "Own", ("warm", "cold"), train_part, validation, test)


@pytest.fixture(scope="module")
def of_head(others: Dataset, head: Recipe) -> Trained:
    return train(others, head)


def test_the_last_layer_learns_the_new_classes(of_head: Trained, others: Dataset) -> None:
    training = of_head.training
    assert of_head.classes == ("warm", "cold")
    assert training.test_accuracy is not None
    assert training.test_accuracy > 0.9
    assert [result.epoch for result in training.history] == [1, 2, 3, 4, 5, 6]
    assert training.history[-1].loss < training.history[0].loss
    answers = of_head.classifier().classify([image[None] for image in others.validation.images])
    assert np.mean([answer.known for answer in answers]) >= 0.9


def test_the_rest_stays_as_it_was(of_head: Trained, model: Path) -> None:
    before = {layer.name: layer for layer in model_file.load(model).network.get_layer("body").layers}
    for layer in of_head.network.get_layer("body").layers:
        for ours, theirs in zip(
            layer.get_weights(), before[layer.name].get_weights() if layer.weights else (), strict=True
        ):
            np.testing.assert_array_equal(ours, theirs)


def test_its_model_is_saved_opened_and_explained(of_head: Trained, others: Dataset, tmp_path: Path) -> None:
    path = tmp_path / "own.keras"
    model_file.save(of_head.network, of_head.card, path, of_head.familiarity)
    opened, images = Classifier.load(path), others.test.images[:8]
    np.testing.assert_allclose(opened.probabilities(images), of_head.classifier().probabilities(images), atol=1e-5)
    assert np.isfinite(explain(opened, images[:1], 0)).all()
    assert opened.sees_whole


def test_a_model_that_began_with_another_can_be_begun_with(
    of_head: Trained, easy: Dataset, head: Recipe, tmp_path: Path
) -> None:
    path = tmp_path / "own.keras"
    model_file.save(of_head.network, of_head.card, path, of_head.familiarity)
    again = train(easy, head.changed({"network.begin_file": str(path)}))
    assert again.training.test_accuracy is not None
    assert again.training.test_accuracy > 0.9


def test_two_trainings_are_equal(others: Dataset, head: Recipe, of_head: Trained) -> None:
    again = train(others, head)
    for ours, theirs in zip(again.network.get_weights(), of_head.network.get_weights(), strict=True):
        np.testing.assert_array_equal(ours, theirs)


@pytest.mark.parametrize("trainable", ["half"])
def test_two_phases_of_one_training(others: Dataset, two_phases: Recipe, trainable: str) -> None:
    first: list[Trained] = []
    reports: list[Any] = []
    recipe = two_phases.changed({"network.trainable": trainable})
    trained = train(others, recipe, progress=reports.append, first_model=first.append)
    assert [report.epoch for report in reports if isinstance(report, EpochResult)] == [1, 2]
    (answering,) = first
    assert answering.classifier().probabilities(others.test.images[:3]).shape == (3, 2)
    before, after = (model.network.get_layer("body") for model in (answering, trained))
    changed = {
        layer.name
        for layer in after.layers
        if layer.weights and not np.array_equal(layer.get_weights()[0], before.get_layer(layer.name).get_weights()[0])
    }
    names = [layer.name for layer in after.layers if layer.weights]
    lower = set(names[: names.index(min(changed, key=names.index))])
    assert "whitening" in lower
    assert bool(lower - {"whitening"}) == (trainable == "half")


def stop_at(text: str) -> tuple[Callable[[Any], None], Callable[[], bool]]:
    """A progress and a should_stop that stops at a Progress with this text."""
    seen: list[str] = []

    def note(report: Any) -> None:
        seen.extend([report.text] if isinstance(report, Progress) else [])

    return note, lambda: text in seen


def test_a_stop_while_it_looks_keeps_a_model(
    others: Dataset, two_phases: Recipe, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("cnngui.core.training.looked.IMAGES_PER_CALL", 10)
    progress, should_stop = stop_at("Looking at the training images")
    trained = train(others, two_phases, progress=progress, should_stop=should_stop)
    assert trained.stopped
    assert trained.classifier().probabilities(others.test.images[:2]).shape == (2, 2)


def test_a_stop_that_discards(others: Dataset, head: Recipe) -> None:
    control = Control()
    control.discard()
    with pytest.raises(Stopped):
        train(others, head, should_stop=lambda: True, control=control)


def test_more_epochs_that_are_asked_for_meanwhile(others: Dataset, head: Recipe) -> None:
    control = Control()

    def lengthen(report: Any) -> None:
        if isinstance(report, BatchProgress):
            control.train_longer(9)

    trained = train(others, head, progress=lengthen, control=control)
    assert trained.training.recipe.optimization.epochs == len(trained.training.history) == 9


def test_few_images_calibrate_by_cross_validation(others: Dataset, head: Recipe) -> None:
    few = replace(others, train=Split(others.train.images[:10], others.train.labels[:10]))
    few = replace(few, validation=Split(others.validation.images[:4], others.validation.labels[:4]))
    trained = train(few, head)
    assert trained.training.temperature != 1
    assert trained.training.temperature >= 0.5


@pytest.fixture
def own_job(easy_folder: Path, head: Recipe, tmp_path: Path) -> Job:
    return Job(str(easy_folder), head, tmp_path / "runs" / "first" / "model.keras")


def test_what_was_seen_is_not_looked_at_again(own_job: Job, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_arguments: Any) -> None:
        raise KeyboardInterrupt  # as a kill, it leaves all as it is

    with monkeypatch.context() as patch:
        patch.setattr(first_head.HeadTraining, "_descend", fail)
        with pytest.raises(KeyboardInterrupt):
            job.run(own_job)
    kept = [features_path(own_job.folder, part, own_job.recipe) for part in ("training", "validation")]
    assert all(path.exists() for path in kept)
    with monkeypatch.context() as patch:
        patch.setattr(first_head, "look", fail)
        result = job.run(continued(own_job.folder))
    assert not result.stopped
    assert not any(path.exists() for path in kept)


def test_a_damaged_file_of_what_was_seen_is_looked_at_again(own_job: Job) -> None:
    features_path(own_job.folder, "training", own_job.recipe).parent.mkdir(parents=True)
    features_path(own_job.folder, "training", own_job.recipe).write_bytes(b"\x93NUMPY nonsense")
    assert not job.run(own_job).stopped


def test_a_finished_run_is_trained_longer(own_job: Job) -> None:
    job.run(own_job)
    longer = job.run(continued(own_job.folder, epochs=8)).card.training
    assert longer is not None
    assert [result.epoch for result in longer.history] == [*range(1, 9)]
    record = read_record(own_job.folder)
    assert record is not None
    assert record.phase == Phase.FINISHED


def test_the_first_model_is_a_file(own_job: Job, two_phases: Recipe) -> None:
    opened: list[Classifier] = []

    def open_it(report: Any) -> None:
        if isinstance(report, FirstModel):
            assert 0 <= report.accuracy <= 1
            opened.append(Classifier.load(report.path))

    result = job.run(replace(own_job, recipe=two_phases), progress=open_it)
    assert len(opened) == 1
    assert opened[0].card.classes == result.card.classes
    assert (own_job.folder / RECIPE).exists()


@pytest.mark.parametrize(
    ("file", "message"),
    [
        ("", "no model to begin with. Choose its file"),
        ("/no/such.keras", "There is no model at /no/such.keras"),
        ("//server/share/a.keras", "on another computer. Copy it to this one"),
        (r"\\server\share\a.keras", "on another computer. Copy it to this one"),
    ],
)
def test_a_model_that_cannot_be_begun_with_is_a_sentence(own_job: Job, file: str, message: str) -> None:
    recipe = own_job.recipe.changed({"network.begin_file": file})
    with pytest.raises(UserError, match=message.replace("\\", "\\\\")):
        job.run(replace(own_job, recipe=recipe))
    assert not own_job.folder.exists()


def test_a_class_that_is_added_later_is_learnt_by_a_head_of_its_own(
    own_job: Job, easy_folder: Path, tmp_path: Path
) -> None:
    two = tmp_path / "two"
    for part in ("train", "test"):
        for name in ("red", "green"):
            shutil.copytree(easy_folder / part / name, two / part / name)
    before = job.run(replace(own_job, source=str(two), path=tmp_path / "before" / MODEL))
    assert before.card.classes == ("green", "red")
    recipe = own_job.recipe.changed({"network.begin_file": str(before.path)})
    after = job.run(replace(own_job, recipe=recipe, source=str(easy_folder), path=tmp_path / "after" / MODEL))
    assert after.card.classes == ("blue", "green", "red")
    assert after.card.training is not None
    assert after.card.training.test_accuracy is not None
    assert after.card.training.test_accuracy > 0.9
