"""Files and folders that people take for a model that cnngui opens."""

import json
import zipfile
from pathlib import Path

import pytest

from cnngui.core.errors import UserError
from cnngui.core.models import file as model_file
from cnngui.core.models.opening.archive import CONFIG, METADATA, WEIGHTS


def refused(path: Path) -> str:
    with pytest.raises(UserError) as caught:
        model_file.load(path)
    return str(caught.value)


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("net.pt", "net.pt is a PyTorch model, not a Keras one. Build the same network in Keras"),
        ("NET.PTH", "NET.PTH is a PyTorch model"),
        ("net.onnx", "net.onnx is an ONNX model, not a Keras one. Convert it"),
        ("net.tflite", "net.tflite is a TensorFlow Lite model"),
        ("net.safetensors", "net.safetensors is a file of weights, of PyTorch or Hugging Face. Build"),
        ("net.pkl", "net.pkl is a pickle, which can run any program when it is opened. Choose a Keras model"),
        ("net.pt2", "net.pt2 is a PyTorch model"),
        ("net.gguf", "net.gguf is a language model (GGUF). Choose a Keras model"),
        ("net.index", "net.index is a part of a TensorFlow checkpoint. Build its network"),
        ("net.data-00000-of-00001", "net.data-00000-of-00001 is a part of a TensorFlow checkpoint."),
        ("net.keras.zip", "net.keras.zip is a model in a ZIP archive. Unpack it"),
        ("Net.H5.Zip", "Net.H5.Zip is a model in a ZIP archive. Unpack it"),
        ("net.weights.h5", "net.weights.h5 holds weights alone"),
        ("net.txt", "net.txt was not opened: its name does not end in .keras or .h5."),
        ("net", "net was not opened: its name does not end in .keras or .h5."),
        ("net.h5", "net.h5 is not a model, or is cut short."),
    ],
)
def test_a_file(tmp_path: Path, name: str, kind: str) -> None:
    (tmp_path / name).write_bytes(b"\x80\x02}q\x00.")
    sentence = refused(tmp_path / name)
    assert sentence.startswith(kind)
    assert sentence.endswith(".")


def test_a_saved_model(tmp_path: Path) -> None:
    (tmp_path / "net").mkdir()
    assert "is a folder, not a model. Choose a .keras or .h5 file in it." in refused(tmp_path / "net")
    (tmp_path / "net" / "saved_model.pb").touch()
    assert refused(tmp_path / "net").startswith("net is a SavedModel, a folder of TensorFlow. With Keras 2")


@pytest.mark.parametrize("metadata", [{"keras_version": "2.15.0"}, {"keras_version": "2.13.1", "x": []}])
def test_a_keras_file_of_keras_2(tmp_path: Path, metadata: object) -> None:
    with zipfile.ZipFile(tmp_path / "net.keras", "w") as archive:
        archive.writestr(METADATA, json.dumps(metadata))
        archive.writestr(CONFIG, json.dumps({"class_name": "Functional", "module": "keras.src.engine.functional"}))
        archive.writestr(WEIGHTS, b"")
    assert refused(tmp_path / "net.keras").startswith("net.keras was saved by Keras 2 as .keras. With Keras 2")


def test_metadata_that_are_none(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "net.keras", "w") as archive:
        archive.writestr(METADATA, b"[2.0")
        archive.writestr(CONFIG, b"{}")
        archive.writestr(WEIGHTS, b"")
    assert refused(tmp_path / "net.keras").startswith("net.keras was not opened: ")
