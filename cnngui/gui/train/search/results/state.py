"""What has come of a search, and which of its trials is chosen; without any widget."""

from collections.abc import Mapping

from PySide6.QtCore import QObject, Signal, Slot

from cnngui.core.search.trials import Standing, Trial


class ResultsState(QObject):
    """changed: another standing is shown, or none. chosen: another trial is chosen, or none.

    standing: None for none. importances: the share of each setting, by its path, 0–1; the largest first.
    """

    changed = Signal()
    chosen = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.standing: Standing | None = None
        self.importances: Mapping[str, float] = {}
        self.trial: Trial | None = None
        self._trials: dict[int, Trial] = {}

    @property
    def number(self) -> int | None:
        """The number of the chosen trial; None if none is."""
        return self.trial.number if self.trial is not None else None

    @property
    def best(self) -> Trial | None:
        """The most accurate trial; None before one has finished."""
        return self.standing.best if self.standing is not None else None

    def show(self, standing: Standing | None, importances: Mapping[str, float]) -> None:
        """Show this. The chosen trial stays chosen if it is there."""
        before = self.trial
        self.standing, self.importances = standing, importances
        self._trials = {trial.number: trial for trial in standing.trials} if standing is not None else {}
        self.trial = self._trials.get(before.number) if before is not None else None
        self.changed.emit()
        if self.trial != before:
            self.chosen.emit()

    @Slot(object)
    def choose(self, number: int | None) -> None:
        """Choose a trial by its number, or none."""
        found = self._trials.get(number) if number is not None else None
        if found != self.trial:
            self.trial = found
            self.chosen.emit()
