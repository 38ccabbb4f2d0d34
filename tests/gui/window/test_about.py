import threading
import time

import pytest
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QTextBrowser

from cnngui.core.errors import Stopped, UserError
from cnngui.core.progress import ShouldStop
from cnngui.gui.window import about
from cnngui.gui.window.about import AboutWindow
from tests.gui.conftest import Driver


def opened(driver: Driver) -> tuple[AboutWindow, QTextBrowser]:
    driver.choose_from_menu("About cnngui")
    (window,) = driver.window.findChildren(AboutWindow)
    (browser,) = window.findChildren(QTextBrowser)
    return window, browser


def test_it_lists_the_licences_and_the_keyboard_copies_them(driver: Driver) -> None:
    window, browser = opened(driver)
    driver.wait_until(lambda: "tensorflow" in browser.toPlainText())
    assert "LGPL-3.0" in browser.toPlainText()
    driver.wait_until(window.isActiveWindow)
    assert browser.hasFocus()
    for keys in ("Ctrl+A", "Ctrl+C"):
        driver.press(keys)
    assert "libde265" in QGuiApplication.clipboard().text()
    driver.click("Copy licences")
    lines = QGuiApplication.clipboard().text().splitlines()
    assert "    libheif\tLGPL-3.0\thttps://github.com/strukturag/libheif" in lines


def test_it_says_where_the_models_are(driver: Driver) -> None:
    opened(driver)
    assert driver.sees(str(driver.window.train_state.runs_dir))


def test_closing_the_main_window_closes_it_while_it_reads(driver: Driver, monkeypatch: pytest.MonkeyPatch) -> None:
    began = threading.Event()

    def read(_report: object, should_stop: ShouldStop) -> None:
        began.set()
        while not should_stop():
            time.sleep(0.001)
        raise Stopped

    monkeypatch.setattr(about, "_read", read)
    window, _ = opened(driver)
    driver.wait_until(began.is_set)
    driver.close()
    driver.wait_until(lambda: not driver.window.isVisible())
    assert not driver.window.findChildren(AboutWindow) or not window.isVisible()


def test_a_failure_is_told(driver: Driver, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise UserError("no")

    monkeypatch.setattr(about, "_read", fail)
    _, browser = opened(driver)
    driver.wait_until(lambda: browser.toPlainText() == "The licences could not be read.")
