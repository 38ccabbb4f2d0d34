"""Where the plot shows each finished trial: after how much work, or how fast it answers."""

from dataclasses import dataclass

from cnngui.core.search.plan import Aim
from cnngui.core.search.trials import Standing
from cnngui.core.sentences import counted
from cnngui.gui.common.words import duration
from cnngui.gui.train.search.results.words import accuracy, name, result

UNITS = ((7200.0, 3600.0, "h"), (120.0, 60.0, "min"))  # from so many seconds on, as seconds of each


@dataclass(frozen=True)
class Dots:
    """What a plot shows.

    numbers: of the trials, from left to right. x, y: where their dots are; y in percent. title: of the x axis.
    line: through the best of them. marked: the numbers of those worth choosing. words: all of it, for screen readers.
    """

    numbers: tuple[int, ...]
    x: tuple[float, ...]
    y: tuple[float, ...]
    title: str
    line: tuple[tuple[float, float], ...]
    marked: tuple[int, ...]
    words: str


def dots(standing: Standing) -> Dots | None:
    """The front of two aims, or the best so far against time; None before a trial has finished."""
    return _front(standing) if standing.plan.aim == Aim.BOTH else _over_time(standing)


def _over_time(standing: Standing) -> Dots | None:
    found, best = standing.over_time, standing.best
    if not found or best is None:
        return None
    end = standing.seconds
    size, unit = next(((size, unit) for least, size, unit in UNITS if end >= least), (1.0, "s"))
    line: list[tuple[float, float]] = []
    for seconds, share in standing.best_over_time():
        if line:
            line.append((seconds / size, line[-1][1]))
        line.append((seconds / size, 100 * share))
    line.append((end / size, line[-1][1]))
    after = duration(next(seconds for seconds, trial in found if trial == best))
    return Dots(
        numbers=tuple(trial.number for _, trial in found),
        x=tuple(seconds / size for seconds, _ in found),
        y=tuple(100 * (trial.accuracy or 0.0) for _, trial in found),
        title=f"time of the search ({unit})",
        line=tuple(line),
        marked=(best.number,),
        words=f"{counted(len(found), 'trial')}; the best, {name(best).lower()}, has {accuracy(best)} after {after}",
    )


def _front(standing: Standing) -> Dots | None:
    timed = [(trial.milliseconds, trial) for trial in standing.finished if trial.milliseconds is not None]
    if not timed:
        return None
    timed.sort(key=lambda each: each[0])
    front = standing.front[::-1]  # from the fastest on
    return Dots(
        numbers=tuple(trial.number for _, trial in timed),
        x=tuple(time for time, _ in timed),
        y=tuple(100 * (trial.accuracy or 0.0) for _, trial in timed),
        title="time of an answer (ms)",
        line=tuple((trial.milliseconds or 0.0, 100 * (trial.accuracy or 0.0)) for trial in front),
        marked=tuple(trial.number for trial in front),
        words=f"{counted(len(timed), 'trial')}; on the front: "
        + ", ".join(f"{name(trial).lower()} with {result(trial)}" for trial in front),
    )
