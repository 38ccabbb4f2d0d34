"""A recipe: everything that decides a training except the data."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from itertools import accumulate
from typing import Any

from cnngui.core.json_values import MOST_LETTERS
from cnngui.core.recipes import former
from cnngui.core.recipes.layers import LAYERS, MOST_LAYERS, Layer
from cnngui.core.recipes.parts import Augmentation, NetworkSettings, Optimization, Validation
from cnngui.core.recipes.setting import Setting, SettingError, Value, check, has_effect, setting, settings_of

RESTART_EPOCHS = 8  # a cycle after a warm restart has one in so many of the epochs


@dataclass(frozen=True)
class Recipe:
    """All settings of a training, saved with the trained model.

    name: the preset, or the recipe of the user's own, that this is or was made from.
    seed: decides the initial weights, the order of the images and which of them are held out.
    """

    name: str
    network: NetworkSettings = field(default_factory=NetworkSettings)
    optimization: Optimization = field(default_factory=Optimization)
    augmentation: Augmentation = field(default_factory=Augmentation)
    validation: Validation = field(default_factory=Validation)
    seed: int = setting(0, "Seed", "Decides everything that is random.", bounds=(0, 2**32 - 1), is_searchable=False)

    def __post_init__(self) -> None:
        """Raises SettingError if a setting is out of bounds."""
        check(self, "")

    @property
    def cycles(self) -> tuple[int, ...]:
        """The number of epochs in each cycle: up to the first warm restart, and from each restart on."""
        optimization = self.optimization
        short = optimization.epochs // RESTART_EPOCHS if optimization.schedule == "restarts" else 0
        if not short:
            return (optimization.epochs,)
        return (optimization.epochs - optimization.warm_restarts * short, *[short] * optimization.warm_restarts)

    @property
    def lacks_restarts(self) -> bool:
        """Whether there are too few epochs for the warm restarts."""
        optimization = self.optimization
        has_restarts = optimization.schedule == "restarts" and optimization.warm_restarts > 0
        return has_restarts and optimization.epochs < RESTART_EPOCHS

    @property
    def cutmix_epochs(self) -> frozenset[int]:
        """The epochs with CutMix, counted from 1: those at the start of each cycle.

        The remaining epochs show whole images, as the user's pictures are.
        """
        begins = accumulate(self.cycles[:-1], initial=1)
        return frozenset(
            begin + number
            for begin, epochs in zip(begins, self.cycles, strict=True)
            for number in range(int(self.augmentation.cutmix * epochs))
        )

    def value(self, path: str) -> Value:
        """The value of a setting, such as "optimization.epochs". Raises SettingError if there is none of that name."""
        part, name = _place(path)
        found: Value = getattr(getattr(self, part) if part else self, name)
        return found

    def has_effect(self, path: str) -> bool:
        """Whether a setting changes anything, as the others are."""
        part, name = _place(path)
        if self.network.is_head_only and (
            (part == "optimization" and name != "epochs") or name in ("dropout", "cutmix")
        ):
            return False  # logistic regression has none of these
        return has_effect(getattr(self, part) if part else self, name)

    def changed(self, values: Mapping[str, Value]) -> "Recipe":
        """The recipe with other values of some settings, by their paths.

        Raises SettingError if one is out of bounds or unknown.
        """
        recipe = self
        for path, value in values.items():
            part, name = _place(path)
            change = {name: value}
            recipe = replace(recipe, **({part: replace(getattr(recipe, part), **change)} if part else change))
        return recipe

    def to_dict(self) -> dict[str, Any]:
        """The recipe as plain values, for JSON and TOML."""
        values = asdict(self)
        layers = [{"kind": layer.kind, **asdict(layer)} for layer in self.network.layers]
        del values["network"]["layers"]
        return values | {"network": {**values["network"], **({"layers": layers} if layers else {})}}

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> "Recipe":
        """The recipe with these settings, as :meth:`to_dict` gives them, now or in the first format.

        Settings may be missing, as they are in older files. Raises KeyError or TypeError if the values are not those of
        a recipe, and SettingError if a setting is unknown or out of bounds, or there is no name.
        """
        if "network" in values and not isinstance(values["network"], Mapping):
            values = former.nested(values)
        unknown = values.keys() - {each.name for each in fields(cls)}
        if unknown:
            raise SettingError(min(unknown), f"There is no setting “{min(unknown)[:MOST_LETTERS]}”.")
        parts: dict[str, Any] = {}
        for name, kind in PARTS.items():
            if name in values:
                parts[name] = _part(kind, name, values[name])
        called = values.get("name")
        if called is None:
            raise SettingError("name", "The recipe has no name.")
        if not isinstance(called, str):
            raise SettingError("name", "The name must be a text.")
        if len(called) > MOST_LETTERS:
            raise SettingError("name", f"The name must have at most {MOST_LETTERS:,} letters.")
        return cls(called, **parts, **({"seed": values["seed"]} if "seed" in values else {}))


PARTS: dict[str, type] = {
    "network": NetworkSettings,
    "optimization": Optimization,
    "augmentation": Augmentation,
    "validation": Validation,
}

SETTINGS: dict[str, Setting] = {
    **{f"{part}.{name}": each for part, kind in PARTS.items() for name, each in settings_of(kind).items()},
    **settings_of(Recipe),
}
"""All settings by their paths, but for the layers of a network."""


def find(name: str) -> str:
    """The path of a setting by its path, or by its last word alone. Raises SettingError, with the nearest name."""
    if name in SETTINGS:
        return name
    ends = [path for path in SETTINGS if path.rpartition(".")[2] == name]
    if len(ends) == 1:
        return ends[0]
    from difflib import get_close_matches

    near = get_close_matches(name, [*SETTINGS, *(path.rpartition(".")[2] for path in SETTINGS)], 1)
    nearest = f" The nearest is “{near[0]}”." if near else ""
    raise SettingError(name, f"There is no setting “{name[:MOST_LETTERS]}”.{nearest}")


def _place(path: str) -> tuple[str, str]:
    part, _, name = find(path).rpartition(".")
    return part, name


def _part(kind: type, part: str, values: object) -> Any:
    if not isinstance(values, Mapping):
        raise SettingError(part, f"“{part}” must be a table of settings.")
    known = settings_of(kind)
    given = dict(values)
    layers = given.pop("layers", None) if kind is NetworkSettings else None
    for name in given:
        if name not in known:
            find(f"{part}.{name}")
    if layers is not None:
        given = {"shape": "layers"} | given | {"layers": _layers(layers)}
    return kind(**given)


def _layers(values: object) -> tuple[Layer, ...]:
    if not isinstance(values, list):
        raise SettingError("network.layers", "The layers must be a list.")
    if len(values) > MOST_LAYERS:
        raise SettingError("network.layers", f"There are {len(values):,} layers; at most {MOST_LAYERS} are possible.")
    return tuple(_layer(number, each) for number, each in enumerate(values, 1))


def _layer(number: int, values: object) -> Layer:
    path = f"network.layers.{number}"
    if not isinstance(values, Mapping) or values.get("kind") not in list(LAYERS):  # it may be unhashable
        raise SettingError(path, f"The kind of layer {number} must be one of: {', '.join(LAYERS)}.")
    kind = LAYERS[values["kind"]]
    given = {name: value for name, value in values.items() if name != "kind"}
    for name in given:
        if name not in settings_of(kind):
            raise SettingError(
                f"{path}.{name}", f"{kind.title} (layer {number}) has no setting “{name[:MOST_LETTERS]}”."
            )
    try:
        return kind(**given)
    except SettingError as error:
        raise SettingError(f"{path}.{error.path}", f"{kind.title} (layer {number}): {error}") from None
