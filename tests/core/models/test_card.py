import json
import sys
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnngui.core.errors import UserError
from cnngui.core.models.card import Card, TrainingRecord, card_path, read_card
from cnngui.core.progress import EpochResult
from cnngui.core.recipes.presets import BEST, STANDARD

HISTORY = (EpochResult(1, 2.0, 0.25, 1.5, 0.5, 3.25), EpochResult(2, 1.0, 0.75, 0.5, 0.875, 6.5))
TRAINING = TrainingRecord("Pets", "/pets", {"training": 9}, STANDARD, HISTORY, 0.5, 0.75, 7.0, "float32")
CARD = Card(("cat", "dog"), TRAINING)
FIRST_FORMAT = Path(__file__).with_name("card_of_first_format.json")

# Any text, and what Python makes of a folder's name whose bytes are not UTF-8.
NAMES = st.text(st.one_of(st.characters(), st.characters(min_codepoint=0xDC80, max_codepoint=0xDCFF)))


@given(classes=st.lists(NAMES, min_size=1).map(tuple), data=NAMES, loss=st.none() | st.floats(allow_nan=False))
def test_round_trip(classes: tuple[str, ...], data: str, loss: float | None) -> None:
    card = Card(classes, replace(TRAINING, data=data, test_loss=loss))
    text = card.to_json()
    assert text.isascii()
    assert Card.from_json(text) == card


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
        "[]",
        "null",
        "7",
        "{}",
        '{"classes": 3}',
        '{"format": 4, "classes": ["cat"], "training": null}',
        json.dumps({"classes": ["cat"], **asdict(replace(TRAINING, versions={})), "recipe": None}),
        changed(recipe=None),
        changed(seconds=None),
        changed(more=1),
        changed(history=[{"epoch": 1}]),
        changed(recipe={**STANDARD.to_dict(), "optimization": {"epochs": 0}}),
        changed(recipe={**STANDARD.to_dict(), "optimization": {"epochs": "ten"}}),
        changed(recipe={**STANDARD.to_dict(), "optimization": []}),
    ],
)
def test_a_damaged_card(text: str, tmp_path: Path) -> None:
    (tmp_path / "model.json").write_text(text, encoding="utf-8")
    with pytest.raises(UserError, match=r"^model\.json is not a valid model card\. Copy it again"):
        read_card(tmp_path / "model.keras")


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
