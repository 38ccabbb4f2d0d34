"""A training and its result in words."""

from collections.abc import Sequence
from pathlib import Path

from cnngui.core.models.card import TrainingRecord
from cnngui.core.progress import BatchProgress
from cnngui.core.sentences import counted
from cnngui.gui.common.strips.result_strip import Kind
from cnngui.gui.common.words import duration, place

LEFT_OUT_LINES = 3


def progress_text(value: BatchProgress) -> str:
    """Where the training is, how fast it is, and how long it still takes."""
    return (
        f"epoch {value.epoch:,} of {value.epochs:,}  ·  batch {value.batch:,} of {value.batches:,}  ·  "
        f"{value.images_per_second:,.0f} images/s  ·  {duration(value.seconds_left)} left"
    )


def kind(training: TrainingRecord) -> Kind:
    """How to show the result."""
    if training.score is None:
        return "stopped"
    return "doubtful" if training.score.is_no_better_than_guessing else "good"


def headline(training: TrainingRecord) -> str:
    """The result in a few words: the score on the test images, or when the training was stopped."""
    if training.score is not None:
        return str(training.score)
    if training.stopped_in_first_epoch:
        return "Stopped before its first epoch ended"
    return f"Stopped after {len(training.history):,} of {counted(training.recipe.optimization.epochs, 'epoch')}"


def details(training: TrainingRecord, path: Path, left_out: Sequence[str] = ()) -> str:
    """The rest of the result: the losses, the time, the place, and which files were left out.

    path: of the model. left_out: a sentence for each file.
    """
    where = place(path.parent)
    if training.score is None:
        lines = [f"The model is saved as it was then, in {where}. It was not evaluated on the test images."]
    else:
        lines = [*_advice(training), *_losses(training), f"Trained in {duration(training.seconds)}. Saved in {where}"]
    return "\n".join([*lines, *_left_out(left_out)])


def _advice(training: TrainingRecord) -> list[str]:
    score = training.score
    if score is None or score.most_frequent is None or not score.is_no_better_than_guessing:
        return []
    if score.is_too_small:
        return ["With so few test images, even all of them correct may be luck. Add pictures to each class."]
    return [
        f"Always naming the most frequent class gets {score.most_frequent:,} correct. "
        "Try more images, more epochs or a lower learning rate."
    ]


def _losses(training: TrainingRecord) -> list[str]:
    """The losses of the saved model, and how they follow from the last one in the plot."""
    if training.test_loss is None:
        return []
    text = f"Test loss {training.test_loss:.3f}"
    if training.validation_loss is None or not training.history:
        return [f"{text}."]
    text += f", validation loss {training.validation_loss:.3f}"
    done = {
        "weight averaging": len(training.recipe.cycles) > 1,
        "mirror averaging": training.recipe.augmentation.horizontal_flip,
        "calibration": training.temperature != 1,
    }
    steps = " and ".join(step for step, is_done in done.items() if is_done)
    return [f"{text} ({training.history[-1].val_loss:.3f} in the plot, before {steps})." if steps else f"{text}."]


def _left_out(sentences: Sequence[str]) -> list[str]:
    if not sentences:
        return []
    more = len(sentences) - LEFT_OUT_LINES
    return [
        f"{counted(len(sentences), 'file')} skipped (unreadable):",
        *sentences[:LEFT_OUT_LINES],
        *([f"… and {more:,} more"] if more > 0 else []),
    ]
