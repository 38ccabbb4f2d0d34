"""Models of others in the window: what is said of them, and the choice of their pixels."""

import shutil
from pathlib import Path

import keras
import numpy as np
import pytest
from keras import layers
from PySide6.QtWidgets import QFileDialog, QPushButton

from cnngui.core.models.pixels import Pixels, read_pixels
from tests.gui.conftest import Driver, mime_of, picture


def of_unit_pixels(path: Path) -> Path:
    """A model that learnt from pixels of 0–1, and is always quite sure of others."""
    dense = layers.Dense(3, activation="softmax")
    network = keras.Sequential([keras.Input((32, 32, 3)), layers.GlobalAveragePooling2D(), dense])
    dense.set_weights([np.eye(3) * 8, np.zeros(3)])
    network.save(path.with_suffix(path.suffix.lower()))
    path.with_suffix(".txt").write_text("red\ngreen\nblue")
    return Path(shutil.move(path.with_suffix(path.suffix.lower()), path))


def offered(driver: Driver) -> list[str]:
    """The pixels that can be chosen, on visible buttons."""
    buttons = driver.window.findChildren(QPushButton)
    return [each.text() for each in buttons if each.isVisible() and each.text().startswith("Pixels")]


def test_one_click_chooses_its_pixels(driver: Driver, tmp_path: Path) -> None:
    path = of_unit_pixels(tmp_path / "unit.keras")
    driver.drop_files(path)
    driver.wait_for("unit.keras gives every picture 100 %")
    driver.wait_for("unit.keras: pixels 0–255; probabilities as they are.")
    assert offered(driver) == ["Pixels 0–1", "Pixels −1–1"]  # it gets 0–255
    driver.click("Pixels −1–1")
    driver.wait_for("unit.keras gets pixels of −1–1")
    driver.click("Pixels 0–1")  # the other was wrong
    driver.wait_for("unit.keras gets pixels of 0–1")
    assert read_pixels(path) is Pixels.UNIT
    driver.drop_files(picture(tmp_path / "red.png", "red"))
    assert driver.wait_for_answers() == ["red"]
    driver.click("Close")
    assert not driver.sees("unit.keras gets pixels of")
    driver.drop_files(path)
    driver.wait_for_rest()
    driver.wait_for("unit.keras: pixels 0–1; probabilities as they are.")
    assert offered(driver) == []


def test_another_model_ends_the_question(driver: Driver, colour_model: Path, tmp_path: Path) -> None:
    driver.drop_files(of_unit_pixels(tmp_path / "unit.keras"))
    driver.wait_for("unit.keras gives every picture 100 %")
    driver.drop_files(colour_model)
    driver.wait_for_rest()
    assert not driver.sees("unit.keras gives every picture 100 %")


@pytest.mark.parametrize("name", ["UNIT.H5", "unit.Keras", "unit.h5"])
def test_a_drop_in_any_letter_case(driver: Driver, tmp_path: Path, name: str) -> None:
    path = of_unit_pixels(tmp_path / name)
    driver.drag(mime_of(path))
    assert f"Drop to open the model “{name}”" in driver.texts()
    driver.drop_files(path)
    driver.wait_for(f"{name} gives every picture 100 %")


def test_the_dialog_shows_every_kind(driver: Driver, monkeypatch: pytest.MonkeyPatch) -> None:
    filters: list[str] = []

    def asked(*arguments: str) -> tuple[str, str]:
        filters.append(arguments[-1])
        return "", ""

    monkeypatch.setattr(QFileDialog, "getOpenFileName", asked)
    driver.press("Ctrl+Shift+O")
    assert filters == ["Models (*.keras *.KERAS *.h5 *.H5 *.hdf5 *.HDF5);;All files (*)"]


def test_a_model_of_another_program_is_named(driver: Driver, tmp_path: Path) -> None:
    (tmp_path / "net.onnx").write_bytes(b"x")
    driver.drop_files(tmp_path / "net.onnx")
    driver.wait_for("net.onnx is an ONNX model, not a Keras one.")
