"""From a network that has learnt to the trained model: calibrated, familiar with its images, and tested."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from cnngui.core.answers.classifier import Classifier
from cnngui.core.answers.evaluation import cross_entropy, evaluate_with_answers
from cnngui.core.answers.saved_answers import SavedAnswers
from cnngui.core.data.datasets import Dataset
from cnngui.core.data.stored_images import taken
from cnngui.core.errors import Diverged, Stopped
from cnngui.core.models.card import Card, TrainingRecord
from cnngui.core.models.familiarity import REMEMBERED, Familiarity
from cnngui.core.progress import EpochResult, Report, ShouldStop
from cnngui.core.recipes.recipe import Recipe
from cnngui.core.training.control import Stopwatch
from cnngui.core.training.looked import Looked, alone, look, with_mirror

if TYPE_CHECKING:
    import keras

DIVERGED = "The training diverged: its loss is no longer a finite number. Try a lower learning rate."
LEAST_CALIBRATION_IMAGES = 100  # fewer would make the temperature noise
LEAST_CROSSED = 1 / 2  # a temperature; of twenty images, all are often right by chance


@dataclass(frozen=True, eq=False)
class Trained:
    """A trained model, not yet saved.

    network: takes raw pixels (float32, n × height × width × 3, 0–255), returns probabilities (float32, n × classes).
    classes: their names, in the order of the network's outputs.
    stopped: whether the training was stopped early; the test images are not evaluated then.
    answers: on the test images; None if they are not evaluated.
    """

    network: "keras.Model"
    classes: tuple[str, ...]
    training: TrainingRecord
    familiarity: Familiarity
    stopped: bool = False
    answers: SavedAnswers | None = None

    @property
    def card(self) -> Card:
        """The model's card."""
        return Card(self.classes, self.training)

    def classifier(self) -> Classifier:
        """The model, ready to classify."""
        return Classifier.of(self.network, self.card, self.familiarity)


@dataclass(frozen=True, eq=False)
class Seen:
    """What a trained network sees in its images: the training images that are remembered, and those for validation.

    crossed: logits (views, n, classes) and labels (n,) of cross-validation, the validation images last, where those are
        too few to calibrate with; None otherwise.
    """

    training: Looked
    validation: Looked
    crossed: tuple[NDArray[np.float32], NDArray[np.int32]] | None = None


@dataclass(frozen=True, eq=False)
class Finishing:
    """Makes models of networks that have learnt from this data.

    recipe: with the epochs that were asked for. precision: the Keras dtype policy of the training.
    tests: whether the test images are classified.
    """

    dataset: Dataset
    recipe: Recipe
    precision: str
    history: tuple[EpochResult, ...]
    watch: Stopwatch
    progress: Report
    should_stop: ShouldStop
    tests: bool = True

    def look(self, network: "keras.Model") -> Seen:
        """What the network sees in the images, each and its mirror image if those count alike."""
        from cnngui.core.models.deployment import deployed

        plain = Classifier.of(deployed(network, mirror=False), Card(self.dataset.classes, self._record()))

        def at(images: NDArray[np.uint8]) -> Looked:
            return look(
                plain.look,
                images,
                with_mirror if self.recipe.augmentation.horizontal_flip else alone,
                text="Calibrating the model",
                progress=self.progress,
                should_stop=self.should_stop,
            )

        validation = at(self.dataset.validation.images)
        count = min(REMEMBERED, len(self.dataset.train))
        return Seen(at(taken(self.dataset.train.images, np.arange(count))), validation)

    def model(self, network: "keras.Model", seen: Seen, *, stopped: bool) -> Trained:
        """The model, evaluated on the test images unless it is stopped or they are to stay unseen."""
        trained = self.calibrated(network, seen)
        if stopped:
            return replace(trained, stopped=True)
        return self._tested(trained) if self.tests else trained

    def calibrated(self, network: "keras.Model", seen: Seen) -> Trained:
        """The trained network as the model to save: with its temperature and familiarity.

        network: float32, returns logits. Raises Diverged if its answers are not finite.
        """
        from cnngui.core.models.deployment import best_temperature, deployed, tempered
        from cnngui.core.networks.transferred import split_of

        validation = seen.validation
        if not all(np.isfinite(each).all() for each in (*vars(validation).values(), seen.training.features)):
            raise Diverged(DIVERGED)  # the last update may do what no loss has shown yet
        labels, logits = self.dataset.validation.labels[: len(validation)], validation.logits
        temperature = 1.0
        if seen.crossed is not None:
            temperature = best_temperature(*seen.crossed, LEAST_CROSSED)
            logits = seen.crossed[0][:, -len(labels) :]
        elif len(labels) >= LEAST_CALIBRATION_IMAGES:
            temperature = best_temperature(logits, labels)
        is_complete = len(labels) == len(self.dataset.validation)
        answers = tempered(logits, temperature)
        # Without it, the network does not know that a mirror image shows the same.
        mirror = self.recipe.augmentation.horizontal_flip
        return Trained(
            network=deployed(network, mirror=mirror, temperature=temperature),
            classes=self.dataset.classes,
            training=replace(
                self._record(),
                temperature=temperature,
                validation_loss=cross_entropy(answers, labels) if is_complete else None,
                validation_accuracy=float(np.mean(answers.argmax(1) == labels)) if is_complete else None,
            ),
            familiarity=Familiarity.fitted(seen.training.means[:REMEMBERED], validation.means, split=split_of(network)),
        )

    def _record(self) -> TrainingRecord:
        dataset = self.dataset
        return TrainingRecord(
            data=dataset.title,
            source=dataset.source,
            images={"training": len(dataset.train), "validation": len(dataset.validation), "test": len(dataset.test)},
            recipe=self.recipe,
            history=self.history,
            test_loss=None,
            test_accuracy=None,
            seconds=self.watch.seconds,
            precision=self.precision,
            ended=datetime.now().astimezone().isoformat(timespec="seconds"),
            doubles=dataset.doubles or (),
        )

    def _tested(self, trained: Trained) -> Trained:
        dataset = self.dataset
        try:
            test, probabilities = evaluate_with_answers(
                trained.classifier(), dataset, progress=self.progress, should_stop=self.should_stop
            )
        except Stopped:
            return replace(trained, stopped=True)
        return replace(
            trained,
            answers=SavedAnswers.of(dataset.test.images, dataset.test.labels, probabilities),
            training=replace(
                trained.training,
                test_loss=test.loss,
                test_accuracy=test.accuracy,
                test_most_frequent=test.score.most_frequent,
                seconds=self.watch.seconds,
            ),
        )
