"""Backbones whose weights are downloaded, or read from a file that the user names."""

import hashlib
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest

from cnngui import paths
from cnngui.core.answers.classifier import Classifier
from cnngui.core.errors import Stopped, UserError
from cnngui.core.networks.backbones import published
from cnngui.core.networks.backbones.published import Published
from cnngui.core.progress import Progress, Report, ShouldStop, never_stop, no_report
from cnngui.core.recipes.parts import NetworkSettings, Optimization
from cnngui.core.recipes.recipe import Recipe
from cnngui.core.training import beginning
from cnngui.core.training.job import Job, run
from tests.core.networks.backbones.keras_files import randomize, write
from tests.web_server import Server, send, send_part_and_wait

NAME = "mobilenet_v3_large"


@pytest.fixture(scope="module")
def weights(tmp_path_factory: pytest.TempPathFactory) -> Path:
    network = keras.applications.MobileNetV3Large(include_top=False, weights=None, input_shape=(32, 32, 3))
    randomize(network)
    return write(network, tmp_path_factory.mktemp("weights") / "weights.h5")


@pytest.fixture
def cache(server: Server, weights: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty cache; a server has the weights."""
    content = weights.read_bytes()
    monkeypatch.setattr(paths, "cache_dir", lambda: tmp_path / "cache")
    monkeypatch.setattr(published, "PUBLISHED", {NAME: Published(server.url, hashlib.md5(content).hexdigest())})
    server.answer = send(content)
    return tmp_path / "cache" / "weights"


def trained(
    source: Path, folder: Path, file: str = "", progress: Report = no_report, should_stop: ShouldStop = never_stop
) -> Path:
    recipe = Recipe(
        "backbone",
        network=NetworkSettings(begin=NAME, begin_file=file, trainable="head", side=32),
        optimization=Optimization(epochs=2),
    )
    job = Job(str(source), recipe, folder / "run" / "model.keras")
    return run(job, progress=progress, should_stop=should_stop).path


def test_a_training_downloads_the_weights_first(easy_folder: Path, tmp_path: Path, cache: Path) -> None:
    texts: list[str] = []

    def leave(report: Any) -> None:
        texts.extend([report.text] if isinstance(report, Progress) else [])
        if texts and texts[-1] == "Preparing the network":
            raise Stopped

    with pytest.raises(Stopped):
        trained(easy_folder, tmp_path, progress=leave)
    assert texts[0] == "Connecting to MobileNetV3Large's server"
    assert len(list(cache.iterdir())) == 1


def test_the_user_s_own_file_needs_no_network(
    easy_folder: Path, tmp_path: Path, cache: Path, server: Server, weights: Path
) -> None:
    server.answer = lambda request: request.send_error(404)
    classifier = Classifier.load(trained(easy_folder, tmp_path, str(weights)))
    assert np.isfinite(classifier.probabilities(np.zeros((2, 32, 32, 3), np.uint8))).all()
    assert not cache.exists()


def test_without_a_network_nothing_is_left(easy_folder: Path, tmp_path: Path, cache: Path, server: Server) -> None:
    server.answer = lambda request: request.send_error(404)
    with pytest.raises(UserError, match=r"or get http.* elsewhere and choose that file as the “Model file”"):
        trained(easy_folder, tmp_path)
    assert not (tmp_path / "run").exists()


def test_a_stop_while_the_weights_come(easy_folder: Path, tmp_path: Path, cache: Path, server: Server) -> None:
    """The server waits for the gate, which opens at the end of the test only."""
    server.answer = send_part_and_wait(server, bytes(3_000_000), 2_000_000)
    texts: list[str] = []

    def watch(report: object) -> None:
        texts.append(report.text if isinstance(report, Progress) else "")

    with pytest.raises(Stopped):
        trained(easy_folder, tmp_path, progress=watch, should_stop=lambda: any("1 of 3 MB" in text for text in texts))
    assert not (tmp_path / "run").exists()
    assert not any(cache.iterdir())


def test_a_file_of_something_else(easy_folder: Path, tmp_path: Path, cache: Path) -> None:
    (tmp_path / "a.h5").write_bytes(b"text")
    with pytest.raises(UserError, match=r"a\.h5 was not opened as a network’s weights"):
        trained(easy_folder, tmp_path, str(tmp_path / "a.h5"))


@pytest.mark.parametrize("begin", [NAME, "model"])
@pytest.mark.parametrize("file", ["\\\\host\\share\\a.h5", "//host/share/a.h5", "/\\host/a.h5"])
def test_a_file_on_another_computer(begin: str, file: str) -> None:
    chosen = NetworkSettings(begin=begin, begin_file=file)
    look = beginning.model_path if begin == "model" else beginning.weights_path
    with pytest.raises(UserError, match="is on another computer"):
        look(chosen)


@pytest.mark.parametrize("begin", ["nothing", "shipped", "model", "efficientnet_lite0"])
def test_nothing_is_downloaded_for_others(begin: str, cache: Path) -> None:
    beginning.fetch(
        NetworkSettings(begin=begin, begin_file="" if begin != "model" else "a.keras"), no_report, never_stop
    )
    assert not cache.exists()
