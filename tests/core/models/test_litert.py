import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from cnngui import paths
from cnngui.core.answers.classifier import Classifier
from cnngui.core.answers.prediction import predict
from cnngui.core.data.datasets import Dataset
from cnngui.core.errors import UserError
from cnngui.core.export.making import Maker
from cnngui.core.models import litert
from cnngui.core.models.card import card_path
from cnngui.core.models.litert import litert_path
from cnngui.core.pictures.images import resized

pytestmark = pytest.mark.litert_files


@pytest.fixture(scope="module")
def made(copied_model: Path, easy: Dataset) -> Path:
    """A model with its file, made as in the program."""
    assert Maker().make(copied_model, easy.train.images[:50])
    return copied_model


@pytest.fixture(scope="module")
def copied_model(model: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return copied(model, tmp_path_factory.mktemp("litert"))


def copied(model: Path, folder: Path) -> Path:
    for path in (model, card_path(model), litert_path(model)):
        if path.exists():
            (folder / path.name).write_bytes(path.read_bytes())
    return folder / model.name


def test_it_answers_as_the_model_does(made: Path, classifier: Classifier, easy: Dataset) -> None:
    quick = Classifier.load(made)
    assert not quick.needs_tensorflow
    assert classifier.needs_tensorflow
    images = resized(easy.test.images, quick.image_size)
    expected, features = classifier.look(images)
    found, quick_features = quick.look(images)
    np.testing.assert_allclose(found, expected, atol=0.1)
    np.testing.assert_allclose(found.sum(1), 1, atol=1e-5)
    assert np.mean(found.argmax(1) == expected.argmax(1)) >= 0.99
    assert quick_features.shape == features.shape
    cosine = (features * quick_features).sum(1)
    cosine /= np.linalg.norm(features, axis=1) * np.linalg.norm(quick_features, axis=1)
    assert cosine.min() > 0.98


def cut_short(file: Path) -> None:
    file.write_bytes(file.read_bytes()[:-1])


def changed(file: Path) -> None:
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    file.write_bytes(content)


def empty(file: Path) -> None:
    file.write_bytes(b"")


def a_folder(file: Path) -> None:
    file.unlink()
    file.mkdir()


@pytest.mark.parametrize("damage", [cut_short, changed, empty, a_folder])
def test_a_damaged_file_is_passed_over(made: Path, tmp_path: Path, damage: Callable[[Path], None]) -> None:
    model = copied(made, tmp_path)
    damage(litert_path(model))
    assert Classifier.load(model).needs_tensorflow


def test_that_of_another_model_is_passed_over(made: Path, tmp_path: Path) -> None:
    model = copied(paths.shipped_model(), tmp_path)
    litert_path(model).write_bytes(litert_path(made).read_bytes())
    assert litert.read(model) is None


def test_that_from_another_computer_is_passed_over(made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """LiteRT trusts what it opens, and anyone can write a file for any model."""
    monkeypatch.setattr(paths, "key_file", lambda: tmp_path / "another" / "key")
    assert litert.read(made) is None


def test_nobody_else_reads_the_key(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, made: Path) -> None:
    key = tmp_path / "new" / "key"
    monkeypatch.setattr(paths, "key_file", lambda: key)
    model = copied(made, tmp_path)
    litert.write(model, b"content")
    assert litert.read(model) == b"content"
    assert key.stat().st_size == 32
    if sys.platform != "win32":
        assert key.stat().st_mode & 0o077 == 0


@pytest.mark.skipif(sys.platform == "win32", reason="links need rights there")
def test_a_file_beside_a_link_to_the_shipped_model_is_passed_over(tmp_path: Path) -> None:
    """The shipped file needs no key, so anyone can write one like it."""
    link = tmp_path / paths.shipped_model().name
    link.symlink_to(paths.shipped_model())
    litert_path(link).write_bytes(litert_path(paths.shipped_model()).read_bytes())
    assert litert.read(paths.shipped_model()) is not None
    assert litert.read(link) is None


@pytest.mark.parametrize("cut", [b"", bytes(31), bytes(100)])
def test_a_damaged_key_is_made_anew(cut: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, made: Path) -> None:
    """With an empty one, anyone could write a file that is trusted."""
    key = tmp_path / "key"
    monkeypatch.setattr(paths, "key_file", lambda: key)
    key.write_bytes(cut)
    model = copied(made, tmp_path)
    assert litert.read(model) is None
    litert.write(model, b"content")
    assert litert.read(model) == b"content"
    assert len(key.read_bytes()) == 32


def test_a_card_that_does_not_fit_is_told(made: Path, tmp_path: Path) -> None:
    model = copied(made, tmp_path)
    card = card_path(model).read_text()
    card_path(model).write_text(card.replace('"classes": [', '"classes": ["one more",', 1))
    with pytest.raises(UserError, match="does not fit its card"):
        Classifier.load(model)


def test_a_damaged_card_prevents_nothing(made: Path, tmp_path: Path) -> None:
    model = copied(made, tmp_path)
    card_path(model).write_text("{")
    assert Classifier.load(model).needs_tensorflow


def test_no_file_of_a_model_that_is_not_there(tmp_path: Path, easy: Dataset) -> None:
    assert not Maker().make(tmp_path / "none" / "model.keras", easy.train.images[:5])
    assert [*tmp_path.iterdir()] == []


def test_stopped_it_makes_none(copied_model: Path, easy: Dataset) -> None:
    maker = Maker()
    maker.stop()
    assert not maker.make(copied_model, easy.train.images[:5])


def test_the_shipped_model_answers_without_tensorflow() -> None:
    sample = next((paths.resources_dir() / "samples").glob("cat.png"))
    program = (
        "import sys; from cnngui.cli import main; status = main(['predict', sys.argv[1]]); "
        "sys.exit(status or ('tensorflow' in sys.modules) or ('keras' in sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", program, str(sample)], capture_output=True, text=True)
    assert done.returncode == 0
    assert ": cat 9" in done.stdout
    assert done.stderr == ""


def test_the_shipped_file_is_that_of_the_shipped_model() -> None:
    classifier = Classifier.load(paths.shipped_model())
    assert not classifier.needs_tensorflow
    samples = sorted((paths.resources_dir() / "samples").glob("*.png"))
    answers = [each for part in predict(classifier, samples) for each in part]
    assert [each.classification and each.classification.label for each in answers] == [each.stem for each in samples]
