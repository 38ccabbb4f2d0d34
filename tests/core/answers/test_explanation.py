import numpy as np
import pytest
from numpy.typing import NDArray

from cnngui.core.answers.classifier import Classifier
from cnngui.core.answers.explanation import explain, over_picture
from cnngui.core.errors import Stopped


class Looking(Classifier):
    """Says "yes" the more surely the brighter a square of the picture is, from row 8 and column 16 on, 8 a side."""

    def __init__(self) -> None:
        self.calls = 0
        self.images_per_call = 250

    def probabilities(self, images: NDArray[np.uint8]) -> NDArray[np.float32]:
        self.calls += 1
        yes = 0.1 + 0.8 * images[:, 8:16, 16:24].mean((1, 2, 3)) / 255
        return np.stack([yes, 1 - yes], axis=1).astype(np.float32)


@pytest.fixture
def white() -> NDArray[np.uint8]:
    return np.full((2, 32, 32, 3), 255, np.uint8)


def test_what_matters_is_marked(white: NDArray[np.uint8]) -> None:
    heat = explain(Looking(), white, 0)
    assert heat.shape == (2, 32, 32)
    assert heat.dtype == np.float32
    matters = np.zeros((32, 32), bool)
    matters[8:16, 16:24] = True
    assert (heat[:, matters] > 0.05).all()
    np.testing.assert_allclose(heat[:, ~matters], 0, atol=1e-6)


def test_what_spoke_against_a_class_is_negative(white: NDArray[np.uint8]) -> None:
    heat = explain(Looking(), white, 1)
    assert heat.min() < -0.05
    assert heat.max() < 1e-6


def test_views_have_maps_of_their_own(white: NDArray[np.uint8]) -> None:
    white[1] = 124  # there is nothing to be lost by painting it grey
    first, second = explain(Looking(), white, 0)
    assert first.max() > 0.05
    np.testing.assert_allclose(second, 0, atol=1e-6)


def test_it_is_one_call(white: NDArray[np.uint8]) -> None:
    looking = Looking()
    explain(looking, white, 0)
    assert looking.calls == 1


def test_the_maps_of_views_over_the_whole_picture() -> None:
    """Of a picture twice as wide as high, whose squares are its left and right half, and the middle over both."""
    whole, left, middle, right = np.zeros((4, 32, 32), np.float32)
    whole[:, :16] = 2  # the left half of the picture
    left[16:], right[16:] = 4, 8  # the lower halves
    middle[:16] = 6  # the upper half
    heat = over_picture(np.stack([whole, left, middle, right]), (200, 100), side=40)
    assert heat.shape == (20, 40)
    upper = [(2 + 0) / 2, (2 + 0 + 6) / 3, (0 + 6 + 0) / 3, 0]
    lower = [(2 + 4) / 2, (2 + 4 + 0) / 3, (0 + 0 + 8) / 3, (0 + 8) / 2]
    np.testing.assert_allclose(heat, np.repeat(np.repeat([upper, lower], 10, axis=0), 10, axis=1), rtol=1e-6)


def test_many_views_are_explained_in_larger_squares() -> None:
    views = np.random.default_rng(0).integers(0, 256, (4, 32, 32, 3), np.uint8)

    class Counting(Looking):
        def probabilities(self, images: NDArray[np.uint8]) -> NDArray[np.float32]:
            self.calls += len(images)
            return super().probabilities(images)

    for count, images in ((1, 65), (2, 130), (4, 148)):
        counting = Counting()
        explain(counting, views[:count], 0)
        assert counting.calls == images + 1


def test_a_stop_is_obeyed_between_two_batches(white: NDArray[np.uint8]) -> None:
    looking = Looking()
    looking.images_per_call = 10  # as of a large network, which takes seconds for each
    with pytest.raises(Stopped):
        explain(looking, white[:1], 0, should_stop=lambda: looking.calls == 2)
    assert looking.calls == 2


def test_the_map_of_a_square_picture() -> None:
    view = np.random.default_rng(0).random((1, 32, 32), np.float32)
    np.testing.assert_array_equal(over_picture(view, (900, 900), side=32), view[0])


def test_a_trained_model_and_other_sizes(classifier: Classifier, white: NDArray[np.uint8]) -> None:
    assert explain(classifier, white, 0).shape == (2, 32, 32)
    assert np.isfinite(explain(classifier, white, 0)).all()

    class Any(Looking):
        def probabilities(self, images: NDArray[np.uint8]) -> NDArray[np.float32]:
            return np.full((len(images), 2), 0.5, np.float32)

    for size in ((5, 3), (33, 50)):
        assert explain(Any(), np.zeros((1, *size, 3), np.uint8), 0).shape == (1, *size)
