"""Whether an export answers as the model does: measured with its own script, in its own runtime."""

import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cnngui.core.answers.classifier import NO_NUMBERS, Classifier
from cnngui.core.answers.prediction import views_of
from cnngui.core.errors import Stopped, UserError
from cnngui.core.export.formats import Format
from cnngui.core.export.proof import picture_files
from cnngui.core.export.proof.pictures import Pictures
from cnngui.core.export.script import Script
from cnngui.core.greetings import without_greetings
from cnngui.core.progress import Progress, Report, ShouldStop
from cnngui.core.sentences import percent

MOST_DIFFERENCE = 1e-4  # of a probability, of an exact format
LEAST_EQUAL = 0.995  # share of the images with the same class, of 8 bits
MOST_LOST = 0.005  # of the accuracy, of 8 bits
LEAST_KNOWN = 0.98  # share of the images that are “none of these” for both or for neither, of 8 bits
AT_ONCE = 50  # images between two looks at whether to stop
DRAWN = (
    "Drawn shapes are unlike the model’s own pictures, and differ more. To see how good it is, name a folder with "
    "pictures of its classes, under “Compare on” or with --data."
)


@dataclass(frozen=True)
class Proof:
    """How the answers of an export compare with those of the model, as it was trained, in float32.

    what: the images, in words. images: their number. difference: the largest of a probability.
    equal: share of the images with the same class. known: of those that are “none of these” for both or for neither.
    accuracy, model_accuracy: of the export and of the model; None if the labels are unknown.
    files: picture files that went through the whole script. files_difference: the largest of a probability.
    files_equal: share of those with the same class, or “none of these” for both. pixels: share with the same pixels.
    images_per_second: what the export answers on this computer, one image at a time.
    warnings: a sentence for each promise that does not hold; the export is not good then.
    """

    what: str
    images: int
    difference: float
    equal: float
    known: float
    accuracy: float | None
    model_accuracy: float | None
    files: int
    files_difference: float
    files_equal: float
    pixels: float
    images_per_second: float
    warnings: tuple[str, ...] = ()

    @property
    def is_good(self) -> bool:
        """Whether it holds what its format promises."""
        return not self.warnings

    @property
    def sentences(self) -> tuple[str, ...]:
        """For the user."""
        accuracy = ""
        if self.accuracy is not None and self.model_accuracy is not None:
            accuracy = f", accuracy {percent(self.accuracy, 1)} (the model’s: {percent(self.model_accuracy, 1)})"
        return (
            f"{self.what}: the same class for {percent(self.equal, 1)}, "
            f"largest difference of a probability {self.difference:.2g}{accuracy}.",
            f"{self.files} picture files through predict.py: the same answer for {percent(self.files_equal, 1)}, "
            f"largest difference {self.files_difference:.2g}.",
            *self.warnings,
        )


@dataclass(frozen=True, eq=False)
class _Answers:
    """Probabilities (n, classes), and whether each image is known, (n,)."""

    probabilities: NDArray[np.float32]
    known: NDArray[np.bool_]

    @property
    def is_number(self) -> bool:
        return bool(np.isfinite(self.probabilities).all())

    def as_numbers(self) -> "_Answers":
        """Those of an export: NaN is as far off as 0, and is told like any other difference."""
        return replace(self, probabilities=np.nan_to_num(self.probabilities))

    def difference(self, other: "_Answers") -> float:
        return float(np.abs(self.probabilities - other.probabilities).max())

    def same_class(self, other: "_Answers") -> NDArray[np.bool_]:
        return np.asarray(self.probabilities.argmax(1) == other.probabilities.argmax(1))

    def accuracy(self, labels: NDArray[np.integer] | None) -> float | None:
        return None if labels is None else float(np.mean(self.probabilities.argmax(1) == labels))


def prove(
    script: Script,
    exact: Classifier,
    pictures: Pictures,
    chosen: Format,
    folder: Path,
    progress: Report,
    should_stop: ShouldStop,
) -> Proof:
    """Compare the answers of an export's script with those of the model.

    exact: the model as it was trained, in float32. folder: where picture files can be written for the proof.
    Raises UserError if the model answers one with something else than numbers, Stopped, and OSError.
    """
    new, old, seconds = _of_images(script, exact, pictures.images, progress, should_stop)
    paths = picture_files.write(pictures.images, folder)
    new_files, old_files, pixels = _of_files(script, exact, paths, should_stop)
    if not (old.is_number and old_files.is_number):
        raise UserError(NO_NUMBERS)
    same = new_files.same_class(old_files) & (new_files.known == old_files.known)
    proof = Proof(
        what=pictures.what,
        images=len(pictures.images),
        difference=new.difference(old),
        equal=float(new.same_class(old).mean()),
        known=float((new.known == old.known).mean()),
        accuracy=new.accuracy(pictures.labels),
        model_accuracy=old.accuracy(pictures.labels),
        files=len(paths),
        files_difference=new_files.difference(old_files),
        files_equal=float(same.mean()),
        pixels=pixels,
        images_per_second=len(pictures.images) / seconds,
    )
    return replace(proof, warnings=tuple(_warnings(proof, chosen)))


def _of_images(
    script: Script, exact: Classifier, images: NDArray[np.uint8], progress: Report, should_stop: ShouldStop
) -> tuple[_Answers, _Answers, float]:
    """The answers of both, and the seconds that the export took."""
    new: list[Any] = []
    old: list[Any] = []
    seconds = 0.0
    with without_greetings("INFO: "):
        script.answer(images[:1])  # the first takes longer
    for start in range(0, len(images), AT_ONCE):
        if should_stop():
            raise Stopped
        progress(Progress("Comparing the answers", start, len(images)))
        chunk = images[start : start + AT_ONCE]
        began = time.perf_counter()
        new += [script.answer(image[None]) for image in chunk]
        seconds += time.perf_counter() - began
        old.append(exact.look(chunk))
    answers = [[np.concatenate(part) for part in zip(*each, strict=True)] for each in (new, old)]
    of_new, of_old = (_Answers(found[0], _known(exact, found[1])) for found in answers)
    return of_new.as_numbers(), of_old, seconds


def _known(exact: Classifier, features: NDArray[np.float32]) -> NDArray[np.bool_]:
    if exact.familiarity is None:
        return np.ones(len(features), bool)
    return np.asarray(exact.familiarity.scores(features) >= exact.familiarity.threshold)


def _of_files(
    script: Script, exact: Classifier, paths: list[Path], should_stop: ShouldStop
) -> tuple[_Answers, _Answers, float]:
    """The answers of both, and the share of the pictures of which both see the same pixels."""
    threshold = exact.familiarity.threshold if exact.familiarity is not None else -np.inf
    new, old, same = [], [], []
    for path in paths:
        if should_stop():
            raise Stopped
        views, expected = script.views(path), views_of(path, exact)
        (answer,) = exact.classify([expected])
        probabilities, likeness = script.classify(views)
        new.append((probabilities, likeness >= threshold))
        old.append((answer.probabilities, answer.known))
        same.append(np.array_equal(views, expected))
    of_new, of_old = (_Answers(*map(np.array, zip(*each, strict=True))) for each in (new, old))
    return of_new.as_numbers(), of_old, float(np.mean(same))


def _warnings(proof: Proof, chosen: Format) -> Iterator[str]:
    """A sentence for each promise that does not hold."""
    if proof.pixels < 1:
        yield "Not good: predict.py sees other pixels than cnngui in some of the picture files."
    if chosen.is_exact:
        if max(proof.difference, proof.files_difference) > MOST_DIFFERENCE:
            yield f"Not good: a probability differs by more than {MOST_DIFFERENCE}."
        if min(proof.equal, proof.files_equal, proof.known) < 1:
            yield "Not good: some answers are others than those of the model."
        return
    if proof.equal < LEAST_EQUAL:
        yield f"Not good: fewer than {percent(LEAST_EQUAL, 1)} of the images have the class that the model gives them."
    if (proof.model_accuracy or 0) - (proof.accuracy or 0) > MOST_LOST:
        yield f"Not good: the accuracy is more than {percent(MOST_LOST, 1)} below that of the model."
    if proof.known < LEAST_KNOWN:
        yield f"Not good: fewer than {percent(LEAST_KNOWN)} of the images are “none of these” as for the model."
    if proof.accuracy is None and min(proof.equal - LEAST_EQUAL, proof.known - LEAST_KNOWN) < 0:
        yield DRAWN
