import json
from dataclasses import replace
from pathlib import Path

import pytest

from cnngui.core.data import datasets
from cnngui.core.errors import UserError
from cnngui.core.recipes.presets import QUICK, STANDARD
from cnngui.core.recipes.setting import Range
from cnngui.core.search import space
from cnngui.core.search.plan import Aim, Plan, Pruner, Request, Sampler, differences
from cnngui.core.search.space import Choice

PLAN = Plan(QUICK, {"network.dropout": Range(0.0, 0.5), "optimization.optimizer": Choice(("sgd", "adamw"))})


def test_it_is_written_and_read() -> None:
    for plan in (PLAN, replace(PLAN, aim=Aim.BOTH, pruner=Pruner.HYPERBAND, sampler=Sampler.RANDOM)):
        assert Plan.from_dict(json.loads(json.dumps(plan.to_dict()))) == plan


@pytest.mark.parametrize(
    "values",
    [
        None,
        [],
        {},
        PLAN.to_dict() | {"vary": {}},
        PLAN.to_dict() | {"vary": {"seed": "1,2"}},
        PLAN.to_dict() | {"vary": {"network.dropout": 3}},
        PLAN.to_dict() | {"aim": "speed"},
        PLAN.to_dict() | {"recipe": {"name": 3}},
    ],
)
def test_what_is_none_is_a_sentence(values: object) -> None:
    with pytest.raises(UserError, match=r"\.$"):
        Plan.from_dict(values)


def test_it_names_what_differs() -> None:
    other = replace(PLAN, recipe=STANDARD, space={**PLAN.space, "network.dropout": Range(0.0, 0.4)})
    assert differences(PLAN, PLAN) == ""
    assert differences(PLAN, other) == "recipe, network.dropout"
    assert differences(PLAN, replace(PLAN, aim=Aim.BOTH)) == "aim"


def test_ranges_follow_the_recipe_that_is_fitted_to_the_data(easy_folder: Path) -> None:
    raw = datasets.read(str(easy_folder))
    vary = {"optimization.epochs": None, "network.dropout": space.domain("network.dropout", "0:0.2")}
    plan = Request(QUICK, vary).plan(raw)
    assert plan.recipe.optimization.epochs == 60  # for so few images
    assert plan.space == {
        "optimization.epochs": Range(30, 120, is_logarithmic=True),
        "network.dropout": Range(0.0, 0.2),
    }
    assert Request(QUICK, vary, fit=()).plan(raw).recipe == QUICK
