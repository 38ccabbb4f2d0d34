import csv
import xml.etree.ElementTree as ElementTree
from collections.abc import Sequence
from dataclasses import replace
from itertools import cycle
from pathlib import Path

import numpy as np
import pyqtgraph as pg
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QGuiApplication, QImage, QTextDocumentFragment, QWheelEvent
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QLabel, QPushButton
from pytestqt.qtbot import QtBot

from cnngui.core.progress import BatchProgress, EpochResult
from cnngui.core.recipes.fitting import FITTED, fitted
from cnngui.core.recipes.presets import BEST, QUICK
from cnngui.gui.common import style
from cnngui.gui.common.graph import steady
from cnngui.gui.train.plot.curves import Curves
from cnngui.gui.train.plot.live_plot import POINTS, LivePlot
from cnngui.gui.train.plot.series import Caption, Point, Points
from tests.gui.conftest import Driver, Opener


def batch(epoch: int, number: int, loss: float, accuracy: float, *, of: int = 10) -> BatchProgress:
    return BatchProgress(
        epoch=epoch,
        epochs=2,
        batch=number,
        batches=of,
        loss=loss,
        accuracy=accuracy,
        images_per_second=1000,
        seconds=1,
        seconds_left=1,
    )


def epoch_end(epoch: int, loss: float, accuracy: float) -> EpochResult:
    return EpochResult(epoch=epoch, loss=1, accuracy=0.5, val_loss=loss, val_accuracy=accuracy, seconds=1)


CAPTION = Caption(Path("runs/first/model.keras"), "first", "Pets", QUICK.changed({"optimization.epochs": 2}))
BATCHES = [batch(1, 5, 2.0, 0.25), batch(1, 10, 1.5, 0.5), batch(2, 5, 1.0, 0.75)]
EPOCHS = [epoch_end(1, 1.75, 0.375)]


@pytest.fixture
def plot(qtbot: QtBot, qapp: QApplication) -> LivePlot:
    """A plot of three batches and one epoch, drawn."""
    style.apply(qapp)
    plot = LivePlot()
    qtbot.addWidget(plot)
    plot.resize(700, 500)
    plot.show()
    qtbot.waitExposed(plot)
    plot.begin(CAPTION)
    add(plot, [*BATCHES, *EPOCHS])
    qtbot.waitUntil(lambda: len(curve(plot, 0, 0)) == len(BATCHES))
    return plot


def add(plot: LivePlot, points: Sequence[BatchProgress | EpochResult]) -> None:
    for point in points:
        plot.add(point)


def canvas(plot: LivePlot) -> pg.GraphicsLayoutWidget:
    return plot.curves


def graph(plot: LivePlot, row: int) -> pg.PlotItem:
    """The upper (0) or the lower (1) of the two graphs."""
    return canvas(plot).getItem(row, 0)


def curve(plot: LivePlot, row: int, number: int) -> list[tuple[float, float]]:
    """The drawn points of a graph's training (0) or validation (1) curve."""
    x, y = graph(plot, row).listDataItems()[number].getOriginalDataset()
    return [] if x is None else list(zip(x.tolist(), y.tolist(), strict=True))


def place(plot: LivePlot, row: int, x: float) -> QPoint:
    """Where in the canvas a graph has this x, half way up."""
    box = graph(plot, row).vb
    (_, _), (low, high) = box.viewRange()
    spot: QPoint = canvas(plot).mapFromScene(box.mapViewToScene(pg.Point(x, (low + high) / 2)))
    return spot


def reading(plot: LivePlot) -> str:
    (label,) = (each for each in plot.findChildren(QLabel) if each.textFormat() == Qt.TextFormat.RichText)
    return QTextDocumentFragment.fromHtml(label.text()).toPlainText()


def test_points_become_curves(plot: LivePlot) -> None:
    assert curve(plot, 0, 0) == [(0.5, 2.0), (1.0, 1.5), (1.5, 1.0)]
    assert curve(plot, 0, 1) == [(1.0, 1.75)]
    assert curve(plot, 1, 0) == [(0.5, 25.0), (1.0, 50.0), (1.5, 75.0)]
    assert curve(plot, 1, 1) == [(1.0, 37.5)]


def test_a_long_training_is_drawn_with_fewer_points_up_to_its_last(qtbot: QtBot, plot: LivePlot) -> None:
    plot.begin(CAPTION)
    add(plot, [batch(1, number, 1 / number, 0.5, of=10_000) for number in range(1, 9_999)])
    qtbot.waitUntil(lambda: len(curve(plot, 0, 0)) > POINTS / 2)
    assert len(curve(plot, 0, 0)) <= 2 * POINTS + 1
    assert curve(plot, 0, 0)[-1][0] == pytest.approx(0.9998)
    assert len(plot.points.training) == 9_998


def test_a_new_training_starts_with_an_empty_plot(plot: LivePlot) -> None:
    plot.begin(CAPTION)
    assert curve(plot, 0, 0) == curve(plot, 1, 1) == []


# Zoom


def zoom_in(plot: LivePlot, angle: int = 480) -> None:
    """Turn the wheel over the upper graph; out if ``angle`` is negative."""
    view = canvas(plot).viewport()
    at = QPointF(place(plot, 0, 1.0))
    nothing, up = QPoint(0, 0), QPoint(0, angle)
    buttons, keys, phase = Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase
    event = QWheelEvent(at, QPointF(view.mapToGlobal(at.toPoint())), nothing, up, buttons, keys, phase, False)
    QGuiApplication.sendEvent(view, event)


def width(plot: LivePlot, row: int) -> float:
    (left, right), _ = graph(plot, row).viewRange()
    return float(right - left)


def shows_all(plot: LivePlot, row: int) -> bool:
    """Whether a graph goes from the beginning to the last point, at 1.5, and not far beyond."""
    (left, right), _ = graph(plot, row).viewRange()
    return bool(left == 0 and 1.5 <= right < 1.8)


def double_click(plot: LivePlot) -> None:
    view, left, at = canvas(plot).viewport(), Qt.MouseButton.LeftButton, place(plot, 0, 1.0)
    QTest.mouseClick(view, left, pos=at)
    QTest.mouseDClick(view, left, pos=at)
    QTest.mouseRelease(view, left, pos=at)


def test_the_wheel_zooms_both_graphs_and_a_double_click_shows_all_again(qtbot: QtBot, plot: LivePlot) -> None:
    qtbot.waitUntil(lambda: shows_all(plot, 0) and shows_all(plot, 1))
    zoom_in(plot)
    assert width(plot, 0) < 0.8
    assert width(plot, 1) == pytest.approx(width(plot, 0), rel=0.05)
    double_click(plot)
    qtbot.waitUntil(lambda: shows_all(plot, 0) and shows_all(plot, 1))


def test_the_wheel_zooms_out_no_further_than_all_points(qtbot: QtBot, plot: LivePlot) -> None:
    qtbot.waitUntil(lambda: shows_all(plot, 0))
    before = graph(plot, 0).viewRange()
    for _ in range(10):
        zoom_in(plot, -480)
    assert [pytest.approx(each) for each in before] == graph(plot, 0).viewRange()
    drawn(qtbot, plot, batch(4, 10, 0.1, 0.99))
    zoom_in(plot, -480)
    (left, right), _ = graph(plot, 0).viewRange()
    assert left == 0
    assert 3.9 < right < 6  # there is room for the point that has come


def drawn(bot: QtBot, plot: LivePlot, point: BatchProgress) -> None:
    """Add a point and wait until it is there."""
    count = len(curve(plot, 0, 0))
    plot.add(point)
    bot.waitUntil(lambda: len(curve(plot, 0, 0)) > count)


def test_both_graphs_begin_at_zero_however_early_they_are_drawn(qtbot: QtBot) -> None:
    curves = Curves()
    qtbot.addWidget(curves)
    curves.draw(Points([Point(0.1, 2.0, 0.25), Point(0.9, 1.0, 0.5)]))
    curves.show()
    qtbot.waitExposed(curves)
    for plot in curves.plots:
        (left, right), _ = plot.viewRange()
        assert left == 0
        assert right >= 0.9


def test_settings_that_follow_the_data_are_no_edits() -> None:
    small = fitted(QUICK, 500)
    caption = Caption(Path("a"), "a", "Pets", small, fit=FITTED)
    assert caption.text.startswith("quick on Pets")
    assert replace(caption, fit=()).text.startswith("quick, edited on Pets")
    assert replace(caption, fit=(), images={"training": 500}).text.startswith("quick on Pets")


def test_a_quantity_that_never_changes_has_an_axis_that_fits_it() -> None:
    assert steady(None, 0.001, 0.001) == (0.0, 0.002)
    for value in (0.0, -3.0):
        low, high = steady(None, value, value)
        assert low < value <= high


def test_the_axes_stay_until_a_point_lies_outside(qtbot: QtBot, plot: LivePlot) -> None:
    before = graph(plot, 0).viewRange()
    drawn(qtbot, plot, batch(2, 6, 1.0, 0.75))
    assert graph(plot, 0).viewRange() == before
    drawn(qtbot, plot, batch(2, 10, 0.1, 0.99))
    (_, right), (low, _) = graph(plot, 0).viewRange()
    assert right >= 2
    assert low <= 0.1


def test_points_that_come_leave_the_zoom_as_it_is(qtbot: QtBot, plot: LivePlot) -> None:
    zoom_in(plot)
    before = graph(plot, 0).viewRange()
    drawn(qtbot, plot, batch(2, 10, 0.1, 0.99))
    assert graph(plot, 0).viewRange() == before


def test_show_all_is_there_while_zoomed(trained: Driver) -> None:
    plot = trained.window.train.plot
    (button,) = (each for each in plot.findChildren(QPushButton) if each.text() == "Show all")
    assert not button.isVisible()
    zoom_in(plot)
    assert button.isVisible()
    trained.click("Show all")
    assert shows_all(plot, 0)
    assert not button.isVisible()


def height(plot: LivePlot, row: int) -> tuple[float, float]:
    _, (low, high) = graph(plot, row).viewRange()
    return low, high


def test_the_accuracy_can_be_held_at_0_to_100(trained: Driver, open_window: Opener) -> None:
    plot = trained.window.train.plot
    assert height(plot, 1) == pytest.approx((17.5, 82.5))
    trained.click("0–100 %")
    low, high = height(plot, 1)
    assert -10 < low < 0
    assert 100 < high < 110
    assert height(plot, 0) == pytest.approx((0.85, 2.15))
    assert open_window().window.actions_table["hold accuracy"].isChecked()
    trained.click("0–100 %")
    assert height(plot, 1) == pytest.approx((17.5, 82.5))


@pytest.mark.parametrize("held", [False, True])
def test_no_mark_is_cut_off_at_the_edge(plot: LivePlot, held: bool) -> None:
    plot.hold_accuracy(held)
    plot.begin(CAPTION)
    add(plot, [batch(1, 10, 1.0, 0.9), epoch_end(1, 1.2, 1.0), epoch_end(2, 0.0, 0.0)])
    for value in np.linspace(1.2, 1.6, 9):  # some end at what was the edge
        plot.add(epoch_end(2, float(value), 1.0))
        plot.redraw()
        for row in (0, 1):
            box = graph(plot, row).vb
            inside = box.sceneBoundingRect().adjusted(0, 4, 0, -4)  # half of a mark
            for _, y in curve(plot, row, 1):
                assert inside.contains(box.mapViewToScene(pg.Point(1.0, y)))


def test_single_points_are_marked(plot: LivePlot) -> None:
    plot.show_finished(CAPTION, EPOCHS)
    training = graph(plot, 0).listDataItems()[0]
    assert curve(plot, 0, 0) == [(1.0, 1.0)]
    assert curve(plot, 0, 1) == [(1.0, 1.75)]
    assert training.scatter.isVisible()
    plot.begin(CAPTION)
    add(plot, [batch(1, number, 1 / number, 0.5, of=100) for number in range(1, 100)])
    plot.redraw()
    assert not training.scatter.isVisible()  # its marks would hide the line


def test_a_thousand_epochs_have_no_marks(plot: LivePlot) -> None:
    plot.show_finished(CAPTION, [epoch_end(number, 1.0, 0.5) for number in range(1, 1001)])
    training, validation = graph(plot, 0).listDataItems()
    assert not training.scatter.isVisible()
    assert not validation.scatter.isVisible()
    assert len(curve(plot, 0, 1)) == 1000
    plot.show_finished(CAPTION, EPOCHS)
    assert validation.scatter.isVisible()


def test_there_is_a_grid_at_the_ticks(plot: LivePlot) -> None:
    plot.resize(700, 500)
    pixels = canvas(plot).grab().toImage()
    box = graph(plot, 0).vb

    def color(y: float) -> set[str]:
        spot = canvas(plot).mapFromScene(box.mapViewToScene(pg.Point(0.02, y)))
        return {pixels.pixelColor(spot.x() + 9, spot.y() + step).name() for step in (-1, 0, 1)}

    assert style.colors().raised in color(1.5)
    assert style.colors().raised not in color(1.57)


# What it is of


def test_the_plot_says_what_it_shows(plot: LivePlot) -> None:
    def texts() -> list[str]:
        return [label.text() for label in plot.findChildren(QLabel)]

    assert "first" in texts()
    assert "quick, edited on Pets  ·  2 epochs  ·  batch size 256  ·  learning rate 0.375" in texts()
    plot.rename(CAPTION.path, Path("runs/my favourite/model.keras"))
    assert "my favourite" in texts()
    assert "first" not in texts()


def test_others_curves_do_not_stop_the_growing_ones(plot: LivePlot) -> None:
    plot.show_finished(replace(CAPTION, name="older", smoothed_losses=True), EPOCHS)
    assert plot.points.training == [Point(1, 1, 0.5)]
    assert any("losses include label smoothing" in label.text() for label in plot.findChildren(QLabel))
    assert "training (mean of each epoch)" in reading(plot)
    plot.add(batch(2, 10, 0.5, 0.8))
    assert len(plot.points.training) == 1
    (back,) = (each for each in plot.findChildren(QPushButton) if each.text().startswith("Back"))
    QTest.mouseClick(back, Qt.MouseButton.LeftButton)
    assert len(curve(plot, 0, 0)) == len(BATCHES) + 1
    assert "training (moving average)" in reading(plot)
    assert not back.isVisible()
    plot.end()
    plot.show_finished(CAPTION, EPOCHS)
    assert not back.isVisible()


def test_the_legend_is_right_before_the_first_point(plot: LivePlot) -> None:
    plot.begin(replace(CAPTION, recipe=BEST.changed({"optimization.epochs": 8})))
    assert "training (moving average; under CutMix of mixed labels)" in reading(plot)


def test_axes_of_other_curves_do_not_stay(plot: LivePlot) -> None:
    plot.begin(CAPTION)
    add(plot, [batch(10, 10, 50.0, 0.5)])
    plot.redraw()
    plot.show_finished(CAPTION, EPOCHS)
    (_, right), (_, high) = graph(plot, 0).viewRange()
    assert right < 2
    assert high < 3


# Reading off


def read_off(bot: QtBot, plot: LivePlot, row: int, x: float, expected: str) -> str:
    """Move the mouse about this x of a graph until the expected text is read off there; all that is read off."""
    steps = cycle((QPoint(0, 0), QPoint(1, 0)))

    def read() -> bool:
        QTest.mouseMove(canvas(plot).viewport(), place(plot, row, x) + next(steps))
        return expected in reading(plot)

    bot.waitUntil(read)
    return reading(plot)


def test_what_is_under_the_mouse_is_read_off(qtbot: QtBot, plot: LivePlot) -> None:
    qtbot.waitUntil(lambda: shows_all(plot, 0) and shows_all(plot, 1))
    assert "epoch " not in reading(plot)
    early = read_off(qtbot, plot, 0, 0.55, "epoch 0.50")
    assert "loss 2.000, 25.0 %" in early
    assert "validation" not in early  # it comes at the epoch's end
    label = next(each for each in plot.findChildren(QLabel) if "epoch 0.50" in each.text())
    assert not label.geometry().intersects(canvas(plot).geometry())  # it covers no curve
    assert not canvas(plot).toolTip()
    late = read_off(qtbot, plot, 1, 1.4, "epoch 1.50")
    assert "loss 1.000, 75.0 %" in late
    assert "validation 1.750, 37.5 %" in late


# Files


@pytest.fixture
def trained(driver: Driver) -> Driver:
    """A window that shows curves."""
    driver.press("Ctrl+3")
    plot = driver.window.train.plot
    driver.window.train._pages.show_plot()  # as a training does when it starts
    plot.begin(CAPTION)
    add(plot, [*BATCHES, *EPOCHS])
    driver.wait_until(lambda: shows_all(plot, 0) and shows_all(plot, 1))
    return driver


def test_a_key_shows_all_again(trained: Driver) -> None:
    plot = trained.window.train.plot
    zoom_in(plot)
    assert not shows_all(plot, 0)
    trained.press("Ctrl+Shift+W")
    trained.wait_until(lambda: shows_all(plot, 0))


def save_as(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(path), ""))


def test_the_curves_are_saved_as_csv(trained: Driver, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    save_as(tmp_path / "curves", monkeypatch)
    trained.press("Ctrl+Shift+S")
    trained.wait_for(f"Saved as {tmp_path / 'curves.csv'}")
    with (tmp_path / "curves.csv").open(newline="", encoding="utf-8") as file:
        rows = list(csv.reader(file))
    assert rows[0] == ["part", "epoch", "loss", "accuracy"]
    assert [(part, *map(float, numbers)) for part, *numbers in rows[1:]] == [
        ("training", 0.5, 2.0, 0.25),
        ("training", 1.0, 1.5, 0.5),
        ("training", 1.5, 1.0, 0.75),
        ("validation", 1.0, 1.75, 0.375),
    ]


def test_a_file_that_the_dialog_did_not_ask_about_is_not_replaced(
    trained: Driver, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "curves.csv").write_text("mine")
    save_as(tmp_path / "curves", monkeypatch)
    trained.press("Ctrl+Shift+S")
    trained.wait_for(f"{tmp_path / 'curves.csv'} already exists. To replace it, choose it with its suffix.")
    assert (tmp_path / "curves.csv").read_text() == "mine"


def test_the_plot_is_saved_as_png(trained: Driver, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    trained.choose_from_menu("Light")
    save_as(tmp_path / "plot.png", monkeypatch)
    trained.press("Ctrl+S")
    trained.wait_for(f"Saved as {tmp_path / 'plot.png'}")
    image = QImage(str(tmp_path / "plot.png")).convertToFormat(QImage.Format.Format_RGB32)
    assert image.width() > 2 * canvas(trained.window.train.plot).width()
    found = np.frombuffer(image.constBits(), np.uint32) & 0xFFFFFF
    for colour in (style.LIGHT.surface, style.LIGHT.training, style.LIGHT.validation):
        assert (found == int(colour[1:], 16)).any()


def test_the_plot_is_saved_whole_as_svg_whose_text_is_text(
    trained: Driver, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plot = trained.window.train.plot
    name = (
        "A long name that takes more than one line in a plot as narrow as this one is, because it goes on and on & on"
    )
    plot.begin(replace(CAPTION, name=name))
    add(plot, [*BATCHES, *EPOCHS])
    plot.redraw()
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(tmp_path / "plot"), "SVG (*.svg)"))
    trained.press("Ctrl+S")
    trained.wait_for(f"Saved as {tmp_path / 'plot.svg'}")
    assert QSvgRenderer(str(tmp_path / "plot.svg")).isValid()
    text = (tmp_path / "plot.svg").read_text(encoding="utf-8")
    tree = ElementTree.fromstring(text)
    written = "".join("".join(element.itertext()) for element in tree.iter() if element.tag.endswith("text"))
    for part in (name, CAPTION.text, "training (moving average)", "validation", "loss", "accuracy (%)", "epoch"):
        assert part.replace(" ", "") in written.replace(" ", "")
    assert "<image" not in text
    assert float(tree.attrib["viewBox"].split()[3]) > canvas(plot).height() + 60


def test_another_ending_is_refused(trained: Driver, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    save_as(tmp_path / "plot.jpg", monkeypatch)
    trained.press("Ctrl+S")
    trained.wait_for("plot.jpg has to end in .png or .svg. Choose one of these.")
    assert not (tmp_path / "plot.jpg").exists()


def test_a_place_that_cannot_be_written_to(trained: Driver, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").touch()
    save_as(tmp_path / "file" / "curves.csv", monkeypatch)
    trained.press("Ctrl+Shift+S")
    trained.wait_for("could not be written")
    assert trained.sees("Choose another place.")


def test_without_curves_there_is_nothing_to_save(driver: Driver) -> None:
    driver.press("Ctrl+3")
    plot = driver.window.train.plot
    for name in ("save plot", "save curves", "reset zoom"):
        assert not driver.window.actions_table[name].isEnabled()
    plot.begin(CAPTION)
    plot.add(batch(1, 1, 2.0, 0.1))
    for name in ("save plot", "save curves", "reset zoom"):
        assert driver.window.actions_table[name].isEnabled()


def test_the_epochs_are_written_as_they_are_within_the_first(plot: LivePlot) -> None:
    """pyqtgraph would write 0.05 as 50 and "(x0.001)" behind the axis's name."""
    plot.begin(CAPTION)
    add(plot, [batch(1, number, 2.0, 0.1, of=100) for number in range(1, 6)])
    plot.redraw()
    QApplication.processEvents()
    axis = plot.curves.plots[1].getAxis("bottom")
    assert "x0.001" not in axis.labelString()
    assert "epoch" in axis.labelString()


def test_a_graph_without_height_can_be_drawn(plot: LivePlot) -> None:
    plot.show_finished(CAPTION, [EpochResult(1, 2.0, 0.25, 1.5, 0.5, 3.25)])
    plot.curves.setMinimumHeight(0)
    plot.curves.resize(400, 60)  # all of it is for the axes
    plot.curves.grab()
    assert plot.curves.plots[0].vb.rect().isEmpty()
