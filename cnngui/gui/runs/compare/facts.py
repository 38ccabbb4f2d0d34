"""What the table of settings says of each run."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from cnngui.core.models.card import TrainingRecord
from cnngui.core.recipes.recipe import SETTINGS
from cnngui.core.runs.library import ListedRun
from cnngui.gui.common.words import duration, percent

UNKNOWN = "–"
PARTS = ("training", "validation", "test")

Value = str | float | bool | None


def _plain(number: float) -> str:
    return f"{number:,}" if isinstance(number, int) else f"{number:.4g}"


@dataclass(frozen=True)
class Fact:
    """Something that is known of each run. value: None if unknown. write: a number as text."""

    title: str
    value: Callable[[ListedRun], Value]
    write: Callable[[float], str] = _plain

    def text(self, run: ListedRun) -> str:
        """The value of a run, for people."""
        value = self.value(run)
        if value is None or value == "":
            return UNKNOWN
        if isinstance(value, bool):
            return "yes" if value else "no"
        return value if isinstance(value, str) else self.write(value)

    def change(self, run: ListedRun, baseline: ListedRun) -> str:
        """How far a number is from the baseline's: "+0.5 %"; "" where that says nothing."""
        value, base = self.value(run), self.value(baseline)
        if not _is_number(value) or not _is_number(base) or value == base:
            return ""
        difference = float(value) - float(base)  # type: ignore[arg-type]
        return f"{'+' if difference > 0 else '−'}{self.write(abs(difference))}"


def differing(facts: Sequence[Fact], runs: Sequence[ListedRun]) -> list[Fact]:
    """Those that are not the same for all runs."""
    return [fact for fact in facts if len({fact.text(run) for run in runs}) > 1]


def _is_number(value: Value) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _share(share: float) -> str:
    return percent(share, 2)


def _setting(path: str) -> Fact:
    """A setting of the recipe; unknown where it has no effect."""
    setting = SETTINGS[path]

    def value(run: ListedRun) -> Value:
        if run.recipe is None or not run.recipe.has_effect(path):
            return None
        found = run.recipe.value(path)
        return setting.write(found) if isinstance(found, str) else found

    return Fact(setting.label, value)


def _layers(run: ListedRun) -> Value:
    layers = run.recipe.network.layers if run.recipe else ()
    return ", ".join(layer.text for layer in layers)


def _result(title: str, of: Callable[[TrainingRecord], Value], write: Callable[[float], str]) -> Fact:
    return Fact(title, lambda run: of(run.training) if run.training else None, write)


def _version(name: str) -> Fact:
    return Fact(_PROGRAMS[name], lambda run: versions(run).get(name))


def _images(part: str) -> Fact:
    return Fact(f"{part.capitalize()} images", lambda run: run.images.get(part))


def versions(run: ListedRun) -> dict[str, str]:
    """Of the programs that trained it; empty if unknown."""
    if run.record is not None and run.record.sessions:
        return run.record.sessions[-1].environment.versions
    return run.training.versions if run.training else {}


def precision(run: ListedRun) -> str | None:
    """The numbers that it was trained with; None if unknown."""
    if run.record is not None and run.record.sessions:
        return run.record.sessions[-1].environment.precision
    return run.training.precision if run.training else None


def best_accuracy(run: ListedRun) -> float | None:
    """The best validation accuracy; None before the first epoch has ended."""
    return run.most_accurate_epoch.val_accuracy if run.most_accurate_epoch else None


def test_accuracy(run: ListedRun) -> float | None:
    """The accuracy on the test images; None if unknown."""
    return run.score.accuracy if run.score else None


def _loss(number: float) -> str:
    return f"{number:.4f}"


def _epoch_loss(run: ListedRun) -> float | None:
    return run.history[-1].loss if run.history else None


def _val_loss(run: ListedRun) -> float | None:
    return run.most_accurate_epoch.val_loss if run.most_accurate_epoch else None


_PROGRAMS = {"cnngui": "cnngui", "keras": "Keras", "tensorflow": "TensorFlow", "python": "Python"}

RESULTS = (
    Fact("Best validation accuracy", best_accuracy, _share),
    Fact("In epoch", lambda run: run.most_accurate_epoch.epoch if run.most_accurate_epoch else None),
    Fact("Validation loss then", _val_loss, _loss),
    Fact("Test accuracy", test_accuracy, _share),
    _result("Test loss", lambda training: training.test_loss, _loss),
    Fact("Training loss", _epoch_loss, _loss),
    Fact("Epochs done", lambda run: len(run.history)),
    Fact("Time", lambda run: run.seconds, duration),
    Fact("Status", lambda run: str(run.status)),
)
DATA = (Fact("Data", lambda run: run.data), *(_images(part) for part in PARTS))
RECIPE = (
    Fact("Recipe", lambda run: run.recipe_title or None),
    *(_setting(path) for path in SETTINGS),
    Fact("Layers", _layers),
)
ENVIRONMENT = (
    Fact("Device", lambda run: run.device),
    Fact("Precision", precision),
    *(_version(name) for name in _PROGRAMS),
)
FACTS = (*RESULTS, *DATA, *RECIPE, *ENVIRONMENT)
