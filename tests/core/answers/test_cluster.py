"""A scheduler and workers on this computer, each a process of its own."""

import socket
import sys
import threading
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from benchmarks.dask_cluster import Cluster, dask_cluster
from cnngui.core.answers import cluster
from cnngui.core.answers.classifier import Classifier
from cnngui.core.answers.cluster_batches import Batch
from cnngui.core.answers.prediction import Prediction, predict_found
from cnngui.core.errors import UserError
from cnngui.core.models.model_files import ModelFiles
from cnngui.core.pictures import decoding
from cnngui.core.pictures.folders import FolderWalk
from cnngui.core.pictures.gathering import Gathered
from cnngui.core.progress import Reported, Trouble

pytest.importorskip("distributed")
pytestmark = pytest.mark.timeout(400)  # three processes, each with TensorFlow, on a machine that others use


@pytest.fixture
def running(tmp_path: Path) -> Iterator[Cluster]:
    """Two workers."""
    with dask_cluster(tmp_path, 2) as running:
        running.wait_for_workers()
        yield running


def labels(predictions: list[Prediction]) -> dict[object, str | None]:
    return {each.source: each.classification.label if each.classification else each.error for each in predictions}


def test_what_is_lost_is_made_good(
    running: Cluster, model: Path, classifier: Classifier, easy_folder: Path, tmp_path: Path
) -> None:
    """Pictures and a file that is none, read there and sent; then a worker is killed, then all are."""
    (tmp_path / "text.png").write_text("no picture")
    paths = [*FolderWalk(easy_folder), tmp_path / "text.png"]
    groups = [[Gathered(path, path.name) for path in paths[start : start + 5]] for start in range(0, len(paths), 5)]
    expected = labels(list(predict_found(classifier, groups)))
    files = ModelFiles.read(model)

    def killing() -> Iterator[list[Gathered]]:
        for number, group in enumerate(groups):
            if number == 10:
                running.workers[0].kill()
            yield group

    reported: list[Reported] = []
    with cluster.connected(running.address) as client:
        for given, send in ((groups, True), (killing(), False)):
            found = list(cluster.predict_on(client, files, given, send=send))
            assert len(found) == len(paths)
            assert labels(found) == expected
        running.workers[1].kill()

        def stop(value: Reported) -> None:
            reported.append(value)
            raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            list(cluster.predict_on(client, files, groups, progress=stop))
    assert isinstance(reported[0], Trouble)
    assert "no worker" in reported[0].sentence


def test_another_version_and_a_scheduler_that_is_lost_are_sentences(
    running: Cluster,
    model: Path,
    easy_folder: Path,
    capfd: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    groups = [[Gathered(path, path.name)] for path in FolderWalk(easy_folder)]
    with cluster.connected(running.address) as client:
        with monkeypatch.context() as patch:
            patch.setattr(cluster, "__version__", "0.0")
            with pytest.raises(UserError, match=r"A worker has cnngui .* has 0\.0\."):
                list(cluster.predict_on(client, ModelFiles.read(model), groups))
        answers = cluster.predict_on(client, ModelFiles.read(model), groups)
        next(answers)
        running.scheduler.kill()
        with pytest.raises(UserError, match="scheduler of the cluster is lost"):
            list(answers)
    assert capfd.readouterr().err == ""


@pytest.mark.parametrize("address", ["tcp://127.0.0.1:9", "nonsense", "tcp://x:y", "tcp://no-host.invalid:8786"])
def test_no_scheduler(address: str) -> None:
    with pytest.raises(UserError, match="No scheduler answers at"), cluster.connected(address):
        pass


@pytest.mark.parametrize("greeting", [b"", b"SSH-2.0-OpenSSH_9.2\r\n"])
def test_something_else_than_a_scheduler(greeting: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    """A client of dask would wait for ever."""
    monkeypatch.setattr(cluster, "CONNECT_SECONDS", 0.5)
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def greet() -> None:
            peer, _ = listening.accept()
            with peer, suppress(ConnectionResetError):
                peer.sendall(greeting)
                peer.recv(1)  # until the other side is gone

        thread = threading.Thread(target=greet)
        thread.start()
        address = "tcp://{}:{}".format(*listening.getsockname())
        with pytest.raises(UserError, match="No scheduler answers at"), cluster.connected(address):
            pass
        thread.join()


class Done:
    """A batch that came back."""

    def __init__(self, result: Any) -> None:
        self._result = result

    def result(self) -> Any:
        if isinstance(self._result, Exception):
            raise self._result
        return self._result


def test_a_batch_that_has_cost_its_workers_has_no_answers() -> None:
    from distributed.scheduler import KilledWorker

    killed = KilledWorker("task", None, 3)
    found = cluster._predictions(Done(killed), Batch([Path("a"), Path("b")]))
    assert [(each.source, each.error) for each in found] == [(Path("a"), cluster.LOST), (Path("b"), cluster.LOST)]


def test_a_file_that_only_the_worker_does_not_see_is_no_row(tmp_path: Path) -> None:
    (here := tmp_path / "here").touch()
    gone = tmp_path / "gone"
    told = [(None, decoding.MISSING)]
    assert cluster._predictions(Done(told), Batch([gone]))[0].error == decoding.MISSING
    with pytest.raises(UserError, match=r"A worker cannot read .*here.* --send"):
        cluster._predictions(Done(told), Batch([here]))


def test_a_worker_without_cnngui() -> None:
    with pytest.raises(UserError, match="A worker has no cnngui"):
        cluster._predictions(Done(ModuleNotFoundError(name="cnngui")), Batch([Path("a")]))


def test_without_distributed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    with (
        pytest.raises(UserError, match=r'pip install "cnngui\[cluster\]"'),
        cluster.connected("tcp://127.0.0.1:9"),
    ):
        pass
