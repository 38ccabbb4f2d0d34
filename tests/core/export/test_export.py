import errno
import json
import os
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import pytest

from cnngui.core.errors import Stopped, UserError
from cnngui.core.export import export as export_module
from cnngui.core.export.export import export
from cnngui.core.export.formats import FORMATS, find
from cnngui.core.export.proof import picture_files, pictures
from cnngui.core.export.script import SCRIPT
from cnngui.core.models import file as model_file
from cnngui.core.models import litert
from cnngui.core.models.deployment import traced
from cnngui.core.training.trained import Trained
from tests.conftest import CLASSES, easy_split
from tests.core.export.conftest import Export

EXACT = [each.key for each in FORMATS if each.is_exact]
SMALL = [each.key for each in FORMATS if not each.is_exact]


def card(folder: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((folder / "card.json").read_text(encoding="utf-8"))
    return found


@pytest.mark.parametrize("key", EXACT)
def test_an_exact_format_answers_as_the_model(key: str, exported: Export) -> None:
    proof = exported(key).proof
    assert proof.images == 90  # three of four of the folder’s 120
    assert proof.files == 21
    assert proof.equal == proof.known == proof.files_equal == proof.pixels == 1
    assert max(proof.difference, proof.files_difference) < 1e-5
    assert proof.accuracy == proof.model_accuracy
    assert proof.is_good


@pytest.mark.parametrize("key", SMALL)
def test_8_bits_answer_nearly_as_the_model(key: str, exported: Export) -> None:
    proof = exported(key).proof
    assert 1e-6 < proof.difference < 0.1
    assert proof.equal > 0.95
    assert proof.pixels == 1


@pytest.mark.parametrize("key", [*EXACT, *SMALL])
def test_what_an_export_holds(key: str, exported: Export) -> None:
    result = exported(key)
    names = {"card.json", "labels.txt", "predict.py", "remembered.npy", find(key).file}
    page = {"index.html", "answer.js"} if find(key).has_page else set()
    assert {path.name for path in result.folder.iterdir()} == names | page
    assert result.size == sum(path.stat().st_size for path in result.folder.rglob("*") if path.is_file())
    assert len((result.folder / SCRIPT).read_text(encoding="utf-8").splitlines()) <= 40
    values = card(result.folder)
    assert values["classes"] == list(CLASSES)
    assert values["format"] == key
    assert values["proof"]["equal"] == result.proof.equal
    assert not [path for path in result.folder.parent.iterdir() if path.name.startswith(".")]


def test_nothing_tells_where_it_was_made(exported: Export, easy_folder: Path) -> None:
    for key in EXACT:
        folder = exported(key).folder
        for path in (each for each in folder.rglob("*") if each.is_file()):
            assert str(easy_folder.parent).encode() not in path.read_bytes(), path


def test_the_formats_own_metadata(exported: Export) -> None:
    props = {each.key: each.value for each in onnx.load(exported("onnx").folder / "model.onnx").metadata_props}
    assert json.loads(props["names"]) == list(CLASSES)
    written = [props["cnngui"]]
    for key in ("litert", "keras"):
        with zipfile.ZipFile(exported(key).folder / find(key).file) as archive:
            assert archive.read("labels.txt").decode().split() == list(CLASSES)
            written.append(archive.read("cnngui.json").decode())
    written.append((exported("savedmodel").folder / "model" / "assets.extra" / "cnngui.json").read_text())
    for text in written:
        assert (
            json.loads(text)["none_of_these"]["threshold"]
            == card(exported("onnx").folder)["none_of_these"]["threshold"]
        )


def test_an_export_of_keras_is_not_taken_for_the_model(exported: Export) -> None:
    with pytest.raises(UserError, match="it is an export for other programs"):
        model_file.load(exported("keras").folder / "model.keras")


def test_onnx_takes_any_number_of_images(exported: Export, trained: Trained) -> None:
    import onnxruntime

    images = easy_split(7, 5).images
    session = onnxruntime.InferenceSession(exported("onnx").folder / "model.onnx")
    found = session.run(["probabilities", "features"], {"images": images})
    for part, expected in zip(found, traced(trained.network, precision="float32")(images), strict=True):
        np.testing.assert_allclose(part, expected, atol=1e-5)


def test_a_folder_with_something_in_it_stays(with_views: Path, tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("mine")
    with pytest.raises(UserError, match="already"):
        export(with_views, find("keras"), tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.txt"]


def test_a_full_disk(with_views: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_args: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(export_module, "write_beside", full)
    with pytest.raises(UserError, match="No space left on device"):
        export(with_views, find("keras"), tmp_path / "new")
    assert not list(tmp_path.iterdir())


def test_a_stop_leaves_nothing(with_views: Path, tmp_path: Path) -> None:
    with pytest.raises(Stopped):
        export(with_views, find("keras"), tmp_path / "new", should_stop=lambda: True)
    assert not list(tmp_path.iterdir())


def test_8_bits_need_pictures(with_views: Path, tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"Name a folder .* --data"):
        export(with_views, find("onnx-int8"), tmp_path / "new")
    assert not list(tmp_path.iterdir())


def test_a_missing_package_is_named_before_anything_is_opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cnngui.core.export.formats.find_spec", lambda name: None if name == "tf2onnx" else object())
    with pytest.raises(UserError, match=r'ONNX needs tf2onnx. Install it with: pip install "cnngui\[export\]"'):
        export(tmp_path / "no.keras", find("onnx"), tmp_path / "new")


def test_unknown_format() -> None:
    with pytest.raises(UserError, match="Choose keras, savedmodel"):
        find("pdf")


@pytest.mark.litert_files
def test_without_pictures_the_8_bits_beside_the_model_are_used(
    with_views: Path, exported: Export, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = (exported("litert-int8").folder / "model.tflite").read_bytes()
    made = made[: made.index(b"PK\3\4")]  # without the metadata behind it
    model = tmp_path / "model.keras"
    for path in (with_views, with_views.with_suffix(".json")):
        model.with_suffix(path.suffix).write_bytes(path.read_bytes())
    monkeypatch.setattr(picture_files, "COUNT", 3)
    monkeypatch.setattr(pictures, "LEAST", 30)
    with pytest.raises(UserError, match="calibrated"):
        export(model, find("litert-int8"), tmp_path / "none")
    litert.write(model, made)
    result = export(model, find("litert-int8"), tmp_path / "out")
    assert (result.folder / "model.tflite").read_bytes().startswith(made)
    assert result.proof.what.startswith("30 drawn shapes")
    with pytest.raises(UserError, match="calibrated"):
        export(model, find("onnx-int8"), tmp_path / "onnx")
