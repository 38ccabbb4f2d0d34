"""The settings that vary, and the accuracy, as parallel coordinates."""

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QStackedLayout, QVBoxLayout, QWidget

from cnngui.core.recipes.recipe import SETTINGS
from cnngui.core.search.plan import Aim
from cnngui.core.search.space import Choice
from cnngui.core.search.trials import Standing, Trial
from cnngui.core.sentences import counted
from cnngui.gui.common.labels.elided_label import ElidedLabel
from cnngui.gui.common.labels.plain_label import PlainLabel
from cnngui.gui.common.parallel.axes import Axis, Overview, categories, numbers
from cnngui.gui.common.parallel.plot import ParallelPlot
from cnngui.gui.common.style import SPACE, mark
from cnngui.gui.common.words import percent
from cnngui.gui.train.search.results.page import Page
from cnngui.gui.train.search.results.state import ResultsState
from cnngui.gui.train.search.results.words import milliseconds, name

LEAST = 2  # finished trials
HINT = "Click a line to choose its trial."


class SettingsPage(Page):
    """A line for each finished trial. A click chooses it."""

    def __init__(self, state: ResultsState) -> None:
        super().__init__(state)
        self.parallel, self._empty, self._named = ParallelPlot("trial"), PlainLabel(), ElidedLabel()
        self._overview = Overview()
        mark(self._empty, role="muted")
        self._empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._empty.setWordWrap(True)
        mark(self._named, role="muted")
        plot = QWidget()
        column = QVBoxLayout(plot)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACE)
        column.addWidget(self._named)
        column.addWidget(self.parallel, 1)
        self._layout = QStackedLayout(self)
        for each in (self._empty, plot):
            self._layout.addWidget(each)
        self.parallel.pointed.connect(self._name)
        self.parallel.asked.connect(state.choose)
        state.chosen.connect(self._mark)

    def _update(self) -> None:
        standing = self._state.standing
        self._overview = overview(standing) if standing is not None else Overview()
        self._empty.setText(_missing(self._overview))
        self._layout.setCurrentIndex(0 if self._empty.text() else 1)
        self._mark()

    @Slot(object)
    def _name(self, at: int | None) -> None:
        """Name the trial that is pointed at. at: its place among the finished ones."""
        found = self._overview
        self._named.setText(HINT if at is None else f"{found.names[at]}  ·  {percent(found.accuracies[at], 1)}")

    @Slot()
    def _mark(self) -> None:
        if self.isVisible():
            self.parallel.show_overview(self._overview, [self._state.number])
            self._name(None)
        else:
            self._is_stale = True


def overview(standing: Standing) -> Overview:
    """The finished trials along the settings that vary and, if it is aimed at, the time of an answer."""
    trials = standing.finished
    axes = [_axis(standing, path, trials) for path in SETTINGS if path in standing.plan.space]
    if standing.plan.aim == Aim.BOTH:
        times = [trial.milliseconds for trial in trials]
        axes.append(numbers("Answer", times, milliseconds) if any(times) else None)
    return Overview(
        keys=tuple(trial.number for trial in trials),
        names=tuple(name(trial) for trial in trials),
        accuracies=tuple(trial.accuracy or 0.0 for trial in trials),
        axes=tuple(axis for axis in axes if axis is not None and len(set(axis.places)) > 1),
    )


def _axis(standing: Standing, path: str, trials: tuple[Trial, ...]) -> Axis | None:
    """The axis of a setting; None if no trial has it."""
    setting, domain = SETTINGS[path], standing.plan.space[path]
    values = [trial.values.get(path) for trial in trials]
    if all(value is None for value in values):
        return None
    if setting.kind in (int, float):
        is_log = setting.is_logarithmic if isinstance(domain, Choice) else domain.is_logarithmic
        known = [float(value) if value is not None else None for value in values]
        return numbers(setting.label, known, setting.write, is_log=is_log and all(each != 0 for each in known))
    return categories(setting.label, [None if value is None else setting.write(value) for value in values])


def _missing(overview: Overview) -> str:
    """Why there is nothing to see; "" if there is."""
    left = LEAST - len(overview.keys)
    if left > 0:
        return f"What the settings do is shown after {counted(left, 'more finished trial')}."
    return "" if overview.axes else "All finished trials have the same settings."
