from typing import Any

import numpy as np
import pytest

from cnngui.core.data import shapes
from cnngui.core.errors import Stopped


def test_ten_classes_in_equal_parts() -> None:
    images, labels = shapes.draw(3, seed=0)
    assert len(shapes.CLASSES) == 10
    assert images.shape == (30, 32, 32, 3)
    assert images.dtype == np.uint8
    assert labels.dtype == np.int32
    assert np.bincount(labels).tolist() == [3] * 10
    assert labels.tolist() != sorted(labels)  # in random order


def test_the_seed_decides_every_pixel() -> None:
    images, labels = shapes.draw(5, seed=1)
    again, same_labels = shapes.draw(5, seed=1)
    other, _ = shapes.draw(5, seed=2)
    np.testing.assert_array_equal(images, again)
    np.testing.assert_array_equal(labels, same_labels)
    assert (images != other).mean() > 0.9


def test_no_picture_is_in_both_parts_or_flat() -> None:
    train, _ = shapes.draw(20, shapes.TRAIN_SEED)
    test, _ = shapes.draw(20, shapes.TEST_SEED)
    assert len({image.tobytes() for image in (*train, *test)}) == 400
    assert train.std(axis=(1, 2)).max(axis=1).min() > 5


@pytest.mark.parametrize(
    ("name", "inside", "outside"),
    [
        ("arrow", (0.8, 0.0), (-0.8, 0.6)),
        ("circle", (0.6, 0.6), (0.8, 0.8)),
        ("crescent", (-0.8, 0.0), (0.3, 0.0)),
        ("cross", (0.0, 0.8), (0.6, 0.6)),
        ("heart", (0.4, -0.5), (0.0, -0.8)),
        ("hourglass", (0.0, -0.6), (0.6, 0.0)),
        ("ring", (0.8, 0.0), (0.0, 0.0)),
        ("square", (0.7, 0.7), (0.9, 0.0)),
        ("star", (0.0, -0.8), (0.0, 0.7)),
        ("triangle", (0.0, -0.7), (0.6, -0.6)),
    ],
)
def test_distances_are_negative_inside_and_positive_outside(
    name: str, inside: tuple[float, float], outside: tuple[float, float]
) -> None:
    x, y = (np.array([[[a, b]]], np.float32) for a, b in zip(inside, outside, strict=True))
    distance = shapes._SHAPES[name](x, y)
    assert distance[0, 0, 0] < 0 < distance[0, 0, 1]


def test_progress_counts_up_to_all_pictures() -> None:
    reports: list[Any] = []
    shapes.draw(2, seed=0, progress=reports.append)
    assert [report.done for report in reports] == [*range(2, 21, 2)]
    assert reports[-1].total == 20


def test_draw_stops() -> None:
    with pytest.raises(Stopped):
        shapes.draw(2, seed=0, should_stop=lambda: True)
