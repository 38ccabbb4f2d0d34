"""The options that choose a recipe, for the commands that train."""

import argparse
import os
from pathlib import Path

from cnngui.core.data.sources import CIFAR10, SHAPES
from cnngui.core.errors import UserError
from cnngui.core.networks.recipe_files import read_trainable
from cnngui.core.recipes import presets
from cnngui.core.recipes.parts import BACKBONES
from cnngui.core.recipes.recipe import SETTINGS, Recipe, find
from cnngui.core.recipes.setting import Value


def add_recipe(parser: argparse.ArgumentParser) -> None:
    """Add --recipe, --begin, --set and the short forms of some settings."""
    parser.add_argument("--recipe", metavar="NAME|FILE", help=_recipe_help())
    parser.add_argument(
        "--begin",
        metavar="nothing|shipped|backbone|FILE",
        help="what the network knows at the start: nothing, what the shipped model has learnt, or the backbone from "
        "ImageNet, or the model in that file (default: the recipe’s; for a folder without --recipe, backbone)",
    )
    parser.add_argument(
        "--set",
        action="append",
        default=[],
        metavar="SETTING=VALUE",
        help="change a setting of the recipe, such as optimization.momentum=0.9; docs/recipes.md lists them all",
    )
    parser.add_argument("--epochs", type=int, metavar="N", help="default: the recipe's, or more for few images")
    parser.add_argument("--learning-rate", type=float, metavar="R", help="the peak rate (default: the recipe's)")
    parser.add_argument("--seed", type=int, metavar="N", help="random seed (default: 0)")


def _recipe_help() -> str:
    named = []
    for name in presets.PRESETS:
        measured = presets.MEASURED.get(name)
        named.append(f"{name} ({measured.test_accuracy:.1%}, {measured.seconds / 60:.0f} min)" if measured else name)
    text = (
        f"one of {', '.join(named)}: test accuracy and time on CIFAR-10's JPEG copy, on two cores; "
        "or a recipe's TOML file (default: standard; for a folder, backbone)"
    )
    return text.replace("%", "%%")  # argparse formats help texts with %


def begun(options: argparse.Namespace, source: str) -> Recipe:
    """The recipe that the options name, beginning as they say."""
    is_own = source not in (CIFAR10, SHAPES)
    default = presets.BACKBONE if is_own and options.begin is None else presets.STANDARD
    recipe = named_recipe(options.recipe) if options.recipe else default
    match options.begin:
        case None:
            return recipe
        case "nothing" | "shipped":
            return presets.beginning(recipe, options.begin)
        case "backbone":
            return presets.beginning(recipe, presets.BACKBONE.network.begin)
    if options.begin in BACKBONES:
        return presets.beginning(recipe, options.begin)
    return presets.beginning(recipe, "model", str(Path(options.begin).absolute()))


def named_recipe(name: str) -> Recipe:
    """The preset of that name, or the recipe in that file."""
    if name not in presets.PRESETS and (name.endswith(".toml") or os.path.lexists(name)):
        return read_trainable(Path(name))
    return presets.preset(name)


def chosen_settings(options: argparse.Namespace) -> dict[str, Value]:
    """The settings that the options change, by their paths. Raises UserError if one is none or cannot be so."""
    shorthands = {
        "optimization.epochs": options.epochs,
        "optimization.learning_rate": options.learning_rate,
        "seed": options.seed,
    }
    chosen: dict[str, Value] = {path: value for path, value in shorthands.items() if value is not None}
    for each in options.set:
        name, equals, value = each.partition("=")
        if not equals:
            raise UserError(f"--set {each} has no value. Write it as --set optimization.momentum=0.9.")
        path = find(name.strip())
        chosen[path] = SETTINGS[path].parse(value, path)
    return chosen
