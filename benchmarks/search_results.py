"""Thousands of trials in the window: python -m benchmarks.search_results [TRIALS] (or QT_QPA_PLATFORM=offscreen).

Shows a search of so many trials (2,000 by default) that nobody has trained, then one trial more, and so on. Prints, for
each page, the time of the processor for the first showing, for another trial and for choosing one, and for the longest
turn of the event loop after each.
"""

import sys
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial

import numpy as np
from PySide6.QtWidgets import QApplication

from cnngui.core.recipes.presets import STANDARD
from cnngui.core.recipes.recipe import SETTINGS
from cnngui.core.search.plan import Aim, Plan
from cnngui.core.search.space import Choice, usual
from cnngui.core.search.trials import Standing, State, Trial
from cnngui.gui.common import style
from cnngui.gui.train.search.results.view import TITLES, SearchResults

PATHS = (
    *("network.width", "network.dropout", "optimization.learning_rate", "optimization.weight_decay"),
    *("optimization.batch_size", "optimization.optimizer", "optimization.schedule", "augmentation.horizontal_flip"),
)
BEGAN = datetime(2026, 11, 2, 9)


def made(trials: int, aim: Aim = Aim.ACCURACY, *, computers: int = 1, running: int = 1) -> Standing:
    """A search of which so many trials have ended, of which a third were pruned, and some run."""
    rng = np.random.default_rng(0)
    plan = Plan(STANDARD, {path: usual(path, STANDARD) for path in PATHS}, aim)
    found, moment = [], BEGAN
    for number in range(1, trials + running + 1):
        values = {path: _value(plan, path, rng) for path in PATHS}
        share = float(np.clip(rng.normal(0.86, 0.03) + 0.02 * np.log10(number), 0, 0.99))
        state = State.PRUNED if rng.random() < 0.3 else State.FINISHED
        end = moment + timedelta(seconds=float(rng.uniform(20, 200)))
        trial = Trial(number, state, values, share, began=moment, ended=end, run=f"widths-{number:04}")
        if aim == Aim.BOTH and state == State.FINISHED:
            trial = replace(trial, milliseconds=float(rng.gamma(4, 1) * (0.4 + share)))
        if number > trials:
            trial = replace(trial, state=State.RUNNING, accuracy=None, ended=None, milliseconds=None)
        found.append(replace(trial, computer=f"computer-{number % computers + 1}"))
        moment = end
    return Standing("widths", plan, "CIFAR-10", tuple(found))


def _value(plan: Plan, path: str, rng: np.random.Generator) -> bool | int | float | str:
    domain = plan.space[path]
    if isinstance(domain, Choice):
        return domain.values[int(rng.integers(len(domain.values)))]
    low, high = (np.log(domain.low), np.log(domain.high)) if domain.is_logarithmic else (domain.low, domain.high)
    value = float(rng.uniform(low, high))
    value = float(np.exp(value)) if domain.is_logarithmic else value
    return int(value) if SETTINGS[path].kind is int else float(f"{value:.3g}")


def importances() -> dict[str, float]:
    """Of all that vary, the largest first."""
    return {path: share for path, share in zip(PATHS, (0.46, 0.2, 0.12, 0.08, 0.06, 0.05, 0.02, 0.01), strict=True)}


def blocked(work: Callable[[], object]) -> tuple[float, float]:
    """The milliseconds that ``work`` takes this thread, and those of the longest turn of the event loop after it."""
    began = time.thread_time()
    work()
    took = time.thread_time() - began
    turns, until = [0.0], time.perf_counter() + 0.5
    while time.perf_counter() < until:
        began = time.thread_time()
        QApplication.processEvents()
        turns.append(time.thread_time() - began)
    return 1000 * took, 1000 * max(turns)


def main() -> int:
    """Run and print all parts."""
    trials = int(sys.argv[1]) if len(sys.argv) > 1 else 2000
    app = QApplication(sys.argv[:1])
    app.setStyle("Fusion")
    style.apply(app)
    print(f"{trials:,} trials, ms:{'show':>20}{'redraw':>8}{'one more':>10}{'redraw':>8}{'choose':>8}{'redraw':>8}")
    for aim in Aim:
        view = SearchResults()
        view.resize(620, 440)
        view.show()
        view.show_standing(made(10, aim), {})
        blocked(lambda: None)
        for page, title in enumerate(TITLES):
            view._tabs.choose(page)
            blocked(lambda: None)  # pyqtgraph is imported
            figures = [
                *blocked(partial(view.show_standing, made(trials, aim), importances())),
                *blocked(partial(view.show_standing, made(trials + 1, aim), importances())),
                *blocked(partial(view._state.choose, trials // 2)),
            ]
            print(f"  {aim:14} {title:14}" + "".join(f"{each:9.1f}" for each in figures))
            view.clear()
        view.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
