"""Which pruner finds more in the same time? python -m benchmarks.pruners SEARCH [SEARCH …]

Takes the finished trials of searches that prune nothing (those of "random" in benchmarks/search.py), and tries them in
200 random orders with each pruner, which sees the validation accuracy of a trial after each tenth of its epochs, and
may end it; a trial that is ended costs that part of its time. Prints the mean of the best accuracy that each has found
after a quarter, a half and three quarters of the time of all trials, and its standard error.
"""

import argparse
from pathlib import Path

import numpy as np
import optuna

from cnngui.core.search.plan import Pruner
from cnngui.core.search.storage import connect, local
from cnngui.core.search.study import Study, pruner_of
from cnngui.core.search.trials import STEPS, Trial

ORDERS = 200
TIMES = (0.25, 0.5, 0.75)


def best_in(trials: list[Trial], pruner: Pruner, order: "np.ndarray") -> list[float]:
    """The best accuracy after each of the times, if the trials are tried in this order."""
    total = sum(trial.seconds or 0 for trial in trials)
    study = optuna.create_study(direction="maximize", pruner=pruner_of(pruner))
    found, best, spent = [0.0] * len(TIMES), 0.0, 0.0
    for index in order:
        trial, asked = trials[index], study.ask()
        seconds, accuracy = trial.seconds or 0.0, trial.accuracy or 0.0
        for part, value in trial.curve:
            asked.report(value, round(part * STEPS))
            if part < 1 and asked.should_prune():
                study.tell(asked, state=optuna.trial.TrialState.PRUNED)
                seconds, accuracy = seconds * part, 0.0
                break
        else:
            study.tell(asked, accuracy)
        spent, best = spent + seconds, max(best, accuracy)
        found = [best if spent <= part * total else before for part, before in zip(TIMES, found, strict=True)]
    return found


def main() -> None:
    """Print a line for each pruner."""
    parser = argparse.ArgumentParser()
    parser.add_argument("searches", type=Path, nargs="+")
    options = parser.parse_args()
    optuna.logging.set_verbosity(optuna.logging.CRITICAL)
    searches = []
    for folder in options.searches:
        with connect(local(folder)) as storage:
            searches.append(Study(local(folder), storage, folder.name).standing())
    print(f"best accuracy after {', '.join(f'{part:.0%}' for part in TIMES)} of the time of all trials")
    for pruner in Pruner:
        orders = np.random.default_rng(0)
        tables = [list(each.finished) for each in searches]
        found = np.array(
            [[best_in(each, pruner, orders.permutation(len(each))) for each in tables] for _ in range(ORDERS)]
        ).mean(1)
        means, errors = found.mean(0), found.std(0, ddof=1) / np.sqrt(ORDERS)
        print(f"{pruner.value:10}", *(f"{mean:.4f} ± {error:.4f}" for mean, error in zip(means, errors, strict=True)))


if __name__ == "__main__":
    main()
