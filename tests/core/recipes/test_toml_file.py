import json
import tomllib
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnngui.core.errors import UserError
from cnngui.core.recipes.parts import NetworkSettings
from cnngui.core.recipes.presets import BEST, PRESETS, STANDARD
from cnngui.core.recipes.recipe import Recipe
from cnngui.core.recipes.toml_file import FORMAT, read_recipe, write_recipe
from tests.core.recipes.drawn import some_layers
from tests.core.recipes.test_recipe import FIRST_FORMAT


@pytest.mark.parametrize("recipe", PRESETS.values(), ids=PRESETS)
def test_each_preset_comes_back(recipe: Recipe, tmp_path: Path) -> None:
    write_recipe(recipe, tmp_path / "recipe.toml")
    assert read_recipe(tmp_path / "recipe.toml") == recipe
    assert [path.name for path in tmp_path.iterdir()] == ["recipe.toml"]


@given(
    name=st.text(st.characters(exclude_categories=["Cs"])),
    epochs=st.integers(1, 10_000),
    rate=st.floats(0.000001, 100),
    decay=st.floats(0, 1) | st.integers(0, 1),
    flip=st.booleans(),
    seed=st.integers(0, 2**32 - 1),
)
def test_every_value_comes_back_exactly(
    tmp_path_factory: pytest.TempPathFactory,
    name: str,
    epochs: int,
    rate: float,
    decay: float,
    flip: bool,
    seed: int,
) -> None:
    path = tmp_path_factory.getbasetemp() / "recipe.toml"
    recipe = replace(
        BEST.changed(
            {
                "optimization.epochs": epochs,
                "optimization.learning_rate": rate,
                "optimization.weight_decay": decay,
                "augmentation.horizontal_flip": flip,
                "seed": seed,
            }
        ),
        name=name,
    )
    write_recipe(recipe, path)
    assert read_recipe(path) == recipe


def test_it_is_plain_toml_with_a_format(tmp_path: Path) -> None:
    write_recipe(STANDARD, tmp_path / "recipe.toml")
    written = tomllib.loads((tmp_path / "recipe.toml").read_text(encoding="utf-8"))
    assert written["format"] == FORMAT
    assert written["network"]["shape"] == "whitened"


def test_a_setting_with_a_default_may_be_missing(tmp_path: Path) -> None:
    write_recipe(STANDARD, tmp_path / "recipe.toml")
    lines = (tmp_path / "recipe.toml").read_text().splitlines()
    (tmp_path / "recipe.toml").write_text("\n".join(line for line in lines if not line.startswith("seed")))
    assert read_recipe(tmp_path / "recipe.toml") == STANDARD


def test_a_file_may_leave_out_all_but_its_format_and_name(tmp_path: Path) -> None:
    path = tmp_path / "recipe.toml"
    path.write_text('\ufeffformat = 2\nname = "standard"\n', encoding="utf-8")  # with Notepad's mark
    assert read_recipe(path) == Recipe("standard")
    path.write_text(f'format = {FORMAT + 1}\nname = "x"\n')
    with pytest.raises(UserError, match="is from a newer version of cnngui"):
        read_recipe(path)


def test_a_network_that_is_no_table_is_named(tmp_path: Path) -> None:
    path = tmp_path / "recipe.toml"
    path.write_text('format = 2\nname = "x"\nnetwork = "whitened"\n')
    with pytest.raises(UserError, match="line 3, network: “network” must be a table of settings"):
        read_recipe(path)


def test_layers_are_the_network(tmp_path: Path) -> None:
    path = tmp_path / "recipe.toml"
    path.write_text('format = 2\nname = "x"\n[[network.layers]]\nkind = "flatten"\n')
    assert read_recipe(path).network.shape == "layers"


def test_a_file_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"gone\.toml does not exist\. Check its name\.$"):
        read_recipe(tmp_path / "gone.toml")
    with pytest.raises(UserError, match=r" is a folder\. Choose the file of a recipe\.$"):
        read_recipe(tmp_path)


def changed(path: Path, old: str, new: str) -> None:
    """Write the standard recipe to the file, with one line changed."""
    write_recipe(STANDARD, path)
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("epochs = 12", "epochs = 12.0", "line 15, optimization.epochs: Epochs must be a whole number."),
        ("epochs = 12", 'epochs = "12"', "line 15, optimization.epochs: Epochs must be a whole number."),
        ("epochs = 12", f"epochs = {10**400}", "line 15, optimization.epochs: Epochs must be between 1 and 10,000."),
        (
            "epochs = 12",
            "epoch = 12",
            "line 15, optimization.epoch: There is no setting “optimization.epoch”. The near",
        ),
        ("epochs = 12", "epochs =", "is not a TOML file: Invalid value (at line 15, column 9). Mend that line"),
        ("learning_rate = 0.375", "learning_rate = nan", "line 17, optimization.learning_rate: Learning rate must be "),
        (
            "horizontal_flip = true",
            "horizontal_flip = 1",
            "augmentation.horizontal_flip: Horizontal flip must be true ",
        ),
        ("[validation]", "[validity]", "line 39, validity: There is no setting “validity”."),
        ("[validation]", "[[validation]]", "line 39, validation: “validation” must be a table of settings."),
        ('name = "standard"', "name = 5", "line 2, name: The name must be a text."),
        ("format = 2", 'format = "one"', "line 1, format: The format must be a whole number."),
        ("format = 2", "format = true", "line 1, format: The format must be a whole number."),
        ('name = "standard"', "", "name: The recipe has no name."),
        ("format = 2", "", "is not a recipe of cnngui. Choose another file."),
        ("format = 2", f"format = {FORMAT + 1}", "is from a newer version of cnngui. Update cnngui to read it."),
    ],
)
def test_what_is_wrong_is_named_with_its_file_line_and_setting(
    old: str, new: str, message: str, tmp_path: Path
) -> None:
    changed(tmp_path / "recipe.toml", old, new)
    with pytest.raises(UserError) as caught:
        read_recipe(tmp_path / "recipe.toml")
    assert str(caught.value).startswith(str(tmp_path / "recipe.toml"))
    assert message in str(caught.value)


def of_layers(path: Path, text: str) -> None:
    """Write a recipe with these layers."""
    path.write_text(f'format = 2\nname = "own"\n\n[network]\nshape = "layers"\n\n{text}', encoding="utf-8")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            '[[network.layers]]\nkind = "flatten"\n[[network.layers]]\nkind = "dense"\nunits = 0\n',
            "line 11, network.layers.2.units: Dense (layer 2): Units must be between 1 and 4,096.",
        ),
        (
            '[[network.layers]]\nkind = "dense"\nunit = 5\n',
            "line 9, network.layers.1.unit: Dense (layer 1) has no setting “unit”.",
        ),
        (
            '[[network.layers]]\nkind = ["dense"]\n',
            "line 7, network.layers.1: The kind of layer 1 must be one of: conv",
        ),
        ('[[network.layers]]\nkind = "lstm"\n', "line 7, network.layers.1: The kind of layer 1 must be one of: conv"),
        ('[[network.layers]]\n\n[[network.layers]]\nkind = "dense"\n', "line 7, network.layers.1: The kind of"),
        (
            '[[network.layers]]\nkind = "flatten"\n' * 10_000,
            "network.layers: There are 10,000 layers; at most 100 are possible.",
        ),
    ],
)
def test_a_layer_that_is_wrong_is_named(text: str, message: str, tmp_path: Path) -> None:
    of_layers(tmp_path / "own.toml", text)
    with pytest.raises(UserError) as caught:
        read_recipe(tmp_path / "own.toml")
    assert str(caught.value).startswith(f"{tmp_path / 'own.toml'}, line ")
    assert message in str(caught.value)


@given(st.data())
def test_every_list_of_layers_comes_back(tmp_path_factory: pytest.TempPathFactory, data: st.DataObject) -> None:
    path = tmp_path_factory.getbasetemp() / "layers.toml"
    recipe = replace(STANDARD, network=NetworkSettings("layers", layers=data.draw(some_layers())))
    write_recipe(recipe, path)
    assert read_recipe(path) == recipe


def test_the_first_format(tmp_path: Path) -> None:
    text = "\n".join(f"{name} = {json.dumps(value)}" for name, value in FIRST_FORMAT.items())
    (tmp_path / "recipe.toml").write_text(f"format = 1\n{text}\n", encoding="utf-8")
    assert read_recipe(tmp_path / "recipe.toml") == STANDARD


@pytest.mark.parametrize("content", [b"", b"\xff\xfe", b"[" * 5000, b"{}", b"a = 1", b"\0", b"#" * 2_000_000])
def test_what_is_no_recipe_is_named(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "recipe.toml").write_bytes(content)
    with pytest.raises(UserError, match=r"recipe\.toml .*(is (damaged or )?not|it is larger than 1 MB)"):
        read_recipe(tmp_path / "recipe.toml")
