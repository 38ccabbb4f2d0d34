"""A worker of a search in a process of its own: python -m tests.core.search.worker_child FOLDER DATA TRIALS [SERVER].

It searches the tiny recipe's learning rate, with a pulse of seconds. Prints a line whenever a trial begins or ends.
"""

import sys
from pathlib import Path

from cnngui.commands.options import signals_stop
from cnngui.core.recipes.layers import BatchNormalization, Convolution, GlobalPooling
from cnngui.core.recipes.parts import NetworkSettings, Optimization
from cnngui.core.recipes.recipe import Recipe
from cnngui.core.recipes.setting import Range
from cnngui.core.search.plan import Request
from cnngui.core.search.search import Search, search
from cnngui.core.search.storage import Pulse, server
from cnngui.core.search.trials import Standing
from cnngui.core.search.worker import Budget

EPOCHS = 60
LAYERS = (Convolution(8), BatchNormalization(), GlobalPooling("average"))  # soon traced
RECIPE = Recipe(
    "tiny",
    NetworkSettings("layers", layers=LAYERS),
    Optimization(epochs=EPOCHS, batch_size=4, learning_rate=0.3),
)
REQUEST = Request(RECIPE, {"optimization.learning_rate": Range(0.01, 1.0, is_logarithmic=True)}, fit=())
NAME = "shared"


def wanted(folder: Path, data: str, trials: int, address: str = "") -> Search:
    """The search of these arguments."""
    place = server(address) if address else None
    return Search(folder, data, REQUEST, None, Budget(trials=trials), place, NAME, pulse=Pulse(1, 5))


def _changed(standing: Standing) -> None:
    print(*(trial.state.value for trial in standing.trials), flush=True)


if __name__ == "__main__":
    folder, data, trials, *address = sys.argv[1:]
    with signals_stop() as should_stop:
        search(wanted(Path(folder), data, int(trials), *address), should_stop=should_stop, changed=_changed)
