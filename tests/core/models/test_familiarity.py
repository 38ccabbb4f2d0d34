import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from cnngui.core.models.familiarity import Familiarity


def around(direction: int, count: int, seed: int, spread: float = 0.1) -> NDArray[np.float32]:
    """Features of 16 units, of any length, near one axis."""
    rng = np.random.default_rng(seed)
    features = rng.normal(0, spread, (count, 16))
    features[:, direction] += 1
    return (features * rng.uniform(0.1, 50, (count, 1))).astype(np.float32)


def test_what_it_has_learnt_from_is_familiar_and_the_rest_is_not() -> None:
    familiarity = Familiarity.fitted(around(0, 300, 0), around(0, 200, 1), split=10)
    known, strange = familiarity.scores(around(0, 100, 2)), familiarity.scores(around(7, 100, 3))
    assert known.dtype == np.float32
    assert np.mean(known >= familiarity.threshold) > 0.85
    assert not np.any(strange >= familiarity.threshold)


@given(count=st.integers(1, 400), seed=st.integers(0, 20))
def test_the_threshold_keeps_95_percent_of_the_validation_images(count: int, seed: int) -> None:
    validation = around(0, count, seed + 1)
    familiarity = Familiarity.fitted(around(0, 100, seed), validation, split=10)
    refused = int(np.sum(familiarity.scores(validation) < familiarity.threshold))
    assert refused in (int(0.05 * (count - 1)), int(0.05 * (count - 1)) - 1)  # at most 5 %, and not many fewer


def cosine(one: NDArray[np.float64], other: NDArray[np.float64]) -> float:
    return float(one @ other / np.linalg.norm(one) / np.linalg.norm(other))


@pytest.mark.parametrize("pictures", [1, 5])  # the fewest are NumPy's, the others TensorFlow's
@given(seed=st.integers(0, 50), count=st.sampled_from([2, 3, 40]), split=st.integers(1, 15))
def test_the_score_is_the_nearest_by_the_mean_cosine_of_both_parts(
    pictures: int, seed: int, count: int, split: int
) -> None:
    training, features = around(0, count, seed, spread=2), around(3, pictures, seed + 100, spread=2)
    expected = []
    for row in features.astype(float):
        both = [
            cosine(row[:split], other[:split]) + cosine(row[split:], other[split:]) for other in training.astype(float)
        ]
        expected.append(max(both) / 2)
    np.testing.assert_allclose(Familiarity.fitted(training, features, split).scores(features), expected, atol=2e-3)


@given(seed=st.integers(0, 20))
def test_features_of_one_depth_only(seed: int) -> None:
    known, features = around(0, 12, seed, spread=2), around(3, 5, seed + 100, spread=2)
    scores = Familiarity.fitted(known, features, split=16).scores(features)
    expected = [max(cosine(row, other) for other in known.astype(float)) for row in features.astype(float)]
    np.testing.assert_allclose(scores, expected, atol=2e-3)


def test_features_that_are_all_zero_are_not_familiar() -> None:
    familiarity = Familiarity.fitted(around(0, 30, 0), around(0, 30, 1), split=10)
    np.testing.assert_array_equal(familiarity.scores(np.zeros((2, 16), np.float32)), [0, 0])
