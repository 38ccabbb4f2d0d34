"""Thousands of trials among the runs: python -m benchmarks.trials [TRIALS] (or QT_QPA_PLATFORM=offscreen).

Makes a search of so many trials (2,000 by default) that nobody has trained. Prints the time of the processor for
reading the list of runs, for reading it again, and for showing the trials when they are asked for, and when they are
sorted.
"""

import os
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from PySide6.QtWidgets import QApplication

from benchmarks.made_runs import make_runs
from cnngui.core.runs.folder import SEARCH
from cnngui.core.runs.known import KnownRuns
from cnngui.core.runs.library import list_runs
from cnngui.gui.common import style
from cnngui.gui.runs.cells import Column
from cnngui.gui.runs.filter import RunFilter, Which
from cnngui.gui.runs.rows import ModelRoles, RunTableModel
from cnngui.gui.runs.view import RunsView


def took(work: Callable[[], object]) -> float:
    """The milliseconds that ``work``, and what the event loop does after it, take this thread."""
    began = time.thread_time()
    work()
    QApplication.processEvents()
    return 1000 * (time.thread_time() - began)


def main() -> int:
    """Run and print all parts."""
    trials = int(sys.argv[1]) if len(sys.argv) > 1 else 2000
    app = QApplication(sys.argv[:1])
    app.setStyle("Fusion")
    style.apply(app)
    with tempfile.TemporaryDirectory() as folder:
        runs, known = Path(folder), KnownRuns()
        for model in make_runs(runs / "search", trials):
            os.utime(model.parent, (1.7e9, 1.7e9))  # they have ended long ago
        (runs / "search" / SEARCH).touch()
        print(f"the list of {trials:,} trials: {took(lambda: list_runs(runs, describe=known.describe)):.0f} ms")
        print(f"read again: {took(lambda: list_runs(runs, describe=known.describe)):.0f} ms")
        found = list_runs(runs, describe=known.describe)
    rows = RunTableModel()
    view = RunsView(rows)
    view.resize(1000, 600)
    view.show()
    print(f"hidden: {took(lambda: rows.show(found, ModelRoles(None, Path()))):.0f} ms")
    print(f"shown: {took(lambda: rows.set_filter(RunFilter(which=Which.TRIALS))):.0f} ms")
    print(f"found by the search’s name: {took(lambda: rows.set_filter(RunFilter('search'))):.0f} ms")
    print(f"sorted by the recipe: {took(lambda: rows.sort(Column.RECIPE)):.0f} ms")
    return 0


if __name__ == "__main__":
    sys.exit(main())
