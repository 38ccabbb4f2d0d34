"""Settings and layers for hypothesis."""

from hypothesis import strategies as st

from cnngui.core.recipes.layers import LAYERS, Layer
from cnngui.core.recipes.setting import Setting, Value, settings_of


def values_of(setting: Setting) -> st.SearchStrategy[Value]:
    """What the setting may be."""
    if setting.choices is not None:
        return st.sampled_from(list(setting.choices))
    if setting.kind is str:
        return st.text(st.characters(codec="utf-8", categories=("L", "N", "P", "Zs")), max_size=50)
    if setting.kind is bool:
        return st.booleans()
    if setting.kind is int:
        return st.integers(int(setting.minimum), int(setting.maximum))
    return st.floats(
        setting.minimum, setting.maximum, exclude_min=setting.above_minimum, exclude_max=setting.below_maximum
    )


def some_layers() -> st.SearchStrategy[tuple[Layer, ...]]:
    """Lists of layers, most of which come to nothing."""
    kinds = [
        st.builds(kind, **{name: values_of(setting) for name, setting in settings_of(kind).items()})
        for kind in LAYERS.values()
    ]
    return st.lists(st.one_of(kinds), max_size=6).map(tuple)
