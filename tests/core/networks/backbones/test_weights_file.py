import os
import pickle
import random
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import h5py
import keras
import numpy as np
import pytest

from cnngui.core import hdf5, hdf5_reader
from cnngui.core.errors import UserError
from cnngui.core.networks.backbones import weights_file
from cnngui.core.networks.backbones.weights_file import set_weights
from tests.core.networks.backbones.keras_files import network, write


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return write(network(), tmp_path / "weights.h5")


def refused(path: Path, reason: str, made: keras.Model | None = None) -> None:
    """With a sentence; the network is not asked to read it."""
    with pytest.raises(UserError, match=reason) as caught:
        set_weights(made or network(), path, "Small")
    assert str(caught.value).startswith(path.name)
    assert str(caught.value).endswith((".", "another file."))


def changed(path: Path, change: Callable[[h5py.File], Any]) -> Path:
    with h5py.File(path, "a") as opened:
        change(opened)
    return path


def zeroed() -> keras.Model:
    made = network()
    made.set_weights([np.zeros_like(each) for each in made.get_weights()])
    return made


@pytest.mark.parametrize("name", ["weights.h5", "again.weights.h5"])
def test_both_formats_of_keras(tmp_path: Path, name: str) -> None:
    expected = network()
    if name == "weights.h5":
        write(expected, tmp_path / name)
    else:
        expected.save_weights(tmp_path / name)
    made = zeroed()
    set_weights(made, tmp_path / name, "Small")
    for weight, other in zip(made.get_weights(), expected.get_weights(), strict=True):
        np.testing.assert_array_equal(weight, other)


def test_keras_reads_none_of_the_file(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[str] = []
    opened = h5py.File

    def noted(name: Any, *arguments: Any, **options: Any) -> Any:
        read.append(Path(name).name)
        return opened(name, *arguments, **options)

    monkeypatch.setattr(h5py, "File", noted)
    set_weights(zeroed(), file, "Small")
    assert read == []
    network().save_weights(file.with_name("a.weights.h5"))
    read.clear()
    set_weights(zeroed(), file.with_name("a.weights.h5"), "Small")
    assert "a.weights.h5" not in read


@pytest.mark.parametrize("name", ["weights.h5", "again.weights.h5"])
def test_weights_of_another_network(tmp_path: Path, name: str) -> None:
    other = network(channels=5)
    if name == "weights.h5":
        write(other, tmp_path / name)
    else:
        other.save_weights(tmp_path / name)
    refused(tmp_path / name, "holds the weights of another network than Small")


def test_some_weights_only(file: Path) -> None:
    def fewer(opened: h5py.File) -> None:
        opened.attrs["layer_names"] = list(opened.attrs["layer_names"])[:1]

    refused(changed(file, fewer), "another network than Small")


@pytest.mark.parametrize("content", [b"", b"text", b"\x89HDF\r\n\x1a\n", b"PK\x03\x04"])
def test_other_files(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "a.h5").write_bytes(content)
    refused(tmp_path / "a.h5", "its weights are damaged" if content[:1] == b"\x89" else "not an .h5 file")


def test_a_pickle_that_wants_to_run_something(tmp_path: Path) -> None:
    class Attack:
        def __reduce__(self) -> tuple[Callable[..., Any], tuple[str]]:
            return os.system, (f"touch {tmp_path / 'victim'}",)

    (tmp_path / "a.h5").write_bytes(pickle.dumps(Attack()))
    refused(tmp_path / "a.h5", "it is not an .h5 file as Keras saves weights")
    assert not (tmp_path / "victim").exists()


def test_a_huge_file(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(weights_file, "MAX_BYTES", 1_000)
    refused(file, "larger than 0 MB")


def test_no_file(tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "missing.h5"):
        with pytest.raises(UserError, match="could not be read"):
            set_weights(network(), path, "Small")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes on this system")
def test_a_pipe_in_a_file_s_place(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "a.h5")
    refused(tmp_path / "a.h5", "could not be read")


def test_files_cut_short(file: Path) -> None:
    whole = file.read_bytes()
    for length in (9, 100, len(whole) // 2, len(whole) - 1):
        file.write_bytes(whole[:length])
        refused(file, "its weights are damaged")


def test_changed_bytes(file: Path) -> None:
    whole, rng = file.read_bytes(), random.Random(0)
    for _ in range(6):
        content = bytearray(whole)
        for _ in range(4):
            content[rng.randrange(8, len(content))] = rng.randrange(256)
        file.write_bytes(bytes(content))
        with suppress(UserError):
            set_weights(network(), file, "Small")


def test_numbers_that_are_none(file: Path) -> None:
    def spoil(opened: h5py.File) -> None:
        opened["conv/conv/bias:0"][0] = np.nan

    refused(changed(file, spoil), "its weights are invalid numbers")


def external(opened: h5py.File) -> None:
    del opened["conv/conv/bias:0"]
    opened["conv/conv/bias:0"] = h5py.ExternalLink("/etc/hostname", "/")


def soft(opened: h5py.File) -> None:
    opened.move("conv/BatchNorm", "else")
    opened["conv/BatchNorm"] = h5py.SoftLink("/else")


def virtual(opened: h5py.File) -> None:
    del opened["conv/conv/bias:0"]
    layout = h5py.VirtualLayout((4,), "f4")
    layout[:] = h5py.VirtualSource("other.h5", "a", (4,))
    opened.create_virtual_dataset("conv/conv/bias:0", layout)


def compressed(opened: h5py.File) -> None:
    del opened["conv/conv/bias:0"]
    opened.create_dataset("conv/conv/bias:0", (4,), "f4", chunks=(4,), compression="gzip")


def text(opened: h5py.File) -> None:
    del opened["conv/conv/bias:0"]
    opened["conv/conv/bias:0"] = ["text"] * 4


def claim(opened: h5py.File) -> None:
    """Nothing is written of it."""
    del opened["conv/conv/bias:0"]
    opened.create_dataset("conv/conv/bias:0", (10**9,), "f4")


def often(opened: h5py.File) -> None:
    """The same weights, a thousand times over."""
    opened.attrs["layer_names"] = [b"conv"] * 1000


def nothing(opened: h5py.File) -> None:
    """Groups without weights, for ever."""
    opened.create_group("x").attrs["weight_names"] = np.array([], "S1")
    opened.attrs["layer_names"] = np.array([b"x"] * (hdf5_reader.MAX_OBJECTS + 1))


def missing(opened: h5py.File) -> None:
    opened.attrs["layer_names"] = [b"conv", b"gone"]


def without_order(opened: h5py.File) -> None:
    del opened["conv"].attrs["weight_names"]


def numbers(opened: h5py.File) -> None:
    opened.attrs["layer_names"] = [1.5, 2.5]


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        *((change, "its weights refer to another file") for change in (external, soft, virtual)),
        *((change, "its weights are not stored as plain numbers") for change in (compressed, text)),
        *((change, "its weights are inconsistent") for change in (claim, often)),
        *((change, "its weights are damaged") for change in (missing, without_order, numbers)),
        (nothing, "its weights have too many parts"),
    ],
)
def test_hostile_files(file: Path, change: Callable[[h5py.File], None], reason: str) -> None:
    refused(changed(file, change), reason)


def test_what_hdf5_does_for_ever_is_ended(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hdf5, "READER", "tests.core.models.hanging_reader")
    monkeypatch.setattr(hdf5, "SECONDS", 0.2)
    refused(file, "its weights take too long or too much memory to read")
