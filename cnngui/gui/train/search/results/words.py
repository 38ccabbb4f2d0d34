"""A search and its trials in words."""

from collections import Counter

from cnngui.core.recipes.edits import edits
from cnngui.core.search.plan import Aim
from cnngui.core.search.trials import Standing, State, Trial
from cnngui.core.sentences import counted
from cnngui.gui.common.words import duration, percent

UNKNOWN = "–"
STATES = (State.FINISHED, State.PRUNED, State.FAILED, State.RUNNING, State.WAITING)


def name(trial: Trial) -> str:
    """How a trial is called."""
    return f"Trial {trial.number:,}"


def accuracy(trial: Trial) -> str:
    """Its accuracy: "91.4 %"."""
    return UNKNOWN if trial.accuracy is None else percent(trial.accuracy, 1)


def milliseconds(value: float) -> str:
    """The time of an answer: "3.2 ms"."""
    return f"{value:,.0f} ms" if value >= 100 else f"{value:.3g} ms"


def result(trial: Trial) -> str:
    """Its accuracy, and the time of an answer if that is known."""
    time = f" in {milliseconds(trial.milliseconds)}" if trial.milliseconds is not None else ""
    return f"{accuracy(trial)}{time}"


def difference(standing: Standing, trial: Trial) -> str:
    """What the trial's recipe differs in from the one that the search began with: "width 64, no cutout"."""
    return ", ".join(edits(standing.recipe(trial), standing.plan.recipe))


def heading(standing: Standing) -> str:
    """Which trial is the best, or that there is none yet."""
    best = standing.best
    if best is None:
        return "No trial has finished yet"
    return f"Best: {name(best).lower()} with {result(best)}"


def text(standing: Standing) -> str:
    """What the best differs in, and which others are worth choosing; "" without a best."""
    best = standing.best
    if best is None:
        return ""
    told = difference(standing, best)
    sentence = (
        f"Changed from {standing.plan.recipe.name}: {told}." if told else "It is the recipe that the search began with."
    )
    fastest = standing.front[-1] if standing.front else best  # a file of strangers may have no times
    if standing.plan.aim == Aim.BOTH and fastest != best:
        count = counted(len(standing.front), "trial is", "trials are")
        sentence += f" {count} on the front; the fastest, {name(fastest).lower()}, has {result(fastest)}."
    return sentence


def numbers(standing: Standing) -> str:
    """How many trials there are, and how long they took."""
    counts = Counter(trial.state for trial in standing.trials)
    states = ", ".join(f"{counts[state]:,} {state}" for state in STATES if counts[state])
    trials = counted(len(standing.trials), "trial")
    told = [f"{trials}: {states}" if states else trials, duration(standing.seconds), standing.data]
    return "  ·  ".join(part for part in told if part)


def about(trial: Trial) -> str:
    """How a trial went, in a line."""
    time = f" in {duration(trial.seconds)}" if trial.seconds is not None else ""
    known = result(trial) if trial.accuracy is not None else ""
    parts = (name(trial), known, f"{trial.state}{time}", trial.reason)
    return "  ·  ".join(part for part in parts if part)
