"""How much each setting that varies matters for the accuracy."""

import warnings

from cnngui.core.search.storage import without_warnings
from cnngui.core.search.study import Study

LEAST_TRIALS = 8  # finished ones; of fewer, chance decides


def importances(study: Study) -> dict[str, float]:
    """The share of each setting in the differences of accuracy, 0–1, in all 1, the largest first.

    It is PED-ANOVA's (Watanabe et al. 2023), as Optuna has it: what the best tenth of the trials has in common that
    the others have not. Empty for fewer than eight finished trials, or where they are all alike.
    Raises UserError if the storage fails.
    """
    import optuna

    plan = study.plan()
    finished = [trial for trial in study.frozen() if trial.state == optuna.trial.TrialState.COMPLETE]
    shared = [path for path in plan.space if all(path in trial.params for trial in finished)]
    if len(finished) < LEAST_TRIALS or not shared:
        return {}
    with without_warnings(), warnings.catch_warnings():
        warnings.filterwarnings("ignore", "Target and region quantiles", UserWarning)  # of trials that are alike
        copy = optuna.create_study(direction="maximize")
        for trial in finished:
            copy.add_trial(
                optuna.create_trial(
                    value=trial.values[0],
                    params={path: trial.params[path] for path in shared},
                    distributions={path: trial.distributions[path] for path in shared},
                )
            )
        found = optuna.importance.get_param_importances(
            copy, evaluator=optuna.importance.PedAnovaImportanceEvaluator(), params=shared
        )
    are_alike = len(found) > 1 and len(set(found.values())) == 1  # so Optuna says that it cannot tell
    return {} if are_alike else dict(found)
