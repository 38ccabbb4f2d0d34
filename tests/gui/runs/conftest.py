"""For all tests of runs."""

import gc
from collections.abc import Iterator

import pytest


@pytest.fixture(autouse=True)
def _graphs_go_in_their_own_thread() -> Iterator[None]:
    """pyqtgraph's graphs are full of reference cycles; a worker of a later test must not be the one to free them."""
    yield
    gc.collect()
