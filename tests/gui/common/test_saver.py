import threading
import time
from pathlib import Path

import pytest
from PySide6.QtWidgets import QFileDialog

from cnngui.core.recipes.toml_file import read_recipe
from tests.gui.conftest import Driver


def test_the_window_closes_when_what_is_being_saved_is_there(
    driver: Driver, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "plot.png"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(target), ""))
    began = threading.Event()

    def write(path: Path) -> None:
        began.set()
        time.sleep(0.3)  # a slow disk
        path.write_text("whole")

    driver.window.saver.save("Save the plot", "plot.png", "PNG (*.png)", write)
    assert began.wait(10)
    driver.close()
    assert not driver.window.isVisible()
    assert target.read_text() == "whole"


@pytest.mark.parametrize(("typed", "written"), [("mine", "mine.toml"), ("a.TOML", "a.TOML")])
def test_a_recipe_is_exported(
    driver: Driver, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, typed: str, written: str
) -> None:
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(tmp_path / typed), ""))
    form = driver.window.train.form
    form.recipe_form.export_asked.emit()
    driver.wait_until(lambda: not driver.window.saver.is_running)
    assert read_recipe(tmp_path / written) == form.recipe
    form.recipe_state.choose("quick")
    form.recipe_form.export_asked.emit()
    driver.wait_until(lambda: not driver.window.saver.is_running)
    # The dialog has asked about the name that was typed only.
    assert (read_recipe(tmp_path / written) == form.recipe) == (typed == written)


def test_an_export_that_cannot_be_written_is_told(
    driver: Driver, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(tmp_path / "file" / "a.toml"), ""))
    driver.window.train.form.recipe_form.export_asked.emit()
    driver.wait_for("a.toml could not be written")
