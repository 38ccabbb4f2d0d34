"""Numbers and shapes as people read them."""

from cnngui.core.networks.plan import Shape


def compact(number: int) -> str:
    """Three digits and a unit: 896, 18.5 k, 1.97 M."""
    for unit, size in (("G", 10**9), ("M", 10**6), ("k", 10**3)):
        if number >= size:
            return f"{number / size:.3g} {unit}"
    return f"{number:,}"


def shape_text(shape: Shape) -> str:
    """An image's sides and channels, or how many numbers a row has."""
    if len(shape) == 1:
        return f"{shape[0]:,} numbers"
    return f"{shape[0]} × {shape[1]} pixels, {shape[2]:,} channels"
