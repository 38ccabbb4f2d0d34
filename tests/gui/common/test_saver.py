import threading
import time
from pathlib import Path

import pytest
from PySide6.QtWidgets import QFileDialog

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
