"""What the curves of a training say, in plain words, with what to try next. The rules are stated here, each once."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

from cnngui.core.data.summary import margin_of
from cnngui.core.models.score import SIGNIFICANCE, chance
from cnngui.core.progress import EpochResult
from cnngui.core.recipes.recipe import SETTINGS, Recipe
from cnngui.core.recipes.setting import Value
from cnngui.core.sentences import counted, percent

WAIT = 3  # epochs before anything is said, for which a trend must last, and over which noise is averaged
RISE, FALL = 1.05, 1.02  # times the lowest validation loss: overfitting from the first on, until below the second
GAP = 0.03  # of accuracy, at least, between training and validation
JUMP, LOST = 1.3, 0.1  # times the lowest training loss, and of what was learnt: the rate is too high
IMPROVING = 0.01  # of the validation loss, in each of the last epochs
WIDE = 0.05  # half of the test result's 95 % interval, from which on it says little


@dataclass(frozen=True)
class Remedy:
    """Something to try in the next training.

    text: on its button. changes: of the recipe's settings, by their paths.
    """

    text: str
    changes: dict[str, Value] = field(hash=False)


@dataclass(frozen=True)
class Finding:
    """kind: a short name. sentence: for people. remedies: what to try next."""

    kind: str
    sentence: str
    remedies: tuple[Remedy, ...] = ()


def best_epoch(history: Sequence[EpochResult]) -> EpochResult | None:
    """The epoch with the lowest validation loss; None before the first."""
    return min(history, key=lambda result: result.val_loss, default=None)


def best_text(history: Sequence[EpochResult]) -> str:
    """Which epoch is the best, and for how long none was better; "" before the first."""
    best = best_epoch(history)
    if best is None:
        return ""
    accuracy = percent(best.val_accuracy, 1)
    text = f"Best epoch: {best.epoch:,}, with a validation loss of {best.val_loss:.3f} and {accuracy} correct."
    waited = plateau(history)
    return f"{text} No better for {counted(waited, 'epoch')}." if waited else text


def plateau(history: Sequence[EpochResult]) -> int:
    """For how many epochs the validation loss has not been lower than before."""
    best = best_epoch(history)
    return history[-1].epoch - best.epoch if best is not None else 0


def findings(
    history: Sequence[EpochResult],
    recipe: Recipe,
    *,
    classes: int,
    validation_images: int,
    test_images: int,
    has_ended: bool,
) -> tuple[Finding, ...]:
    """What can be said after these epochs. Each number of images, and of classes, is 0 if unknown."""
    if len(history) < WAIT:
        return ()
    found = [
        _stuck(history, recipe, classes, validation_images),
        _overfitting(history, recipe) or _rate_too_high(history, recipe),
        _improving(history, recipe) if has_ended else None,
        _few_test_images(test_images) if has_ended else None,
    ]
    told = [_with_effect(finding, recipe) for finding in found if finding is not None]
    return tuple(told[:1] if told and told[0].kind == "stuck" else told)  # the other curves mean nothing then


def _with_effect(finding: Finding, recipe: Recipe) -> Finding:
    """Without the remedies that would change nothing."""
    remedies = (each for each in finding.remedies if all(map(recipe.has_effect, each.changes)))
    return replace(finding, remedies=tuple(remedies))


def _stuck(history: Sequence[EpochResult], recipe: Recipe, classes: int, images: int) -> Finding | None:
    """Stuck: guessing would do as well as the most accurate epoch on validation, at a significance of 95 %."""
    if not classes or not images or chance(images, images, 1 / classes) > SIGNIFICANCE:  # too few to tell
        return None
    correct = round(images * max(result.val_accuracy for result in history))
    if chance(correct, images, 1 / classes) <= SIGNIFICANCE:
        return None
    sentence = f"Stuck at chance: after {counted(len(history), 'epoch')} it is no better than guessing."
    return Finding("stuck", sentence, (*_rate(recipe, 10), *_more_epochs(recipe, 10)))


def _rate_too_high(history: Sequence[EpochResult], recipe: Recipe) -> Finding | None:
    """Too high: for the last three epochs, the training loss is 1.3 times its lowest value before, or more.

    A tenth of what it had fallen by is lost again, too: a loss near 0 is noisy.
    """
    earlier = [result.loss for result in history[:-WAIT]]
    if not earlier:
        return None
    low = min(earlier)
    least = max(JUMP * low, low + LOST * (history[0].loss - low))
    if any(result.loss < least for result in history[-WAIT:]):
        return None
    return Finding("rate", "The learning rate seems too high: the training loss has risen.", tuple(_rate(recipe, 3)))


def _overfitting(history: Sequence[EpochResult], recipe: Recipe) -> Finding | None:
    """Overfitting: the validation loss has risen 5 % above its lowest value, and is still 2 % above it.

    Since then, for three epochs at least, the training loss has fallen, and training is at least 3 points more accurate
    than validation; noise is averaged over three epochs. It began after the first epoch that was, but for 2 %, as
    good as the best.
    """
    losses = _smooth([result.val_loss for result in history])
    low, rises = losses[0], False
    for loss in losses:
        low = min(low, loss)
        rises = loss >= (FALL if rises else RISE) * low
    last = history[-WAIT:]
    gap = _mean([result.accuracy - result.val_accuracy for result in last])
    best = next(number for number, loss in enumerate(losses) if loss <= FALL * low)
    if not rises or len(history) - 1 - best < WAIT or gap < GAP:
        return None
    if _mean([result.loss for result in last]) >= history[best].loss:
        return None
    epoch = history[best].epoch
    sentence = (
        f"Overfitting since epoch {epoch + 1:,}: the validation loss rises while the training loss falls. "
        f"Training is {100 * gap:.0f} points above validation."
    )
    return Finding("overfitting", sentence, tuple(_against_overfitting(recipe, epoch)))


def _smooth(values: Sequence[float]) -> list[float]:
    """The mean of each value and those just before and after it."""
    return [_mean(values[max(0, number - 1) : number + 2]) for number in range(len(values))]


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values)


def _against_overfitting(recipe: Recipe, best: int) -> list[Remedy]:
    remedies = []
    if recipe.network.dropout < 0.3:
        remedies.append(Remedy("Add dropout 0.3", {"network.dropout": 0.3}))
    augmentation = recipe.augmentation
    if not augmentation.horizontal_flip or not augmentation.shift:
        changes: dict[str, Value] = {
            "augmentation.horizontal_flip": True,
            "augmentation.shift": max(2, augmentation.shift),
        }
        remedies.append(Remedy("Augment: flip and shift", changes))
    elif not augmentation.zoom or not augmentation.colour_jitter:
        remedies.append(
            Remedy(
                "Augment: zoom and colour jitter",
                {
                    "augmentation.zoom": max(0.35, augmentation.zoom),
                    "augmentation.colour_jitter": max(0.2, augmentation.colour_jitter),
                },
            )
        )
    if not recipe.optimization.patience:
        remedies.append(Remedy("Stop early", {"optimization.patience": WAIT}))
    if best < recipe.optimization.epochs:
        remedies.append(Remedy(f"Train {counted(best, 'epoch')}", {"optimization.epochs": best}))
    return remedies


def _improving(history: Sequence[EpochResult], recipe: Recipe) -> Finding | None:
    """Still improving: each of the last three epochs lowered the validation loss by 1 % or more; none was lower."""
    losses = [result.val_loss for result in history[-WAIT - 1 :]]
    pairs = list(pairwise(losses))
    if plateau(history) or len(pairs) < WAIT or any(after > (1 - IMPROVING) * before for before, after in pairs):
        return None
    return Finding("improving", "It was still improving when it ended.", tuple(_more_epochs(recipe, 10)))


def _few_test_images(images: int) -> Finding | None:
    """Too few: half of the test result's 95 % interval may be 5 points or more."""
    if not images or margin_of(images) < WIDE:
        return None
    points = f"{100 * margin_of(images):.0f} points"
    return Finding("few", f"There are only {counted(images, 'test image')}: the result may be off by {points}.")


def _rate(recipe: Recipe, divisor: int) -> list[Remedy]:
    lowest = SETTINGS["optimization.learning_rate"].minimum
    rate = float(f"{max(lowest, recipe.optimization.learning_rate / divisor):.2g}")
    if rate >= recipe.optimization.learning_rate:
        return []
    return [Remedy(f"Lower the rate to {rate:g}", {"optimization.learning_rate": rate})]


def _more_epochs(recipe: Recipe, more: int) -> list[Remedy]:
    epochs = recipe.optimization.epochs + more
    if epochs > SETTINGS["optimization.epochs"].maximum:
        return []
    return [Remedy(f"Train {counted(more, 'epoch')} longer", {"optimization.epochs": epochs})]
