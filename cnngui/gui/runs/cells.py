"""What the list says of each run: its columns, and the text and the colour of each cell."""

from enum import IntEnum

from PySide6.QtCore import QDateTime, QLocale

from cnngui.core.runs.library import ListedRun, Status
from cnngui.gui.common.style import colors
from cnngui.gui.common.words import duration, percent

UNKNOWN = "–"
STOPPED = "stopped in its first epoch"
PRUNED = "It was ended early, since other trials of its search were more accurate by then."


class Column(IntEnum):
    """What is shown of each run."""

    NAME = 0
    STATE = 1
    DATA = 2
    RECIPE = 3
    EPOCHS = 4
    TIME = 5
    VALIDATION = 6
    ACCURACY = 7
    DEVICE = 8
    NOTE = 9
    DATE = 10


TITLES = (
    *("Name", "Status", "Data", "Recipe", "Epochs", "Time"),
    *("Best validation", "Test accuracy", "Device", "Note", "Date"),
)
NUMBERS = (Column.EPOCHS, Column.TIME, Column.VALIDATION, Column.ACCURACY)


def status(run: ListedRun) -> list[str]:
    """What has become of the run, in words; nothing of a finished one."""
    if run.problem and run.data:
        return ["incomplete"]
    if run.stopped_in_first_epoch:
        return [STOPPED]
    if run.status == Status.RUNNING and run.recipe is not None:
        return [f"training, epoch {min(len(run.history) + 1, run.recipe.optimization.epochs):,}"]
    return [] if run.status == Status.FINISHED else [run.status.value]


def about(run: ListedRun) -> str:
    """All that is known of the run besides its cells, a line for each."""
    reason = run.record.reason if run.record else ""
    lines = (
        *(run.name, run.data, str(run.path), f"A trial of the search “{run.search}”" if run.search else ""),
        *(PRUNED if run.status == Status.PRUNED else "", run.problem, reason, str(run.score or "")),
    )
    return "\n".join(line for line in lines if line)


def color(run: ListedRun, column: Column) -> str:
    """The colour of a cell's text."""
    chosen = colors()
    is_wrong = bool(run.problem) or run.status == Status.FAILED
    if is_wrong and (column == Column.STATE or (column == Column.DATA and not run.data)):
        return chosen.error
    if column == Column.STATE:
        if run.status == Status.RUNNING:
            return chosen.accent
        return chosen.warning if run.stopped_in_first_epoch or run.status == Status.INTERRUPTED else chosen.muted
    is_doubtful = column == Column.ACCURACY and run.score is not None and run.score.is_no_better_than_guessing
    return chosen.warning if is_doubtful else chosen.muted


def text(run: ListedRun, column: Column) -> str:
    """The text of a cell; the status is said by :func:`status` and the model's roles."""
    match column:
        case Column.NAME:
            return run.name
        case Column.DATA:
            return run.data or ("cannot be read" if run.problem else UNKNOWN)
        case Column.RECIPE:
            return run.recipe_title or UNKNOWN
        case Column.EPOCHS:
            return _epochs(run)
        case Column.TIME:
            return UNKNOWN if run.seconds is None else duration(run.seconds)
        case Column.VALIDATION:
            return UNKNOWN if run.most_accurate_epoch is None else percent(run.most_accurate_epoch.val_accuracy, 1)
        case Column.ACCURACY:
            return UNKNOWN if run.score is None else run.score.figures
        case Column.DEVICE:
            return run.device or UNKNOWN
        case Column.NOTE:
            return "  ·  ".join([*([run.notes.note] if run.notes.note else []), *(f"#{tag}" for tag in run.notes.tags)])
        case Column.DATE:
            moment = QDateTime.fromSecsSinceEpoch(int(run.moment))
            return QLocale.system().toString(moment, QLocale.FormatType.ShortFormat)  # the default ignores LC_TIME
    return ""


def _epochs(run: ListedRun) -> str:
    done = len(run.history)
    if run.recipe is None:
        return UNKNOWN
    return f"{done:,}" if done == run.recipe.optimization.epochs else f"{done:,} of {run.recipe.optimization.epochs:,}"
