"""What a person does with the comparison, and sees of it."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QCheckBox, QComboBox, QGraphicsView, QLabel, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from cnngui.core.runs.history import append_batches
from cnngui.core.runs.library import ListedRun, Status
from cnngui.gui.common import style
from cnngui.gui.runs.compare.curves.series import Quantity
from cnngui.gui.runs.compare.looks import MOST
from cnngui.gui.runs.compare.panel import EMPTY, ComparePanel
from tests.gui.runs.compare.conftest import Runs, rows

LEFT = Qt.MouseButton.LeftButton
STEP = 4  # as in graphs.py, which imports pyqtgraph


@pytest.fixture
def panel(qtbot: QtBot) -> Iterator[ComparePanel]:
    made = ComparePanel()
    qtbot.addWidget(made)
    made.resize(1000, 320)
    made.show()
    qtbot.waitExposed(made)
    yield made
    made.stop()


@pytest.fixture
def five(runs: Runs) -> list[ListedRun]:
    """Five runs with other rates, the better the higher the rate is, and with other networks."""
    return [
        runs.make(
            f"run {number}",
            best=0.8 + 0.02 * number,
            learning_rate=10.0 ** (number - 4),
            horizontal_flip=number % 2 == 0,
        )
        for number in range(5)
    ]


def texts(panel: ComparePanel) -> list[str]:
    return [label.text() for label in panel.findChildren(QLabel) if label.isVisible()]


def click(panel: ComparePanel, text: str) -> None:
    (button,) = (
        each for kind in (QPushButton, QCheckBox) for each in panel.findChildren(kind)
        if each.isVisible() and each.text() == text
    )  # fmt: skip
    QTest.mouseClick(button, LEFT, pos=QPoint(8, button.height() // 2))


def box(panel: ComparePanel, name: str) -> QComboBox:
    (found,) = (each for each in panel.findChildren(QComboBox) if each.accessibleName() == name)
    return found


def lines(panel: ComparePanel, quantity: Quantity = Quantity.LOSS) -> list[int]:
    """The number of points of each line in a graph: training, then validation, for each run."""
    from pyqtgraph import PlotCurveItem

    plot = panel.curves.graphs.plots.get(quantity)
    items = [item for item in (plot.items if plot else ()) if isinstance(item, PlotCurveItem)]
    return [len(x) for x, _ in (item.getData() for item in items) if x is not None and len(x)]


def table(panel: ComparePanel) -> dict[str, list[str]]:
    model = panel.settings.table.model()
    columns = range(model.columnCount())
    return {
        str(model.headerData(row, Qt.Orientation.Vertical)): [
            str(model.index(row, column).data()) for column in columns
        ]
        for row in range(model.rowCount())
    }


def show(panel: ComparePanel, bot: QtBot, *selected: ListedRun, baseline: ListedRun | None = None) -> None:
    """Show these, and wait for their curves."""
    panel.show_runs(selected, selected, baseline.path if baseline else None)
    bot.waitUntil(lambda: len(lines(panel)) == 2 * len({run.path for run in selected}))


def test_nothing_is_selected(panel: ComparePanel) -> None:
    panel.show_runs([], [], None)
    assert EMPTY in texts(panel)
    click(panel, "Settings")
    assert EMPTY in texts(panel)


def test_the_curves_of_two_runs(panel: ComparePanel, runs: Runs, qtbot: QtBot) -> None:
    show(panel, qtbot, runs.make("the first", 4), runs.make("the other", 6, best=0.7))
    assert panel.curves.legend.texts == [
        ("… first", "best 90.0 % in epoch 4"),
        ("… other", "best 70.0 % in epoch 6"),
    ]
    assert lines(panel) == [160, 4, 240, 6]
    assert list(panel.curves.graphs.plots) == list(Quantity)
    click(panel, "Accuracy")
    assert list(panel.curves.graphs.plots) == [Quantity.ACCURACY]
    focused = QApplication.focusWidget()
    assert focused is not None
    QTest.keyClick(focused, Qt.Key.Key_Right)
    assert list(panel.curves.graphs.plots) == [Quantity.RATE]


def test_there_are_no_graphs_before_there_are_curves(panel: ComparePanel, runs: Runs, qtbot: QtBot) -> None:
    run = runs.make("one")
    panel.show_runs([run], [run], None)
    assert not panel.findChildren(QGraphicsView)  # making them takes long, and a reader may still import pyqtgraph
    qtbot.waitUntil(lambda: len(lines(panel)) == 2)


def test_many_curves_are_drawn_to_the_last(panel: ComparePanel, runs: Runs, qtbot: QtBot) -> None:
    show(panel, qtbot, *(runs.make(f"run {number}") for number in range(2 * STEP + 1)))
    assert len(panel.curves.legend.texts) == 2 * STEP + 1


def test_another_selection_leaves_no_line_behind(panel: ComparePanel, runs: Runs, qtbot: QtBot) -> None:
    first, second = runs.make("one"), runs.make("two", 6)
    show(panel, qtbot, first, second)
    show(panel, qtbot, second)
    assert lines(panel) == [240, 6]


def test_the_curves_by_time_and_on_logarithmic_axes(panel: ComparePanel, runs: Runs, qtbot: QtBot) -> None:
    show(panel, qtbot, runs.make("one", 60))
    plot = panel.curves.graphs.plots[Quantity.LOSS]
    assert plot.vb.viewRange()[0][1] > 60
    along = box(panel, "Horizontal axis")
    along.setFocus()
    QTest.keyClick(along, Qt.Key.Key_Down)
    assert plot.getAxis("bottom").labelText == "time (min)"
    assert 10 < plot.vb.viewRange()[0][1] < 15
    click(panel, "Log x")
    click(panel, "Log y")
    assert plot.getAxis("bottom").logMode
    assert plot.getAxis("left").logMode
    assert not panel.curves.graphs.plots[Quantity.ACCURACY].getAxis("left").logMode
    low, high = plot.vb.viewRange()[0]
    assert -3 < low < -2
    assert 1 < high < 1.6


def test_the_values_under_the_mouse(panel: ComparePanel, runs: Runs, qtbot: QtBot) -> None:
    show(panel, qtbot, runs.make("one", 10), runs.make("two", 4))
    graphs = panel.curves.graphs
    spot = graphs.mapFromScene(graphs.plots[Quantity.ACCURACY].vb.mapViewToScene(QPointF(8.0, 50.0)))
    QTest.mouseMove(graphs.viewport(), spot)
    qtbot.waitUntil(lambda: any(text.startswith("epoch ") for text in texts(panel)))
    (first, second) = panel.curves.legend.texts
    assert first[1].endswith("validation 72.0 %")
    assert second[1] == ""  # it has ended before


def test_zooming_and_showing_all_again(panel: ComparePanel, runs: Runs, qtbot: QtBot) -> None:
    show(panel, qtbot, runs.make("one", 10))
    box_ = panel.curves.graphs.plots[Quantity.LOSS].vb
    whole = box_.viewRange()
    box_.scaleBy((0.5, 0.5))
    box_.sigRangeChangedManually.emit(box_.state["mouseEnabled"])
    assert panel.curves.graphs.plots[Quantity.ACCURACY].vb.viewRange()[0] == pytest.approx(box_.viewRange()[0])
    click(panel, "Show all")
    assert box_.viewRange() == whole
    box_.scaleBy((50, 50))
    assert box_.viewRange() == [pytest.approx(each) for each in whole]  # beyond it there is nothing


def test_a_running_run_is_compared_live(panel: ComparePanel, runs: Runs, qtbot: QtBot) -> None:
    ended, run = runs.make("one", 4), replace(runs.make("two", 2), status=Status.RUNNING)
    show(panel, qtbot, ended, run)
    assert panel.curves.legend.texts[1][1] == "epoch 2.0 of 2, best 90.0 % in epoch 2"
    append_batches(run.folder, [rows(3)[80:100]])
    qtbot.waitUntil(lambda: lines(panel) == [160, 4, 100, 2], timeout=20_000)


def test_a_hidden_comparison_reads_nothing(panel: ComparePanel, runs: Runs, qtbot: QtBot) -> None:
    run = replace(runs.make("one", 2), status=Status.RUNNING)
    show(panel, qtbot, run)
    timer = panel.curves._follower._timer
    assert timer.isActive()
    panel.hide()
    assert not timer.isActive()
    panel.show()
    assert timer.isActive()


def test_one_run_alone_has_its_settings_beside_the_curves(panel: ComparePanel, runs: Runs, qtbot: QtBot) -> None:
    first, second = runs.make("one"), runs.make("two")
    show(panel, qtbot, first)
    assert panel.curves._details.isVisible()
    assert "Batch size" in panel.curves._details.as_text()
    show(panel, qtbot, first, second)
    assert not panel.curves._details.isVisible()


def test_the_table_shows_what_differs_and_on_demand_all(panel: ComparePanel, runs: Runs) -> None:
    first, second = runs.make("one", width=32, best=0.9), runs.make("two", width=64, best=0.9)
    panel.show_runs([first, second], [first, second], None)
    click(panel, "Settings")
    assert table(panel) == {"Width": ["32", "64"]}
    click(panel, "Only what differs")
    shown = table(panel)
    assert shown["Data"] == ["Drawn shapes"] * 2
    assert shown["Training images"] == ["4,500"] * 2
    assert shown["Keras"] == ["3.15.1"] * 2
    assert shown["Device"] == ["a fast one"] * 2
    assert shown["Best validation accuracy"] == ["90.00 %"] * 2
    assert shown["Test accuracy"] == ["88.00 %"] * 2
    assert shown["Time"] == ["40 s"] * 2


def test_the_table_marks_what_differs_from_the_baseline(panel: ComparePanel, runs: Runs) -> None:
    first = runs.make("one", learning_rate=0.01, horizontal_flip=True)
    second = runs.make("two", learning_rate=0.03, horizontal_flip=False, best=0.85)
    panel.show_runs([second], [first, second], first.path)
    click(panel, "Settings")
    shown = table(panel)
    assert shown["Learning rate"] == ["0.01", "0.03  (+0.02)"]
    assert shown["Horizontal flip"] == ["yes", "no"]
    assert shown["Best validation accuracy"] == ["90.00 %", "85.00 %  (−5.00 %)"]
    model, row = panel.settings.table.model(), list(shown).index("Horizontal flip")
    assert model.index(row, 0).data(Qt.ItemDataRole.FontRole) is None
    assert model.index(row, 1).data(Qt.ItemDataRole.FontRole) is not None
    assert model.headerData(0, Qt.Orientation.Horizontal) == "Baseline: one"


def test_the_table_is_copied_with_tabs(panel: ComparePanel, runs: Runs) -> None:
    first, second = runs.make("run one", width=32), runs.make("run two", width=64)
    panel.show_runs([first, second], [first, second], None)
    click(panel, "Settings")
    panel.settings.table.setFocus()
    QTest.keyClick(panel.settings.table, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QApplication.clipboard().text() == "\trun one\trun two\nWidth\t32\t64"


def test_more_runs_than_can_be_told_apart(panel: ComparePanel, runs: Runs) -> None:
    many = [runs.make("one")] * (MOST + 1)
    panel.show_runs(many, many, None)
    assert f"1 more run is selected; only {MOST} can be told apart." in texts(panel)


def test_the_overview_says_how_many_runs_are_missing(panel: ComparePanel, five: list[ListedRun]) -> None:
    click(panel, "Overview")
    panel.show_runs([], five[:3], None)
    assert any("2 more runs to go" in text for text in texts(panel))
    panel.show_runs([], five, None)
    assert panel.overview.parallel.isVisible()


def test_runs_that_are_all_alike_have_no_overview(panel: ComparePanel, runs: Runs) -> None:
    click(panel, "Overview")
    panel.show_runs([], [runs.make(f"run {number}", seed=number) for number in range(5)], None)
    assert any("All runs have the same settings" in text for text in texts(panel))


def test_clicking_a_line_leads_to_its_run(panel: ComparePanel, five: list[ListedRun], qtbot: QtBot) -> None:
    click(panel, "Overview")
    panel.show_runs([], five, None)
    plot = panel.overview.parallel
    qtbot.waitUntil(lambda: plot.width() < 0.7 * panel.width())  # the scatter is beside it
    place = plot.place(3, 0).toPoint()
    QTest.mouseMove(plot, place)
    qtbot.waitUntil(lambda: any("run 3  ·  86.0 %" in text for text in texts(panel)))
    with qtbot.waitSignal(panel.run_asked) as asked:
        QTest.mouseClick(plot, LEFT, pos=place)
    assert asked.args == [five[3].path]


def test_the_keys_lead_from_run_to_run(panel: ComparePanel, five: list[ListedRun], qtbot: QtBot) -> None:
    click(panel, "Overview")
    panel.show_runs([], five, None)
    plot = panel.overview.parallel
    plot.setFocus()
    for key in (Qt.Key.Key_Down, Qt.Key.Key_Down):  # the best, then the second
        QTest.keyClick(plot, key)
    assert any("run 3" in text for text in texts(panel))
    with qtbot.waitSignal(panel.run_asked) as asked:
        QTest.keyClick(plot, Qt.Key.Key_Return)
    assert asked.args == [five[3].path]


def test_clicking_a_point_leads_to_its_run(panel: ComparePanel, five: list[ListedRun], qtbot: QtBot) -> None:
    click(panel, "Overview")
    panel.show_runs([], five, None)
    setting = box(panel, "Setting of the scatter plot")
    assert [setting.itemText(number) for number in range(setting.count())] == ["Learning rate", "Horizontal flip"]
    scatter = panel.overview.scatter
    qtbot.waitUntil(lambda: bool(scatter.plot.getAxis("bottom").logMode))
    qtbot.waitUntil(lambda: scatter.plot.vb.width() > 50)
    with qtbot.waitSignal(panel.run_asked) as asked:
        QTest.mouseClick(scatter.viewport(), LEFT, pos=scatter.place(1).toPoint())
    assert asked.args == [five[1].path]
    setting.setFocus()
    QTest.keyClick(setting, Qt.Key.Key_Down)
    assert scatter.plot.getAxis("bottom")._tickLevels == [[(0, "no"), (1, "yes")]]


def test_the_overview_of_the_test_accuracy(panel: ComparePanel, five: list[ListedRun], runs: Runs) -> None:
    click(panel, "Overview")
    untested = replace(runs.make("untested", learning_rate=0.5), card=None)
    panel.show_runs([], [*five[:4], untested], None)
    measure = box(panel, "Accuracy")
    measure.setFocus()
    QTest.keyClick(measure, Qt.Key.Key_Down)
    assert any("1 more run to go" in text for text in texts(panel))


@pytest.mark.parametrize("appearance", ["dark", "light"])
def test_every_page_follows_the_appearance(
    panel: ComparePanel, five: list[ListedRun], qtbot: QtBot, qapp: QApplication, appearance: str
) -> None:
    panel.show_runs(five[:2], five, None)
    qtbot.waitUntil(lambda: len(lines(panel)) == 4)
    try:
        for page in ("Curves", "Settings", "Overview"):
            click(panel, page)
            style.set_appearance(qapp, appearance)
            ground = style.colors().surface
            spot: QWidget = panel.overview.scatter if page == "Overview" else panel
            image = spot.grab().toImage()
            assert image.pixelColor(image.width() - 12, 24).name() == ground
    finally:
        style.set_appearance(qapp, "system")
