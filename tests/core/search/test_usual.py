"""What a setting varies between where nobody has said anything."""

import pytest

from cnngui.core.recipes.presets import PRESETS
from cnngui.core.search.space import domain, searchable, to_text, usual


@pytest.mark.parametrize("path", searchable())
def test_a_usual_domain_is_written_as_it_is_read_again(path: str) -> None:
    """A search that was noted with it is the same search when it is begun again."""
    made = usual(path, PRESETS["standard"])
    text = to_text(made)
    assert domain(path, text) == made
    assert to_text(domain(path, text)) == text
