"""The points of a training's curves, and what is said of them."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from cnngui.core.progress import BatchProgress, Earlier, EpochResult
from cnngui.core.recipes.edits import title
from cnngui.core.recipes.recipe import Recipe
from cnngui.core.sentences import counted


@dataclass(frozen=True)
class Point:
    """A point of both curves: epochs so far, with a fraction; loss in nats; accuracy 0–1."""

    epoch: float
    loss: float
    accuracy: float


@dataclass(frozen=True)
class Points:
    """The points of the curves."""

    training: Sequence[Point] = ()
    validation: Sequence[Point] = ()


@dataclass(frozen=True)
class Caption:
    """What the curves are of.

    path: of the model, also before it is saved. name: of the model. data: the data's title.
    smoothed_losses: whether the losses include the label smoothing, as those of older models do.
    images: how many there are for "training", "validation" and "test", if known. classes: how many; 0 if unknown.
    fit: the settings that follow the data, and are no edits.
    """

    path: Path
    name: str
    data: str
    recipe: Recipe
    smoothed_losses: bool = False
    images: dict[str, int] = field(default_factory=dict)
    classes: int = 0
    fit: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """The data, the recipe, and its settings."""
        recipe = self.recipe
        parts = [
            f"{title(recipe, self.images.get('training', 0), self.fit)} on {self.data}",
            counted(recipe.optimization.epochs, "epoch"),
            *([] if recipe.network.is_head_only else _steps(recipe)),
            *(["losses include label smoothing"] if self.smoothed_losses else []),
        ]
        return "  ·  ".join(parts)


def _steps(recipe: Recipe) -> list[str]:
    optimization = recipe.optimization
    return [f"batch size {optimization.batch_size:,}", f"learning rate {optimization.learning_rate:g}"]


@dataclass
class Series:
    """The points of one training: those of a running one as they come, or the epochs of an older one.

    by_batches: whether the training's curve has a point for each reported batch, not one for each epoch.
    """

    caption: Caption
    by_batches: bool
    batches: list[Point] = field(default_factory=list)
    epochs: list[EpochResult] = field(default_factory=list)

    def add(self, value: BatchProgress | EpochResult | Earlier) -> None:
        """Add a point, or the points of a run that goes on."""
        if isinstance(value, Earlier):
            self.batches, self.epochs = [Point(*each) for each in value.batches], list(value.epochs)
        elif isinstance(value, BatchProgress):
            self.batches.append(Point(value.epochs_done, value.loss, value.accuracy))
        else:
            self.epochs.append(value)

    @property
    def points(self) -> Points:
        """All points."""
        means = [Point(result.epoch, result.loss, result.accuracy) for result in self.epochs]
        validation = [Point(result.epoch, result.val_loss, result.val_accuracy) for result in self.epochs]
        return Points(self.batches if self.by_batches else means, validation)

    @property
    def training_title(self) -> str:
        """What a point of the training's curve is."""
        kind = "moving average" if self.by_batches else "mean of each epoch"
        return f"training ({kind}; under CutMix of mixed labels)" if self._is_mixed else f"training ({kind})"

    @property
    def _is_mixed(self) -> bool:
        return bool(self.caption.recipe.cutmix_epochs)
