"""A model's card: a JSON file beside the model that names its classes and says how it was trained."""

import json
import platform
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import Any

from cnngui import __version__
from cnngui.core.data.groups import MOST_TEXT as MOST_GROUPS
from cnngui.core.data.groups import Groups, from_text, to_text
from cnngui.core.errors import UserError
from cnngui.core.json_values import (
    DAMAGE,
    MOST_SECONDS,
    distinct,
    finite,
    listed,
    loss,
    maybe,
    moment,
    number,
    parsed,
    share,
    switch,
    table,
    text,
    whole,
)
from cnngui.core.models.score import Score
from cnngui.core.progress import EpochResult
from cnngui.core.reading import read_bytes, unreadable
from cnngui.core.recipes.recipe import Recipe

FORMAT = 3  # of the JSON; the first had no number, the second a recipe with all settings side by side
MOST_PATH = 10_000  # letters
TEMPERATURES = (1e-3, 1e3)  # what is found lies near 1


def versions() -> dict[str, str]:
    """The versions that affect the result of a training."""
    from importlib.metadata import version  # takes long to import

    return {
        "cnngui": __version__,
        "keras": version("keras"),
        "tensorflow": version("tensorflow"),
        "python": platform.python_version(),
    }


@dataclass(frozen=True)
class TrainingRecord:
    """How a model was trained and with what result.

    data: the data set's title, for the user. source: what it was loaded from, as in ``Dataset``; "" if unknown.
    images: the number of images for "training", "validation" and "test".
    history: one entry for each complete epoch.
    test_loss, test_accuracy: None if the test images were not evaluated: the training was stopped, or is a trial.
    seconds: how long the training took. precision: the Keras dtype policy it ran in.
    temperature: what the logits are divided by to calibrate the probabilities on the validation images.
    validation_loss: the saved model's cross-entropy on the validation images; None if unknown. It is lower than that of
        the last epoch, which has neither the temperature nor any averages: of mirror images, of the weights.
    validation_accuracy: the saved model's accuracy on the validation images, 0–1; None if unknown.
    test_most_frequent: how many test images are in the class that has most of them; None if unknown.
    smoothed_losses: whether the losses of the history include the label smoothing, as in older cards.
    ended: when the training ended, as ISO 8601 writes it, with the time zone; "" if unknown.
    versions: of cnngui, Keras, TensorFlow and Python.
    doubles: the groups of near-doubles that were kept together when the data was divided, as in ``RawData``.
    """

    data: str
    source: str
    images: dict[str, int]
    recipe: Recipe
    history: tuple[EpochResult, ...]
    test_loss: float | None
    test_accuracy: float | None
    seconds: float
    precision: str
    temperature: float = 1.0
    validation_loss: float | None = None
    validation_accuracy: float | None = None
    test_most_frequent: int | None = None
    smoothed_losses: bool = False
    ended: str = ""
    versions: dict[str, str] = field(default_factory=versions)
    doubles: Groups = ()

    @property
    def score(self) -> Score | None:
        """The result on the test images; None if they were not evaluated."""
        if self.test_accuracy is None:
            return None
        return Score(self.test_accuracy, self.images.get("test") or None, self.test_most_frequent)

    @property
    def stopped_in_first_epoch(self) -> bool:
        """Whether the training was stopped before its first epoch ended."""
        return not self.history and self.score is None

    @classmethod
    def from_dict(cls, values: dict[str, Any]) -> "TrainingRecord":
        """The record that :func:`dataclasses.asdict` turned into ``values``. Raises as :meth:`Card.from_json`."""
        unknown = values.keys() - {each.name for each in fields(cls)}
        if unknown:
            raise KeyError(min(unknown))
        recipe = Recipe.from_dict(values["recipe"])
        return cls(
            data=text(values["data"]),
            source=text(values.get("source", ""), MOST_PATH),
            images=table(values["images"], whole),
            recipe=recipe,
            history=listed(values.get("history", ()), EpochResult.from_dict),
            test_loss=maybe(values["test_loss"], loss),
            test_accuracy=maybe(values["test_accuracy"], share),
            seconds=number(values["seconds"], 0, MOST_SECONDS),
            precision=text(values["precision"]),
            temperature=number(values.get("temperature", 1.0), *TEMPERATURES),
            validation_loss=maybe(values.get("validation_loss"), loss),
            validation_accuracy=maybe(values.get("validation_accuracy"), share),
            test_most_frequent=maybe(values.get("test_most_frequent"), whole),
            smoothed_losses=switch(values.get("smoothed_losses", recipe.optimization.label_smoothing > 0)),
            ended=values.get("ended", "") and moment(values["ended"]),
            versions=table(values.get("versions", {}), text),
            doubles=from_text(text(values.get("doubles", ""), MOST_GROUPS)),
        )


@dataclass(frozen=True)
class Card:
    """What is known about a model.

    classes: their names, in the order of the network's outputs.
    training: None if cnngui did not train the model.
    """

    classes: tuple[str, ...]
    training: TrainingRecord | None = None

    def to_json(self) -> str:
        """The card as indented JSON. It is pure ASCII: class names come from folders, whose names may be any bytes."""
        values = {"format": FORMAT, **asdict(self)}
        if self.training is not None:
            training = values["training"]
            training["recipe"] = self.training.recipe.to_dict()
            training["doubles"] = to_text(self.training.doubles)  # short, also where all pictures are in groups
            training |= {name: finite(training[name]) for name in ("test_loss", "validation_loss")}
        return json.dumps(values, indent=2, allow_nan=False) + "\n"

    @classmethod
    def from_json(cls, content: str | bytes) -> "Card":
        """The card that :meth:`to_json` wrote, now or in an earlier format.

        Raises UserError or one of :data:`cnngui.core.json_values.DAMAGE` if the text is not a card.
        """
        return cls.from_values(parsed(content))

    @classmethod
    def from_values(cls, values: dict[str, Any]) -> "Card":
        """The card from its JSON when that is parsed. Raises as :meth:`from_json`."""
        classes = distinct(listed(values["classes"], text))
        if not classes:
            raise ValueError("no classes")
        if "format" not in values:
            return cls(classes, TrainingRecord.from_dict({key: values[key] for key in values if key != "classes"}))
        whole(values["format"], 2, FORMAT)
        return cls(classes, maybe(values.get("training"), TrainingRecord.from_dict))


def card_path(model: Path) -> Path:
    """The path of the model's card."""
    return model.with_suffix(".json")


def read_card(model: Path) -> Card | None:
    """The card beside a model, or None if there is none or the file of that name is something else.

    Raises UserError if the card cannot be read.
    """
    beside = card_path(model)
    try:
        values = parsed(read_bytes(beside))
        return Card.from_values(values) if _is_card(values) else None
    except FileNotFoundError:
        return None
    except OSError as error:
        raise unreadable(beside.name, error) from error
    except (*DAMAGE, UserError) as error:
        raise UserError(
            f"{beside.name} is not a valid model card. Copy it again with its model, or remove it."
        ) from error


def is_trained_here(model: Path) -> bool:
    """Whether the model's card says that cnngui trained it. A file that is no card says nothing."""
    try:
        card = read_card(model)
    except UserError:
        return False
    return card is not None and card.training is not None


def _is_card(values: object) -> bool:
    """Whether a JSON file is meant as a card. It may be Keras' description of the network, or name classes."""
    if not isinstance(values, dict) or "classes" not in values:
        return isinstance(values, dict) and "recipe" in values
    return "recipe" in values or isinstance(values.get("format"), int)
