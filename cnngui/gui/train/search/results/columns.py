"""What the table says of each trial."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from cnngui.core.recipes.recipe import SETTINGS
from cnngui.core.recipes.setting import Value
from cnngui.core.search.plan import Aim
from cnngui.core.search.trials import Standing, Trial
from cnngui.core.tables import Cell
from cnngui.gui.common.words import duration, percent
from cnngui.gui.train.search.results.words import UNKNOWN, milliseconds


@dataclass(frozen=True)
class Column:
    """Something that is known of each trial.

    value: None if unknown. write: the value for people. head: the title in a file, which no other column has.
    is_number: whether it is written to the right.
    """

    title: str
    value: Callable[[Trial], Value | None]
    write: Callable[[Value], str]
    head: str
    is_number: bool = True

    def text(self, trial: Trial) -> str:
        """The value of a trial, for people."""
        value = self.value(trial)
        return UNKNOWN if value is None or value == "" else self.write(value)

    def cell(self, trial: Trial) -> Cell:
        """The value of a trial, for a file."""
        value = self.value(trial)
        return str(value).lower() if isinstance(value, bool) else value


def _accuracy(value: Value) -> str:
    return percent(float(value), 1)


NUMBER = Column("Trial", lambda trial: trial.number, lambda value: f"{value:,}", "trial")
STATE = Column("Status", lambda trial: str(trial.state), str, "status", is_number=False)
ACCURACY = Column("Accuracy", lambda trial: trial.accuracy, _accuracy, "validation accuracy")
ANSWER = Column("Answer", lambda trial: trial.milliseconds, lambda value: milliseconds(float(value)), "milliseconds")
SECONDS = Column("Time", lambda trial: trial.seconds, lambda value: duration(float(value)), "seconds")
COMPUTER = Column("Computer", lambda trial: trial.computer, str, "computer", is_number=False)
REASON = Column("Reason", lambda trial: trial.reason, str, "reason", is_number=False)
RUN = Column("Run", lambda trial: trial.run, str, "run", is_number=False)


def columns(standing: Standing) -> tuple[Column, ...]:
    """The columns of the table; that of the computers only if there are several."""
    is_both = standing.plan.aim == Aim.BOTH
    several = len({trial.computer for trial in standing.trials if trial.computer}) > 1
    return (
        *(NUMBER, STATE, ACCURACY),
        *([ANSWER] if is_both else []),
        SECONDS,
        *(_setting(path) for path in SETTINGS if path in standing.plan.space),
        *([COMPUTER] if several else []),
    )


def file_rows(shown: Sequence[Column], trials: Sequence[Trial]) -> list[list[Cell]]:
    """The table for a file: a line of titles, and one for each trial, with its reason and its run's folder."""
    of_file = (*shown, REASON, RUN)
    return [[column.head for column in of_file], *([column.cell(trial) for column in of_file] for trial in trials)]


def _setting(path: str) -> Column:
    """A setting that varies; unknown where it has no effect."""
    setting = SETTINGS[path]
    is_number = setting.kind in (int, float)
    return Column(setting.label, lambda trial: trial.values.get(path), setting.write, path, is_number)
