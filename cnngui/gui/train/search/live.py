"""The trial that is being trained: its curves, and how far the search is."""

from collections.abc import Callable

from PySide6.QtCore import QObject, Slot

from cnngui.core.progress import BatchProgress, Earlier, EpochResult, Progress, Trouble
from cnngui.gui.common.words import duration
from cnngui.gui.train.plot.live_plot import LivePlot
from cnngui.gui.train.plot.series import Caption
from cnngui.gui.train.progress_box import ProgressBox
from cnngui.gui.train.results import progress_text
from cnngui.gui.train.search.endings import SearchPhase, TrialBegan
from cnngui.gui.train.search.state import SearchState


class LiveTrial(QObject):
    """Shows it. show_plot: shows the page of the curves."""

    def __init__(
        self,
        state: SearchState,
        plot: LivePlot,
        progress: ProgressBox,
        show_plot: Callable[[], object],
    ) -> None:
        super().__init__(plot)
        self._state, self._plot, self._progress = state, plot, progress
        self._show_plot = show_plot
        self._is_first = True
        self._follows = True  # the curves in view are the running trial's, or were when it ended
        state.phase_changed.connect(self._show_phase)
        state.progressed.connect(self._show_report)

    @Slot(object)
    def _show_phase(self, phase: SearchPhase) -> None:
        self._progress.show_trouble("")
        match phase:
            case SearchPhase.PREPARING:
                self._is_first = True
                self._progress.show_search(True)
                self._tell("Starting …", 0, 0)
            case SearchPhase.PAUSED:
                self._progress.show_status(f"{self._where()}  ·  paused. Everything stays in memory.")
            case SearchPhase.STOPPING:
                self._progress.show_status("Stopping …")
            case SearchPhase.IDLE:
                self._plot.end()
                self._progress.show_search(False)

    @Slot(object)
    def _show_report(self, value: object) -> None:
        match value:
            case TrialBegan():
                self._follows = self._is_first or self._plot.shows_running
                self._plot.end()
                self._tell(f"{self._where()}  ·  starting", 0, 0)
            case Earlier() | BatchProgress() | EpochResult():
                self._begin_curves()
                self._plot.add(value)
                if isinstance(value, BatchProgress):
                    self._tell(f"{self._where()}  ·  {progress_text(value)}", value.done, value.total)
            case Progress():
                where = self._where()
                self._tell(f"{where}  ·  {value.text}" if where else value.text, value.done, value.total)
            case Trouble():
                self._progress.show_trouble(value.sentence)

    def _begin_curves(self) -> None:
        trial = self._state.trial
        if trial is None or self._plot.is_running:
            return
        caption = Caption(trial.path, trial.path.parent.name, trial.data, trial.recipe)
        self._plot.begin(caption, is_shown=self._follows)
        if self._is_first:
            self._is_first = False
            self._show_plot()

    def _where(self) -> str:
        """Which trial it is, and how much of the budget's time is left."""
        trial, of, left = self._state.trial, self._state.budget.trials, self._state.seconds_left
        if trial is None:
            return ""
        number = f"Trial {trial.number:,}" + (f" of {max(int(of), trial.number):,}" if of < float("inf") else "")
        return number if left is None else f"{number}  ·  {duration(left)} of the budget left"

    def _tell(self, text: str, done: int, total: int) -> None:
        self._progress.show_progress(done, total)
        if self._state.phase not in (SearchPhase.STOPPING, SearchPhase.PAUSED):
            self._progress.show_status(text)
