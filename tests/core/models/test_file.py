import json
import os
import shutil
import subprocess
import sys
import sysconfig
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from cnngui.core import device
from cnngui.core.answers.classifier import Classifier
from cnngui.core.data.datasets import Dataset
from cnngui.core.errors import UserError
from cnngui.core.models import file as model_file
from cnngui.core.models.card import card_path
from cnngui.core.recipes.recipe import Recipe
from cnngui.core.training.train import train
from cnngui.core.training.trained import Trained
from tests.conftest import training_record


@pytest.fixture(scope="module")
def bfloat16(easy: Dataset, whitened: Recipe, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The file of a model that was trained in bfloat16, whatever the processor."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(device, "fastest_precision", lambda: "mixed_bfloat16")
        trained = train(easy, whitened)
    assert trained.training.precision == "mixed_bfloat16"
    assert trained.training.test_accuracy is not None
    assert trained.training.test_accuracy > 0.9
    path = tmp_path_factory.mktemp("bfloat16") / "easy.keras"
    model_file.save(trained.network, trained.card, path)
    return path


@pytest.fixture
def copy(model: Path, tmp_path: Path) -> Path:
    """A model and its card, to be damaged."""
    shutil.copy(card_path(model), tmp_path)
    return Path(shutil.copy(model, tmp_path))


# --- Plain Keras opens it ---

PLAIN = """
import json, sys
sys.path += sys.argv[4:]  # the installed packages, without what .pth files add to the path
sys.modules["cnngui"] = None  # importing it fails, if it was one of them
import keras, numpy
images = numpy.load(sys.argv[1])
found = []
for path in sys.argv[2:4]:
    model = keras.models.load_model(path, safe_mode=True)
    found.append({
        "probabilities": model.predict(images, verbose=0).tolist(),
        "modules": sorted({type(layer).__module__.partition(".")[0] for layer in model.layers}),
        "dtypes": sorted({layer.compute_dtype for layer in model.layers} | {weight.dtype for weight in model.weights}),
        "input": [str(model.input.dtype), *model.input_shape],
        "output": [str(model.output.dtype), *model.output_shape],
    })
print(json.dumps(found))
"""


@dataclass
class Opened:
    """What a Python without cnngui says of a model."""

    path: Path
    found: dict[str, Any]


@pytest.fixture(scope="module")
def opened(model: Path, bfloat16: Path, easy: Dataset, tmp_path_factory: pytest.TempPathFactory) -> list[Opened]:
    folder = tmp_path_factory.mktemp("plain")
    np.save(folder / "images.npy", easy.test.images.astype(np.float32))
    packages = sorted({sysconfig.get_path("purelib"), sysconfig.get_path("platlib")})
    arguments = [str(folder / "images.npy"), str(model), str(bfloat16), *packages]
    command = [sys.executable, "-I", "-S", "-c", PLAIN, *arguments]
    answer = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=100)
    assert answer.returncode == 0, answer.stderr
    found = json.loads(answer.stdout)
    return [Opened(path, values) for path, values in zip((model, bfloat16), found, strict=True)]


@pytest.mark.parametrize("index", [0, 1], ids=["float32", "bfloat16"])
def test_opens_in_plain_keras(opened: list[Opened], easy: Dataset, index: int) -> None:
    path, found = opened[index].path, opened[index].found
    assert found["modules"] == ["keras"]
    assert found["dtypes"] == ["float32"]
    assert found["input"] == ["float32", None, 32, 32, 3]
    assert found["output"] == ["float32", None, 3]
    probabilities = np.array(found["probabilities"])
    # The program answers with the precision of the training, where that is fast.
    tolerance = {"float32": 1e-5, "mixed_bfloat16": 0.02}[training_record(path).precision]
    np.testing.assert_allclose(probabilities, Classifier.load(path).probabilities(easy.test.images), atol=tolerance)
    assert np.mean(probabilities.argmax(1) == easy.test.labels) > 0.9


def test_names_no_custom_objects(model: Path) -> None:
    def registered(value: object) -> list[object]:
        if isinstance(value, dict):
            own = [value["registered_name"]] if value.get("registered_name") else []
            own += [value["module"]] if not str(value.get("module", "keras")).startswith("keras") else []
            return own + [name for inner in value.values() for name in registered(inner)]
        return [name for inner in value for name in registered(inner)] if isinstance(value, list) else []

    own = ("Functional", "Flip", "Split")  # Keras' names for its own
    with zipfile.ZipFile(model) as archive:
        assert [name for name in registered(json.loads(archive.read("config.json"))) if name not in own] == []


def test_the_loaded_model_answers_as_the_trained_one(trained: Trained, model: Path, easy: Dataset) -> None:
    network, card, *_ = model_file.load(model)
    assert card == trained.card
    images = easy.test.images.astype(np.float32)
    np.testing.assert_allclose(network(images).numpy(), trained.network(images).numpy(), atol=1e-6)


def test_what_familiar_pictures_are_known_by_is_saved_too(trained: Trained, model: Path) -> None:
    familiarity = model_file.load(model)[2]
    assert familiarity is not None
    assert familiarity.threshold == trained.familiarity.threshold
    np.testing.assert_array_equal(familiarity.remembered, trained.familiarity.remembered)


def test_what_keras_wrote_is_compressed(model: Path) -> None:
    with zipfile.ZipFile(model) as archive:
        members = [member for member in archive.infolist() if not member.filename.startswith("familiarity/")]
        assert {member.compress_type for member in members} == {zipfile.ZIP_DEFLATED}


def test_a_model_may_remember_nothing(trained: Trained, tmp_path: Path, easy: Dataset) -> None:
    path = tmp_path / "model.keras"
    model_file.save(trained.network, trained.card, path)
    assert model_file.load(path)[2] is None
    (answer,) = Classifier.load(path).classify([easy.test.images[:1]])
    assert (answer.known, answer.familiarity) == (True, None)


def test_a_card_from_before_temperatures(model: Path, tmp_path: Path) -> None:
    shutil.copy(model, tmp_path / "model.keras")
    values = json.loads(card_path(model).read_text())
    del values["training"]["temperature"]
    (tmp_path / "model.json").write_text(json.dumps(values))
    assert training_record(tmp_path / "model.keras").temperature == 1


# --- Files that cannot be opened ---


def refuses(path: Path, message: str) -> None:
    with pytest.raises(UserError, match=message) as caught:
        model_file.load(path)
    assert str(caught.value).endswith(".")


def test_a_missing_model(tmp_path: Path) -> None:
    refuses(tmp_path / "none.keras", "There is no model at .*none.keras")
    refuses(tmp_path, "is a folder, not a model")


@pytest.mark.parametrize("part", [0.0, 0.1, 0.5, 0.9, 0.999])
def test_a_truncated_model(copy: Path, part: float) -> None:
    whole = copy.read_bytes()
    copy.write_bytes(whole[: int(part * len(whole))])
    refuses(copy, "or is cut short")


def test_a_damaged_model(copy: Path) -> None:
    content = bytearray(copy.read_bytes())
    middle = len(content) // 2
    content[middle : middle + 5000] = bytes(5000)
    copy.write_bytes(content)
    refuses(copy, "it is damaged")


def a_text(path: Path) -> None:
    path.write_text("not a model")


def an_hdf5(path: Path) -> None:
    import keras

    keras.Sequential([keras.Input((3,)), keras.layers.Dense(2)]).save(path.with_suffix(".h5"))
    path.with_suffix(".h5").replace(path)


def another_zip(path: Path) -> None:
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("word/document.xml", "<document/>")


def an_empty_configuration(path: Path) -> None:
    with zipfile.ZipFile(path, "w") as archive:
        for name in ("metadata.json", "config.json"):
            archive.writestr(name, "{}")


@pytest.mark.parametrize("write", [a_text, an_hdf5, another_zip, an_empty_configuration])
def test_a_foreign_file(copy: Path, write: Callable[[Path], None]) -> None:
    write(copy)
    refuses(copy, "is not a model|does not classify|was not opened: (it is damaged|it holds|a part is missing)")


def test_a_keras_model_of_other_classes_than_its_card(copy: Path) -> None:
    import keras

    keras.Sequential([keras.Input((8, 8, 3)), keras.layers.Flatten(), keras.layers.Dense(4)]).save(copy)
    refuses(copy, "does not fit its card: the model has 4 classes, the card 3")


def test_a_model_with_code_inside_is_not_run(copy: Path) -> None:
    import keras

    inputs = keras.Input((32, 32, 3))
    flat = keras.layers.Lambda(lambda x: x[:, 0, 0, :], output_shape=(3,))(inputs)
    keras.Model(inputs, flat).save(copy)
    refuses(copy, "it uses “Lambda”")


def test_without_its_card_a_model_answers_the_same_by_numbered_classes(
    copy: Path, classifier: Classifier, easy: Dataset
) -> None:
    card_path(copy).unlink()
    alone = Classifier.load(copy)
    assert alone.card.classes == ("class 1", "class 2", "class 3")
    assert alone.card.training is None
    images = easy.test.images
    np.testing.assert_allclose(alone.probabilities(images), classifier.probabilities(images), atol=1e-5)


def test_a_damaged_card(copy: Path) -> None:
    """It could be anything, so the model is opened without it, and that is told."""
    card_path(copy).write_text("{", encoding="utf-8")
    loaded = model_file.load(copy)
    assert (loaded.card.classes, loaded.card.training) == (("class 1", "class 2", "class 3"), None)
    assert loaded.adaptation is not None
    assert loaded.adaptation.strange.startswith("easy.json is not a valid model card.")


def test_a_card_of_other_bytes(copy: Path) -> None:
    card_path(copy).write_bytes(b"\xff\xfe\x00\x80")
    assert model_file.load(copy).card.training is None


def test_a_card_that_is_a_folder(copy: Path) -> None:
    card_path(copy).unlink()
    card_path(copy).mkdir()
    loaded = model_file.load(copy)
    assert loaded.adaptation is not None
    assert "could not be read" in loaded.adaptation.strange


# --- Saving where it cannot be done ---


def test_saving_again_replaces_both(trained: Trained, tmp_path: Path) -> None:
    path = tmp_path / "new" / "model.keras"
    model_file.save(trained.network, trained.card, path)
    other = replace(trained.card, training=replace(trained.training, data="Other"))
    model_file.save(trained.network, other, path)
    assert sorted(file.name for file in path.parent.iterdir()) == ["model.json", "model.keras"]
    assert training_record(path).data == "Other"


def test_a_folder_that_cannot_be_written_to(trained: Trained, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(UserError, match="could not be saved"):
        model_file.save(trained.network, trained.card, tmp_path / "file" / "model.keras")


FULL_DISK = """
import resource, sys
from pathlib import Path
from cnngui.core.models import file as model_file
from cnngui.core.errors import UserError
path = Path(sys.argv[1])
network, card, familiarity, *_ = model_file.load(path)
for limit in map(int, sys.argv[2:]):
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, resource.RLIM_INFINITY))
    try:
        model_file.save(network, card, path, familiarity)
    except UserError as error:
        print(error)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no limit of a file's size to fill a disk with")
def test_a_full_disk(copy: Path) -> None:
    """The system refuses to write beyond a file size: at once, early, in the middle, near the end."""
    before = {file: file.read_bytes() for file in copy.parent.iterdir()}
    size = copy.stat().st_size
    limits = [0, 1, 5000, size // 2, size - 4000]
    command = [sys.executable, "-c", FULL_DISK, str(copy), *map(str, limits)]
    environment = {**os.environ, "PYTHONWARNINGS": "ignore"}
    answer = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=100)
    assert answer.returncode == 0, answer.stderr
    sentences = answer.stdout.splitlines()
    assert len(sentences) == len(limits)
    assert all("could not be saved" in text and "Free some space" in text for text in sentences)
    assert {file: file.read_bytes() for file in copy.parent.iterdir()} == before
