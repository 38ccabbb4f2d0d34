from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnngui.core.progress import EpochResult
from cnngui.core.recipes.presets import ARTICLE, BEST, STANDARD
from cnngui.core.recipes.recipe import Recipe
from cnngui.core.runs.diagnosis import Finding, best_epoch, best_text, findings, plateau


def epochs(
    val_losses: Sequence[float],
    losses: Sequence[float] | None = None,
    accuracy: float = 0.9,
    val_accuracy: float = 0.8,
) -> list[EpochResult]:
    losses = losses or [1 / (number + 1) for number in range(len(val_losses))]
    return [
        EpochResult(number, loss, accuracy, val_loss, val_accuracy, 1.0 * number)
        for number, (loss, val_loss) in enumerate(zip(losses, val_losses, strict=True), 1)
    ]


def told(
    history: list[EpochResult], recipe: Recipe = ARTICLE, *, test: int = 10_000, ended: bool = True
) -> list[Finding]:
    return list(findings(history, recipe, classes=10, validation_images=1000, test_images=test, has_ended=ended))


def test_the_best_epoch_and_the_plateau() -> None:
    history = epochs([1.0, 0.8, 0.9, 0.8, 0.85])
    best = best_epoch(history)
    assert best is not None
    assert (best.epoch, plateau(history)) == (2, 3)
    assert (best_epoch([]), plateau([])) == (None, 0)


def test_the_best_epoch_in_words() -> None:
    history = epochs([1.0, 0.8, 0.6, 0.7, 0.8, 0.9])
    assert best_text(history) == (
        "Best epoch: 3, with a validation loss of 0.600 and 80.0 % correct. No better for 3 epochs."
    )
    assert best_text(history[:1]) == "Best epoch: 1, with a validation loss of 1.000 and 80.0 % correct."
    assert best_text([]) == ""


def test_a_good_training_needs_no_words() -> None:
    assert told(epochs([1.0, 0.7, 0.6, 0.6, 0.598, 0.597], accuracy=0.82)) == []


def test_overfitting_is_told_with_its_distance_and_remedies() -> None:
    history = epochs([1.0, 0.7, 0.6, 0.7, 0.8, 0.9], accuracy=0.95, val_accuracy=0.83)
    (finding,) = told(history)
    assert finding.kind == "overfitting"
    assert finding.sentence == (
        "Overfitting since epoch 4: the validation loss rises while the training loss falls. "
        "Training is 12 points above validation."
    )
    changes = {remedy.text: remedy.changes for remedy in finding.remedies}
    assert changes == {
        "Add dropout 0.3": {"network.dropout": 0.3},
        "Augment: flip and shift": {"augmentation.horizontal_flip": True, "augmentation.shift": 2},
        "Stop early": {"optimization.patience": 3},
        "Train 3 epochs": {"optimization.epochs": 3},
    }


def test_what_is_done_already_is_no_remedy() -> None:
    history = epochs([1.0, 0.7, 0.6, 0.7, 0.8, 0.9], accuracy=0.95)
    recipe = BEST.changed({"network.dropout": 0.4, "optimization.patience": 5})
    (finding,) = told(history, recipe)
    assert [remedy.text for remedy in finding.remedies] == ["Train 3 epochs"]
    (finding,) = told(history, STANDARD)
    assert "Augment: zoom and colour jitter" in [remedy.text for remedy in finding.remedies]


@pytest.mark.parametrize(
    "history",
    [
        epochs([1.0, 0.7, 0.6, 0.61, 0.62, 0.62], accuracy=0.95),  # hardly above its lowest value
        epochs([1.0, 0.7, 0.6, 0.7, 0.9], accuracy=0.95),  # for two epochs only
        epochs([1.0, 0.7, 0.6, 0.6, 0.75, 0.6, 0.61], accuracy=0.95),  # one bad epoch
        epochs([1.0, 0.7, 0.6, 0.7, 0.8, 0.9], accuracy=0.81),  # no distance
        epochs([1.0, 0.7, 0.6, 0.7, 0.8, 0.9], [1.0, 0.7, 0.6, 0.7, 0.7, 0.7], accuracy=0.95),  # nothing is learnt
    ],
)
def test_what_is_not_overfitting(history: list[EpochResult]) -> None:
    assert "overfitting" not in [finding.kind for finding in told(history)]


NOISY = [0.9, 0.5, 0.35, 0.28, 0.25, 0.23, 0.21, 0.22, 0.21, 0.24, 0.22, 0.27, 0.24, 0.26, 0.25, 0.29, 0.24, 0.28]
FALLEN = [0.9, 0.5, 0.3, 0.2, 0.15, 0.1, 0.08, 0.06, 0.05, 0.04, 0.03, 0.02, 0.01, 0.015, 0.02, 0.016, 0.02, 0.03]


def test_advice_on_noisy_curves_does_not_come_and_go() -> None:
    history = epochs(NOISY, FALLEN, accuracy=0.99, val_accuracy=0.93)
    kinds = [[finding.kind for finding in told(history[:count], ended=False)] for count in range(1, len(history) + 1)]
    first = kinds.index(["overfitting"])
    assert kinds == [[]] * first + [["overfitting"]] * (len(kinds) - first)
    sentences = {told(history[:count], ended=False)[0].sentence for count in range(first + 1, len(history) + 1)}
    assert len(sentences) == 1
    assert "since epoch 9:" in sentences.pop()


def test_stuck_at_chance_is_all_that_is_told() -> None:
    (finding,) = told(epochs([2.3] * 4, accuracy=0.1, val_accuracy=0.11), test=50)
    assert finding.sentence == "Stuck at chance: after 4 epochs it is no better than guessing."
    assert [remedy.changes for remedy in finding.remedies] == [
        {"optimization.learning_rate": 0.0001},
        {"optimization.epochs": 20},
    ]
    assert told(epochs([2.3] * 4, accuracy=0.1, val_accuracy=0.13)) == []


def test_of_two_images_nobody_can_tell_whether_it_is_stuck() -> None:
    few = findings(
        epochs([0.1] * 4, val_accuracy=1.0), STANDARD, classes=2, validation_images=2, test_images=50, has_ended=True
    )
    assert "stuck" not in [each.kind for each in few]


def test_a_rate_that_is_too_high() -> None:
    history = epochs([1.0, 0.9, 1.2, 1.3, 1.4], [1.0, 0.8, 1.1, 1.2, 1.3], accuracy=0.8)
    (finding,) = told(history)
    assert finding.kind == "rate"
    assert finding.remedies[0].changes == {"optimization.learning_rate": 0.00033}


def test_overfitting_is_told_until_the_loss_is_low_again() -> None:
    losses = [1.0, 0.6, 0.5, 0.5, 0.5, 0.57, 0.57, 0.57]
    for level, kinds in ((0.515, ["overfitting"]), (0.502, [])):
        assert [finding.kind for finding in told(epochs([*losses, *[level] * 3]), ended=False)] == kinds
    assert told(epochs([*losses[:5], *[0.515] * 6]), ended=False) == []  # it has never risen that much


def test_a_training_loss_near_zero_may_rise_a_little() -> None:
    assert told(epochs([1.0, 0.5, 0.3, 0.3, 0.3, 0.3], [1.0, 0.3, 0.01, 0.02, 0.02, 0.02], accuracy=0.82)) == []


def test_still_improving_at_its_end() -> None:
    history = epochs([1.0, 0.9, 0.8, 0.7], accuracy=0.8)
    (finding,) = told(history)
    assert (finding.kind, finding.remedies[0].text) == ("improving", "Train 10 epochs longer")
    assert told(history, ended=False) == []
    assert told(epochs([1.0, 0.6, 0.9, 0.8, 0.7], accuracy=0.8)) == []  # it has been better


@pytest.mark.parametrize(("images", "points"), [(100, 10), (380, 5), (400, 0), (0, 0)])
def test_few_test_images(images: int, points: int) -> None:
    found = told(epochs([1.0, 0.7, 0.6, 0.6]), test=images)
    assert [finding.kind for finding in found] == (["few"] if points else [])
    assert all(f"by {points} points" in finding.sentence for finding in found)


results = st.builds(
    EpochResult,
    epoch=st.just(1),
    loss=st.floats(0.001, 10),
    accuracy=st.floats(0, 1),
    val_loss=st.floats(0.001, 10),
    val_accuracy=st.floats(0, 1),
    seconds=st.just(1.0),
)


@given(st.lists(results, max_size=12), st.sampled_from([ARTICLE, STANDARD, BEST]), st.integers(0, 5000), st.booleans())
def test_every_remedy_can_be_taken(history: list[EpochResult], recipe: Recipe, images: int, ended: bool) -> None:
    numbered = [
        EpochResult(number, each.loss, each.accuracy, each.val_loss, each.val_accuracy, each.seconds)
        for number, each in enumerate(history, 1)
    ]
    for finding in told(numbered, recipe, test=images, ended=ended):
        assert finding.sentence.endswith(".")
        for remedy in finding.remedies:
            assert recipe.changed(remedy.changes) != recipe


def test_a_remedy_takes_nothing_back() -> None:
    history = epochs([1.0, 0.7, 0.6, 0.7, 0.8, 0.9], accuracy=0.95)
    (finding,) = told(history, STANDARD.changed({"augmentation.zoom": 0.8}))
    augment = next(remedy for remedy in finding.remedies if "zoom" in remedy.text)
    assert augment.changes == {"augmentation.zoom": 0.8, "augmentation.colour_jitter": 0.2}
    lowest = ARTICLE.changed({"optimization.learning_rate": 0.000001})
    (finding,) = told(epochs([2.3] * 4, accuracy=0.1, val_accuracy=0.11), lowest)
    assert [remedy.text for remedy in finding.remedies] == ["Train 10 epochs longer"]
