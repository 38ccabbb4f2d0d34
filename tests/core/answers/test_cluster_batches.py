from pathlib import Path

import pytest

from cnngui.core.answers import cluster_batches
from cnngui.core.answers.cluster_batches import batches
from cnngui.core.pictures import decoding
from cnngui.core.pictures.gathering import Gathered


def found(path: Path, error: str | None = None) -> Gathered:
    return Gathered(path, path.name, error=error)


def test_paths_are_absolute_where_the_worker_reads_them(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    (batch,) = batches([[found(Path("a")), found(Path("b"), "It is empty.")]], send=False)
    assert (batch.pictures, batch.sources) == ([Path("a")], [tmp_path / "a"])
    assert [(each.source, each.error) for each in batch.failed] == [(Path("b"), "It is empty.")]


def test_what_is_sent_is_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cluster_batches, "SENT_BYTES", 10)
    paths = [tmp_path / str(number) for number in range(5)]
    for path in paths[:4]:
        path.write_bytes(b"12345")
    sent = list(batches([list(map(found, paths))], send=True))
    assert [batch.sources for batch in sent] == [[b"12345"] * 2, [b"12345"] * 2, []]
    assert [batch.pictures for batch in sent] == [paths[:2], paths[2:4], []]
    (failed,) = sent[-1].failed
    assert (failed.source, failed.error) == (paths[4], decoding.MISSING)


def test_a_file_that_is_too_large_is_not_sent(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(decoding, "MAX_HELD", 4)
    (path := tmp_path / "a").write_bytes(b"12345")
    (batch,) = batches([[found(path)]], send=True)
    assert not batch.sources
    assert batch.failed[0].error is not None
    assert batch.failed[0].error.startswith("The file has more than")
