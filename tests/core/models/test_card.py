import json
import sys
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnngui.core.errors import UserError
from cnngui.core.json_values import DAMAGE
from cnngui.core.models.card import Card, TrainingRecord, card_path, read_card
from cnngui.core.progress import EpochResult
from cnngui.core.reading import MOST_BYTES
from cnngui.core.recipes.presets import BEST, STANDARD

HISTORY = (EpochResult(1, 2.0, 0.25, 1.5, 0.5, 3.25), EpochResult(2, 1.0, 0.75, 0.5, 0.875, 6.5))
TRAINING = TrainingRecord("Pets", "/pets", {"training": 9}, STANDARD, HISTORY, 0.5, 0.75, 7.0, "float32")
CARD = Card(("cat", "dog"), TRAINING)
FIRST_FORMAT = Path(__file__).with_name("card_of_first_format.json")

# Any text, and what Python makes of a folder's name whose bytes are not UTF-8.
NAMES = st.text(st.one_of(st.characters(), st.characters(min_codepoint=0xDC80, max_codepoint=0xDCFF)))
LOSSES = st.floats(0, 1e38)

# What anyone may write in place of a value.
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5) | st.just(10**400),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)


@given(classes=st.lists(NAMES, min_size=1, unique=True).map(tuple), data=NAMES, loss=st.none() | LOSSES)
def test_round_trip(classes: tuple[str, ...], data: str, loss: float | None) -> None:
    card = Card(classes, replace(TRAINING, data=data, test_loss=loss))
    text = card.to_json()
    assert text.isascii()
    assert Card.from_json(text) == card


def test_a_loss_that_is_no_number_is_left_out() -> None:
    training = replace(TRAINING, test_loss=float("nan"), validation_loss=float("inf"))
    found = Card.from_json(Card(("cat", "dog"), training).to_json()).training
    assert found == replace(TRAINING, test_loss=None, validation_loss=None)


def test_round_trip_without_a_training() -> None:
    card = Card(("cat", "dog"))
    assert Card.from_json(card.to_json()) == card


def test_the_card_is_readable_json_with_the_versions(model: Path) -> None:
    values = json.loads(card_path(model).read_text(encoding="utf-8"))
    assert list(values) == ["format", "classes", "training"]
    assert values["format"] == 3
    assert values["classes"] == ["red", "green", "blue"]
    training = values["training"]
    assert training["recipe"]["name"] == "tiny"
    assert len(training["history"]) == 2
    assert set(training["versions"]) == {"cnngui", "keras", "tensorflow", "python"}
    assert training["versions"]["python"] == sys.version.split()[0]


def test_the_first_format_is_still_read() -> None:
    """It is the card of the model that shipped before the format had a number."""
    values = json.loads(FIRST_FORMAT.read_text(encoding="utf-8"))
    card = read_card(FIRST_FORMAT.with_suffix(".keras"))
    assert card is not None
    assert card.classes == tuple(values["classes"])
    training = card.training
    assert training is not None
    assert training.recipe == BEST
    same = ("data", "source", "images", "test_loss", "test_accuracy", "seconds", "precision", "temperature", "versions")
    for name in same:
        assert getattr(training, name) == values[name], name
    assert [asdict(epoch) for epoch in training.history] == values["history"]
    assert len(training.history) == 105
    assert values.keys() == {*same, "classes", "recipe", "history"}
    assert Card.from_json(card.to_json()) == card


def changed(**changes: Any) -> str:
    """The JSON of a card whose training has these values; None takes one away."""
    values = json.loads(CARD.to_json())
    values["training"].update(changes)
    values["training"] = {name: value for name, value in values["training"].items() if value is not None}
    return json.dumps(values)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        '{"format": 4, "classes": ["cat"], "training": null}',
        json.dumps({"classes": ["cat"], **asdict(replace(TRAINING, versions={})), "recipe": None}),
        changed(recipe=None),
        changed(seconds=None),
        changed(more=1),
        changed(history=[{"epoch": 1}]),
        changed(recipe={**STANDARD.to_dict(), "optimization": {"epochs": 0}}),
        changed(recipe={**STANDARD.to_dict(), "optimization": {"epochs": "ten"}}),
        changed(recipe={**STANDARD.to_dict(), "optimization": []}),
        changed(recipe={**STANDARD.to_dict(), "name": "x" * 1001}),
        changed(seconds="7"),
        changed(seconds=True),
        changed(seconds=-1),
        changed(seconds=float("nan")),
        changed(seconds=1e11),
        changed(test_accuracy=float("nan")),
        changed(test_accuracy=1.1),
        changed(test_accuracy="0.5"),
        changed(test_accuracy=True),
        changed(test_loss=float("inf")),
        changed(test_loss=-1),
        changed(images=[1]),
        changed(images={"test": "9"}),
        changed(images={"test": 1.5}),
        changed(images={"test": -1}),
        changed(images={"test": 10**400}),
        changed(images={str(number): number for number in range(100_001)}),
        changed(temperature=0),
        changed(temperature="hot"),
        changed(data={}),
        changed(data="x" * 1001),
        changed(source="x" * 10_001),
        changed(precision=1),
        changed(ended="0001-01-01"),
        changed(ended="9999-12-31T23:59:59+00:00"),
        changed(ended="yesterday"),
        changed(ended=7),
        changed(versions=["3"]),
        changed(versions={"keras": 3}),
        changed(validation_loss=[]),
        changed(test_most_frequent="1"),
        changed(smoothed_losses="no"),
        changed(history={}),
        changed(history=[[]]),
        changed(history=[{**asdict(HISTORY[0]), "epoch": "1"}]),
        changed(history=[{**asdict(HISTORY[0]), "epoch": 0}]),
        changed(history=[{**asdict(HISTORY[0]), "loss": None}]),
        changed(history=[{**asdict(HISTORY[0]), "val_accuracy": 2}]),
        changed(history=[{**asdict(HISTORY[0]), "val_loss": -1}]),
        '{"format": 3, "classes": "ab"}',
        '{"format": 3, "classes": []}',
        '{"format": 3, "classes": [1, 2]}',
        '{"format": 3, "classes": ["cat", "cat"]}',
        '{"format": true, "classes": ["cat"]}',
        json.dumps({"format": 3, "classes": ["x" * 1001]}),
        json.dumps({"format": 3, "classes": [str(number) for number in range(100_001)]}),
        '{"format": 3, "classes": ["cat"], "training": []}',
        "[" * 100_000,
        '{"classes": [' + "9" * 5000 + "]}",
    ],
)
def test_a_damaged_card(text: str, tmp_path: Path) -> None:
    (tmp_path / "model.json").write_text(text, encoding="utf-8")
    with pytest.raises(UserError, match=r"^model\.json is not a valid model card\. Copy it again"):
        read_card(tmp_path / "model.keras")


@pytest.mark.parametrize("text", ["[]", "null", "7", "{}", '{"classes": 3}', '{"classes": ["a"]}', '{"format": "x"}'])
def test_something_else(text: str, tmp_path: Path) -> None:
    (tmp_path / "model.json").write_text(text, encoding="utf-8")
    assert read_card(tmp_path / "model.keras") is None


def test_a_large_file_is_no_card(tmp_path: Path) -> None:
    (tmp_path / "model.json").write_text(json.dumps({"format": 3, "classes": ["x" * MOST_BYTES]}))
    with pytest.raises(UserError, match=r"^model\.json could not be read \(it is larger than 3 MB\)\. Copy it again"):
        read_card(tmp_path / "model.keras")


def test_the_longest_honest_card_is_read(tmp_path: Path) -> None:
    epochs = (EpochResult(10_000, 1 / 3e7, 1 / 3, 1 / 3e7, 1 / 3, 1e6 / 3),) * 10_000
    card = Card(tuple(f"{number} {'x' * 60}" for number in range(5000)), replace(TRAINING, history=epochs))
    card_path(tmp_path / "model.keras").write_text(card.to_json(), encoding="utf-8")
    assert read_card(tmp_path / "model.keras") == card


@given(
    path=st.sampled_from(
        [(name,) for name in asdict(TRAINING)] + [("history", 1, name) for name in asdict(HISTORY[0])]
    ),
    value=ANYTHING,
)
def test_a_value_of_any_kind_is_refused_or_can_be_told(path: tuple[Any, ...], value: object) -> None:
    values = json.loads(CARD.to_json())
    inner = values["training"]
    for name in path[:-1]:
        inner = inner[name]
    inner[path[-1]] = value
    try:
        card = Card.from_json(json.dumps(values))
    except (*DAMAGE, UserError):
        return
    assert card.training is not None
    if card.training.score is not None:
        assert str(card.training.score)
        assert card.training.score.figures
    assert Card.from_json(card.to_json()) == card


def test_a_card_without_a_history() -> None:
    training = Card.from_json(changed(history=None)).training
    assert training is not None
    assert training.history == ()


def test_older_cards_have_losses_with_label_smoothing() -> None:
    for smoothing, is_smoothed in ((0.1, True), (0.0, False)):
        recipe = STANDARD.changed({"optimization.label_smoothing": smoothing})
        text = changed(smoothed_losses=None, recipe=recipe.to_dict())
        training = Card.from_json(text).training
        assert training is not None
        assert training.smoothed_losses is is_smoothed
    assert Card.from_json(CARD.to_json()) == CARD


def test_another_file_of_that_name_is_no_card(tmp_path: Path) -> None:
    (tmp_path / "model.json").write_text('{"class_name": "Sequential"}', encoding="utf-8")
    assert read_card(tmp_path / "model.keras") is None


def test_a_card_of_classes_alone() -> None:
    assert Card.from_json('{"format": 2, "classes": ["cat", "dog"]}') == Card(("cat", "dog"))
