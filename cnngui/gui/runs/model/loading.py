"""Opening a model, beside the window. TensorFlow is imported if it needs that, which takes seconds the first time."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from cnngui.core import device
from cnngui.core.answers.classifier import Classifier
from cnngui.core.device import Devices
from cnngui.core.errors import UserError
from cnngui.core.models.class_names import names_path
from cnngui.core.models.pixels import Pixels, write_pixels
from cnngui.core.progress import Progress, ShouldStop
from cnngui.gui.common import bugs
from cnngui.gui.common.worker import Deliver


@dataclass(frozen=True, eq=False)
class LoadedModel:
    """A model that is ready to answer.

    path: of its file, absolute. device: what it computes on, in words. gpus: how many there seem to be for a training.
    notice: what the user should know, or "".
    """

    path: Path
    classifier: Classifier
    device: str
    gpus: int
    notice: str = ""


def load_model(
    path: Path, fallback: Path | None, pixels: Pixels | None, report: Deliver, _should_stop: ShouldStop
) -> LoadedModel:
    """Open the model at ``path`` and let it answer once, so that the first picture does not wait for that.

    fallback: the model to open if this fails. pixels: those that it learnt from, to be remembered beside it, or None.
    Raises UserError as :func:`cnngui.core.models.file.load` does.
    """
    report(Progress("Opening the model"))
    notice = ""
    if pixels is not None:
        write_pixels(path, pixels)
    try:
        classifier = _answering(path)
    except Exception as error:  # whatever it is, starting without any model would be worse
        if fallback is None:
            raise
        notice = "Your default model could not be opened, so the shipped model is in use."
        if isinstance(error, UserError):
            notice = f"{notice} {error}"
        else:
            bugs.report(error)
        path, classifier = fallback, _answering(fallback)
    name = device.describe(Devices.FIRST if classifier.needs_tensorflow else Devices.CPU)
    return LoadedModel(path.absolute(), classifier, name, device.visible_gpus(), notice or _of_others(path, classifier))


def _answering(path: Path) -> Classifier:
    classifier = Classifier.load(path)
    classifier.probabilities(np.zeros((1, *classifier.image_size, 3), np.uint8))
    return classifier


def _of_others(path: Path, classifier: Classifier) -> str:
    """What was done to a model that cnngui did not train, and how to name its classes; "" for one of its own."""
    if classifier.adaptation is None:
        return ""
    said = classifier.adaptation.told_of(path.name)
    if classifier.card.classes[0] != "class 1":
        return said
    return (
        f"{said} Its classes have no names. To name them, write {names_path(path).name} beside it, one name per line."
    )
