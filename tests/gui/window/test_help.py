from pathlib import Path

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QTableWidget, QTextBrowser

from cnngui.gui.window.help import HelpWindow, problem_report
from tests.gui.conftest import Driver


def opened(driver: Driver) -> HelpWindow:
    (window,) = driver.window.findChildren(HelpWindow)
    assert window.isVisible()
    return window


def test_f1_lists_every_key_of_the_actions(driver: Driver) -> None:
    driver.press("F1")
    (table,) = opened(driver).findChildren(QTableWidget)
    listed = {item.text() for row in range(table.rowCount()) if (item := table.item(row, 2)) is not None}
    actions = *driver.window.actions_table, *driver.window.runs.run_actions
    assert listed == {made.shortcut().toString() for _, made in actions if not made.shortcut().isEmpty()}
    assert {"Enter", "F2", "Del"} <= listed
    assert "F5" in listed


def test_the_read_me_is_that_of_the_project(driver: Driver) -> None:
    driver.choose_from_menu("Read me")
    (browser,) = opened(driver).findChildren(QTextBrowser)
    assert "cnngui" in browser.toPlainText()
    assert len(browser.toPlainText()) > 1000


def test_a_report_can_be_copied(driver: Driver) -> None:
    driver.choose_from_menu("Report a problem")
    driver.click("Copy")
    copied = QGuiApplication.clipboard().text()
    assert "tensorflow " in copied
    assert "Python " in copied


def test_a_report_has_the_end_of_the_log_without_the_home_folder(tmp_path: Path) -> None:
    log = tmp_path / "log"
    log.write_text("\n".join([*(f"line {number}" for number in range(100)), f"{Path.home()}/x is damaged"]))
    report = problem_report(log)
    assert report.endswith("line 99\n~/x is damaged")
    assert "line 3\n" not in report
    assert "Nothing is logged." in problem_report(tmp_path / "none")
