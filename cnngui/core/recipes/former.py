"""Recipes as the first cards and runs have them: all settings side by side, some with other names."""

from collections.abc import Mapping
from typing import Any

RENAMED = {
    "augment": ("horizontal_flip", "random_shift"),
    "photographs": ("random_zoom", "colour_jitter", "cutout"),
    "mixed": ("cutmix_fraction",),
    "restarts": ("warm_restarts",),
    "held_out": ("validation_fraction",),
}
"""Settings by the names that the very first cards gave them, and what each of them was then called."""

# How strong each augmentation was that could only be switched on.
SHIFT, ZOOM, COLOUR_JITTER, CUTOUT = 2, 0.35, 0.2, 0.25


def nested(flat: Mapping[str, Any]) -> dict[str, Any]:
    """The settings in parts, as the recipe has them now. Raises KeyError if one is missing."""
    flat = {new: flat[old] for old, names in RENAMED.items() if old in flat for new in names} | dict(flat)
    restarts = flat.get("warm_restarts", 0)
    is_sgd = flat["optimizer"] == "sgd"
    return {
        "name": flat["name"],
        "seed": flat.get("seed", 0),
        "network": {"shape": flat["network"], "width": flat["width"]},
        "optimization": {
            "epochs": flat["epochs"],
            "batch_size": flat["batch_size"],
            "learning_rate": flat["learning_rate"],
            "optimizer": flat["optimizer"],
            "weight_decay": flat.get("weight_decay", 0.0102),
            "schedule": ("restarts" if restarts else "cosine") if is_sgd else "constant",
            **({"warm_restarts": restarts} if restarts else {}),
            "averaging": "cycles" if restarts and is_sgd else "none",
            "label_smoothing": flat["label_smoothing"],
        },
        "augmentation": {
            "horizontal_flip": flat["horizontal_flip"],
            "shift": SHIFT * _switch(flat["random_shift"]),
            "zoom": ZOOM * _switch(flat.get("random_zoom", False)),
            "colour_jitter": COLOUR_JITTER * _switch(flat.get("colour_jitter", False)),
            "cutout": CUTOUT * _switch(flat.get("cutout", False)),
            "cutmix": flat.get("cutmix_fraction", 0.0),
        },
        "validation": {"fraction": flat.get("validation_fraction", 0.1)},
    }


def _switch(value: object) -> bool:
    if not isinstance(value, bool):
        raise TypeError(f"{value} is neither true nor false")
    return value
