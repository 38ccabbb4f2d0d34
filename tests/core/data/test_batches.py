import keras
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from cnngui.core.data.augmentation import horizontal_flip, shift
from cnngui.core.data.batches import Batches, batch_ends
from cnngui.core.data.datasets import Split
from cnngui.core.recipes.presets import ARTICLE

SHIFT = 2
COUNT = 70
PLAIN = ARTICLE.changed({"seed": 5})  # no augmentation
CUTMIX_FIRST = PLAIN.changed({"optimization.epochs": 3, "augmentation.cutmix": 1 / 3})  # in the first epoch of three


@pytest.fixture
def numbered() -> Split:
    """Random images whose first value is their number; of three classes."""
    images = np.random.default_rng(0).integers(0, 256, (COUNT, 8, 8, 3), np.uint8)
    images[:, 0, 0, 0] = np.arange(COUNT)
    return Split(images, (np.arange(COUNT) % 3).astype(np.int32))


def epoch(batches: Batches) -> tuple[NDArray[np.uint8], NDArray[np.float32]]:
    """All of the next epoch."""
    batches.begin_epoch()
    parts = [batches[index] for index in range(len(batches))]
    return np.concatenate([images for images, _ in parts]), np.concatenate([labels for _, labels in parts])


def numbers(images: NDArray[np.uint8]) -> list[int]:
    return [int(number) for number in images[:, 0, 0, 0]]


def test_every_image_once_an_epoch_in_another_order(numbered: Split) -> None:
    batches = Batches(numbered, 3, 16)
    first, _ = epoch(batches)
    second, _ = epoch(batches)
    assert sorted(numbers(first)) == sorted(numbers(second)) == list(range(COUNT))
    assert numbers(first) != numbers(second)
    assert numbers(first) != list(range(COUNT))
    for image in first:
        np.testing.assert_array_equal(image, numbered.images[image[0, 0, 0]])


@pytest.mark.parametrize(
    ("batch_size", "sizes"), [(16, [16, 16, 16, 16, 6]), (35, [35, 35]), (500, [70]), (23, [23, 23, 24])]
)
def test_the_last_batch_may_be_smaller_but_not_tiny(numbered: Split, batch_size: int, sizes: list[int]) -> None:
    batches = Batches(numbered, 3, batch_size)
    assert [len(batches[index][1]) for index in range(len(batches))] == sizes


def test_large_data_is_divided_as_ever() -> None:
    for images, batch_size in ((45_000, 256), (48_000, 256), (45_000, 32)):
        assert batch_ends(images, batch_size) == [*range(batch_size, images, batch_size), images]


@given(st.integers(1, 3000), st.integers(1, 300))
def test_no_batch_has_less_than_a_quarter_of_the_batch_size(images: int, batch_size: int) -> None:
    sizes = np.diff([0, *batch_ends(images, batch_size)])
    assert sizes.sum() == images
    assert len(sizes) == 1 or batch_size / 4 <= sizes.min() <= sizes.max() < 1.25 * batch_size + 1


def test_labels_are_one_hot_and_stay_with_their_images(numbered: Split) -> None:
    images, labels = epoch(Batches(numbered, 4, 16))
    assert images.dtype == np.uint8
    assert labels.dtype == np.float32
    assert labels.shape == (COUNT, 4)
    np.testing.assert_array_equal(labels.sum(1), 1)
    assert [int(label) for label in labels.argmax(1)] == [number % 3 for number in numbers(images)]


def test_the_seed_decides_order_and_augmentation(numbered: Split) -> None:
    def two_epochs(seed: int) -> NDArray[np.uint8]:
        batches = Batches(
            numbered,
            3,
            16,
            PLAIN.changed({"augmentation.horizontal_flip": True, "augmentation.shift": 2, "seed": seed}),
        )
        return np.concatenate([epoch(batches)[0], epoch(batches)[0]])

    np.testing.assert_array_equal(two_epochs(5), two_epochs(5))
    assert not np.array_equal(two_epochs(5), two_epochs(6))


def test_augmented_images_are_moved_and_seen_both_ways_in_two_epochs() -> None:
    """The one bright pixel of each image tells where it went and whether it was mirrored."""
    images = np.zeros((COUNT, 12, 12, 3), np.uint8)
    images[:, 5, 3] = 200  # mirrored, it is in column 8
    images[:, 5, 3, 0] = np.arange(COUNT) + 1
    recipe = PLAIN.changed({"augmentation.horizontal_flip": True, "augmentation.shift": 2, "seed": 1})
    batches = Batches(Split(images, np.zeros(COUNT, np.int32)), 1, 16, recipe)
    places = []
    for _ in range(2):
        augmented, _ = epoch(batches)
        found = np.argwhere(augmented[..., 1] == 200)
        assert len(found) == COUNT
        places.append({int(augmented[n, row, column, 0]): (int(row), int(column)) for n, row, column in found})
    first, second = places
    assert {row for row, _ in first.values()} == {3, 4, 5, 6, 7}
    assert {column for _, column in first.values()} == {1, 2, 3, 4, 5, 6, 7, 8, 9, 10}
    unmoved = {name: (column <= 5, second[name][1] <= 5) for name, (_, column) in first.items()}
    assert all(before != after for before, after in unmoved.values())
    assert first != second


@pytest.mark.parametrize("setting", ["zoom", "rotation", "colour_jitter", "cutout"])
def test_the_seed_alone_decides_a_batch_in_whatever_order(numbered: Split, setting: str) -> None:
    def batches() -> Batches:
        return Batches(
            numbered, 3, 16, PLAIN.changed({f"augmentation.{setting}": 10.0 if setting == "rotation" else 0.3})
        )

    (first, labels), again = batches()[2], batches()
    again[0], again[2]
    np.testing.assert_array_equal(again[2][0], first)
    plain, same_labels = Batches(numbered, 3, 16, PLAIN)[2]
    assert not np.array_equal(plain, first)
    np.testing.assert_array_equal(same_labels, labels)
    again.begin_epoch()
    assert not np.array_equal(again[2][0], first)


@given(
    down=st.integers(-SHIFT, SHIFT),
    right=st.integers(-SHIFT, SHIFT),
    mirrored=st.booleans(),
    height=st.integers(4, 9),
    width=st.integers(4, 9),
)
def test_shift_and_horizontal_flip(down: int, right: int, mirrored: bool, height: int, width: int) -> None:
    images = np.random.default_rng(height * width).integers(0, 256, (3, height, width, 3), np.uint8)
    # Offset SHIFT leaves an image where it is; a larger one shows what lies further down and to the right.
    offsets = np.array([[SHIFT, SHIFT], [SHIFT + down, SHIFT + right], [0, 0]])
    result = horizontal_flip(shift(images, offsets, SHIFT), np.array([False, mirrored, False]))
    assert result.shape == images.shape
    assert result.dtype == np.uint8
    np.testing.assert_array_equal(result[0], images[0])

    def reflected(place: int, size: int) -> int:
        return abs(place) if place < size else 2 * (size - 1) - place

    for row in range(height):
        for column in range(width):
            source = images[1, reflected(row + down, height), reflected(column + right, width)]
            shown = result[1, row, width - 1 - column if mirrored else column]
            np.testing.assert_array_equal(shown, source)


def test_cutmix_in_the_first_epochs_only(numbered: Split) -> None:
    batches, again = (Batches(numbered, 3, 16, CUTMIX_FIRST) for _ in range(2))
    _, labels = epoch(batches)
    np.testing.assert_allclose(labels.sum(1), 1)
    assert np.any((labels > 0) & (labels < 1))
    np.testing.assert_array_equal(epoch(again)[1], labels)
    _, labels = epoch(batches)
    assert np.all((labels == 0) | (labels == 1))


def test_keras_learns_from_each_epoch_as_it_was_begun(numbered: Split) -> None:
    class Watched(Batches):
        def __getitem__(self, index: int) -> tuple[NDArray[np.uint8], NDArray[np.float32]]:
            images, labels = super().__getitem__(index)
            seen[-1].append(bool(np.any((labels > 0) & (labels < 1))))
            return images, labels

    class Begins(keras.callbacks.Callback):
        def on_epoch_begin(self, epoch: int, logs: dict[str, float] | None = None) -> None:
            seen.append([])
            batches.begin_epoch()

    seen: list[list[bool]] = [[]]
    network = keras.Sequential([keras.Input((8, 8, 3)), keras.layers.Flatten(), keras.layers.Dense(3)])
    network.compile("sgd", keras.losses.CategoricalCrossentropy(from_logits=True))
    batches = Watched(numbered, 3, 16, PLAIN.changed({"optimization.epochs": 3, "augmentation.cutmix": 2 / 3}))
    network.fit(batches.dataset(), epochs=3, shuffle=False, verbose=0, callbacks=[Begins()])
    assert [(len(mixed), all(mixed), any(mixed)) for mixed in seen[1:]] == [(5, True, True)] * 2 + [(5, False, False)]


def test_nothing_is_waited_for_at_the_end_of_an_epoch(numbered: Split) -> None:
    """TensorFlow's tuning would be, for up to a minute after a long one."""
    assert Batches(numbered, 3, 16).dataset().options().autotune.enabled is False
