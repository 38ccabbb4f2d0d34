"""Opening a model beside the window; the first time this imports TensorFlow, which takes seconds."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from cnngui.core import device
from cnngui.core.classifier import Classifier
from cnngui.core.progress import Progress, Report, ShouldStop
from cnngui.core.start import start_tensorflow


@dataclass(frozen=True, eq=False)
class LoadedModel:
    """A model that is ready to answer, and the device that it computes on, for people."""

    path: Path
    classifier: Classifier
    device: str


def load_model(path: Path, report: Report, _should_stop: ShouldStop) -> LoadedModel:
    """Open the model at ``path`` and let it answer once, so that the first picture needs not wait for that.

    Raises UserError as :func:`cnngui.core.model_file.load` does.
    """
    report(Progress("Starting TensorFlow"))
    start_tensorflow()
    name = device.describe()
    report(Progress("Opening the model"))
    classifier = Classifier.load(path)
    classifier.probabilities(np.zeros((1, *classifier.image_size, 3), np.uint8))
    return LoadedModel(path, classifier, name)
