"""How each run looks in a graph: its colour, its dashes, its width."""

from dataclasses import dataclass

from PySide6.QtCore import Qt

from cnngui.gui.common.parallel.levels import mixed
from cnngui.gui.common.style import DARK, Colors

# Each has a contrast of at least 3 to 1 to the surface; all differ for the colour-blind, too (tests).
ON_LIGHT = "#2f6fed", "#c2560c", "#2a4312", "#b375b8", "#360fc4", "#3c8169", "#781367"
ON_DARK = "#6fa0ff", "#f0935a", "#b6e35a", "#f9cdfc", "#88851c", "#ee4fae", "#64d6af"
DASHES = Qt.PenStyle.SolidLine, Qt.PenStyle.DashLine, Qt.PenStyle.DotLine
MOST = len(ON_LIGHT) * len(DASHES)  # runs that can be told apart


@dataclass(frozen=True)
class Look:
    """A run's colour, for validation and fainter for training, and its line. is_baseline: drawn thicker."""

    color: str
    faint: str
    dash: Qt.PenStyle
    is_baseline: bool = False

    @property
    def width(self) -> int:
        """Of the validation's line."""
        return 3 if self.is_baseline else 2


def look(number: int, chosen: Colors) -> Look:
    """The look of a run by its place among the others."""
    palette = ON_DARK if chosen is DARK else ON_LIGHT
    color = palette[number % len(palette)]
    return Look(color, mixed(color, chosen.surface, 0.45), DASHES[number // len(palette) % len(DASHES)])


def baseline_look(chosen: Colors) -> Look:
    """The look of the run that the others are compared with."""
    return Look(chosen.text, chosen.muted, Qt.PenStyle.SolidLine, is_baseline=True)
