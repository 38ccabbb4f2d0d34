"""How a search has ended, in words."""

from cnngui.core.errors import UserError
from cnngui.core.recipes.edits import edits
from cnngui.core.search.trials import Standing
from cnngui.core.sentences import counted, percent
from cnngui.gui.common.strips.result_strip import Kind
from cnngui.gui.train.search.endings import SearchBroken, Searched, SearchEnding

MOST_TOLD = 4  # settings


def in_words(ending: SearchEnding) -> tuple[Kind, str, str]:
    """How to show it: its kind, a heading and a text."""
    match ending:
        case Searched():
            return _searched(ending.standing, is_stopped=ending.is_stopped)
        case SearchBroken():
            return "failed", "Search failed", "An error in cnngui ended the search. Its details are shown below."
        case UserError():
            return "failed", "Search failed", str(ending)
    return "stopped", "Search stopped", "It stopped before its first trial."


def so_far(standing: Standing) -> str:
    """What has come of a search, in a sentence or two."""
    best, trials = standing.best, counted(len(standing.ended), "trial")
    if best is None or best.accuracy is None:
        return f"{trials} so far, and none with a model."
    return f"{trials} so far. The best is right on {percent(best.accuracy, 1)} of the validation images."


def _searched(standing: Standing, *, is_stopped: bool) -> tuple[Kind, str, str]:
    best, trials = standing.best, counted(len(standing.ended), "trial")
    heading = f"Search stopped after {trials}" if is_stopped else f"Search finished: {trials}"
    if best is None or best.accuracy is None:
        return "stopped", heading, "No training has finished yet."
    changes = edits(standing.recipe(best), standing.plan.recipe)
    words = ", ".join([*changes[:MOST_TOLD], *(["…"] if len(changes) > MOST_TOLD else [])])
    result = f"Trial {best.number} is right on {percent(best.accuracy, 1)} of the validation images"
    text = f"{result}: {words}." if words else f"{result}, with the recipe as it was."
    return "stopped" if is_stopped else "good", heading, text
