from pathlib import Path

import pytest

from cnngui.core.errors import UserError
from cnngui.core.networks.recipe_files import read_trainable
from cnngui.core.recipes.presets import STANDARD
from cnngui.core.recipes.toml_file import write_recipe

HEAD = 'format = 2\nname = "own"\n\n'


def test_a_network_that_comes_to_nothing_is_named_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "own.toml"
    path.write_text(HEAD + '[[network.layers]]\nkind = "max_pooling"\nsize = 16\n\n' * 3)
    with pytest.raises(UserError) as caught:
        read_trainable(path)
    assert str(caught.value).startswith(f"{path}, line 8, network.layers.2: Its input, 2 × 2 pixels, is too small")


def test_a_network_without_an_end_is_named_at_its_last_layer(tmp_path: Path) -> None:
    path = tmp_path / "own.toml"
    path.write_text(HEAD + '[[network.layers]]\nkind = "convolution"\n')
    with pytest.raises(UserError, match=r"line 4, network\.layers\.1: The network ends with an image\."):
        read_trainable(path)


def test_a_network_of_no_layers_is_named_at_its_shape(tmp_path: Path) -> None:
    path = tmp_path / "own.toml"
    path.write_text(HEAD + '[network]\nshape = "layers"\n')
    with pytest.raises(UserError, match=r"line 5, network\.shape: The network ends with an image\. Add Flatten"):
        read_trainable(path)


def test_a_network_that_works_is_read(tmp_path: Path) -> None:
    path = tmp_path / "own.toml"
    path.write_text(HEAD + '[[network.layers]]\nkind = "flatten"\n')
    assert len(read_trainable(path).network.layers) == 1
    write_recipe(STANDARD, path)
    assert read_trainable(path) == STANDARD
