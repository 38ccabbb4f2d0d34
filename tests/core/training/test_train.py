import gc
import itertools
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from cnngui.core import device
from cnngui.core.answers.classifier import Classifier
from cnngui.core.answers.evaluation import evaluate
from cnngui.core.data import batches
from cnngui.core.data.datasets import Dataset, Split
from cnngui.core.errors import UserError
from cnngui.core.networks.layers import whitening_kernel
from cnngui.core.progress import BatchProgress, EpochResult, Progress
from cnngui.core.recipes.recipe import Recipe
from cnngui.core.tensorflow_start import start_tensorflow
from cnngui.core.training import averaging, looked
from cnngui.core.training.train import build_network, train
from cnngui.core.training.trained import Trained


@pytest.fixture(autouse=True)
def _float32(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(device, "fastest_precision", lambda: "float32")


def keys(images: NDArray[np.uint8]) -> list[bytes]:
    return [image.tobytes() for image in images]


def test_learns(trained: Trained) -> None:
    assert trained.training.test_accuracy is not None
    assert trained.training.test_loss is not None
    assert trained.training.test_accuracy > 0.9
    assert trained.training.test_loss < 0.7
    assert not trained.stopped


def test_the_card_says_what_was_done(trained: Trained, whitened: Recipe, easy: Dataset) -> None:
    card, training = trained.card, trained.training
    assert card.training is training
    assert (card.classes, training.data, training.recipe, training.precision) == (
        easy.classes,
        "Easy colours",
        whitened,
        "float32",
    )
    assert training.images == {"training": 240, "validation": 48, "test": 60}
    assert [result.epoch for result in training.history] == [1, 2]
    assert training.history[1].loss < training.history[0].loss
    assert training.history[-1].seconds <= training.seconds


def test_the_losses_of_the_epochs_are_those_of_the_outcome(easy: Dataset, tiny: Recipe) -> None:
    """Without mirror images, averages and a temperature, the saved model is the network of the last epoch."""
    recipe = tiny.changed({"optimization.label_smoothing": 0.5, "augmentation.horizontal_flip": False})
    trained = train(easy, recipe)
    training = trained.training
    assert training.temperature == 1
    assert training.history[-1].val_loss == pytest.approx(training.validation_loss, rel=0.02)  # its kernels are rounded
    again = evaluate(trained.classifier(), replace(easy, test=easy.validation))
    assert training.validation_loss == pytest.approx(again.loss, rel=1e-3)
    assert not training.smoothed_losses


def test_the_validation_loss_is_that_of_the_saved_model(trained: Trained, easy: Dataset) -> None:
    again = evaluate(trained.classifier(), replace(easy, test=easy.validation))
    assert trained.training.validation_loss == pytest.approx(again.loss, rel=1e-3)


def test_the_score_on_the_test_images_is_in_the_card(trained: Trained, easy: Dataset) -> None:
    score = trained.training.score
    assert score is not None
    assert (score.images, score.most_frequent) == (60, 20)
    assert score.correct == round(60 * score.accuracy)


def test_the_model_takes_pixels_and_returns_probabilities(trained: Trained, easy: Dataset) -> None:
    answers = trained.network(easy.test.images.astype(np.float32)).numpy()
    assert answers.shape == (60, 3)
    assert answers.dtype == np.float32
    assert answers.min() >= 0
    np.testing.assert_allclose(answers.sum(1), 1, rtol=1e-5)
    assert np.mean(answers.argmax(1) == easy.test.labels) == trained.training.test_accuracy


def test_the_whitening_is_the_same_after_the_training(trained: Trained, easy: Dataset) -> None:
    scaled = easy.train.images.astype(np.float32) / 255
    deviation = np.sqrt(scaled.var((0, 1, 2)) + 1e-4)
    kernel = trained.network.get_layer("body").get_layer("whitening").kernel.numpy()
    expected = whitening_kernel((scaled - scaled.mean((0, 1, 2))) / deviation)
    np.testing.assert_allclose(kernel * 255 * deviation[:, None], expected, atol=1e-4)  # it takes raw pixels now


def test_the_temperature_makes_the_validation_images_likeliest(easy: Dataset, tiny: Recipe) -> None:
    images, labels = (np.concatenate([part] * 3) for part in (easy.validation.images, easy.validation.labels))
    labels[::5] = (labels[::5] + 1) % 3  # so that certainty would be wrong
    trained = train(replace(easy, validation=Split(images, labels)), tiny)
    assert trained.network.get_layer("temperature").scale == pytest.approx(1 / trained.training.temperature)
    assert 0.3 < trained.training.temperature < 3.9
    logits = np.log(trained.network(images.astype(np.float32)).numpy().astype(float).clip(1e-30))

    def loss(factor: float) -> float:
        scaled = np.exp(factor * logits)
        return float(-np.log(scaled / scaled.sum(1, keepdims=True))[range(len(labels)), labels].mean())

    assert loss(1) < loss(0.95)
    assert loss(1) < loss(1.05)


def test_two_classes_of_a_few_images(easy: Dataset, one_epoch: Recipe) -> None:
    def few_of(split: Split, count: int) -> Split:
        chosen = np.concatenate([np.flatnonzero(split.labels == label)[:count] for label in (0, 1)])
        return Split(split.images[chosen], split.labels[chosen])

    train_part, validation, test = few_of(easy.train, 4), few_of(easy.validation, 1), few_of(easy.test, 2)
    dataset = replace(easy, classes=("red", "green"), train=train_part, validation=validation, test=test)
    trained = train(dataset, one_epoch)
    assert trained.training.temperature == 1  # two images say nothing of percentages
    answers = trained.classifier().classify([image[None] for image in dataset.validation.images])
    assert all(answer.known for answer in answers)


def test_a_stop_while_calibrating(easy: Dataset, one_epoch: Recipe, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(looked, "IMAGES_PER_CALL", 10)
    reports: list[Any] = []
    trained = train(
        easy,
        one_epoch,
        progress=reports.append,
        should_stop=lambda: any(isinstance(r, Progress) and r.text.startswith("Calibrating") for r in reports),
    )
    assert trained.stopped
    assert trained.training.test_accuracy is None
    assert len(trained.familiarity.remembered) == 10
    assert trained.training.validation_loss is None  # only ten of the validation images were seen
    assert len(trained.training.history) == 1


def test_colours_that_were_never_seen_are_not_known(trained: Trained, easy: Dataset) -> None:
    seen = trained.classifier().classify([image[None] for image in easy.test.images])
    assert np.mean([answer.known for answer in seen]) > 0.8
    stripes = np.zeros((1, 32, 32, 3), np.uint8)
    stripes[:, ::3] = 255
    (strange,) = trained.classifier().classify([stripes])
    assert not strange.known
    assert strange.familiarity is not None
    assert strange.familiarity < trained.familiarity.threshold


def test_only_training_and_validation_images_are_calibrated_on(
    easy: Dataset, one_epoch: Recipe, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[bytes] = []
    look = Classifier.look

    def recorded(self: Classifier, images: NDArray[np.uint8]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        seen.extend(keys(images))
        return look(self, images)

    monkeypatch.setattr(Classifier, "look", recorded)
    train(easy, one_epoch, should_stop=lambda: True)
    assert seen
    allowed = [part.images[:, :, ::step] for part in (easy.train, easy.validation) for step in (1, -1)]
    assert set(seen) <= set(keys(np.concatenate(allowed)))


@pytest.mark.filterwarnings("error::UserWarning")
def test_the_model_takes_an_array_without_a_warning(trained: Trained) -> None:
    assert trained.network(np.zeros((1, 32, 32, 3), np.float32)).shape == (1, 3)


@pytest.fixture
def one_epoch(tiny: Recipe) -> Recipe:
    return tiny.changed({"optimization.epochs": 1})


@pytest.fixture
def few(easy: Dataset) -> Dataset:
    """A third of the training images."""
    return replace(easy, train=Split(easy.train.images[:80], easy.train.labels[:80]))


def test_the_same_seed_gives_the_same_result(trained: Trained, easy: Dataset, whitened: Recipe) -> None:
    again = train(easy, whitened)
    for a, b in zip(trained.network.get_weights(), again.network.get_weights(), strict=True):
        np.testing.assert_allclose(a, b, atol=1e-2)  # threads add in any order, and the differences grow


def test_another_seed_gives_other_weights(few: Dataset, tiny: Recipe) -> None:
    first, other = (
        train(few, tiny.changed({"seed": seed}), should_stop=lambda: True).network.get_weights()[-1] for seed in (0, 1)
    )
    assert not np.array_equal(first, other)


def test_the_articles_recipe_learns(few: Dataset, one_epoch: Recipe) -> None:
    recipe = one_epoch.changed(
        {
            "network.shape": "article",
            "network.width": 32,
            "optimization.optimizer": "adam",
            "optimization.schedule": "constant",
            "optimization.learning_rate": 0.003,
            "optimization.epochs": 3,
        }
    )
    trained = train(few, recipe)
    assert trained.training.test_accuracy is not None
    assert trained.training.test_accuracy > 0.9


def test_its_step_is_traced_once(few: Dataset, one_epoch: Recipe, monkeypatch: pytest.MonkeyPatch) -> None:
    """Tracing takes a second. TensorFlow repeats it if Keras makes variables meanwhile."""
    import keras

    traced: list[Any] = []
    step = keras.Model.train_step

    def note(model: keras.Model, data: Any) -> Any:
        traced.append(data)
        return step(model, data)

    monkeypatch.setattr(keras.Model, "train_step", note)
    train(few, one_epoch, should_stop=lambda: True)
    assert len(traced) == 1


def test_reports_in_order(few: Dataset, one_epoch: Recipe) -> None:
    reports: list[Any] = []
    train(few, one_epoch, progress=reports.append)
    kinds = [kind for kind, _ in itertools.groupby(type(report) for report in reports)]
    assert kinds == [Progress, BatchProgress, EpochResult, Progress]


def test_only_training_images_are_learnt_from_each_once_an_epoch_in_the_order_of_the_seed(
    few: Dataset, one_epoch: Recipe, monkeypatch: pytest.MonkeyPatch
) -> None:
    given: dict[int, list[tuple[int, list[bytes]]]] = {}

    class Recorded(batches.Batches):
        def __getitem__(self, index: int) -> tuple[NDArray[np.uint8], NDArray[np.float32]]:
            images, labels = super().__getitem__(index)
            given.setdefault(len(self._split), []).append((index, keys(images)))
            return images, labels

    monkeypatch.setattr("cnngui.core.training.learning.Batches", Recorded)
    train(
        few,
        one_epoch.changed({"optimization.epochs": 2, "augmentation.horizontal_flip": False, "augmentation.shift": 0}),
    )
    assert set(given) == {80, 48}  # training and validation; never the test images
    assert {key for _, part in given[48] for key in part} == set(keys(few.validation.images))
    assert set(keys(few.validation.images)).isdisjoint(key for _, part in given[80] for key in part)
    # Before an epoch Keras may look at the first batches to learn what they are like.
    indices = [index for index, _ in given[80]]
    assert indices[-10:] == [0, 1, 2, 3, 4] * 2
    for part in (given[80][-10:-5], given[80][-5:]):
        assert sorted(key for _, some in part for key in some) == sorted(keys(few.train.images))


@pytest.fixture
def ends(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """The weights at the ends of cycles that a training averages."""
    kept: list[Any] = []
    average = averaging.average_weights

    def noted(weights: list[Any]) -> Any:
        kept.extend(weights)
        return average(weights)

    monkeypatch.setattr(averaging, "average_weights", noted)
    return kept


def dense_kernel(weights: list[NDArray[np.float32]]) -> NDArray[np.float32]:
    """The last of the weights that is a matrix."""
    return next(weight for weight in reversed(weights) if weight.ndim == 2)


def test_after_restarts_it_has_learnt_the_average(few: Dataset, tiny: Recipe, ends: list[Any]) -> None:
    reports: list[Any] = []
    trained = train(
        few,
        tiny.changed(
            {
                "optimization.epochs": 8,
                "optimization.warm_restarts": 2,
                "augmentation.cutmix": 0.5,
                "optimization.schedule": "restarts",
                "optimization.averaging": "cycles",
            }
        ),
        progress=reports.append,
    )
    assert len(ends) == 3
    assert trained.training.test_accuracy is not None
    assert trained.training.test_accuracy > 0.9
    assert [result.epoch for result in trained.training.history] == list(range(1, 9))
    kernels = [dense_kernel(end) for end in ends]
    expected = (kernels[0] + (kernels[1] + kernels[2]) / 2) / 2
    np.testing.assert_allclose(dense_kernel(trained.network.get_weights()), expected, rtol=1e-5)
    assert any(isinstance(report, Progress) and report.text.startswith("Averaging") for report in reports)


def test_a_stop_after_a_restart_keeps_the_first_cycle(few: Dataset, tiny: Recipe, ends: list[Any]) -> None:
    """The broken cycle's last epoch is broken off in its midst, where the rate is high: it is no end."""
    reports: list[Any] = []
    trained = train(
        few,
        tiny.changed(
            {
                "optimization.epochs": 8,
                "optimization.warm_restarts": 1,
                "optimization.schedule": "restarts",
                "optimization.averaging": "cycles",
            }
        ),
        progress=reports.append,
        should_stop=lambda: sum(isinstance(report, EpochResult) for report in reports) == 7,
    )
    assert trained.stopped
    assert len(ends) == 1
    np.testing.assert_array_equal(dense_kernel(trained.network.get_weights()), dense_kernel(ends[0]))
    assert not any(isinstance(report, Progress) and report.text.startswith("Averaging") for report in reports)


def test_a_stop_keeps_what_was_learnt(easy: Dataset, tiny: Recipe) -> None:
    epochs: list[EpochResult] = []

    def watch(value: object) -> None:
        if isinstance(value, EpochResult):
            epochs.append(value)

    trained = train(
        easy, tiny.changed({"optimization.epochs": 3}), progress=watch, should_stop=lambda: len(epochs) == 2
    )
    assert trained.stopped
    assert (trained.training.test_loss, trained.training.test_accuracy) == (None, None)
    assert trained.training.history == tuple(epochs)
    answers = Classifier.of(trained.network, trained.card).probabilities(easy.test.images)
    assert np.mean(answers.argmax(1) == easy.test.labels) > 0.9


def test_a_stop_before_the_start_gives_a_usable_model(few: Dataset, tiny: Recipe) -> None:
    reports: list[Any] = []
    trained = train(few, tiny, progress=reports.append, should_stop=lambda: True)
    assert trained.stopped
    assert trained.training.history == ()
    assert len([report for report in reports if isinstance(report, BatchProgress)]) == 1
    answers = Classifier.of(trained.network, trained.card).probabilities(few.test.images)
    assert np.isfinite(answers).all()


def test_a_stop_on_the_test_images(few: Dataset, one_epoch: Recipe) -> None:
    reports: list[Any] = []
    trained = train(
        few, one_epoch, progress=reports.append, should_stop=lambda: any(isinstance(r, EpochResult) for r in reports)
    )
    assert trained.stopped
    assert len(trained.training.history) == 1
    assert (trained.training.test_loss, trained.training.test_accuracy) == (None, None)


def test_an_absurd_learning_rate(few: Dataset, tiny: Recipe, capsys: pytest.CaptureFixture[str]) -> None:
    reports: list[Any] = []
    recipe = tiny.changed(
        {
            "network.shape": "article",
            "network.width": 32,
            "optimization.learning_rate": 100.0,
            "optimization.weight_decay": 1.0,
        }
    )  # weights grow by −99 each step
    with pytest.raises(UserError, match="Try a lower learning rate"):
        train(few, recipe, progress=reports.append)
    assert not any(isinstance(report, EpochResult) for report in reports)
    assert capsys.readouterr().out == ""  # standard output is for results


@pytest.mark.parametrize("kind", ["sgd", "adam"])
def test_a_training_leaves_nothing_behind(
    few: Dataset, one_epoch: Recipe, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(device, "fastest_precision", lambda: "mixed_bfloat16")  # it has layers of its own

    def graphs() -> int:
        gc.collect()
        return sum(type(thing).__name__ == "FuncGraph" for thing in gc.get_objects())

    recipe = one_epoch.changed({"optimization.optimizer": kind, "optimization.learning_rate": 0.001})
    train(few, recipe)
    before = graphs()
    train(few, recipe)
    assert graphs() <= before


@pytest.mark.parametrize(("epochs", "whole"), [(8, [7]), (3, [2]), (1, [0])])
def test_the_last_epochs_show_whole_images(easy: Dataset, tiny: Recipe, epochs: int, whole: list[int]) -> None:
    recipe = tiny.changed({"optimization.epochs": epochs, "augmentation.cutmix": 7 / 8})
    seen = batches.Batches(easy.train, len(easy.classes), recipe.optimization.batch_size, recipe)
    found = []
    for epoch in range(epochs):
        seen.begin_epoch()
        if all(np.isin(seen[index][1], (0, 1)).all() for index in range(len(seen))):
            found.append(epoch)
    assert found == whole


def test_two_networks_that_are_built_at_once_have_their_own_seeds(easy: Dataset, tiny: Recipe) -> None:
    start_tensorflow()
    seeds = [tiny.changed({"seed": seed}) for seed in (0, 1)]
    alone = [build_network(easy, recipe, "float32").get_weights() for recipe in seeds]
    with ThreadPoolExecutor(2) as pool:
        networks = list(pool.map(lambda recipe: build_network(easy, recipe, "float32"), seeds * 6))
    for number, network in enumerate(networks):
        for ours, theirs in zip(network.get_weights(), alone[number % 2], strict=True):
            np.testing.assert_array_equal(ours, theirs)
