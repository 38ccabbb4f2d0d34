"""What the Train half says of the data before Start, and folders that are dropped on it."""

from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from PySide6.QtCore import QMimeData, QUrl
from PySide6.QtWidgets import QLabel

from cnngui.core.data import datasets
from cnngui.core.errors import Stopped
from cnngui.core.progress import Progress
from cnngui.gui.common.settings import Settings
from cnngui.gui.train.data.class_table import ClassTable
from cnngui.gui.window.drops.drop_overlay import DropOverlay
from tests.gui.conftest import Driver, Opener, picture, whole_box


@pytest.fixture
def birds(tmp_path: Path) -> Path:
    """Twelve owls and eight robins, a PSD file, and a picture that cannot be read."""
    folder = tmp_path / "birds"
    for name, count in (("owl", 12), ("robin", 8)):
        (folder / name).mkdir(parents=True)
        for number in range(count):
            Image.new("RGB", (40, 40), (number, 0, 0)).save(folder / name / f"{number}.png")
    (folder / "owl" / "drawing.psd").write_text("no picture")
    (folder / "robin" / "bad.png").write_text("no picture")
    return folder


def files(*paths: Path) -> QMimeData:
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    return mime


def read(driver: Driver) -> None:
    driver.wait_until(lambda: not driver.window.train.data.is_reading)


def rows(driver: Driver) -> list[tuple[str, str]]:
    (table,) = driver.window.findChildren(ClassTable)
    model = table.model()
    return [
        (model.index(row, 0).data(), model.index(row, 1).data()) for row in range(model.rowCount()) if table.isVisible()
    ]


@pytest.mark.usefixtures("few_shapes")
def test_a_dropped_folder_of_classes_becomes_the_data(driver: Driver, birds: Path) -> None:
    driver.press("Ctrl+3")
    driver.drag(files(birds))
    (overlay,) = driver.window.findChildren(DropOverlay)
    (text,) = overlay.findChildren(QLabel)
    driver.wait_until(lambda: text.text() == "Drop to train on “birds”: 2 classes")
    driver.drop(files(birds))
    driver.wait_until(lambda: driver.window.train.form.source == str(birds))
    read(driver)
    assert rows(driver) == [("owl", "12"), ("robin", "8")]
    assert driver.sees("20 images in 2 classes. 14 images for training, 2 for validation, 4 for the test.")
    assert driver.sees("With 4 test images, the accuracy is uncertain by up to 49 percentage points.")
    assert driver.sees("1 file left out: PSD.")
    assert driver.sees("1 picture left out: not readable.")
    assert driver.window.train.isVisible()
    assert driver.pictures.rowCount() == 0


@pytest.mark.usefixtures("few_shapes")
def test_a_drop_counts_whatever_is_dragged_over_the_window_then(driver: Driver, birds: Path, tmp_path: Path) -> None:
    driver.press("Ctrl+3")
    driver.drop(files(birds))
    (tmp_path / "other").mkdir()
    driver.drag(files(tmp_path / "other"))
    driver.wait_until(lambda: driver.window.train.form.source == str(birds))


@pytest.mark.usefixtures("few_shapes")
def test_a_picture_and_a_folder_without_classes_are_classified(driver: Driver, tmp_path: Path) -> None:
    driver.press("Ctrl+3")
    driver.drop(files(picture(tmp_path / "red.png", "red")))
    assert driver.wait_for_answers() == ["red"]
    (tmp_path / "holiday").mkdir()
    picture(tmp_path / "holiday" / "blue.png", "blue")
    driver.press("Ctrl+3")
    driver.drop(files(tmp_path / "holiday"))
    driver.wait_until(lambda: driver.window.predict.isVisible())
    assert driver.wait_for_answers() == ["red", "blue"]


@pytest.mark.usefixtures("few_shapes")
def test_few_images_change_the_preset_and_what_the_user_has_set_stays(driver: Driver, birds: Path) -> None:
    driver.press("Ctrl+3")
    form = driver.window.train.form
    form.use_folder(birds)
    read(driver)
    assert whole_box(form, "batch_size").value() == 16
    assert whole_box(form, "epochs").value() > 12
    driver.enter(whole_box(form, "epochs"), "3")
    driver.choose(form.data_box, "Drawn shapes")
    read(driver)
    assert whole_box(form, "epochs").value() == 3
    driver.choose(form.recipe_box, "article")
    assert whole_box(form, "batch_size").value() <= 32


def test_data_that_was_read_is_not_read_again_for_the_training(
    driver: Driver, birds: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    driver.press("Ctrl+3")
    form = driver.window.train.form
    form.use_folder(birds)
    read(driver)
    driver.choose(form.recipe_box, "article")
    driver.enter(whole_box(form, "epochs"), "1")
    reads: list[str] = []
    before = datasets.read

    def counted(source: str, **more: Any) -> datasets.RawData:
        reads.append(source)
        return before(source, **more)

    monkeypatch.setattr(datasets, "read", counted)
    driver.click("Start")
    driver.wait_for_rest()
    assert driver.button("Use for prediction").isVisible()
    assert reads == []
    (birds / "owl" / "0.png").unlink()
    driver.click("Start")
    driver.wait_for_rest()
    assert reads == [str(birds)]


def test_reading_can_be_cancelled_and_done_again(driver: Driver, monkeypatch: pytest.MonkeyPatch) -> None:
    def endless(_source: str, *, should_stop: Any, progress: Any, **_: Any) -> None:
        progress(Progress("Reading images, 3 of 9", 3, 9))
        while not should_stop():
            pass
        raise Stopped

    monkeypatch.setattr(datasets, "read", endless)
    driver.press("Ctrl+3")
    driver.wait_for("Reading images, 3 of 9 …")
    driver.click("Cancel")
    not_read = "The data has not been read. It will be when the training starts."
    assert driver.sees(not_read)
    driver.enter(whole_box(driver.window.train.form, "epochs"), "3")  # says nothing new of the data
    assert driver.sees(not_read)
    driver.click("Read again")
    driver.wait_for("Reading images, 3 of 9 …")


def test_data_without_classes_is_said_before_start(driver: Driver, tmp_path: Path) -> None:
    for part in ("train", "test"):
        (tmp_path / "x" / part).mkdir(parents=True)
        picture(tmp_path / "x" / part / "0.png", "red")
    driver.press("Ctrl+3")
    driver.window.train.form.use_folder(tmp_path / "x")
    read(driver)
    assert driver.sees("are parts of a data set, not classes")
    driver.enter(whole_box(driver.window.train.form, "epochs"), "3")
    assert not driver.window.train.data.is_reading


def test_the_data_can_be_seen_while_a_training_runs(driver: Driver, few_shapes: None) -> None:
    driver.press("Ctrl+3")
    read(driver)
    driver.enter(whole_box(driver.window.train.form, "epochs"), "1000")
    driver.click("Start")
    driver.wait_until(lambda: driver.window.train.plot.isVisible())
    driver.click("Data")
    assert len(rows(driver)) == 10
    assert not driver.window.train.plot.isVisible()
    driver.click("Curves")
    assert driver.window.train.plot.isVisible()


@pytest.mark.usefixtures("few_shapes")
def test_data_folders_and_recipe_are_remembered(open_window: Opener, birds: Path) -> None:
    driver = open_window()
    driver.press("Ctrl+3")
    driver.window.train.form.use_folder(birds)
    driver.choose(driver.window.train.form.recipe_box, "quick")
    driver.close()
    form = open_window().window.train.form
    assert (form.source, form.recipe.name) == (str(birds), "quick")
    assert Settings().data_folders == [str(birds)]
