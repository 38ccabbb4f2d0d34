import pytest

from cnngui.core.data.part_names import Part, part_of


@pytest.mark.parametrize(
    ("part", "names"),
    [
        (
            Part.TRAIN,
            "train Train TRAIN training train_set Training-Set trainset TrainData seg_train train2017 01_train",
        ),
        (Part.VALIDATION, "val Val valid validation Validation_Set dev val2017 valid-images valset"),
        (Part.TEST, "test Test testing test_set testset TestImages seg_test eval evaluation holdout tests"),
        (Part.UNLABELLED, "seg_pred prediction unlabeled unlabelled_images"),
    ],
)
def test_the_usual_names_of_parts(part: Part, names: str) -> None:
    for name in names.split():
        assert part_of(name) is part, name


OTHERS = ["", "my data", "trainer", "testament", "value", "valley", "test_tubes", "train_cats", "data", "cat", "1", "é"]


@pytest.mark.parametrize("name", OTHERS)
def test_other_names(name: str) -> None:
    assert part_of(name) is None
