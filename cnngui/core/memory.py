"""Exhausted memory as a sentence for people, however Python, NumPy, TensorFlow and its kernels say so."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from cnngui.core.errors import UserError

_SIGNS = re.compile(
    r"out of memory|\bOOM\b|bad_alloc|failed to allocate"
    r"|an exception: ?Status: ?1, ",  # oneDNN's number for it, such as for “could not create a primitive”
    re.IGNORECASE,
)


def is_exhausted(error: BaseException) -> bool:
    """Whether the error says that there is not enough memory."""
    kinds = {kind.__name__ for kind in type(error).__mro__}  # of TensorFlow, which may not be loaded
    if isinstance(error, MemoryError) or "ResourceExhaustedError" in kinds:
        return True
    return "OpError" in kinds and _SIGNS.search(str(error)) is not None


@contextmanager
def told(sentence: Callable[[], str]) -> Iterator[None]:
    """Raise UserError with this sentence if the block runs out of memory."""
    try:
        yield
    except Exception as error:
        if is_exhausted(error):
            raise UserError(sentence()) from error
        raise
