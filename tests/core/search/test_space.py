import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnngui.core.recipes.presets import PRESETS, QUICK
from cnngui.core.recipes.recipe import SETTINGS
from cnngui.core.recipes.setting import Range, SettingError
from cnngui.core.search import space
from cnngui.core.search.space import Choice
from cnngui.core.search.suggestion import contains


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("network.dropout=0:0.5", Range(0.0, 0.5)),
        ("dropout = 0 : 0.5", Range(0.0, 0.5)),
        ("network.width=16:128:8", Range(16, 128, 8)),
        ("network.width=16:99:7", Range(16, 93, 7)),
        ("network.dropout=0:0.5:0.15", Range(0.0, 0.45, 0.15)),
        ("optimization.learning_rate=0.01:1", Range(0.01, 1.0, is_logarithmic=True)),
        ("optimization.learning_rate=0.01:1:linear", Range(0.01, 1.0)),
        ("optimization.weight_decay=0:0.1", Range(0.0, 0.1)),
        ("optimization.optimizer=sgd,adamw", Choice(("sgd", "adamw"))),
        ("augmentation.horizontal_flip=yes,no", Choice((True, False))),
        ("network.width=32,64,32,128", Choice((32, 64, 128))),
        ("optimization.learning_rate", None),
    ],
)
def test_it_reads_what_people_type(text: str, wanted: space.Domain | None) -> None:
    assert space.parse(text)[1] == wanted


@pytest.mark.parametrize(
    "text",
    [
        "nothing",
        "seed",
        "seed=1,2",
        "validation.fraction=0.1:0.2",
        "network.begin_file=a,b",
        "network.dropout=",
        "network.dropout=0.5",
        "network.dropout=0.5:0.5",
        "network.dropout=0.5:0",
        "network.dropout=0:1",
        "network.dropout=0:0.5:0",
        "network.dropout=0:0.5:2",
        "network.dropout=0:0.5:much",
        "network.dropout=0:0.5:log",
        "network.dropout=0:0.1:0.2:0.3",
        "network.dropout=nan:0.5",
        "network.width=16:128:0.5",
        "network.width=1.5:3",
        "optimization.optimizer=sgd:adamw",
        "optimization.optimizer=sgd,best",
        f"network.dropout={','.join(f'0.{n:03}' for n in range(101))}",
    ],
)
def test_what_cannot_vary_is_a_sentence(text: str) -> None:
    with pytest.raises(SettingError, match=r"\.$"):
        space.parse(text)


@pytest.mark.parametrize("recipe", PRESETS.values(), ids=PRESETS)
def test_each_setting_has_a_usual_domain_that_every_recipe_can_have(recipe: object) -> None:
    preset = PRESETS[recipe.name]  # type: ignore[attr-defined]
    for path in space.searchable():
        usual = space.usual(path, preset)
        ends = usual.values if isinstance(usual, Choice) else (usual.low, usual.high)
        assert len(set(ends)) > 1
        for value in ends:
            assert SETTINGS[path].checked(value, path) == value


def test_the_usual_range_of_a_rate_is_around_the_recipes() -> None:
    usual = space.usual("optimization.learning_rate", QUICK)
    assert usual == Range(0.0375, 3.75, is_logarithmic=True)
    slower = QUICK.changed({"optimization.learning_rate": 0.001})
    assert space.usual("optimization.learning_rate", slower) == Range(0.0001, 0.01, is_logarithmic=True)
    assert space.usual("optimization.epochs", QUICK) == Range(4, 16, is_logarithmic=True)


@given(st.sampled_from(space.searchable()), st.sampled_from(sorted(PRESETS)))
def test_a_domain_is_written_as_it_is_read(path: str, preset: str) -> None:
    usual = space.usual(path, PRESETS[preset])
    written = space.to_text(usual)
    assert space.domain(path, written) == usual
    assert space.to_text(space.domain(path, written)) == written  # by which searches are told from one another
    assert space.describe(path, usual)


def test_a_range_contains_its_steps_and_nothing_else() -> None:
    assert contains(Range(16, 128, 8), 32)
    assert not contains(Range(16, 128, 8), 33)
    assert not contains(Range(16, 128, 8), 136)
    assert contains(Range(0.1, 1.0, 0.1), 0.7)
    assert contains(Choice(("sgd", "adamw")), "sgd")
    assert not contains(Choice(("sgd", "adamw")), "adam")
