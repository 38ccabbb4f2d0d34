"""From one place of the window to another: what is asked for in the one happens in the other."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QObject, Slot

from cnngui.core.recipes.recipe import Recipe
from cnngui.core.runs.library import ListedRun
from cnngui.gui.predict.state import PredictState
from cnngui.gui.runs.model.opener import ModelOpener
from cnngui.gui.runs.panel import RunsPanel
from cnngui.gui.train.panel import TrainPanel
from cnngui.gui.train.requests import continuation
from cnngui.gui.window.mistakes import Mistakes
from cnngui.gui.window.places import Places


class Ways(QObject):
    """Shows the place, then does there what was asked for."""

    def __init__(
        self,
        places: Places,
        predict_state: PredictState,
        mistakes: Mistakes,
        opener: ModelOpener,
        train: TrainPanel,
        runs: RunsPanel,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._places, self._predict_state, self._mistakes = places, predict_state, mistakes
        self._opener, self._train, self._runs = opener, train, runs

    @Slot(list)
    def classify(self, files: Sequence[Path]) -> None:
        """Classify the pictures in these files and folders."""
        self._places.show_place("predict")
        self._predict_state.look_at(files)

    @Slot(object)
    def predict_with(self, path: Path) -> None:
        """Open the model at this path."""
        self._places.show_place("predict")
        self._opener.open(path)

    @Slot()
    def classify_all_test_images(self) -> None:
        """List the test images of the model in use."""
        self._places.show_place("predict")
        self._mistakes.show()

    @Slot(object)
    def look_at_mistakes(self, path: Path) -> None:
        """Open the model at this path, and list its test images."""
        self._places.show_place("predict")
        self._mistakes.open(path)

    @Slot(object)
    def train_on(self, folder: Path) -> None:
        """Choose this folder as the data of a training."""
        self._places.show_place("train")
        self._train.form.use_folder(folder)

    def train_with(self, folder: Path, recipe: Recipe) -> None:
        """Let the form say this recipe, if the folder is still the chosen data."""
        if self._train.form.source == str(folder):
            self._train.form.recipe_state.use(recipe)

    def compare(self, models: Sequence[Path]) -> None:
        """Show the runs of these models side by side."""
        self._places.show_place("runs")
        self._runs.show_runs(models)

    @Slot(object)
    def open_run(self, folder: Path) -> None:
        """Show the run in this folder."""
        self._places.show_place("runs")
        self._runs.open_run(folder)

    @Slot(object)
    def continue_run(self, run: ListedRun) -> None:
        """Let the run's training go on."""
        if run.recipe is not None:
            self._places.show_place("train")
            self._train.ask(continuation(run.path, run.data, run.recipe))

    @Slot(object)
    def continue_search(self, folder: Path) -> None:
        """Show the search in this folder, and ask how long it goes on."""
        self._places.show_place("train")
        self._train.search.open(folder)

    @Slot(object)
    def train_longer(self, run: ListedRun) -> None:
        """Let the user train the finished run for more epochs."""
        if run.recipe is not None:
            self._places.show_place("train")
            self._train.train_longer(run.path, run.data, run.recipe, run.seconds)

    @Slot(object)
    def show_curves(self, run: ListedRun) -> None:
        """Show the curves and the result of the run."""
        if run.card is not None and run.card.training is not None:
            self._places.show_place("train")
            can_go_on = run.record is not None and run.has_checkpoint
            self._train.show_curves(run.path, run.name, run.card.training, can_go_on=can_go_on)
