"""A tiny data set and models trained on it, for all tests."""

import gc
import os
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import settings
from PIL import Image

from cnngui.core import device
from cnngui.core.answers.classifier import Classifier
from cnngui.core.data.datasets import Dataset, Split
from cnngui.core.export.making import Maker
from cnngui.core.models import file as model_file
from cnngui.core.models.card import Card, TrainingRecord, read_card
from cnngui.core.models.familiarity import Familiarity
from cnngui.core.recipes.layers import BatchNormalization, Convolution, GlobalPooling
from cnngui.core.recipes.parts import NetworkSettings, Optimization
from cnngui.core.recipes.recipe import Recipe
from cnngui.core.training.train import train
from cnngui.core.training.trained import Trained
from tests.web_server import Server, exchanges_end

if TYPE_CHECKING:
    import keras

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
# The same examples every time; a machine shared with others has no use for deadlines.
settings.register_profile("cnngui", derandomize=True, deadline=None)
settings.load_profile("cnngui")

CLASSES = ("red", "green", "blue")
REMEMBERED = 30  # images, by the models of remembering()


def easy_split(images: int, seed: int) -> Split:
    """Noise in which one of the three channels is brighter: easy to learn."""
    rng = np.random.default_rng(seed)
    labels = (np.arange(images) % 3).astype(np.int32)
    pixels = rng.integers(0, 156, (images, 32, 32, 3), np.uint8)
    pixels[np.arange(images), :, :, labels] += 100
    return Split(pixels, labels)


def remembering(dataset: Dataset, recipe: Recipe) -> "tuple[keras.Model, Card, Familiarity]":
    """An untrained model that stores the features of some training images, as :func:`model_file.load` returns it."""
    from cnngui.core.models.deployment import deployed
    from cnngui.core.networks.layers import FEATURES
    from cnngui.core.networks.presets import build

    network = build(NetworkSettings(width=8), dataset.train.images, len(dataset.classes))
    model = deployed(network, mirror=True)
    training = TrainingRecord(dataset.title, dataset.source, {}, recipe, (), None, None, 0.0, "float32")
    card = Card(dataset.classes, training)
    _, features = Classifier.of(model, card).look(dataset.train.images[:REMEMBERED])
    split = network.get_layer(FEATURES).output.shape[-1]
    return model, card, Familiarity.fitted(features, features, split)


def training_record(model: Path) -> TrainingRecord:
    """The record of the training of the model at this path."""
    card = read_card(model)
    assert card is not None
    assert card.training is not None
    return card.training


@pytest.fixture(autouse=True)
def _no_thread_collects_garbage() -> Iterator[None]:
    """As in the program (gui/common/garbage.py): Qt crashes when a worker frees a timer or a plot's item."""
    gc.disable()
    yield
    gc.enable()  # what the test has left is collected in this thread


@pytest.fixture(autouse=True)
def _no_litert_files(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """A trained model gets no file that answers for it, which takes seconds, unless a test is marked litert_files."""
    if request.node.get_closest_marker("litert_files") is None:
        monkeypatch.setattr(Maker, "make", lambda *_: False)


@pytest.fixture(scope="session")
def easy() -> Dataset:
    """240 + 48 + 60 images of three classes, 32×32."""
    return Dataset("easy", "Easy colours", CLASSES, easy_split(240, 0), easy_split(48, 1), easy_split(60, 2))


@pytest.fixture(scope="session")
def easy_folder(easy: Dataset, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """60 + 60 of the easy images as a folder of PNG files: train/red/0.png …"""
    folder = tmp_path_factory.mktemp("easy colours")
    for part, split in (("train", easy.train), ("test", easy.test)):
        for number, (image, label) in enumerate(zip(split.images[:60], split.labels[:60], strict=True)):
            file = folder / part / CLASSES[label] / f"{number}.png"
            file.parent.mkdir(parents=True, exist_ok=True)
            Image.fromarray(image).save(file)
    return folder


@pytest.fixture(scope="session")
def tiny() -> Recipe:
    """A recipe that learns the easy images in about a second: few layers are soon traced."""
    return Recipe(
        name="tiny",
        network=NetworkSettings("layers", layers=(Convolution(8), BatchNormalization(), GlobalPooling("average"))),
        optimization=Optimization(epochs=2, batch_size=16, learning_rate=0.3),
    )


@pytest.fixture(scope="session")
def whitened(tiny: Recipe) -> Recipe:
    """The same with a narrow network of the kind that the program ships with."""
    return replace(tiny, network=NetworkSettings(width=4))


@pytest.fixture(scope="session")
def trained(easy: Dataset, whitened: Recipe) -> Trained:
    """The whitened recipe's result on the easy images, under float32 on any processor."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(device, "fastest_precision", lambda: "float32")
        return train(easy, whitened)


@pytest.fixture(scope="session")
def model(trained: Trained, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The trained model's file, its card beside it. Nobody writes to it."""
    path = tmp_path_factory.mktemp("model") / "easy.keras"
    model_file.save(trained.network, trained.card, path, trained.familiarity)
    return path


@pytest.fixture(scope="session")
def classifier(model: Path) -> Classifier:
    """The trained model as it answers once it was saved and loaded."""
    return Classifier.load(model)


@pytest.fixture
def server() -> Iterator[Server]:
    """A web server on this machine. Fails a test that leaves an exchange running."""
    with Server() as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield server
        ended = exchanges_end()  # while the server still drips, or is silent
        server.gate.set()
        server.shutdown()
        thread.join()
    assert ended, "an exchange was left running"
