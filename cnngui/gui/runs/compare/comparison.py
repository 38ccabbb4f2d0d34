"""What is compared: the selected runs, after the baseline."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from cnngui.core.runs.library import ListedRun
from cnngui.gui.common.style import Colors
from cnngui.gui.runs.compare.looks import MOST, Look, baseline_look, look


@dataclass(frozen=True)
class Comparison:
    """The runs in the order in which they are shown.

    baseline: the path of the first one, if that is one; else None. left_out: how many more are selected.
    """

    runs: tuple[ListedRun, ...] = ()
    baseline: Path | None = None
    left_out: int = 0

    @property
    def names(self) -> list[str]:
        """The runs' names without the words with which all of them begin or end."""
        return shortened([run.name for run in self.runs])

    def looks(self, chosen: Colors) -> list[Look]:
        """How each run looks in graphs."""
        if self.baseline is None:
            return [look(number, chosen) for number in range(len(self.runs))]
        return [baseline_look(chosen), *(look(number, chosen) for number in range(len(self.runs) - 1))]


def compare(selected: Sequence[ListedRun], everything: Sequence[ListedRun], baseline: Path | None) -> Comparison:
    """The comparison of the selected runs with the baseline, which need not be selected."""
    if not selected:
        return Comparison()
    first = [run for run in [*selected, *everything] if run.path == baseline][:1]
    runs = (*first, *(run for run in selected if run.path != baseline))
    return Comparison(runs[:MOST], baseline if first else None, len(runs[MOST:]))


def shortened(names: Sequence[str]) -> list[str]:
    """The names, each with "…" in place of the words with which all of them begin or end."""
    split = [name.split(" ") for name in names]
    least = min(map(len, split), default=0) - 1  # at least a word is left
    if len(set(names)) < 2:
        return list(names)
    before = _alike(split, least)
    after = _alike([words[::-1] for words in split], least - before)
    return [
        " ".join([*["…"] * (before > 0), *words[before : len(words) - after], *["…"] * (after > 0)]) for words in split
    ]


def _alike(split: Sequence[Sequence[str]], most: int) -> int:
    """With how many words, at most ``most``, all begin alike."""
    return next((number for number in range(most) if len({words[number] for words in split}) > 1), max(0, most))
