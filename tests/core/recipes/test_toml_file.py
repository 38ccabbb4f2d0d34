import tomllib
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnngui.core.errors import UserError
from cnngui.core.recipes.presets import BEST, PRESETS, STANDARD
from cnngui.core.recipes.recipe import Recipe
from cnngui.core.recipes.toml_file import FORMAT, read_recipe, write_recipe


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
        BEST, name=name, epochs=epochs, learning_rate=rate, weight_decay=decay, horizontal_flip=flip, seed=seed
    )
    write_recipe(recipe, path)
    assert read_recipe(path) == recipe


def test_it_is_plain_toml_with_a_format(tmp_path: Path) -> None:
    write_recipe(STANDARD, tmp_path / "recipe.toml")
    written = tomllib.loads((tmp_path / "recipe.toml").read_text(encoding="utf-8"))
    assert written["format"] == FORMAT
    assert written["network"] == "whitened"


def test_a_setting_with_a_default_may_be_missing(tmp_path: Path) -> None:
    write_recipe(STANDARD, tmp_path / "recipe.toml")
    lines = (tmp_path / "recipe.toml").read_text().splitlines()
    (tmp_path / "recipe.toml").write_text("\n".join(line for line in lines if not line.startswith("seed")))
    assert read_recipe(tmp_path / "recipe.toml") == STANDARD


def changed(path: Path, old: str, new: str) -> None:
    """Write the standard recipe to the file, with one line changed."""
    write_recipe(STANDARD, path)
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("epochs = 12", "epochs = 12.0"),
        ("epochs = 12", "epochs = true"),
        ("epochs = 12", 'epochs = "12"'),
        ("epochs = 12", "epochs = 0"),
        ("epochs = 12", f"epochs = {10**400}"),
        ("epochs = 12", ""),
        ("epochs = 12", "epochs ="),
        ("learning_rate = 0.375", "learning_rate = nan"),
        ("learning_rate = 0.375", "learning_rate = inf"),
        ("learning_rate = 0.375", "learning_rate = -1"),
        ("horizontal_flip = true", "horizontal_flip = 1"),
        ('name = "standard"', "name = 5"),
        ('name = "standard"', 'name = ["standard"]'),
        ("format = 1", 'format = "one"'),
        ("format = 1", ""),
    ],
)
def test_a_damaged_file_is_named(old: str, new: str, tmp_path: Path) -> None:
    changed(tmp_path / "recipe.toml", old, new)
    with pytest.raises(UserError, match=r"recipe\.toml.*\. Copy it again\.$"):
        read_recipe(tmp_path / "recipe.toml")


@pytest.mark.parametrize("content", [b"", b"\xff\xfe", b"[" * 5000, b"{}", b"a = 1", b"\0"])
def test_what_is_no_recipe_is_named(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "recipe.toml").write_bytes(content)
    with pytest.raises(UserError, match=r"recipe\.toml is damaged or not a recipe\. Copy it again\.$"):
        read_recipe(tmp_path / "recipe.toml")


def test_a_newer_file_is_named(tmp_path: Path) -> None:
    changed(tmp_path / "recipe.toml", "format = 1", f"format = {FORMAT + 1}")
    with pytest.raises(UserError, match=r"^recipe\.toml is from a newer version of cnngui\. Update cnngui"):
        read_recipe(tmp_path / "recipe.toml")


def test_a_missing_file_and_a_folder_are_named(tmp_path: Path) -> None:
    for path in (tmp_path / "recipe.toml", tmp_path):
        with pytest.raises(UserError, match=f"{path.name} could not be read"):
            read_recipe(path)
