"""Models of Keras' own layers that cnngui did not train."""

from pathlib import Path

import keras
import numpy as np
import pytest

from cnngui.core.answers.classifier import Classifier
from cnngui.core.errors import UserError
from cnngui.core.models import file as model_file
from cnngui.core.models.class_names import MAX_NAMES, class_names, names_path

RED, BLUE = (np.full((1, 6, 8, 3), color, np.uint8) for color in ((255, 0, 0), (0, 0, 255)))


def save(path: Path, *, activation: str = "softmax", steepness: float = 4.0, dtype: str = "float32") -> Path:
    """Three outputs, for red, green and blue, of pixels 0–255: the colour's logit is ``steepness``."""
    dense = keras.layers.Dense(3, activation=activation, dtype=dtype)
    inputs = keras.Input((6, 8, 3))
    mean = keras.layers.GlobalAveragePooling2D(dtype=dtype)(keras.layers.Rescaling(1 / 255)(inputs))
    network = keras.Model([inputs], [dense(mean)])
    dense.set_weights([steepness * np.eye(3), np.zeros(3)])
    network.save(path)
    return path


def answer(path: Path, image: np.ndarray) -> dict[str, float]:
    (found,) = Classifier.load(path).classify([image])
    return dict(found.top)


def test_a_foreign_model_keeps_its_size_and_knows_every_picture(tmp_path: Path) -> None:
    classifier = Classifier.load(save(tmp_path / "model.keras"))
    assert classifier.image_size == (6, 8)
    assert classifier.card.training is None
    (found,) = classifier.classify([RED])
    assert (found.label, found.known, found.familiarity) == ("class 1", True, None)


@pytest.mark.parametrize("dtype", ["float32", "mixed_float16", "mixed_bfloat16"])
@pytest.mark.parametrize("activation", ["softmax", "linear"])
def test_probabilities_stay_and_logits_become_some(tmp_path: Path, activation: str, dtype: str) -> None:
    found = answer(save(tmp_path / "model.keras", activation=activation, dtype=dtype), BLUE)
    expected = np.exp([0, 0, 4]) / np.exp([0, 0, 4]).sum()
    np.testing.assert_allclose([found[f"class {n}"] for n in (1, 2, 3)], expected, atol=0.02)


def test_independent_outputs_become_probabilities_too(tmp_path: Path) -> None:
    """Their sum is not 1, so they are taken for logits."""
    found = answer(save(tmp_path / "model.keras", activation="sigmoid"), RED)
    assert sum(found.values()) == pytest.approx(1)
    assert max(found, key=lambda name: found[name]) == "class 1"


def test_the_saved_file_is_left_alone(tmp_path: Path) -> None:
    path = save(tmp_path / "model.keras", activation="linear")
    before = path.read_bytes()
    Classifier.load(path)
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]


# The names of its classes


@pytest.mark.parametrize(
    "content",
    [b"red\ngreen\nblue", b"red\r\ngreen\r\nblue\r\n", b"\xef\xbb\xbfred\n green \nblue\n\n\n"],
    ids=["plain", "Windows", "with a mark, spaces and empty lines at the end"],
)
def test_names_from_a_text_file(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "model.txt").write_bytes(content)
    assert class_names(tmp_path / "model.keras", 3) == ("red", "green", "blue")


def test_the_names_are_in_the_answer(tmp_path: Path) -> None:
    (tmp_path / "model.txt").write_text("röt\nblattgrün\nBlau 🟦", encoding="utf-8")
    assert max(answer(save(tmp_path / "model.keras"), BLUE).items(), key=lambda pair: pair[1])[0] == "Blau 🟦"


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"red\ngreen", "model.txt has 2 lines, but model.keras has 3 classes"),
        (b"", "model.txt has 0 lines"),
        (b"a\n" * 4, "model.txt has 4 lines"),
        (b"a\n" * MAX_NAMES, r"model.txt could not be read \(it is larger than 1 MB\)"),
        (b"a\nb\n" + b"c" * 1001, "model.txt has a name of more than 1,000 letters"),
        (b"red\ngreen\nred", "model.txt names two classes “red”"),
        (b"red\n\nblue", "model.txt has an empty line"),
        (b"red\ngr\xfcn\nblue", "model.txt is not UTF-8 text"),
    ],
)
def test_names_that_do_not_fit(tmp_path: Path, content: bytes, sentence: str) -> None:
    (tmp_path / "model.txt").write_bytes(content)
    with pytest.raises(UserError, match=sentence) as caught:
        class_names(tmp_path / "model.keras", 3)
    assert str(caught.value).endswith(".")


def test_a_name_file_is_not_asked_where_there_is_a_card(model: Path) -> None:
    assert not names_path(model).exists()
    names_path(model).write_text("nonsense")
    try:
        assert model_file.load(model)[1].classes == ("red", "green", "blue")
    finally:
        names_path(model).unlink()


# Models that classify no pictures


def refuses(network: keras.Model, path: Path, sentence: str) -> None:
    network.save(path)
    with pytest.raises(UserError, match=sentence) as caught:
        model_file.load(path)
    assert str(caught.value).startswith(f"{path.name} does not classify pictures: ")
    assert str(caught.value).endswith("Choose another model.")


@pytest.mark.parametrize("shape", [(28, 28, 1), (32, 32, 4), (32, 3), (3, 32, 32), (None, None, 3)], ids=str)
def test_inputs_other_than_one_rgb_image_of_a_fixed_size(tmp_path: Path, shape: tuple[int | None, ...]) -> None:
    inputs = keras.Input(shape)
    flat = keras.layers.Flatten() if len(shape) == 2 else keras.layers.GlobalAveragePooling2D()
    network = keras.Model(inputs, keras.layers.Dense(2)(flat(inputs)))
    refuses(network, tmp_path / "model.keras", r"it takes \(None, .*\), and not one RGB image of a fixed size")


def test_two_inputs(tmp_path: Path) -> None:
    inputs = [keras.Input((4, 4, 3)), keras.Input((4, 4, 3))]
    both = keras.layers.Flatten()(keras.layers.Concatenate()(inputs))
    network = keras.Model(inputs, keras.layers.Dense(2)(both))
    refuses(network, tmp_path / "model.keras", r"it takes \(None, 4, 4, 3\) and \(None, 4, 4, 3\), and not one")


@pytest.mark.parametrize("kind", ["one number", "an image", "two rows"])
def test_outputs_other_than_one_row(tmp_path: Path, kind: str) -> None:
    inputs = keras.Input((4, 4, 3))
    flat = keras.layers.Flatten()(inputs)
    outputs = {
        "one number": keras.layers.Dense(1)(flat),
        "an image": keras.layers.Conv2D(2, 3)(inputs),
        "two rows": [keras.layers.Dense(2)(flat), keras.layers.Dense(3)(flat)],
    }[kind]
    refuses(keras.Model(inputs, outputs), tmp_path / "model.keras", "and not one row with a number for each class")
