"""What is compared: the selected runs, after the baseline."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from cnngui.core.runs.library import ListedRun
from cnngui.gui.common.style import Colors
from cnngui.gui.runs.compare.looks import Look, baseline_look, look


@dataclass(frozen=True)
class Comparison:
    """The runs in the order in which they are shown. baseline: the path of the first one, if it is one; else None."""

    runs: tuple[ListedRun, ...] = ()
    baseline: Path | None = None

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
    return Comparison((*first, *(run for run in selected if run.path != baseline)), baseline if first else None)
