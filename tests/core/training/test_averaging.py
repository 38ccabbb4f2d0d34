import keras
import numpy as np

from cnngui.core.networks.normalization import FusedBatchNormalization
from cnngui.core.training.averaging import CycleEnds, average_weights, update_statistics


def weights(*numbers: float) -> list[np.ndarray]:
    return [np.full(2, number, np.float32) for number in numbers]


def test_the_first_end_counts_as_much_as_the_others_together() -> None:
    mean = average_weights([weights(8, 0), weights(1, 2), weights(3, 6)])
    assert [part.tolist() for part in mean] == [[5, 5], [2, 2]]
    assert average_weights([weights(1, 2), weights(3, 6)])[0].tolist() == [2, 2]


def test_a_single_end_stays() -> None:
    assert [part.tolist() for part in average_weights([weights(3, 4)])] == [[3, 3], [4, 4]]


def test_the_weights_at_the_end_of_each_cycle_are_kept() -> None:
    network = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1)])
    network.compile("sgd", "mse")
    after: list[float] = []
    ends = CycleEnds((2, 1, 1))
    noted = keras.callbacks.LambdaCallback(
        on_epoch_end=lambda epoch, logs: after.append(float(network.get_weights()[0].item()))
    )
    network.fit(np.ones((4, 1)), np.full((4, 1), 9.0), epochs=4, verbose=0, callbacks=[ends, noted])
    assert [float(kept[0].item()) for kept in ends.weights.values()] == after[1:]
    assert list(ends.weights) == [2, 3, 4]
    assert len(set(after)) == 4


def test_statistics_are_those_of_all_batches_and_the_momentum_stays() -> None:
    layer = FusedBatchNormalization(momentum=0.6, epsilon=1e-5, scale=False)
    network = keras.Sequential([keras.Input((4, 4, 3)), layer])
    layer.set_weights([np.zeros(3), np.full(3, 77.0), np.full(3, 99.0)])  # what it was before does not count
    batches = np.random.default_rng(0).integers(0, 256, (5, 20, 4, 4, 3), dtype=np.uint8)
    update_statistics(network, batches)
    _, mean, variance = layer.get_weights()
    np.testing.assert_allclose(mean, batches.mean((0, 1, 2, 3)), rtol=1e-4)
    np.testing.assert_allclose(variance, batches.var((1, 2, 3)).mean(0), rtol=1e-2)
    assert layer.momentum == 0.6
