"""A trained model on disk: a `.keras` file that plain Keras opens, and a JSON card of the same name beside it.

One that cnngui did not train has no card: see :mod:`cnngui.core.models.foreign`.
A `.keras` file is a zip archive; ours is compressed, and has more members, which Keras leaves alone: what familiar
pictures are known by.
"""

import io
import json
import platform
import tempfile
import zipfile
from dataclasses import asdict, dataclass, field
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from cnngui import __version__, paths
from cnngui.core.errors import UserError
from cnngui.core.files import replacing
from cnngui.core.models import check as model_check
from cnngui.core.models import foreign
from cnngui.core.models.familiarity import Familiarity
from cnngui.core.progress import EpochResult
from cnngui.core.recipes.recipe import Recipe
from cnngui.core.tensorflow_start import start_tensorflow

if TYPE_CHECKING:
    import keras


FAMILIARITY = "familiarity/{}.npy"  # the members' names; an archive within would make a part of the file look whole
FAMILIARITY_FIELDS = ("remembered", "split", "threshold")


@dataclass(frozen=True)
class Card:
    """What is known of a trained model.

    classes: their names, in the order of the network's outputs.
    data: the data set's title; "" where cnngui did not train the model.
    source: what the data was loaded from, as ``Dataset`` has it; "" where that is not known.
    images: how many of them were for training, validation and test.
    recipe: how it was trained; None where cnngui did not do it, and then all else but the classes is unknown too.
    history: an entry for each whole epoch.
    test_loss, test_accuracy: of the test images; None where the training was stopped before.
    seconds: what the training took. precision: the Keras dtype policy it ran under.
    temperature: what the logits are divided by, so that the probabilities are right on the validation images.
    versions: of cnngui, Keras, TensorFlow and Python.
    """

    classes: tuple[str, ...]
    data: str
    images: dict[str, int]
    recipe: Recipe | None
    history: tuple[EpochResult, ...]
    test_loss: float | None
    test_accuracy: float | None
    seconds: float
    precision: str
    temperature: float = 1.0
    source: str = ""
    versions: dict[str, str] = field(default_factory=lambda: versions())

    def to_json(self) -> str:
        """The card as indented JSON, in ASCII: the names of classes are those of folders, of whatever bytes."""
        return json.dumps(asdict(self), indent=2) + "\n"

    @classmethod
    def from_json(cls, text: str) -> "Card":
        """The card that :meth:`to_json` wrote.

        Raises ValueError, KeyError, TypeError, AttributeError, RecursionError or UserError if it is none.

        One without a recipe is none: it would say nothing.
        """
        values: dict[str, Any] = json.loads(text)
        return cls(
            **{
                **values,
                "classes": tuple(str(name) for name in values["classes"]),
                "data": str(values["data"]),
                "source": str(values.get("source", "")),
                "precision": str(values["precision"]),
                "recipe": Recipe.from_dict({**values["recipe"], "name": str(values["recipe"]["name"])}),
                "test_loss": _number(values["test_loss"]),
                "test_accuracy": _number(values["test_accuracy"]),
                "history": tuple(EpochResult(**epoch) for epoch in values["history"]),
            }
        )


def _number(value: Any) -> float | None:
    return None if value is None else float(value)


def versions() -> dict[str, str]:
    """The versions of what decides a training's result."""
    return {
        "cnngui": __version__,
        "keras": version("keras"),
        "tensorflow": version("tensorflow"),
        "python": platform.python_version(),
    }


def card_path(model: Path) -> Path:
    """Where the card of ``model`` lies."""
    return model.with_suffix(".json")


def save(network: "keras.Model", card: Card, path: Path, familiarity: Familiarity | None = None) -> None:
    """Write the network (raw pixels in, probabilities out) to ``path`` and its card beside it, each as a whole.

    familiarity: None where the model cannot tell a familiar picture from another.
    Raises UserError where the disk is full or the folder cannot be written to; what was there before stays.
    """
    try:
        # The model, which is large, takes its place first: where that fails, the old card stays with the old model.
        with replacing(card_path(path)) as new_card, replacing(path) as new_model:
            new_card.write_text(card.to_json(), encoding="utf-8")
            network.save(new_model)
            _pack(new_model, familiarity)
    except OSError as error:
        reason = error.strerror or str(error)
        raise UserError(
            f"The model could not be saved in {path.parent} ({reason}). Free some space there, or save it elsewhere."
        ) from error


def save_spare(network: "keras.Model", card: Card, familiarity: Familiarity | None = None) -> Path:
    """Save a model, whose own place cannot be written to, among the temporary files; where. Raises as :func:`save`."""
    path = Path(tempfile.mkdtemp(prefix="cnngui-")) / "model.keras"
    save(network, card, path, familiarity)
    return path


def load(path: Path) -> "tuple[keras.Model, Card, Familiarity | None]":
    """The network, the card and what familiar pictures are known by, if anything, that were saved at ``path``.

    Without a card beside it, a model of one RGB image and one row of outputs is opened all the same: it gets a card
    without a recipe, and a softmax where it needs one.
    Raises UserError where the model is missing, damaged, not known to be harmless or not for pictures, or where its
    card, or the file that names its classes, does not fit it.
    """
    if path.is_dir():
        raise UserError(f"{path} is a folder, not a model. Choose a .keras file in it, or another one.")
    if not path.is_file():
        raise UserError(f"There is no model at {path}. Check its name, or choose another file.")
    card = read_card(path)
    if not zipfile.is_zipfile(path):
        raise UserError(f"{path.name} is not a model, or only a part of one. Copy it again, or choose another file.")
    start_tensorflow()
    import keras

    is_shipped = path.resolve() == paths.shipped_model().resolve()  # a part of the program
    if not is_shipped:
        model_check.check(path)
    try:
        familiarity = _read_familiarity(path)  # first: it is read in a moment, and may be damaged as well
        network = keras.saving.load_model(path, compile=False, safe_mode=True)
        outputs = int(network.outputs[0].shape[1])
    except Exception as error:  # Keras raises whatever its reader of a damaged file came upon
        raise UserError(
            f"{path.name} could not be opened as a Keras model: it is damaged or of another kind. "
            "Copy it again, or choose another file."
        ) from error
    if card is not None and outputs != len(card.classes):
        raise UserError(
            f"{path.name} does not fit its card: it has {outputs:,} classes, and the card {len(card.classes):,}. "
            "Copy both again."
        )
    if not is_shipped:
        model_check.check_answer(path, network, familiarity)
    if card is None:
        classes = foreign.class_names(path, outputs)
        card = Card(classes, "", {}, None, (), None, None, seconds=0.0, precision="float32", versions={})
        network = foreign.with_probabilities(network)
    return network, card, familiarity


def _pack(path: Path, familiarity: Familiarity | None) -> None:
    """Compress what Keras wrote, and add what familiar pictures are known by, as it is: it hardly becomes smaller."""
    with zipfile.ZipFile(path) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    # More than the fastest compression saves a tenth more and takes seven times as long.
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
        for name in FAMILIARITY_FIELDS if familiarity is not None else ():
            with archive.open(zipfile.ZipInfo(FAMILIARITY.format(name)), "w") as member:  # not compressed
                np.save(member, getattr(familiarity, name))


def _read_familiarity(path: Path) -> Familiarity | None:
    with zipfile.ZipFile(path) as archive:
        if FAMILIARITY.format(FAMILIARITY_FIELDS[0]) not in archive.namelist():
            return None
        remembered, split, threshold = (
            np.load(io.BytesIO(archive.read(FAMILIARITY.format(name))), allow_pickle=False)
            for name in FAMILIARITY_FIELDS
        )
    return Familiarity(np.asarray(remembered, np.float16), int(split), float(threshold))


def read_card(model: Path) -> Card | None:
    """The card beside a model; None where there is none, or what has its name is something else.

    Raises UserError where it cannot be read.
    """
    beside = card_path(model)
    try:
        text = beside.read_text(encoding="utf-8")
        values = json.loads(text)
        if isinstance(values, dict) and values and not values.keys() & {"recipe", "classes"}:
            return None  # such as Keras' own description of the network
        return Card.from_json(text)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise UserError(f"{beside.name} could not be read ({error.strerror}). Check its permissions.") from error
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError, UserError) as error:
        raise UserError(
            f"{beside.name} is not a card of cnngui. Copy it again together with its model, or remove it."
        ) from error
