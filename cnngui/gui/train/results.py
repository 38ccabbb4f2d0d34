"""A training and its result in words."""

from cnngui.core.progress import BatchProgress
from cnngui.core.sentences import counted
from cnngui.core.training.job import JobResult
from cnngui.gui.common.words import duration, percent, place

LEFT_OUT_LINES = 3


def progress_text(value: BatchProgress) -> str:
    """Where the training is, how fast it is, and how long it still takes."""
    return (
        f"epoch {value.epoch:,} of {value.epochs:,}  ·  batch {value.batch:,} of {value.batches:,}  ·  "
        f"{value.images_per_second:,.0f} images/s  ·  {duration(value.seconds_left)} left"
    )


def headline(result: JobResult) -> str:
    """The result in a few words: the test accuracy, or when the training was stopped."""
    training = result.card.training
    assert training is not None
    if training.test_accuracy is not None:
        return f"{percent(training.test_accuracy, 1)} of the test images correct"
    return f"Stopped after {len(training.history):,} of {counted(training.recipe.epochs, 'epoch')}"


def details(result: JobResult) -> str:
    """The rest of the result: the loss, the time, the place, and which files were left out."""
    training = result.card.training
    assert training is not None
    where = place(result.path.parent)
    if training.test_loss is not None:
        text = f"Test loss {training.test_loss:.3f}, after {duration(training.seconds)}. Saved in {where}"
    else:
        text = f"The model is saved as it was then, in {where}. It was not evaluated on the test images."
    return "\n".join([text, *_left_out(result.left_out)])


def _left_out(sentences: tuple[str, ...]) -> list[str]:
    if not sentences:
        return []
    more = len(sentences) - LEFT_OUT_LINES
    return [
        f"{counted(len(sentences), 'file')} skipped (unreadable):",
        *sentences[:LEFT_OUT_LINES],
        *([f"… and {more:,} more"] if more > 0 else []),
    ]
