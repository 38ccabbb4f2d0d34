"""A search that takes seconds."""

from pathlib import Path

import pytest

from cnngui.core.recipes.recipe import Recipe
from cnngui.core.recipes.setting import Range
from cnngui.core.search.plan import Request
from cnngui.core.search.search import Search
from cnngui.core.search.worker import Budget


@pytest.fixture
def small(easy_folder: Path, tiny: Recipe, tmp_path: Path) -> Search:
    """Two trials of the tiny recipe on the easy images."""
    request = Request(tiny, {"optimization.learning_rate": Range(0.01, 1.0, is_logarithmic=True)}, fit=())
    return Search(tmp_path / "a search", str(easy_folder), request, budget=Budget(trials=2))
