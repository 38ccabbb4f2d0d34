"""Models of Keras' own layers that cnngui did not train."""

import json
import re
from pathlib import Path

import keras
import numpy as np
import pytest

from cnngui.core.answers.classifier import Classifier
from cnngui.core.errors import UserError
from cnngui.core.models import file as model_file
from cnngui.core.models import foreign
from cnngui.core.models.card import read_card
from cnngui.core.models.class_names import MAX_NAMES, class_names, names_path
from cnngui.core.models.foreign import Adaptation
from cnngui.core.models.pixels import Pixels, pixels_path, read_pixels, write_pixels

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


def test_sigmoid_units_are_shown_as_they_are(tmp_path: Path) -> None:
    classifier = Classifier.load(save(tmp_path / "model.keras", activation="sigmoid"))
    (found,) = classifier.classify([np.concatenate([RED, RED])])
    np.testing.assert_allclose(found.probabilities, [1 / (1 + np.exp(-4)), 0.5, 0.5], rtol=1e-4)
    assert classifier.is_independent
    assert classifier.adaptation is not None
    assert classifier.adaptation.sentence == "pixels 0–255; sigmoid units as they are"


@pytest.mark.parametrize(("activation", "how"), [("sigmoid", ""), ("linear", "sigmoid added; ")])
def test_one_unit_is_two_classes(tmp_path: Path, activation: str, how: str) -> None:
    """It says how likely the second is, as in keras.utils.image_dataset_from_directory."""
    inputs = keras.Input((6, 8, 3))
    dense = keras.layers.Dense(1, activation=activation)
    mean = keras.layers.GlobalAveragePooling2D()(keras.layers.Rescaling(1 / 255)(inputs))
    network = keras.Model(inputs, dense(mean))
    dense.set_weights([np.array([[2.0], [0], [-2]]), np.zeros(1)])
    network.save(tmp_path / "model.keras")
    classifier = Classifier.load(tmp_path / "model.keras")
    red, blue = classifier.classify([RED, BLUE])
    high = 1 / (1 + np.exp(-2))
    np.testing.assert_allclose([red.probabilities, blue.probabilities], [[1 - high, high], [high, 1 - high]], rtol=1e-4)
    assert classifier.adaptation is not None
    assert classifier.adaptation.sentence == f"pixels 0–255; {how}one unit is two classes"


@pytest.mark.parametrize(
    ("end", "is_sigmoid"),
    [
        ([keras.layers.Dense(3, activation="sigmoid"), keras.layers.Activation("linear")], True),
        ([keras.layers.Dense(3), keras.layers.Activation("sigmoid"), keras.layers.Flatten()], True),
        ([keras.Sequential([keras.layers.Dense(3), keras.layers.Activation("sigmoid")])], True),
        ([keras.layers.Dense(3, activation="sigmoid"), keras.layers.Dense(3)], False),
        ([keras.layers.Dense(3, activation="hard_sigmoid")], True),
        ([keras.layers.Dense(3, activation="log_sigmoid")], False),
        ([keras.layers.Dense(3, activation="softmax")], False),
        ([keras.layers.Dense(3, activation="sigmoid"), keras.layers.Softmax()], False),
    ],
)
def test_how_a_network_ends(end: list[keras.layers.Layer], *, is_sigmoid: bool) -> None:
    network = keras.Sequential([keras.Input((4, 4, 3)), keras.layers.GlobalAveragePooling2D(), *end])
    assert foreign.ends_in_sigmoid(network) is is_sigmoid


def test_a_softmax_that_was_added_is_told(tmp_path: Path) -> None:
    adaptation = Classifier.load(save(tmp_path / "model.keras", activation="linear")).adaptation
    assert adaptation is not None
    assert adaptation.sentence == "pixels 0–255; softmax added"


# The images that it takes


def test_a_grey_one(tmp_path: Path) -> None:
    inputs = keras.Input((6, 8, 1))
    network = keras.Model(inputs, keras.layers.Flatten()(keras.layers.CenterCrop(1, 2)(inputs)))
    network.save(tmp_path / "model.keras")
    loaded = model_file.load(tmp_path / "model.keras")
    assert loaded.adaptation is not None
    assert loaded.adaptation.sentence == "grey pixels 0–255; softmax added"
    grey = foreign.of_pixels(network, Pixels.BYTES)
    np.testing.assert_allclose(grey(RED.astype(np.float32)), [[0.2989 * 255] * 2], rtol=1e-3)


def test_one_for_images_of_any_size(tmp_path: Path) -> None:
    inputs = keras.Input((None, None, 3))
    body = keras.Sequential([keras.Input((None, None, 3)), keras.layers.Conv2D(3, 3)])
    keras.Model(inputs, keras.layers.GlobalMaxPooling2D()(body(inputs))).save(tmp_path / "model.keras")
    assert Classifier.load(tmp_path / "model.keras").image_size == (224, 224)


@pytest.mark.parametrize("is_sequential", [True, False])
def test_one_for_a_fixed_number_of_images(tmp_path: Path, *, is_sequential: bool) -> None:
    network = keras.Sequential([keras.Input((6, 8, 3), batch_size=5), keras.layers.Flatten(), keras.layers.Dense(3)])
    if not is_sequential:
        network = keras.Model(network.inputs, network.outputs)
    network.save(tmp_path / "model.keras")
    classifier = Classifier.load(tmp_path / "model.keras")
    assert len(classifier.probabilities(np.concatenate([RED, BLUE]))) == 2


# Its pixels


def of_unit_pixels(path: Path, *before: keras.layers.Layer) -> Path:
    """A model of pixels 0–1: of those of 0–255, it is always quite sure."""
    dense = keras.layers.Dense(3, activation="softmax")
    network = keras.Sequential([keras.Input((32, 32, 3)), *before, keras.layers.GlobalAveragePooling2D(), dense])
    dense.set_weights([np.eye(3) * 8, np.zeros(3)])
    network.save(path)
    return path


def test_a_model_that_is_always_sure(tmp_path: Path) -> None:
    path = of_unit_pixels(tmp_path / "model.keras")
    adaptation = Classifier.load(path).adaptation
    assert adaptation is not None
    assert adaptation.is_always_sure


def test_its_pixels_are_remembered(tmp_path: Path) -> None:
    path = of_unit_pixels(tmp_path / "model.keras")
    write_pixels(path, Pixels.UNIT)
    assert pixels_path(path).read_text() == "0-1\n"
    classifier = Classifier.load(path)
    assert classifier.adaptation == Adaptation(Pixels.UNIT)
    red = np.full((1, 32, 32, 3), (255, 0, 0), np.uint8)
    expected = np.exp([8, 0, 0]) / np.exp([8, 0, 0]).sum()
    np.testing.assert_allclose(classifier.probabilities(red), [expected], rtol=1e-3)
    write_pixels(path, Pixels.SIGNED)
    expected = np.exp([8, -8, -8]) / np.exp([8, -8, -8]).sum()
    np.testing.assert_allclose(Classifier.load(path).probabilities(red), [expected], rtol=1e-3, atol=1e-6)


def test_one_that_scales_its_pixels_is_not_asked_about(tmp_path: Path) -> None:
    path = of_unit_pixels(tmp_path / "model.keras", keras.layers.Rescaling(1.0))
    adaptation = Classifier.load(path).adaptation
    assert adaptation == Adaptation(scales=True)


@pytest.mark.parametrize("content", [b"", b"0-2", b"\xff", b"0-1" * 1000])
def test_a_strange_file_of_pixels(tmp_path: Path, content: bytes) -> None:
    path = of_unit_pixels(tmp_path / "model.keras")
    pixels_path(path).write_bytes(content)
    assert read_pixels(path) is None
    assert model_file.load(path).adaptation is not None


def test_pixels_that_cannot_be_remembered(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="There is no model at"):
        write_pixels(tmp_path / "model.keras", Pixels.UNIT)
    path = of_unit_pixels(tmp_path / "model.keras")
    pixels_path(path).mkdir()
    with pytest.raises(UserError, match=r"could not be saved beside model\.keras"):
        write_pixels(path, Pixels.UNIT)


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
    assert class_names(tmp_path / "model.keras", 3).names == ("red", "green", "blue")


NAMES = ("red", "green", "blue")


@pytest.mark.parametrize(
    "value",
    [
        ["red", "green", "blue"],
        {"classes": ["red", "green", "blue"]},
        {"class_names": ["red", "green", "blue"], "size": 3},
        {"red": 0, "blue": 2, "green": 1},
        {"class_indices": {"green": 1, "red": 0, "blue": 2}},
        {"0": "red", "1": "green", "2": "blue"},
        {"id2label": {"2": "blue", "0": "red", "1": "green"}, "architectures": ["x"]},
    ],
    ids=str,
)
def test_names_from_json(tmp_path: Path, value: object) -> None:
    (tmp_path / "model.json").write_text(json.dumps(value))
    assert read_card(tmp_path / "model.keras") is None
    assert class_names(tmp_path / "model.keras", 3).names == NAMES


@pytest.mark.parametrize(
    "content",
    [
        *(b"", b"{", b"[]", b"7", b"null", b'"red"', b"\xff\xfe", b'["red", "green"]', b'["red", "red", "blue"]'),
        *(b"[1, 2, 3]", b'{"classes": 3}', b'{"classes": {"a": [1]}}', b'{"red": 0, "green": 1, "blue": 3}'),
        *(b'{"a": "b"}', b"[" * 99_999, b'{"classes": ["red", "green"]}', b'{"0": "a", "00": "b", "1": "c"}'),
        *(b'{"format": "coco", "classes": []}', b'{"red": true}', b'["", "a", "b"]', b"[]".ljust(4_000_000)),
    ],
)
def test_a_strange_json_beside_a_model(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "model.json").write_bytes(content)
    assert class_names(tmp_path / "model.keras", 3).names == ("class 1", "class 2", "class 3")


@pytest.mark.parametrize("content", ["0 red\n1 green\n2 blue\n", "red\ngreen\nblue", "0: red\n1: green\n2: blue"])
def test_names_from_labels(tmp_path: Path, content: str) -> None:
    (tmp_path / "labels.txt").write_text(content)
    assert class_names(tmp_path / "model.keras", 3).names == NAMES
    (tmp_path / "model.txt").write_text("0 a\n1 b\n2 c")
    assert class_names(tmp_path / "model.keras", 3).names == ("a", "b", "c")


@pytest.mark.parametrize("content", ["1 red\n2 green\n3 blue", "0 red\n1 red\n2 blue", "a\nb", "", "\0\n\n\n"])
def test_labels_of_something_else(tmp_path: Path, content: str) -> None:
    """A number that is part of a name stays."""
    (tmp_path / "labels.txt").write_text(content)
    found = class_names(tmp_path / "model.keras", 3).names
    assert found in (("1 red", "2 green", "3 blue"), ("class 1", "class 2", "class 3"))
    assert (found[0] == "1 red") == content.startswith("1 red")


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
        ("red\ngreen".encode("utf-16"), "model.txt has 2 lines"),
        (b"\xff\xfe\0", "model.txt has 1 line"),
    ],
)
def test_names_that_do_not_fit(tmp_path: Path, content: bytes, sentence: str) -> None:
    (tmp_path / "model.txt").write_bytes(content)
    found = class_names(tmp_path / "model.keras", 3)
    assert found.names == ("class 1", "class 2", "class 3")
    assert re.match(sentence, found.strange)
    assert found.strange.endswith(".")


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-8", "latin-1"])
def test_names_in_any_encoding(tmp_path: Path, encoding: str) -> None:
    mark = "\ufeff" if "-16-" in encoding else ""
    (tmp_path / "model.txt").write_text(f"{mark}rot\ngrün\nblau", encoding=encoding)
    found = class_names(tmp_path / "model.keras", 3)
    assert found[:2] == (("rot", "grün", "blau"), "model.txt")
    assert ("read as Latin-1" in found.strange) == (encoding == "latin-1")


@pytest.mark.parametrize(
    ("name", "content", "part"),
    [
        (
            "model.json",
            b'{"format": 3, "classes": ["a", "b"]}',
            "the model has 3 classes, the card 2",
        ),
        ("model.json", b'{"format": 3, "classes": 3}', "is not a valid model card"),
        ("model.txt", b"red", "has 1 line, but"),
        ("model.txt", b"\xff\xff\xff", "has 1 line, but"),
        ("labels.txt", b"x\ny\n", ""),
    ],
)
def test_nothing_beside_a_model_prevents_its_opening(tmp_path: Path, name: str, content: bytes, part: str) -> None:
    path = save(tmp_path / "model.keras")
    (tmp_path / name).write_bytes(content)
    loaded = model_file.load(path)
    assert loaded.card.classes == ("class 1", "class 2", "class 3")
    assert loaded.adaptation is not None
    assert part in loaded.adaptation.strange
    assert bool(part) == bool(loaded.adaptation.strange)


def test_that_its_names_are_from_labels_is_said(tmp_path: Path) -> None:
    path = save(tmp_path / "model.keras")
    (tmp_path / "labels.txt").write_text("red\ngreen\nblue")
    loaded = model_file.load(path)
    assert loaded.card.classes == NAMES
    assert loaded.adaptation is not None
    assert loaded.adaptation.sentence.endswith("; names from labels.txt")


def test_pixels_of_a_model_that_cnngui_trained(model: Path) -> None:
    with pytest.raises(UserError, match="cnngui trained"):
        write_pixels(model, Pixels.UNIT)
    assert not pixels_path(model).exists()


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


@pytest.mark.parametrize("shape", [(32, 32, 4), (32, 3), (3, 32, 32), (None, 8, 2)], ids=str)
def test_inputs_other_than_one_image(tmp_path: Path, shape: tuple[int | None, ...]) -> None:
    inputs = keras.Input(shape)
    flat = keras.layers.Flatten() if len(shape) == 2 else keras.layers.GlobalAveragePooling2D()
    network = keras.Model(inputs, keras.layers.Dense(2)(flat(inputs)))
    refuses(network, tmp_path / "model.keras", r"it takes \(None, .*\), and not one RGB or grey image")


def test_two_inputs(tmp_path: Path) -> None:
    inputs = [keras.Input((4, 4, 3)), keras.Input((4, 4, 3))]
    both = keras.layers.Flatten()(keras.layers.Concatenate()(inputs))
    network = keras.Model(inputs, keras.layers.Dense(2)(both))
    refuses(network, tmp_path / "model.keras", r"it takes \(None, 4, 4, 3\) and \(None, 4, 4, 3\), and not one")


@pytest.mark.parametrize("kind", ["an image", "two rows"])
def test_outputs_other_than_one_row(tmp_path: Path, kind: str) -> None:
    inputs = keras.Input((4, 4, 3))
    flat = keras.layers.Flatten()(inputs)
    outputs = {
        "an image": keras.layers.Conv2D(2, 3)(inputs),
        "two rows": [keras.layers.Dense(2)(flat), keras.layers.Dense(3)(flat)],
    }[kind]
    refuses(keras.Model(inputs, outputs), tmp_path / "model.keras", "and not one row with a number for each class")
