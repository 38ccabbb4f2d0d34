"""How a training has ended, and what can be done next."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QUrl, Signal
from PySide6.QtGui import QDesktopServices

from cnngui.core.data.sources import CIFAR10
from cnngui.core.errors import Diverged, UserError
from cnngui.core.models.card import TrainingRecord
from cnngui.core.recipes.recipe import SETTINGS
from cnngui.gui.common.strips.result_strip import Choice, Kind, ResultStrip
from cnngui.gui.train.phases import Broken, Cancelled, CannotSave, Discarded, Ending
from cnngui.gui.train.requests import Request, continuation
from cnngui.gui.train.results import details, headline, kind


class OutcomeStrip(ResultStrip):
    """Hidden until there is an outcome. path: of the model whose result it shows, or None.

    use_model, discard_model, look_at_mistakes: the path of a model, to predict with, delete, or see the mistakes of.
    again_asked: train what the form says. slower_asked: the same at this learning rate. asked: a Request.
    longer_asked: the path of a model and its TrainingRecord, to be trained for more epochs.
    cifar10_asked: the user wants to choose CIFAR-10's folder. save_asked, elsewhere_asked: save the unsaved model in
    the same place, or in another one.
    """

    use_model = Signal(object)
    discard_model = Signal(object)
    look_at_mistakes = Signal(object)
    again_asked = Signal()
    slower_asked = Signal(float)
    asked = Signal(object)
    longer_asked = Signal(object, object)
    cifar10_asked = Signal()
    save_asked = Signal()
    elsewhere_asked = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.path: Path | None = None
        self._is_of_search = False

    @property
    def is_failure(self) -> bool:
        """Whether it says that a training failed."""
        return str(self.property("kind")) == "failed" and not self._is_of_search

    def show_ending(self, ending: Ending, request: Request | None, source: str) -> None:
        """Show how the training that was asked for with ``request`` has ended. source: of the form's data."""
        self.path, self._is_of_search = None, False
        again = Choice("Try again", self.again_asked.emit)
        match ending:
            case Cancelled():
                text = "The training stopped before its first update, so there is nothing to save."
                self.show_result("stopped", "Stopped", text)
            case Discarded(run_stays=True):
                text = "The run is again what it was before it went on."
                self.show_result("stopped", "Discarded", text)
            case Discarded():
                self.hide()
                self.discard_model.emit(ending.path)
            case Broken():
                text = "An error in cnngui ended the training. Its details are shown below."
                self.show_result("failed", "Training failed", text, [again])
            case Diverged():
                choices = self._slower(ending, request) if request is not None else []
                self.show_result("failed", "Training failed", str(ending), choices)
            case UserError():
                choose = Choice("Choose CIFAR-10’s folder …", self.cifar10_asked.emit)
                choices = [again, *([choose] if source == CIFAR10 else [])]
                self.show_result("failed", "Training failed", str(ending), choices)
            case _:
                assert ending.card.training is not None  # it was just trained
                run = request.path if request is not None else None  # also if the model was saved elsewhere
                self.show_training(ending.path, ending.card.training, ending.left_out, run=run)

    def show_unsaved(self, unsaved: CannotSave) -> None:
        """A model is trained and cannot be saved."""
        self.path, self._is_of_search = None, False
        choices = [
            Choice("Try again", self.save_asked.emit),
            Choice("Save elsewhere …", self.elsewhere_asked.emit),
        ]
        self.show_result("failed", "The model is trained but not saved", str(unsaved.error), choices)

    def show_search(self, kind: Kind, heading: str, text: str, choices: Sequence[Choice]) -> None:
        """Show how a search has ended."""
        self.path, self._is_of_search = None, True
        self.show_result(kind, heading, text, choices)

    def show_training(
        self, path: Path, training: TrainingRecord, left_out: Sequence[str] = (), *, run: Path | None
    ) -> None:
        """Show the result of a model's training.

        left_out: a sentence for each file that could not be read. run: the model's path in the run that can be
        continued, or trained longer; None if there is none.
        """
        self.path, self._is_of_search = path, False
        text = details(training, path, left_out)
        self.show_result(kind(training), headline(training), text, self._after_saving(path, training, run))

    def _slower(self, ending: Diverged, request: Request) -> list[Choice]:
        """The choice of a tenth of the learning rate; at the same rate, the training would diverge again."""
        rate = request.recipe.optimization.learning_rate / 10
        if rate < SETTINGS["optimization.learning_rate"].minimum:
            return []
        recipe = request.recipe.changed({"optimization.learning_rate": rate})
        back = continuation(request.path, request.title, recipe, learning_rate=rate)
        choices = [Choice(f"Start with a rate of {rate:g}", lambda: self.slower_asked.emit(rate))]
        if ending.good_epochs:
            text = f"Go back to epoch {ending.good_epochs:,} with a rate of {rate:g}"
            choices.insert(0, Choice(text, lambda: self.asked.emit(back)))
        return choices

    def _after_saving(self, path: Path, training: TrainingRecord, run: Path | None) -> list[Choice]:
        def show_folder() -> None:
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(path.parent)))

        use = Choice("Use for prediction", lambda: self.use_model.emit(path))
        mistakes = Choice("Look at the mistakes", lambda: self.look_at_mistakes.emit(path))
        discard = Choice("Discard", lambda: self.discard_model.emit(path))
        folder = Choice("Show in folder", show_folder)
        more = [] if run is None else [self._more(run, training)]
        if training.score is not None:
            return [use, mistakes, *more, folder]
        return [use, *more, discard if training.stopped_in_first_epoch else mistakes, folder]

    def _more(self, run: Path, training: TrainingRecord) -> Choice:
        """The choice to let the run go on, or to train it for more epochs if it has had all."""
        if training.score is not None:
            return Choice("Train longer …", lambda: self.longer_asked.emit(run, training))
        go_on = continuation(run, training.data, training.recipe)
        return Choice("Continue", lambda: self.asked.emit(go_on))
