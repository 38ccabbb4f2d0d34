"""The preview of the augmentation, and the rate finder."""

import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
import shiboken6
from PIL import Image
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDoubleSpinBox, QLabel, QPushButton
from pytestqt.qtbot import QtBot

from cnngui.core.data import shapes
from cnngui.core.data.datasets import RawData, Split
from cnngui.core.errors import UserError
from cnngui.core.progress import ShouldStop
from cnngui.core.recipes.presets import QUICK
from cnngui.core.training.trial import RangePoint
from cnngui.gui.train.recipe import rate_finder
from cnngui.gui.train.recipe.preview import COUNT, AugmentationPreview
from cnngui.gui.train.recipe.rate_finder import RateFinder
from cnngui.gui.train.recipe.state import RecipeState

Finds = Callable[[Callable[[ShouldStop], RawData]], RateFinder]


@pytest.fixture
def state(tmp_path: Path) -> RecipeState:
    state = RecipeState("standard", tmp_path)
    state.set("augmentation.horizontal_flip", False)
    state.set("augmentation.shift", 0)
    return state


@pytest.fixture
def preview(qtbot: QtBot, state: RecipeState) -> Iterator[AugmentationPreview]:
    images = np.random.default_rng(0).integers(0, 256, (3, 32, 32, 3), np.uint8)
    preview = AugmentationPreview(state, images)
    preview.open()
    yield preview
    close(preview)


def close(tool: AugmentationPreview | RateFinder) -> None:
    """Close it, also if a test has failed: a dialog that stays open takes the events of later tests."""
    if shiboken6.isValid(tool):
        tool.reject()
        tool.stop()


@pytest.fixture
def find(qtbot: QtBot) -> Iterator[Finds]:
    """Opens rate finders that read their data so."""
    opened: list[RateFinder] = []

    def find(read: Callable[[ShouldStop], RawData]) -> RateFinder:
        opened.append(RateFinder(QUICK, read))
        opened[-1].open()
        return opened[-1]

    yield find
    for finder in opened:
        close(finder)


def tiles(preview: AugmentationPreview) -> list[bytes]:
    return [bytes(tile.pixmap().toImage().constBits()) for tile in preview._tiles]


def says(widget: QLabel | AugmentationPreview | RateFinder, text: str) -> bool:
    return any(text in label.text() and label.isVisible() for label in widget.findChildren(QLabel))


def test_without_augmentation_all_are_alike(preview: AugmentationPreview) -> None:
    assert len(tiles(preview)) == COUNT
    assert len(set(tiles(preview))) == 1
    assert says(preview, "Validation images stay as they are.")


@pytest.mark.parametrize(
    ("name", "value"),
    [("shift", 3), ("zoom", 0.5), ("rotation", 30.0), ("colour_jitter", 0.5), ("cutout", 0.3), ("cutmix", 1.0)],
)
def test_each_augmentation_is_seen_as_soon_as_it_is_set(
    preview: AugmentationPreview, state: RecipeState, name: str, value: float
) -> None:
    preview._rng = np.random.default_rng(0)
    state.set(f"augmentation.{name}", value)
    assert len(set(tiles(preview))) > 1  # CutMix leaves about half of the images


def test_a_flip_may_change_the_class(preview: AugmentationPreview, state: RecipeState) -> None:
    assert not says(preview, "A flip may change the class")
    state.set("augmentation.horizontal_flip", True)
    assert says(preview, "A flip may change the class")
    assert len(set(tiles(preview))) == 2


def test_a_click_draws_them_anew(preview: AugmentationPreview, state: RecipeState) -> None:
    state.set("augmentation.rotation", 90.0)
    before = tiles(preview)
    QTest.mouseClick(preview, Qt.MouseButton.LeftButton)
    assert tiles(preview) != before


def drop(preview: AugmentationPreview, path: Path) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path))])
    preview.dropEvent(
        QDropEvent(
            QPointF(5, 5),
            Qt.DropAction.CopyAction,
            data,
            Qt.MouseButton.LeftButton,
            Qt.KeyboardModifier.NoModifier,
        )
    )


def test_a_dropped_picture_is_shown(preview: AugmentationPreview, qtbot: QtBot, tmp_path: Path) -> None:
    Image.new("RGB", (64, 64), (250, 0, 0)).save(tmp_path / "red.png")
    drop(preview, tmp_path / "red.png")

    def is_red() -> bool:
        return preview._tiles[0].pixmap().toImage().pixelColor(5, 5).name() == "#fa0000"

    assert not is_red()
    qtbot.waitUntil(is_red, timeout=10_000)


def test_a_file_that_is_no_picture_is_told(preview: AugmentationPreview, qtbot: QtBot, tmp_path: Path) -> None:
    (tmp_path / "note.png").write_text("no picture")
    before = tiles(preview)
    drop(preview, tmp_path / "note.png")
    qtbot.waitUntil(lambda: not preview._problem.isHidden(), timeout=10_000)
    assert preview._problem.text().endswith(".")
    assert tiles(preview) == before


def raw() -> RawData:
    split = Split(np.zeros((40, 32, 32, 3), np.uint8), np.arange(40, dtype=np.int32) % 2)
    return RawData("shapes", "Shapes", ("a", "b"), split, None, None)


@pytest.fixture
def falling(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The losses of the range test."""
    losses = [2.0] * 40 + [2.0 - 0.05 * step for step in range(20)] + [1.0] * 10

    def test(*_args: object, found: Callable[[RangePoint], None], should_stop: ShouldStop) -> tuple[RangePoint, ...]:
        points = tuple(RangePoint(0.001 * 1.1**step, loss) for step, loss in enumerate(losses))
        for point in points:
            found(point)
        return points

    monkeypatch.setattr(rate_finder, "range_test", test)
    return losses


def button(finder: RateFinder, text: str) -> QPushButton:
    return next(each for each in finder.findChildren(QPushButton) if each.text().replace("&", "").startswith(text))


@pytest.mark.usefixtures("falling")
def test_a_rate_is_suggested_and_taken(find: Finds, qtbot: QtBot) -> None:
    finder = find(lambda _should_stop: raw())
    qtbot.waitUntil(lambda: says(finder, "The loss falls fastest at about"), timeout=30_000)
    with qtbot.waitSignal(finder.rate_chosen) as told:
        button(finder, "Use").click()
    assert 0.04 <= told.args[0] <= 0.4


@pytest.mark.usefixtures("falling")
def test_a_click_on_the_curve_takes_its_rate(find: Finds, qtbot: QtBot) -> None:
    finder = find(lambda _should_stop: raw())
    qtbot.waitUntil(lambda: says(finder, "The loss falls fastest at about"), timeout=30_000)
    view = finder._plot
    assert view is not None
    place = view.plotItem.vb.mapViewToScene(QPointF(-1, 1.5))
    QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=view.mapFromScene(place))
    with qtbot.waitSignal(finder.rate_chosen) as told:
        button(finder, "Use").click()
    assert told.args[0] == pytest.approx(0.1, rel=0.1)


@pytest.mark.usefixtures("falling")
def test_a_rate_is_typed(find: Finds, qtbot: QtBot) -> None:
    finder = find(lambda _should_stop: raw())
    (box,) = finder.findChildren(QDoubleSpinBox)
    assert box.value() == QUICK.optimization.learning_rate
    box.setFocus()
    box.selectAll()
    QTest.keyClicks(box.lineEdit(), "0.0123")
    QTest.keyClick(box.lineEdit(), Qt.Key.Key_Tab)
    with qtbot.waitSignal(finder.rate_chosen) as told:
        QTest.keyClick(button(finder, "Use"), Qt.Key.Key_Space)
    assert told.args[0] == 0.0123


@pytest.mark.usefixtures("falling")
def test_a_rate_that_is_typed_during_the_test_stays(find: Finds, qtbot: QtBot) -> None:
    read = threading.Event()

    def wait(_should_stop: ShouldStop) -> RawData:
        read.wait(30)
        return raw()

    finder = find(wait)
    finder.choose(0.05)
    read.set()
    qtbot.waitUntil(lambda: says(finder, "The loss falls fastest at about"), timeout=30_000)
    with qtbot.waitSignal(finder.rate_chosen) as told:
        button(finder, "Use").click()
    assert told.args[0] == 0.05


def test_a_flat_curve_suggests_nothing(find: Finds, qtbot: QtBot, falling: list[float]) -> None:
    falling[:] = [2.0] * 60
    finder = find(lambda _should_stop: raw())
    qtbot.waitUntil(lambda: says(finder, "nothing is suggested"), timeout=30_000)
    assert not button(finder, "Use").isEnabled()


def test_data_that_cannot_be_read_are_told(find: Finds, qtbot: QtBot) -> None:
    def fail(_should_stop: ShouldStop) -> RawData:
        raise UserError("There are no images. Choose another folder.")

    finder = find(fail)
    qtbot.waitUntil(lambda: says(finder, "There are no images."), timeout=30_000)


def test_closing_ends_the_test(find: Finds, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shapes, "TRAIN_PER_CLASS", 20)
    finder = find(lambda _should_stop: raw())
    assert finder.is_running
    finder.reject()
    assert not finder.isVisible()
    finder.stop()
