import math

import pytest

from cnngui.core.models.score import Score, chance


@pytest.mark.parametrize(("images", "share"), [(1, 0.5), (48, 0.25), (60, 1 / 3), (1000, 0.1)])
def test_the_chance_is_the_binomial_distributions(images: int, share: float) -> None:
    for correct in {0, 1, images // 4, images // 2, images}:
        terms = (
            math.comb(images, hits) * share**hits * (1 - share) ** (images - hits)
            for hits in range(correct, images + 1)
        )
        assert chance(correct, images, share) == pytest.approx(math.fsum(terms), rel=1e-9)


def test_the_chance_at_its_ends() -> None:
    assert chance(0, 9, 0.5) == chance(9, 9, 1.0) == 1
    assert chance(3, 9, 0.0) == 0
    assert chance(200_000, 1_000_000, 0.1) == 0
    assert chance(100_000, 1_000_000, 0.1) == pytest.approx(0.5, abs=0.01)


@pytest.mark.parametrize(
    ("correct", "images", "most_frequent", "is_guess"),
    [
        (8, 48, 8, True),
        (12, 48, 8, True),  # by chance in 7.6 % of all tests
        (13, 48, 8, False),  # in 3.7 %
        (40, 48, 40, True),  # an unbalanced test set: always the same answer
        (48, 48, 40, False),
        (3, 3, 1, False),
        (2, 2, 1, True),  # a quarter of all guesses
        (5, 5, 5, True),  # a single class
        (1_060, 10_000, 1_000, False),
        (1_040, 10_000, 1_000, True),
    ],
)
def test_no_better_than_guessing(correct: int, images: int, most_frequent: int, is_guess: bool) -> None:
    assert Score(correct / images, images, most_frequent).is_no_better_than_guessing is is_guess


def test_in_words() -> None:
    assert str(Score(41 / 48, 48, 8)) == "41 of 48 test images correct (85.4 %)"
    assert str(Score(8 / 48, 48, 8)) == "No better than guessing: 8 of 48 test images correct (16.7 %)"
    assert str(Score(1, 4, 2)) == "4 of 4 test images correct (100.0 %), too few to tell it from guessing"
    assert str(Score(1, 5, 5)) == "No better than guessing: 5 of 5 test images correct (100.0 %)"
    assert str(Score(0.9303, 10_000)) == "9,303 of 10,000 test images correct (93.0 %)"
    assert str(Score(0.875)) == "87.5 % of the test images correct"
