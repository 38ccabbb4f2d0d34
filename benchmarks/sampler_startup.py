"""How many trials should be random before a search goes by the others? python -m benchmarks.sampler_startup

Seeks the best point of 40 noisy bowls in ten dimensions, from a start that is good already, as a preset is. Prints the
mean distance from the best value after 8, 12, 20 and 30 trials, of random search and of the search with some first
trials at random. It takes a minute; a real search needs days for as many trials.
"""

import numpy as np
import optuna
from numpy.typing import NDArray

from cnngui.core.search.storage import without_warnings

DIMENSIONS, BOWLS = 10, 40
COUNTS = (8, 12, 20, 30)
NOISE = 0.02  # of a value, as that of a validation accuracy


def distances(startup: int | None, seed: int) -> list[float]:
    """The distances from the best value after each count of trials. startup: None for random search."""
    random = np.random.default_rng(seed)
    best = random.uniform(0.15, 0.85, DIMENSIONS)
    start = np.clip(best + random.normal(0, 0.25, DIMENSIONS), 0, 1)
    weights = random.exponential(1, DIMENSIONS)
    with without_warnings():
        sampler: optuna.samplers.BaseSampler = (
            optuna.samplers.RandomSampler(seed)
            if startup is None
            else optuna.samplers.TPESampler(n_startup_trials=startup, multivariate=True, constant_liar=True, seed=seed)
        )
    study = optuna.create_study(direction="minimize", sampler=sampler)
    study.enqueue_trial({str(axis): value for axis, value in enumerate(start)})

    def distance(trial: optuna.Trial) -> float:
        point: NDArray[np.float64] = np.array([trial.suggest_float(str(axis), 0, 1) for axis in range(DIMENSIONS)])
        return float(weights @ (point - best) ** 2 + random.normal(0, NOISE))

    study.optimize(distance, n_trials=COUNTS[-1])
    values = [trial.value or 0.0 for trial in study.trials]
    return [min(values[:count]) for count in COUNTS]


def main() -> None:
    """Print a line for each way."""
    optuna.logging.set_verbosity(optuna.logging.ERROR)
    for startup in (None, 1, 2, 3, 4, 5, 10):
        mean = np.mean([distances(startup, seed) for seed in range(BOWLS)], axis=0)
        print(f"{'random' if startup is None else startup:>7}", *(f"{value:8.3f}" for value in mean), flush=True)


if __name__ == "__main__":
    main()
