import itertools
import math

import pytest
from PySide6.QtGui import QColor

from cnngui.gui.common.style import DARK, LIGHT, Colors
from cnngui.gui.runs.compare.comparison import compare, shortened
from cnngui.gui.runs.compare.looks import MOST, ON_DARK, ON_LIGHT, look
from tests.gui.runs.compare.conftest import Runs


def test_names_lose_what_all_have_in_common() -> None:
    names = ["2026-11-26 10.00.00 standard CIFAR-10", "2026-11-26 11.30.00 quick CIFAR-10"]
    assert shortened(names) == ["… 10.00.00 standard …", "… 11.30.00 quick …"]
    assert shortened(["first", "second"]) == ["first", "second"]
    assert shortened(["a run", "a run", "a run 2"]) == ["… run", "… run", "… run 2"]
    assert shortened(["the same", "the same"]) == ["the same", "the same"]
    assert shortened(["one alone"]) == ["one alone"]


def test_the_baseline_is_first_whether_it_is_selected_or_not(runs: Runs) -> None:
    first, second, third = (runs.make(name) for name in ("one", "two", "three"))
    assert compare([first, second], [first, second, third], second.path).runs == (second, first)
    assert compare([first, second], [first, second, third], third.path).runs == (third, first, second)
    assert compare([], [first], first.path).runs == ()
    assert compare([first], [first], first.path.with_name("gone")).baseline is None


def test_more_runs_than_can_be_told_apart_are_counted(runs: Runs) -> None:
    many = [runs.make("one")] * (MOST + 3)
    found = compare(many, many, None)
    assert (len(found.runs), found.left_out) == (MOST, 3)
    looks = found.looks(LIGHT)
    assert len({(each.color, each.dash) for each in looks}) == MOST


@pytest.mark.parametrize(("palette", "chosen"), [(ON_LIGHT, LIGHT), (ON_DARK, DARK)])
def test_every_colour_stands_out_from_the_ground(palette: tuple[str, ...], chosen: Colors) -> None:
    assert min(_contrast(color, chosen.surface) for color in palette) >= 3
    assert look(0, chosen).color == palette[0]


@pytest.mark.parametrize("palette", [ON_LIGHT, ON_DARK])
@pytest.mark.parametrize("blindness", ["none", "protan", "deutan", "tritan"])
def test_all_differ_for_the_colour_blind(palette: tuple[str, ...], blindness: str) -> None:
    seen = [_seen(color, blindness) for color in palette]
    assert min(math.dist(*pair) for pair in itertools.combinations(seen, 2)) > 0.06
    assert min(math.dist(*pair) for pair in itertools.pairwise(seen)) > 0.09


# Machado, Oliveira and Fernandes 2009, severity 1, on linear light.
MATRICES = {
    "none": ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
    "protan": ((0.152286, 1.052583, -0.204868), (0.114503, 0.786281, 0.099216), (-0.003882, -0.048116, 1.051998)),
    "deutan": ((0.367322, 0.860646, -0.227968), (0.280085, 0.672501, 0.047413), (-0.011820, 0.042940, 0.968881)),
    "tritan": ((1.255528, -0.076749, -0.178779), (-0.078411, 0.930809, 0.147602), (0.004733, 0.691367, 0.303900)),
}


def _linear(color: str) -> list[float]:
    parts = (QColor(color).redF(), QColor(color).greenF(), QColor(color).blueF())
    return [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]


def _luminance(color: str) -> float:
    red, green, blue = _linear(color)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _contrast(first: str, second: str) -> float:
    low, high = sorted((_luminance(first), _luminance(second)))
    return (high + 0.05) / (low + 0.05)


def _seen(color: str, blindness: str) -> list[float]:
    """The colour in OKLab, as it is seen."""
    linear = _linear(color)
    seen = [max(0.0, sum(a * b for a, b in zip(row, linear, strict=True))) for row in MATRICES[blindness]]
    cones = (
        (0.4122214708, 0.5363325363, 0.0514459929),
        (0.2119034982, 0.6806995451, 0.1073969566),
        (0.0883024619, 0.2817188376, 0.6299787005),
    )
    lms = [sum(a * b for a, b in zip(row, seen, strict=True)) ** (1 / 3) for row in cones]
    lab = (
        (0.2104542553, 0.7936177850, -0.0040720468),
        (1.9779984951, -2.4285922050, 0.4505937099),
        (0.0259040371, 0.7827717662, -0.8086757660),
    )
    return [sum(a * b for a, b in zip(row, lms, strict=True)) for row in lab]
