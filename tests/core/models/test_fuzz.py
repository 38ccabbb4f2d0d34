"""A smaller one of benchmarks/fuzz.py, which also watches memory and survives crashes."""

import random
import warnings
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import numpy as np
import pytest

from benchmarks import hostile_models, model_mutations
from cnngui.core.answers.classifier import Classifier
from cnngui.core.errors import UserError

COUNT = 25


def answer(path: Path) -> None:
    """A model that is opened has an answer; for a black image at least."""
    classifier = Classifier.load(path)
    found = classifier.classify([np.zeros((1, *classifier.image_size, 3), np.uint8)])[0]
    assert sum(found.probabilities) == pytest.approx(1)
    assert found.familiarity is None or np.isfinite(found.familiarity)


def test_damaged_models_are_opened_or_refused(model: Path, tmp_path: Path) -> None:
    results = [0, 0]
    for number in range(COUNT):
        _, path = model_mutations.model(random.Random(number), model, tmp_path)
        try:
            answer(path)
            results[0] += 1
        except UserError as error:
            assert str(error).endswith(".")  # noqa: PT017
            results[1] += 1
    assert min(results) > COUNT // 10, results


@pytest.mark.parametrize("name", hostile_models.ATTACKS)
def test_attacks(name: str, tmp_path: Path) -> None:
    path = hostile_models.ATTACKS[name](tmp_path)
    if name == "two layers said to be one":  # which does no harm if they are two
        answer(path)
        return
    with pytest.raises(UserError):
        answer(path)


@pytest.mark.parametrize("damage", [model_mutations.as_archive, model_mutations.with_configuration])
def test_a_small_model_is_opened_or_refused(
    damage: Callable[[random.Random, Path], tuple[str, Path]], tmp_path: Path
) -> None:
    for number in range(15):
        _, path = damage(random.Random(number), tmp_path)
        with suppress(UserError), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            answer(path)
