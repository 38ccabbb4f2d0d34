from pathlib import Path

import pytest
from PySide6.QtCore import QLocale, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog
from pytestqt.qtbot import QtBot

from cnngui.core.data import sources
from cnngui.core.networks.presets import SHAPES
from cnngui.core.recipes.presets import MEASURED, PRESETS, Measured
from cnngui.gui.common.settings import Settings
from cnngui.gui.train import form as train_form
from cnngui.gui.train.form import TrainForm
from cnngui.gui.train.recipe import state as recipe_state
from tests.gui.conftest import Driver, rate_box, whole_box


@pytest.fixture
def form(driver: Driver) -> TrainForm:
    """The form in a window that shows it."""
    driver.press("Ctrl+3")
    return driver.window.train.form


def test_without_cifar10_the_shapes_are_chosen(form: TrainForm) -> None:
    assert form.source == sources.SHAPES
    assert form.data_title == "Drawn shapes"


def test_a_place_for_cifar10_chooses_it(qtbot: QtBot, tmp_path: Path) -> None:
    form = TrainForm(tmp_path, Settings())
    qtbot.addWidget(form)
    assert form.source == sources.CIFAR10


def test_cifar10_says_that_it_would_be_downloaded(driver: Driver, form: TrainForm) -> None:
    driver.choose(form.data_box, "CIFAR-10")
    assert form.source == sources.CIFAR10
    assert driver.sees("170 MB will be downloaded first.")


def test_a_preset_fills_the_fields(driver: Driver, form: TrainForm) -> None:
    assert form.recipe == PRESETS["standard"]
    for name in ("article", "standard"):
        driver.choose(form.recipe_box, name)
        assert form.recipe == PRESETS[name]


def entries(form: TrainForm) -> dict[str, str]:
    """The entries of the list of recipes: what each stands for, and how it reads."""
    box = form.recipe_box
    return {box.itemData(row): box.itemText(row) for row in range(box.count())}


def test_each_preset_shows_what_it_came_to_where_that_was_measured(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    measured = {"article": Measured(0.5, 7800), "standard": Measured(0.8846, 20)}
    monkeypatch.setattr(train_form, "MEASURED", measured)
    form = TrainForm(tmp_path, Settings())  # where CIFAR-10 is said to be
    qtbot.addWidget(form)
    shown = entries(form)
    assert shown.pop("article") == "article — 50.0 %, 130 min"
    assert shown.pop("standard") == "standard — 88.5 %, 1 min"
    assert shown == {name: name for name in PRESETS if name not in measured}


def test_whose_figures_these_are_is_said_where_there_are_any(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, driver: Driver, form: TrainForm
) -> None:
    assert "standard" in MEASURED
    driver.choose(form.data_box, "CIFAR-10")
    assert driver.sees("Accuracy and time were measured on CIFAR-10’s JPEG copy on two cores.")
    monkeypatch.setattr(train_form, "MEASURED", {})
    driver.choose(form.data_box, "Drawn shapes")
    driver.choose(form.data_box, "CIFAR-10")
    assert not driver.sees("JPEG copy")


def test_other_data_have_no_figures_of_cifar10(driver: Driver, form: TrainForm) -> None:
    driver.choose(form.data_box, "CIFAR-10")
    assert "%" in entries(form)["quick"]
    driver.choose(form.data_box, "Drawn shapes")
    assert entries(form) == {name: name for name in PRESETS}
    assert not driver.sees("JPEG copy")


def test_standard_is_chosen_at_first_whatever_the_order(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    for names in (sorted(PRESETS), sorted(PRESETS, reverse=True)):
        monkeypatch.setattr(recipe_state, "PRESETS", {name: PRESETS[name] for name in names})
        form = TrainForm(None, Settings())
        qtbot.addWidget(form)
        assert list(entries(form)) == names
        assert form.recipe == PRESETS["standard"]


def test_all_presets_are_seen_at_once_and_whole(driver: Driver, form: TrainForm) -> None:
    box = form.recipe_box
    box.setFocus()
    driver.press("Alt+Down")
    view = box.view()
    driver.wait_until(view.isVisible)
    assert view.verticalScrollBar().maximum() == 0
    last = view.visualRect(view.model().index(box.count() - 1, 0))
    assert view.viewport().rect().contains(last)
    for text in entries(form).values():
        assert box.fontMetrics().horizontalAdvance(text) < view.viewport().width()
    QTest.keyClick(view, Qt.Key.Key_Escape)
    # Neither is the form cut: its place in the window is as wide as it needs.
    assert form.width() <= form.visibleRegion().boundingRect().width()


@pytest.mark.parametrize("name", PRESETS)
def test_every_preset_says_how_it_learns(driver: Driver, form: TrainForm, name: str) -> None:
    driver.choose(form.recipe_box, name)
    assert form.recipe == PRESETS[name]
    augmentation, network = PRESETS[name].augmentation, PRESETS[name].network
    assert driver.sees(SHAPES[network.shape].summary) == (not network.begins)
    assert driver.sees("Its last layer learns.") == network.is_head_only
    assert driver.sees("It learns on from half-way on.") == (network.trainable == "half")
    assert driver.sees("Augmentation: horizontal flip") == augmentation.horizontal_flip
    assert driver.sees("zoom, colour jitter, cutout, CutMix") == (augmentation.cutmix > 0)
    assert driver.sees("warm restarts with weight averaging") == (len(PRESETS[name].cycles) > 1)


def test_edits_are_part_of_the_recipe(driver: Driver, form: TrainForm) -> None:
    driver.choose(form.recipe_box, "article")
    driver.enter(whole_box(form, "epochs"), "3")
    driver.enter(whole_box(form, "batch_size"), "64")
    driver.enter(rate_box(form), "0.0005")
    recipe = form.recipe
    assert (recipe.optimization.epochs, recipe.optimization.batch_size, recipe.optimization.learning_rate) == (
        3,
        64,
        0.0005,
    )
    assert (recipe.name, recipe.network.shape) == ("article", "article")


def test_the_arrow_keys_change_a_number(driver: Driver, form: TrainForm) -> None:
    before = form.recipe.optimization.epochs
    whole_box(form, "epochs").setFocus()
    driver.press("Up")
    assert form.recipe.optimization.epochs == before + 1


@pytest.mark.parametrize("language", ["de_DE", "en_US", "ar_EG"])
def test_a_rate_is_typed_as_it_is_shown_in_every_language(qtbot: QtBot, language: str) -> None:
    before = QLocale()
    QLocale.setDefault(QLocale(language))
    try:
        form = TrainForm(None, Settings())
        qtbot.addWidget(form)
        box = rate_box(form)
        assert box.text() == f"{PRESETS['standard'].optimization.learning_rate:g}"
        box.selectAll()
        QTest.keyClicks(box, "0.025")
        box.interpretText()
        assert form.recipe.optimization.learning_rate == 0.025
        assert box.text() == "0.025"
    finally:
        QLocale.setDefault(before)


def test_a_folder_of_images_becomes_an_entry(
    driver: Driver, form: TrainForm, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    birds = tmp_path / "birds"
    birds.mkdir()
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(birds))
    driver.choose(form.data_box, "Folder of images …")
    assert form.source == str(birds)
    assert form.data_title == "Folder birds"


def test_no_folder_chosen_leaves_the_data_as_they_were(
    driver: Driver, form: TrainForm, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: "")
    driver.choose(form.data_box, "Folder of images …")
    assert form.source == sources.SHAPES


def test_the_overview_says_what_a_training_will_do(driver: Driver, form: TrainForm) -> None:
    driver.choose(form.recipe_box, "article")
    driver.enter(whole_box(form, "epochs"), "1")
    assert driver.sees("article, edited on Drawn shapes")
    assert driver.sees("1 epoch in batches of 32 images, with a learning rate of 0.001.")
    driver.choose(form.data_box, "CIFAR-10")
    assert driver.sees("article, edited on CIFAR-10")


def test_nothing_jumps_when_another_text_is_shown(qtbot: QtBot) -> None:
    form = TrainForm(None, Settings())
    qtbot.addWidget(form)
    form.resize(320, 600)
    form.show()
    QApplication.processEvents()
    form.resize(320, form.minimumSizeHint().height())  # no room to spare

    def tops() -> list[int]:
        QApplication.processEvents()
        return [
            box.y()
            for box in (
                form.recipe_box,
                whole_box(form, "epochs"),
                rate_box(form),
            )
        ]

    before = tops()
    for source in (sources.CIFAR10, sources.SHAPES):
        form.data_box.setCurrentIndex(form.data_box.findData(source))
        form.data_box.activated.emit(form.data_box.currentIndex())
        for row in range(form.recipe_box.count()):
            form.recipe_box.setCurrentIndex(row)
            assert tops() == before
