import optuna
import pytest

from cnngui.core.recipes.presets import FINE_TUNE, QUICK
from cnngui.core.recipes.setting import Value
from cnngui.core.search import space
from cnngui.core.search.plan import Plan
from cnngui.core.search.suggestion import suggested


def values(plan: Plan, **given: Value) -> set[str]:
    """The settings that a trial is asked for, if it has these values."""
    study = optuna.create_study()
    study.enqueue_trial({path: value for path, value in given.items()})
    trial = study.ask()
    suggested(trial, plan)
    return set(trial.params)


def test_only_what_has_an_effect_is_asked_for() -> None:
    vary = ("optimization.momentum", "optimization.schedule", "optimization.warm_restarts", "optimization.optimizer")
    plan = Plan(QUICK, {path: space.usual(path, QUICK) for path in vary})
    plain = {"optimization.optimizer", "optimization.schedule"}
    adam = {"optimization.optimizer": "adam", "optimization.schedule": "constant"}
    assert values(plan, **adam) == plain
    sgd = {"optimization.optimizer": "sgd", "optimization.schedule": "restarts"}
    assert values(plan, **sgd) == plain | {"optimization.momentum", "optimization.warm_restarts"}


def test_a_head_that_learns_alone_has_no_optimizer() -> None:
    vary = ("optimization.learning_rate", "network.trainable", "network.begin")
    plan = Plan(FINE_TUNE, {path: space.usual(path, FINE_TUNE) for path in vary})
    begun = {"network.begin": "shipped", "network.trainable": "head"}
    assert values(plan, **begun) == {"network.begin", "network.trainable"}
    assert values(plan, **(begun | {"network.trainable": "half"})) == set(vary)
    assert values(plan, **{"network.begin": "nothing"}) == {"network.begin", "optimization.learning_rate"}


def test_values_are_as_people_write_them() -> None:
    plan = Plan(QUICK, {"optimization.learning_rate": space.usual("optimization.learning_rate", QUICK)})
    study = optuna.create_study(sampler=optuna.samplers.RandomSampler(0))
    for _ in range(20):
        rate = suggested(study.ask(), plan).optimization.learning_rate
        assert rate == pytest.approx(float(f"{rate:.3g}"), abs=0)


def test_values_stay_between_the_ends_and_those_of_a_list_as_they_are() -> None:
    momentum, rate = "optimization.momentum", "optimization.learning_rate"
    vary = {momentum: space.domain(momentum, "0.9995:0.9999"), rate: space.domain(rate, "0.12345,0.12346")}
    study = optuna.create_study(sampler=optuna.samplers.RandomSampler(0))
    for _ in range(5):
        found = suggested(study.ask(), Plan(QUICK, vary)).optimization
        assert 0.9995 <= found.momentum <= 0.9999
        assert found.learning_rate in (0.12345, 0.12346)


def test_steps_that_do_not_come_to_the_end_are_no_warning() -> None:
    plan = Plan(QUICK, {path: space.domain(path, "0.05:0.9:0.2") for path in ("network.dropout", "augmentation.zoom")})
    suggested(optuna.create_study().ask(), plan)
