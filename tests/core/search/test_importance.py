"""How much each setting matters."""

from collections.abc import Sequence
from types import SimpleNamespace
from typing import cast

import optuna

from cnngui.core.search.importance import LEAST_TRIALS, importances
from cnngui.core.search.study import Study

DROPOUT, WIDTH = "network.dropout", "network.width"


def study(accuracies: Sequence[float]) -> Study:
    """Finished trials of these accuracies, whose dropout is the accuracy, and whose widths come and go."""
    distributions = {
        DROPOUT: optuna.distributions.FloatDistribution(0.0, 1.0),
        WIDTH: optuna.distributions.IntDistribution(1, 5),
    }
    found = [
        optuna.create_trial(
            value=value,
            params={DROPOUT: value, WIDTH: 1 + number % 5},
            distributions=distributions,
        )
        for number, value in enumerate(accuracies)
    ]
    plan = SimpleNamespace(space=dict.fromkeys(distributions))
    return cast(Study, SimpleNamespace(plan=lambda: plan, frozen=lambda: found))


def test_what_goes_with_the_accuracy_comes_first() -> None:
    found = importances(study([number / 40 for number in range(40)]))
    assert list(found) == [DROPOUT, WIDTH]
    assert found[DROPOUT] > 0.6
    assert sum(found.values()) > 0.999


def test_few_trials_or_trials_that_are_alike_tell_nothing() -> None:
    assert importances(study([number / 40 for number in range(LEAST_TRIALS - 1)])) == {}
    assert importances(study([0.5] * 20)) == {}
