import numpy as np
import pytest

from cnngui.core.recipes.presets import STANDARD
from cnngui.core.recipes.schedule import learning_rate
from cnngui.core.runs.history import History, no_batches
from cnngui.gui.runs.compare.curves.series import POINTS, Quantity, Series, make_curves
from tests.gui.runs.compare.conftest import results, rows


def test_a_long_run_is_thinned_and_keeps_its_ends() -> None:
    curves = make_curves(History(results(1000), rows(1000)), STANDARD, 4500)
    for series in (*curves.training.values(), *curves.validation.values()):
        assert 0.6 * POINTS < len(series.values) <= POINTS
        assert np.all(np.diff(series.epochs) > 0)
        assert series.epochs[-1] == 1000
    assert curves.training[Quantity.LOSS].epochs[0] < 0.03
    assert curves.validation[Quantity.LOSS].epochs[0] == 1


def test_thinning_leaves_the_beginning_visible_on_a_logarithmic_axis() -> None:
    places = np.arange(1, 40_001, dtype=np.float64)
    thinned = Series(places, places, places).thinned(300)
    assert np.count_nonzero(thinned.epochs <= 100) >= 30


def test_accuracies_are_in_percent_and_the_best_epoch_is_found() -> None:
    curves = make_curves(History(results(4, best=0.8), rows(4)), STANDARD, 4500)
    assert curves.validation[Quantity.ACCURACY].values.tolist() == pytest.approx([20, 40, 60, 80])
    assert curves.best is not None
    assert curves.best.epoch == 4
    assert (curves.epochs, curves.seconds) == (4.0, 40.0)


def test_the_rate_of_a_run_without_batches_comes_from_its_recipe() -> None:
    curves = make_curves(History(results(STANDARD.optimization.epochs), no_batches()), STANDARD, 4500)
    rate = curves.training[Quantity.RATE]
    steps = -(-4500 // STANDARD.optimization.batch_size)
    assert rate.values[0] == learning_rate(STANDARD, 0, STANDARD.optimization.epochs * steps)
    assert rate.values.max() > 0.98 * STANDARD.optimization.learning_rate
    assert rate.seconds[-1] == 10 * STANDARD.optimization.epochs


def test_a_run_in_its_first_epoch_has_a_line_of_training_only() -> None:
    curves = make_curves(History((), rows(1)[:5]), STANDARD, None)
    assert len(curves.training[Quantity.LOSS].values) == 5
    assert len(curves.validation[Quantity.LOSS].values) == 0
    assert curves.best is None
