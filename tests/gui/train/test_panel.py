"""From a click on Start to a model on disk, and everything that can come between."""

import tempfile
import threading
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QFileDialog, QMessageBox, QProgressBar, QPushButton, QWidget

from cnngui.core.answers.evaluation import Evaluation, evaluate_with_answers
from cnngui.core.data import shapes
from cnngui.core.data.datasets import RawData
from cnngui.core.errors import Diverged, UserError
from cnngui.core.models import file as model_file
from cnngui.core.models.card import read_card
from cnngui.core.progress import BatchProgress, Progress, Report, Trouble
from cnngui.core.recipes.presets import PRESETS, QUICK
from cnngui.core.runs import folder as runs
from cnngui.core.runs import library
from cnngui.core.training import job
from cnngui.core.training import trained as training
from cnngui.gui.common import questions
from cnngui.gui.common.strips.result_strip import ResultStrip
from cnngui.gui.train.longer import LongerDialog
from cnngui.gui.train.requests import Request, continuation
from tests.conftest import training_record
from tests.gui.conftest import Driver, Opener, picture, rate_box, whole_box
from tests.gui.train.conftest import models, outcome, train_for_long

FINISHED = ("good", "doubtful")  # after six batches, a network may still be guessing

pytestmark = pytest.mark.usefixtures("few_shapes")


@pytest.mark.usefixtures("trained_at_once")
def test_the_end_is_told_in_the_other_places(trainer: Driver) -> None:
    trainer.click("Start")
    trainer.press("Ctrl+1")
    trainer.wait_for_rest()
    trainer.wait_for("Training finished")
    assert trainer.sees(" of 50 test images correct")
    trainer.press("Ctrl+4")
    trainer.click("Show")
    assert trainer.window.train.isVisible()
    assert not trainer.sees("Training finished")
    trainer.press("Ctrl+1")
    assert not trainer.sees("Training finished")


def test_a_failure_is_told_in_the_other_places(trainer: Driver, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> None:
        raise UserError("The reason.")

    monkeypatch.setattr(job, "run", fail)
    trainer.press("Ctrl+4")
    trainer.window.train.start()
    trainer.wait_for("Training failed")
    assert trainer.sees("The reason.")
    trainer.click("Close")
    assert not trainer.sees("The reason.")


def stop_in_first_epoch(driver: Driver, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Stop a training soon after its first batch, of two thousand an epoch; the path of its model."""
    monkeypatch.setattr(shapes, "TRAIN_PER_CLASS", 1000)
    train_for_long(driver)
    driver.click("Stop and keep")
    driver.wait_for_rest()
    (path,) = models(driver)
    return path


def choices(driver: Driver) -> list[str]:
    """What the strip with the outcome offers."""
    (strip,) = driver.window.train.findChildren(ResultStrip)
    return [button.text() for button in strip.findChildren(QPushButton) if button.isVisible()]


def is_unsaved(driver: Driver) -> bool:
    return driver.window.train_state.is_unsaved


# To the end


def test_a_training_from_click_to_prediction(trainer: Driver, tmp_path: Path) -> None:
    trainer.click("Start")
    assert trainer.sees("training on Drawn shapes")
    assert trainer.button("Stop and keep").isEnabled()
    trainer.wait_until(lambda: trainer.sees("epoch 1 of 1  ·  batch ") and trainer.sees("images/s"))
    trainer.wait_for_rest()

    assert outcome(trainer) in FINISHED
    assert trainer.sees("of 50 test images correct (")
    assert trainer.window.train.form.isEnabled()
    assert trainer.button("Start").isEnabled()
    assert trainer.sees("idle")
    points = trainer.window.train.plot.points
    assert points.training
    assert [point.epoch for point in points.validation] == [1]

    (path,) = models(trainer)
    network, card, *_ = model_file.load(path)
    assert card.classes == shapes.CLASSES
    assert card.training is not None
    assert (card.training.recipe.name, card.training.recipe.optimization.epochs) == ("article", 1)
    assert card.training.test_accuracy is not None
    assert network.output_shape == (None, 10)

    trainer.click("Use for prediction")
    trainer.wait_for(" article, epochs 1 Drawn-shapes  ·  ")
    assert trainer.window.predict.isVisible()
    trainer.drop_files(picture(tmp_path / "red.png", "red"))
    (answer,) = trainer.wait_for_answers()
    assert answer in shapes.CLASSES


@pytest.mark.usefixtures("trained_at_once")
def test_the_outcome_leads_to_the_mistakes(trainer: Driver, tmp_path: Path) -> None:
    trainer.press("Ctrl+1")
    trainer.drop_files(picture(tmp_path / "red.png", "red"))
    trainer.press("Ctrl+3")
    train_once(trainer)
    (path,) = models(trainer)
    trainer.click("Look at the mistakes")
    trainer.wait_until(lambda: trainer.window.opener.in_use is not None and trainer.window.opener.in_use.path == path)
    trainer.wait_until(lambda: trainer.pictures.rowCount() == shapes.TEST_PER_CLASS * len(shapes.CLASSES))
    trainer.wait_for_answers()
    assert trainer.window.predict.isVisible()
    card = model_file.load(path)[1]
    assert card.training is not None
    tally = trainer.pictures.tally
    assert tally.labelled == 50
    known = sum(count for (_, answer), count in tally.cells.items() if answer != "none of these")
    wrong = sum(each.wrong for each in trainer.pictures.pictures)
    assert tally.correct == 50 - wrong <= known
    trainer.wait_until(
        lambda: [trainer.pictures.picture(row).wrong for row in range(50)] == [True] * wrong + [False] * (50 - wrong)
    )


def train_once(driver: Driver) -> None:
    driver.click("Start")
    driver.wait_for_rest()


def test_a_result_that_is_no_better_than_guessing(trainer: Driver, monkeypatch: pytest.MonkeyPatch) -> None:
    def guess(*arguments: Any, **more: Any) -> tuple[Evaluation, Any]:
        found, probabilities = evaluate_with_answers(*arguments, **more)
        return replace(found, accuracy=0.12), probabilities

    monkeypatch.setattr(training, "evaluate_with_answers", guess)
    train_once(trainer)
    assert outcome(trainer) == "doubtful"
    assert trainer.sees("No better than guessing: 6 of 50 test images correct (12.0 %)")
    assert trainer.sees("Always naming the most frequent class gets 5 correct.")


def test_a_diverged_training_offers_a_lower_rate(trainer: Driver, monkeypatch: pytest.MonkeyPatch) -> None:
    run, rates = job.run, []

    def diverge(todo: job.Job, raw: RawData | None, **more: Any) -> job.JobResult:
        rates.append(todo.recipe.optimization.learning_rate)
        if todo.recipe.optimization.learning_rate > 1:
            raise Diverged("The training diverged: its loss is no longer a finite number. Try a lower learning rate.")
        return run(todo, raw, **more)

    monkeypatch.setattr(job, "run", diverge)
    trainer.enter(rate_box(trainer.window.train.form), "5")
    train_once(trainer)
    assert outcome(trainer) == "failed"
    assert trainer.sees("Try a lower learning rate.")
    trainer.click("Start with a rate of 0.5")
    assert rate_box(trainer.window.train.form).value() == 0.5
    trainer.wait_for_rest()
    assert rates == [5, 0.5]
    assert outcome(trainer) != "failed"


@pytest.mark.usefixtures("trained_at_once")
def test_a_start_that_fails_keeps_the_curves(trainer: Driver, monkeypatch: pytest.MonkeyPatch) -> None:
    plot = trainer.window.train.plot
    train_once(trainer)
    before, (first,) = plot.points, models(trainer)
    assert trainer.sees(first.parent.name)
    assert trainer.sees("article, edited on Drawn shapes  ·  1 epoch  ·  batch size 32  ·  learning rate 0.001")

    def fail(*_: object, **__: object) -> None:
        raise UserError("There is no such data. Choose others.")

    run = job.run
    monkeypatch.setattr(job, "run", fail)
    train_once(trainer)
    assert outcome(trainer) == "failed"
    assert plot.isVisible()
    assert plot.points == before

    seen: list[bool] = []  # while the second training prepares
    monkeypatch.setattr(job, "run", run)
    trainer.window.train_state.progressed.connect(
        lambda value: (
            seen.append(plot.points == before) if isinstance(value, Progress) and not plot.is_running else None
        )
    )
    trainer.enter(rate_box(trainer.window.train.form), "0.002")  # else it would give the same curves
    train_once(trainer)
    assert seen
    assert all(seen)
    assert plot.points != before
    (second,) = set(models(trainer)) - {first}
    assert plot.caption is not None
    assert plot.caption.path == second


@pytest.mark.usefixtures("trained_at_once")
def test_the_title_follows_a_model_that_is_renamed(trainer: Driver) -> None:
    train_once(trainer)
    (path,) = models(trainer)
    new = library.rename(path, "My favourite")
    trainer.window.runs.changer.moved.emit(path, new)
    assert trainer.sees("My favourite")
    assert outcome(trainer) == ""


@pytest.mark.usefixtures("trained_at_once")
def test_other_curves_beside_a_training(trainer: Driver) -> None:
    plot, panel = trainer.window.train.plot, trainer.window.train
    train_once(trainer)
    (path,) = models(trainer)
    card = read_card(path)
    assert card is not None
    assert card.training is not None
    train_for_long(trainer)
    panel.show_curves(path, "an older one", card.training)
    assert trainer.sees("an older one")
    assert outcome(trainer) == ""
    assert len(plot.points.training) == 1
    trainer.click("Back to the current training")
    trainer.wait_until(lambda: len(plot.points.training) > 2)
    trainer.click("Stop and keep")
    trainer.wait_for_rest()
    assert outcome(trainer) == "stopped"


class Held:
    """A job that reports a batch and a trouble, and fails once it is let go."""

    def __init__(self) -> None:
        self.goes_on = threading.Event()

    def run(self, _todo: job.Job, _raw: RawData | None, *, progress: Report, **_: object) -> job.JobResult:
        progress(BatchProgress(1, 1, 1, 1, 1.0, 0.5, 1.0, 1.0, 1.0))
        progress(Trouble("Nothing can be written."))
        self.goes_on.wait(10)
        raise UserError("The reason.")


@pytest.mark.usefixtures("trained_at_once")
def test_a_model_without_its_run_cannot_be_trained_longer(trainer: Driver) -> None:
    train_once(trainer)
    (path,) = models(trainer)
    card = read_card(path)
    assert card is not None
    assert card.training is not None
    assert "Train longer …" in choices(trainer)
    trainer.window.train.show_curves(path, "from elsewhere", card.training)
    # Qt shows new buttons once it has laid them out.
    trainer.wait_until(lambda: choices(trainer) == ["Use for prediction", "Look at the mistakes", "Show in folder"])


@pytest.fixture
def held(trainer: Driver, monkeypatch: pytest.MonkeyPatch) -> Held:
    """The job that runs now."""
    held = Held()
    monkeypatch.setattr(job, "run", held.run)
    trainer.click("Start")
    trainer.wait_until(lambda: trainer.window.train_state.can_pause)
    return held


def test_trouble_is_told_while_it_trains(trainer: Driver, held: Held) -> None:
    trainer.wait_for("Nothing can be written.")
    held.goes_on.set()
    trainer.wait_for_rest()
    assert not trainer.sees("Nothing can be written.")


def test_more_epochs_are_those_of_the_training_that_was_asked_about(
    trainer: Driver, held: Held, monkeypatch: pytest.MonkeyPatch
) -> None:
    state, asked = trainer.window.train_state, list[Request]()
    asked_about = state.current
    trainer.window.train.ask_for_more_epochs()
    (dialog,) = trainer.window.train.findChildren(LongerDialog)
    dialog.epochs_box.setValue(7)
    held.goes_on.set()
    trainer.wait_for_rest()  # it ends while the user is thinking
    monkeypatch.setattr(state, "ask", asked.append)
    dialog.accept()
    assert asked_about is not None
    assert [(each.path, each.recipe.optimization.epochs) for each in asked] == [(asked_about.path, 7)]
    assert state.epochs == 1


def test_the_focus_stays_on_the_button(trainer: Driver) -> None:
    """Also while it is disabled in between, when Qt passes the focus on."""
    trainer.button("Start").setFocus()
    trainer.press("F5")
    trainer.wait_until(lambda: QApplication.focusWidget() is trainer.button("Stop and keep"))
    trainer.wait_for_rest()
    trainer.wait_until(lambda: QApplication.focusWidget() is trainer.button("Start"))


def test_pictures_are_classified_while_a_training_runs_and_stop_keeps_what_it_learnt(
    trainer: Driver, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from cnngui.core.training.callbacks import ProgressCallback

    batches = 0
    batch_end = ProgressCallback.on_train_batch_end

    def count(callback: ProgressCallback, batch: int, logs: dict[str, Any] | None = None) -> None:
        nonlocal batches
        batches += 1
        batch_end(callback, batch, logs)

    monkeypatch.setattr(ProgressCallback, "on_train_batch_end", count)
    train_for_long(trainer)
    trainer.drop_files(picture(tmp_path / "red.png", "red"), picture(tmp_path / "blue.png", "blue"))
    assert trainer.wait_for_answers() == ["red", "blue"]
    assert trainer.window.train_state.is_busy

    trainer.press("Ctrl+3")
    trainer.click("Stop and keep")
    at_click = batches
    assert trainer.sees("Stopping …")
    assert not trainer.button("Stop and keep").isEnabled()
    trainer.wait_for_rest()
    assert batches - at_click <= 1
    assert outcome(trainer) == "stopped"
    assert trainer.sees("Stopped after ") or trainer.sees("Stopped before its first epoch ended")
    (path,) = models(trainer)
    training = model_file.load(path)[1].training
    assert training is not None
    assert training.test_accuracy is None
    assert trainer.button("Use for prediction").isEnabled()


def test_a_training_stopped_in_its_first_epoch_can_be_discarded(
    trainer: Driver, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = stop_in_first_epoch(trainer, monkeypatch)
    assert trainer.sees("Stopped before its first epoch ended")
    trainer.press("Ctrl+3")
    trainer.wait_until(lambda: not trainer.window.opener.is_running)  # a discard would have to wait
    trainer.click("Discard")
    trainer.wait_for(f"“{path.parent.name}” is deleted.")
    assert not path.exists()
    assert not outcome(trainer)
    trainer.click("Undo")
    trainer.wait_until(path.is_file)


def test_a_discard_that_must_wait_says_so(trainer: Driver, monkeypatch: pytest.MonkeyPatch) -> None:
    path = stop_in_first_epoch(trainer, monkeypatch)
    monkeypatch.setattr(type(trainer.window.opener), "is_running", True)
    trainer.click("Discard")
    assert trainer.sees("Another model or run is being opened or changed.")
    monkeypatch.undo()
    assert path.is_file()


def test_the_key_and_the_menu_start_and_stop_too(trainer: Driver, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shapes, "TRAIN_PER_CLASS", 10_000)
    trainer.press("Ctrl+1")
    trainer.press("F5")
    assert trainer.window.train.isVisible()
    assert trainer.window.train_state.is_busy
    trainer.choose_from_menu("Stop and keep")
    trainer.wait_for_rest()
    assert outcome(trainer) == "stopped"


# Before the first batch


def test_stop_while_the_data_are_loaded(trainer: Driver, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shapes, "TRAIN_PER_CLASS", 10_000)
    trainer.click("Start")
    trainer.wait_for("Drawing shapes, ")
    (bar,) = (each for each in trainer.window.findChildren(QProgressBar) if each.isVisible())
    assert bar.maximum() > 0
    trainer.click("Stop and keep")
    trainer.wait_for_rest()
    assert outcome(trainer) == "stopped"
    assert "Stopped" in trainer.texts()
    assert trainer.sees("article, edited on Drawn shapes")  # what a training will do, in place of empty curves
    assert not trainer.window.train_state.runs_dir.exists()


def test_missing_data(open_window: Opener, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    nowhere, elsewhere = tmp_path / "nowhere", tmp_path / "elsewhere"
    driver = open_window(data_dir=nowhere)
    driver.press("Ctrl+3")
    driver.click("Start")
    driver.wait_for_rest()
    assert outcome(driver) == "failed"
    assert driver.sees(f"There is no folder {nowhere}.")
    nowhere.mkdir()
    driver.click("Try again")
    driver.wait_for_rest()
    assert outcome(driver) == "failed"
    assert driver.sees(f"There is no CIFAR-10 in {nowhere}.")
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(elsewhere))
    driver.click("Choose CIFAR-10’s folder …")
    driver.wait_for_rest()
    assert driver.sees(f"There is no folder {elsewhere}.")
    assert not driver.window.train_state.runs_dir.exists()


def test_a_folder_where_nothing_can_be_written(trainer: Driver) -> None:
    trainer.window.train_state.runs_dir.write_text("a file where the folder should be")
    trainer.click("Start")
    trainer.wait_for_rest()
    assert outcome(trainer) == "failed"
    assert trainer.sees("Nothing can be written in ")


def test_a_bug_ends_the_training_and_is_shown_with_its_traceback(
    trainer: Driver, monkeypatch: pytest.MonkeyPatch
) -> None:
    def run(*_: object, **__: object) -> None:
        raise ZeroDivisionError("an odd thing")

    monkeypatch.setattr(job, "run", run)
    trainer.click("Start")
    trainer.wait_for_rest()
    assert outcome(trainer) == "failed"
    assert trainer.sees("Training failed")
    assert trainer.sees("ZeroDivisionError: an odd thing")
    trainer.click("Copy details")
    assert "Traceback" in QApplication.clipboard().text()


# Saving


def full(*_: object) -> None:
    """Saving on a disk that is full."""
    raise UserError("The disk is full. Free some space.")


@pytest.mark.usefixtures("trained_at_once")
def test_a_full_disk_keeps_the_model_until_it_is_saved(trainer: Driver, monkeypatch: pytest.MonkeyPatch) -> None:
    save = model_file.save
    monkeypatch.setattr(model_file, "save", full)
    trainer.click("Start")
    trainer.wait_for_rest()
    assert outcome(trainer) == "failed"
    assert trainer.sees("The model is trained but not saved")
    assert trainer.sees("The disk is full. Free some space.")
    assert is_unsaved(trainer)
    trainer.click("Try again")
    trainer.wait_for_rest()
    assert is_unsaved(trainer)

    answer("The trained model is not saved.", "Keep")
    trainer.close()
    assert trainer.window.isVisible()
    answer("The trained model is not saved.", "Keep")
    trainer.click("Start")
    assert is_unsaved(trainer)

    monkeypatch.setattr(model_file, "save", save)
    trainer.click("Try again")
    trainer.wait_for_rest()
    assert outcome(trainer) in FINISHED
    assert not is_unsaved(trainer)
    assert len(models(trainer)) == 1


@pytest.mark.usefixtures("trained_at_once")
def test_a_model_that_could_not_be_saved_is_saved_elsewhere(
    trainer: Driver, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    save = model_file.save
    monkeypatch.setattr(model_file, "save", full)
    trainer.click("Start")
    trainer.wait_until(lambda: is_unsaved(trainer))
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: "")
    trainer.click("Save elsewhere …")  # and cancel the dialog
    assert is_unsaved(trainer)
    monkeypatch.setattr(model_file, "save", save)
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(tmp_path / "elsewhere"))
    trainer.click("Save elsewhere …")
    trainer.wait_for_rest()
    assert outcome(trainer) in FINISHED
    (path,) = (tmp_path / "elsewhere").glob(f"*/{runs.MODEL}")
    trainer.click("Use for prediction")
    trainer.wait_until(lambda: trainer.window.opener.in_use is not None and trainer.window.opener.in_use.path == path)
    assert not models(trainer)


@pytest.mark.usefixtures("trained_at_once")
def test_the_next_training_discards_a_model_that_could_not_be_saved(
    trainer: Driver, monkeypatch: pytest.MonkeyPatch
) -> None:
    save = model_file.save
    monkeypatch.setattr(model_file, "save", full)
    trainer.click("Start")
    trainer.wait_until(lambda: is_unsaved(trainer))
    monkeypatch.setattr(model_file, "save", save)
    answer("The trained model is not saved.", "Discard")
    trainer.click("Start")
    trainer.wait_until(lambda: trainer.window.train_state.is_busy)
    trainer.wait_for_rest()
    assert outcome(trainer) in FINISHED
    assert len(models(trainer)) == 1


@pytest.mark.usefixtures("trained_at_once")
def test_continuing_a_run_asks_before_it_discards_a_model_that_could_not_be_saved(
    trainer: Driver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(model_file, "save", full)
    trainer.click("Start")
    trainer.wait_until(lambda: is_unsaved(trainer))
    answer("The trained model is not saved.", "Keep")
    trainer.window.train.ask(continuation(Path("/runs/other/model.keras"), "Shapes", QUICK))
    assert is_unsaved(trainer)
    assert trainer.button("Try again").isVisible()


@pytest.mark.usefixtures("trained_at_once")
def test_saving_is_not_to_be_stopped(trainer: Driver, monkeypatch: pytest.MonkeyPatch) -> None:
    save, goes_on = model_file.save, threading.Event()

    def slow(*arguments: Any) -> None:
        goes_on.wait(60)
        save(*arguments)

    monkeypatch.setattr(model_file, "save", slow)
    trainer.click("Start")
    trainer.wait_for("Saving the model")
    assert not trainer.button("Stop and keep").isEnabled()
    trainer.press("F5")
    assert trainer.sees("Saving the model")
    goes_on.set()
    trainer.wait_for_rest()
    assert outcome(trainer) in FINISHED


@pytest.mark.usefixtures("trained_at_once")
def test_a_signal_does_not_lose_a_model_that_could_not_be_saved(
    trainer: Driver, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    save = model_file.save
    monkeypatch.setattr(model_file, "save", full)
    trainer.click("Start")
    trainer.wait_for_rest()
    monkeypatch.setattr(model_file, "save", save)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    trainer.window.close_unattended()
    trainer.wait_until(lambda: not trainer.window.isVisible())
    assert len(list(tmp_path.glob("cnngui-*/model.keras"))) == 1


# Closing


def answer(question: str, with_button: str) -> None:
    """Click this button of the question that is about to be asked."""

    def click() -> None:
        box = QApplication.activeModalWidget()
        assert isinstance(box, QMessageBox)
        assert box.text() == question
        (button,) = (each for each in box.buttons() if each.text().replace("&", "") == with_button)
        button.click()

    QTimer.singleShot(0, click)


def test_closing_during_a_training_asks_then_stops_saves_and_closes(
    trainer: Driver,
) -> None:
    train_for_long(trainer)
    answer("A training is running.", "Keep training")
    trainer.close()
    assert trainer.window.isVisible()
    batches = len(trainer.window.train.plot.points.training)
    trainer.wait_until(lambda: len(trainer.window.train.plot.points.training) > batches)

    answer("A training is running.", "Stop and quit")
    trainer.close()
    trainer.bot.waitUntil(lambda: not trainer.window.isVisible(), timeout=3000)
    assert not trainer.window.train_state.is_busy
    assert len(models(trainer)) == 1


def test_a_signal_closes_during_a_training_without_a_question(trainer: Driver, monkeypatch: pytest.MonkeyPatch) -> None:
    def nobody(_: QWidget) -> bool:
        raise AssertionError("nobody is there to be asked")

    monkeypatch.setattr(questions, "may_stop_training", nobody)
    train_for_long(trainer)
    trainer.window.close_unattended()
    trainer.bot.waitUntil(lambda: not trainer.window.isVisible(), timeout=3000)
    assert len(models(trainer)) == 1


def test_a_training_that_ends_while_the_question_is_open(trainer: Driver, monkeypatch: pytest.MonkeyPatch) -> None:
    train_for_long(trainer)

    def end_meanwhile(_: QWidget) -> bool:
        trainer.window.train_state.stop()
        trainer.wait_for_rest()
        return True

    monkeypatch.setattr(questions, "may_stop_training", end_meanwhile)
    trainer.close()
    trainer.wait_until(lambda: not trainer.window.isVisible())
    assert len(models(trainer)) == 1


@pytest.mark.parametrize("is_saved", [True, False])
def test_a_signal_while_a_question_is_open(trainer: Driver, is_saved: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    if is_saved:
        train_for_long(trainer)
    else:
        monkeypatch.setattr(model_file, "save", full)
        trainer.click("Start")
        trainer.wait_until(lambda: is_unsaved(trainer))
    QTimer.singleShot(0, trainer.window.close_unattended)
    trainer.close()  # asks, until the signal comes
    trainer.wait_until(lambda: not trainer.window.isVisible())
    assert not trainer.window.train_state.is_busy
    assert len(models(trainer)) == int(is_saved)


@pytest.mark.usefixtures("trained_at_once")
def test_a_signal_when_there_is_no_place_at_all(trainer: Driver, monkeypatch: pytest.MonkeyPatch) -> None:
    def no_place(**_: str) -> str:
        raise OSError("The disk is full")

    monkeypatch.setattr(model_file, "save", full)
    trainer.click("Start")
    trainer.wait_until(lambda: is_unsaved(trainer))
    monkeypatch.setattr(tempfile, "mkdtemp", no_place)
    trainer.window.close_unattended()
    trainer.wait_until(lambda: not trainer.window.isVisible())


def test_a_model_that_could_not_be_saved_when_closing_keeps_the_window(
    trainer: Driver, monkeypatch: pytest.MonkeyPatch
) -> None:
    save = model_file.save
    train_for_long(trainer)
    monkeypatch.setattr(model_file, "save", full)
    answer("A training is running.", "Stop and quit")
    trainer.close()
    trainer.wait_until(lambda: is_unsaved(trainer))
    monkeypatch.setattr(model_file, "save", save)
    trainer.click("Try again")
    trainer.wait_for_rest()
    assert trainer.window.isVisible()
    assert outcome(trainer) == "stopped"


def test_trying_again_is_offered_only_for_what_failed(driver: Driver, tmp_path: Path) -> None:
    driver.press("Ctrl+3")
    driver.window.train.form.data_dir = tmp_path / "nowhere"
    driver.choose(driver.window.train.form.data_box, "CIFAR-10")
    driver.click("Start")
    driver.wait_for_rest()
    assert outcome(driver) == "failed"
    driver.choose(driver.window.train.form.data_box, "Drawn shapes")
    assert outcome(driver) == ""


@pytest.mark.usefixtures("trained_at_once")
def test_deleting_an_older_model_leaves_the_unsaved_one_its_choices(
    trainer: Driver, monkeypatch: pytest.MonkeyPatch
) -> None:
    trainer.click("Start")
    trainer.wait_for_rest()
    (older,) = models(trainer)
    monkeypatch.setattr(model_file, "save", full)
    trainer.click("Start")
    trainer.wait_until(lambda: is_unsaved(trainer))
    trainer.window.train.model_moved(older, None)
    assert trainer.button("Try again").isVisible()


@pytest.mark.usefixtures("trained_at_once")
def test_any_error_while_saving_offers_another_place(trainer: Driver, monkeypatch: pytest.MonkeyPatch) -> None:
    def out_of_memory(*_: object) -> None:
        raise MemoryError("no room")

    save = model_file.save
    monkeypatch.setattr(model_file, "save", out_of_memory)
    trainer.click("Start")
    trainer.wait_until(lambda: is_unsaved(trainer))
    assert trainer.sees("MemoryError: no room")
    monkeypatch.setattr(model_file, "save", save)
    trainer.click("Try again")
    trainer.wait_for_rest()
    assert outcome(trainer) in FINISHED


def test_started_before_the_data_are_read_the_recipe_is_fitted_to_them(trainer: Driver) -> None:
    form = trainer.window.train.form
    trainer.choose(form.recipe_box, "quick")
    trainer.window.train.data.read_again()
    assert trainer.window.train.data.summary is None
    trainer.enter(whole_box(form, "epochs"), "1")
    trainer.click("Start")
    trainer.wait_for_rest()
    (path,) = models(trainer)
    recipe = training_record(path).recipe
    assert recipe.optimization.epochs == 1
    assert recipe.optimization.batch_size == 16 < PRESETS["quick"].optimization.batch_size
