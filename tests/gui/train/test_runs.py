"""A training that is paused, queued, discarded, continued and lengthened, in the window."""

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialogButtonBox, QLabel

from cnngui.core.progress import BatchProgress, Earlier, EpochResult
from cnngui.core.recipes.toml_file import read_recipe
from cnngui.core.runs.checkpoint import checkpoints
from cnngui.core.runs.folder import MODEL, RECIPE
from cnngui.core.runs.history import read_epochs
from cnngui.core.runs.record import Phase, RunRecord, read_record
from cnngui.core.training import callbacks
from cnngui.gui.runs.cells import Column
from cnngui.gui.runs.table import RunTable
from cnngui.gui.train.longer import LongerDialog
from tests.conftest import training_record
from tests.gui.conftest import Driver, whole_box
from tests.gui.train.conftest import Gate, models, outcome, train_for_long

FINISHED = ("good", "doubtful")

pytestmark = pytest.mark.usefixtures("few_shapes")


def phase(driver: Driver) -> str:
    return driver.window.train_state.phase.name


def folders(driver: Driver) -> list[Path]:
    """The folders of all runs, the oldest first."""
    runs = driver.window.train_state.runs_dir
    return sorted(each for each in runs.iterdir() if not each.name.startswith(".")) if runs.is_dir() else []


def record(folder: Path) -> RunRecord:
    found = read_record(folder)
    assert found is not None
    return found


def reports(driver: Driver) -> list[object]:
    """All that trainings report from now on."""
    seen: list[object] = []
    driver.window.train_state.progressed.connect(seen.append)
    return seen


def hold(driver: Driver, gate: Gate, epochs: int, epoch: int) -> Path:
    """Start a training of so many epochs, and hold it in one of them; its folder."""
    driver.enter(whole_box(driver.window.train.form, "epochs"), str(epochs))
    gate.hold_in(epoch)
    driver.click("Start")
    driver.wait_until(lambda: gate.is_held)
    driver.wait_until(lambda: len(driver.window.train.plot.points.validation) == epoch - 1)
    assert driver.window.train_state.current is not None
    return driver.window.train_state.current.path.parent


def stop(driver: Driver, gate: Gate) -> None:
    """Click “Stop and keep” while the training is held, and wait for the end."""
    driver.wait_until(lambda: driver.button("Stop and keep").isEnabled())
    driver.click("Stop and keep")
    gate.open()
    driver.wait_for_rest()


# Pause


@pytest.mark.parametrize("way", ["button", "F6"])
def test_a_paused_training_stands_still_and_goes_on(trainer: Driver, gate: Gate, way: str) -> None:
    train_for_long(trainer)
    trainer.click("Pause") if way == "button" else trainer.press("F6")
    assert phase(trainer) == "PAUSED"
    assert trainer.sees("Paused. Everything stays in memory, and a checkpoint is on disk.")
    (folder,) = folders(trainer)
    trainer.wait_until(lambda: bool(checkpoints(folder)))
    before = gate.batches
    trainer.bot.wait(300)  # in which some fifty batches would pass
    assert gate.batches == before
    trainer.click("Go on") if way == "button" else trainer.press("F6")
    assert phase(trainer) == "TRAINING"
    trainer.wait_until(lambda: gate.batches > before)
    trainer.wait_until(lambda: not trainer.sees("Paused."))
    assert trainer.button("Pause").isEnabled()


def test_a_paused_training_can_be_stopped(trainer: Driver) -> None:
    train_for_long(trainer)
    trainer.click("Pause")
    trainer.click("Stop and keep")
    trainer.wait_for_rest()
    assert outcome(trainer) == "stopped"
    assert len(models(trainer)) == 1


# Queue


def test_trainings_wait_in_a_queue_and_begin_by_themselves(trainer: Driver, gate: Gate) -> None:
    first = hold(trainer, gate, epochs=1, epoch=1)
    trainer.click("Queue")
    trainer.enter(whole_box(trainer.window.train.form, "epochs"), "2")
    trainer.press("Shift+F5")
    trainer.click("Queue")
    trainer.wait_until(lambda: len([each for each in folders(trainer) if (each / RECIPE).exists()]) == 4)
    second, third, fourth = (each.path.parent for each in trainer.window.train_state.queue)
    trainer.wait_until(lambda: all(read_record(each) is not None for each in (second, third, fourth)))
    assert [record(each).phase for each in (second, third, fourth)] == [Phase.WAITING] * 3
    trainer.wait_for("Queued: article on Drawn shapes, 1 epoch")
    trainer.wait_for("Queued: article on Drawn shapes, 2 epochs")

    trainer.click(f"Remove {third.name} from the queue")
    ended: list[Path] = []
    trainer.window.train_state.ended.connect(lambda ending: ended.append(ending.path.parent))
    gate.open()
    for count in (1, 2, 3):
        trainer.wait_until(lambda count=count: len(ended) >= count)  # type: ignore[misc]
    trainer.wait_for_rest()
    assert ended == [first, second, fourth]
    assert [record(each).phase for each in ended] == [Phase.FINISHED] * 3
    assert [training_record(each / MODEL).recipe.optimization.epochs for each in ended] == [1, 1, 2]
    assert record(third).phase == Phase.WAITING
    assert not (third / MODEL).exists()
    assert not trainer.sees("Queued: ")
    assert len(models(trainer)) == 3


# Discard


def test_a_discarded_training_is_deleted_and_can_be_brought_back(trainer: Driver, gate: Gate) -> None:
    folder = hold(trainer, gate, epochs=3, epoch=2)
    trainer.click("Discard")
    gate.open()
    trainer.wait_for(f"“{folder.name}” is deleted.")
    trainer.wait_for_rest()
    assert not folder.exists()
    assert outcome(trainer) == ""
    trainer.click("Undo")
    trainer.wait_until(folder.exists)
    assert record(folder).phase == Phase.STOPPED
    assert not (folder / MODEL).exists()
    assert len(checkpoints(folder)) == 1
    assert len(read_epochs(folder)) == 1


def test_a_run_whose_continuation_is_discarded_is_again_what_it_was(trainer: Driver, gate: Gate) -> None:
    folder = hold(trainer, gate, epochs=3, epoch=2)
    stop(trainer, gate)
    before = read_epochs(folder), record(folder), models(trainer)
    gate.hold_in(3)
    trainer.click("Continue")
    trainer.wait_until(lambda: gate.is_held)
    trainer.click("Discard")
    gate.open()
    trainer.wait_for_rest()
    assert trainer.sees("The run is again what it was before it went on.")
    assert (read_epochs(folder), record(folder), models(trainer)) == before
    assert not trainer.sees("is deleted.")


# Continue


def test_a_stopped_training_continues_where_it_was(trainer: Driver, gate: Gate) -> None:
    folder = hold(trainer, gate, epochs=3, epoch=2)
    stop(trainer, gate)
    assert outcome(trainer) == "stopped"
    assert trainer.sees("Stopped after 1 of 3 epochs")
    assert record(folder).phase == Phase.STOPPED
    before = read_epochs(folder)

    seen = reports(trainer)
    trainer.click("Continue")
    assert outcome(trainer) == ""
    trainer.wait_for_rest()
    assert outcome(trainer) in FINISHED
    (earlier,) = (each for each in seen if isinstance(each, Earlier))
    assert earlier.epochs == before
    first = next(each for each in seen if isinstance(each, BatchProgress))
    assert (first.epoch, first.batch) >= (2, 2)
    assert [each.epoch for each in seen if isinstance(each, EpochResult)] == [2, 3]

    points = trainer.window.train.plot.points
    epochs = [point.epoch for point in points.training]
    assert epochs == sorted(set(epochs))
    assert epochs[0] < 1
    assert [point.epoch for point in points.validation] == [1, 2, 3]
    assert [result.epoch for result in read_epochs(folder)] == [1, 2, 3]
    assert training_record(folder / MODEL).history == read_epochs(folder)
    assert record(folder).phase == Phase.FINISHED
    assert folders(trainer) == [folder]


# Train longer


def with_longer_dialog(driver: Driver, click: str, use: Callable[[LongerDialog], object]) -> None:
    """Click what opens the dialog, and do something with it."""
    driver.click(click)
    driver.wait_until(lambda: isinstance(QApplication.activeModalWidget(), LongerDialog))
    dialog = QApplication.activeModalWidget()
    assert isinstance(dialog, LongerDialog)
    use(dialog)
    driver.wait_until(lambda: QApplication.activeModalWidget() is None)


def longer(driver: Driver, epochs: int, sentence: str, button: str = "Train longer") -> Callable[[LongerDialog], None]:
    """Enter so many epochs in the dialog, read its sentence, and click a button."""

    def use(dialog: LongerDialog) -> None:
        dialog.epochs_box.selectAll()
        QTest.keyClicks(dialog.epochs_box, str(epochs))
        assert any(sentence in label.text() for label in dialog.findChildren(QLabel))
        (box,) = dialog.findChildren(QDialogButtonBox)
        (found,) = (each for each in box.buttons() if each.text().replace("&", "") == button)
        found.click()

    return use


def test_a_running_training_is_lengthened(trainer: Driver, gate: Gate) -> None:
    folder = hold(trainer, gate, epochs=2, epoch=2)
    said = "2 epochs more than planned"
    with_longer_dialog(trainer, "Train longer …", longer(trainer, 4, said, "Cancel"))
    assert trainer.window.train_state.epochs == 2
    with_longer_dialog(trainer, "Train longer …", longer(trainer, 4, said))
    assert trainer.window.train_state.epochs == 4
    assert trainer.sees("article, edited on Drawn shapes  ·  4 epochs")
    gate.open()
    trainer.wait_for_rest()
    training = training_record(folder / MODEL)
    assert (training.recipe.optimization.epochs, len(training.history)) == (4, 4)
    assert read_recipe(folder / RECIPE).optimization.epochs == 4
    assert len(trainer.window.train.plot.points.validation) == 4


def test_a_finished_training_is_lengthened(trainer: Driver) -> None:
    trainer.click("Start")
    trainer.wait_for_rest()
    (path,) = models(trainer)
    with_longer_dialog(trainer, "Train longer …", longer(trainer, 3, "2 epochs more than planned", "Cancel"))
    assert not trainer.window.train_state.is_busy
    assert outcome(trainer) in FINISHED
    said = "The learning rate stays as it is."
    with_longer_dialog(trainer, "Train longer …", longer(trainer, 3, said))
    trainer.wait_until(lambda: trainer.window.train_state.is_busy)
    trainer.wait_for_rest()
    training = training_record(path)
    assert (training.recipe.optimization.epochs, [each.epoch for each in training.history]) == (3, [1, 2, 3])
    assert outcome(trainer) in FINISHED
    assert models(trainer) == [path]


def test_more_epochs_that_are_asked_for_after_the_last_one_are_trained_too(
    trainer: Driver, monkeypatch: pytest.MonkeyPatch
) -> None:
    from cnngui.core.training.trained import Finishing, Seen

    look, goes_on, waits = Finishing.look, threading.Event(), threading.Event()

    def wait(*arguments: Any) -> Seen:
        waits.set()
        goes_on.wait(60)
        return look(*arguments)

    with monkeypatch.context() as patch:
        patch.setattr(Finishing, "look", wait)
        trainer.click("Start")
        trainer.wait_until(lambda: waits.is_set() and trainer.button("Train longer …").isEnabled())
        with_longer_dialog(trainer, "Train longer …", longer(trainer, 2, "1 epoch more than planned"))
    goes_on.set()
    trainer.wait_until(lambda: [training_record(each).recipe.optimization.epochs for each in models(trainer)] == [2])
    trainer.wait_for_rest()
    (path,) = models(trainer)
    assert len(training_record(path).history) == 2
    assert outcome(trainer) in FINISHED


# What goes wrong


def test_after_a_diverged_training_one_click_goes_back_to_its_last_good_epoch(
    trainer: Driver, monkeypatch: pytest.MonkeyPatch
) -> None:
    end = callbacks.ProgressCallback.on_train_batch_end

    def diverge(callback: Any, batch: int, logs: dict[str, Any] | None = None) -> None:
        wild = {callbacks.CROSS_ENTROPY: float("nan")} if callback.epoch == 1 else {}
        end(callback, batch, {**(logs or {}), **wild})

    trainer.enter(whole_box(trainer.window.train.form, "epochs"), "3")
    with monkeypatch.context() as patch:
        patch.setattr(callbacks.ProgressCallback, "on_train_batch_end", diverge)
        trainer.click("Start")
        trainer.wait_for_rest()
    assert outcome(trainer) == "failed"
    (folder,) = folders(trainer)
    assert record(folder).phase == Phase.FAILED
    before = read_epochs(folder)
    assert len(before) == 1
    assert trainer.button("Start with a rate of 0.0001").isEnabled()
    trainer.click("Go back to epoch 1 with a rate of 0.0001")
    trainer.wait_for_rest()
    assert outcome(trainer) in FINISHED
    training = training_record(folder / MODEL)
    assert training.history[:1] == before
    assert len(training.history) == 3
    assert training.recipe.optimization.learning_rate == pytest.approx(0.0001)
    assert folders(trainer) == [folder]


def test_after_an_error_the_run_is_continued_from_its_list(trainer: Driver, monkeypatch: pytest.MonkeyPatch) -> None:
    end = callbacks.ProgressCallback.on_train_batch_end

    def exhaust(callback: Any, batch: int, logs: dict[str, Any] | None = None) -> None:
        if callback.epoch == 1:
            raise MemoryError
        end(callback, batch, logs)

    trainer.enter(whole_box(trainer.window.train.form, "epochs"), "2")
    with monkeypatch.context() as patch:
        patch.setattr(callbacks.ProgressCallback, "on_train_batch_end", exhaust)
        trainer.click("Start")
        trainer.wait_for_rest()
    assert outcome(trainer) == "failed"
    assert trainer.sees("There is not enough memory for this training.")
    assert trainer.sees("continue the run")
    (folder,) = folders(trainer)
    assert record(folder).phase == Phase.FAILED

    trainer.press("Ctrl+4")
    (table,) = trainer.window.findChildren(RunTable)
    rows = table.model()
    trainer.wait_until(lambda: bool(rows.match(rows.index(0, 0), Qt.ItemDataRole.DisplayRole, folder.name)))
    (row,) = rows.match(rows.index(0, 0), Qt.ItemDataRole.DisplayRole, folder.name)
    assert row.siblingAtColumn(Column.STATE).data() == "failed"
    QTest.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=table.visualRect(row).center())
    trainer.click("Continue")
    assert trainer.window.train.isVisible()
    trainer.wait_for_rest()
    assert outcome(trainer) in FINISHED
    assert [each.epoch for each in training_record(folder / MODEL).history] == [1, 2]
    assert record(folder).reason == ""
