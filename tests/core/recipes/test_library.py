"""The user's own recipes in their folder; the window's tests save, import and remove them."""

from dataclasses import replace
from pathlib import Path

import pytest

from cnngui.core.errors import UserError
from cnngui.core.recipes.library import check_name, free_name, save_recipe, taken_names
from cnngui.core.recipes.presets import QUICK, STANDARD


def test_a_file_that_is_no_recipe_has_its_name_for_itself(tmp_path: Path) -> None:
    (tmp_path / "Mine.toml").write_text("format = 99\n")
    assert taken_names(tmp_path) == {"mine"}
    assert free_name(replace(QUICK, name="mine"), tmp_path) == "mine 2"
    assert taken_names(tmp_path / "none") == frozenset()


def test_a_long_name_has_room_for_its_number(tmp_path: Path) -> None:
    name = "x" * 60
    save_recipe(replace(QUICK, name=name), tmp_path)
    assert free_name(replace(QUICK, name=name), tmp_path) == name  # it is the same recipe
    other = free_name(replace(STANDARD, name=name), tmp_path)
    assert other == "x" * 58 + " 2"
    check_name(other)


@pytest.mark.parametrize("name", ["con", "LPT1", "a.", ".a", " a"])
def test_a_name_that_some_system_refuses(name: str) -> None:
    with pytest.raises(UserError, match=r"Windows calls a device so|begins or ends with a dot"):
        check_name(name)
