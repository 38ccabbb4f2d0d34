"""Exporting a model from the window. The process in which it happens is played here, but for the last test."""

import threading
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from importlib.util import find_spec
from pathlib import Path

import pytest
from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QAction, QDesktopServices, QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QLabel, QProgressBar, QPushButton, QRadioButton, QWidget

from cnngui.core.errors import Stopped, UserError
from cnngui.core.export.apart import Request
from cnngui.core.export.export import Exported
from cnngui.core.export.formats import FORMATS
from cnngui.core.export.proof.proof import Proof
from cnngui.core.progress import Progress, Report, ShouldStop
from cnngui.gui.common import bugs
from cnngui.gui.common.settings import Settings
from cnngui.gui.export import state as state_module
from cnngui.gui.export.dialog import STOPPED, ExportDialog
from cnngui.gui.export.state import BUG, Phase
from tests.gui.conftest import PATIENCE, Driver, Opener, copies, picture

FIND_SPEC = "cnngui.core.export.formats.find_spec"
GOOD = Proof("1,000 test images", 1000, 2e-7, 1, 1, 0.923, 0.924, 50, 3e-7, 1, 1, 421)
BAD = replace(GOOD, difference=0.314, equal=0.98, warnings=("Not good: the accuracy is lower.",))


@dataclass
class Process:
    """Plays the process: it goes on until it is told how to end, or stopped."""

    requests: list[Request] = field(default_factory=list)
    outcome: Proof | Exception = GOOD
    may_end: threading.Event = field(default_factory=threading.Event)

    def export(self, request: Request, progress: Report, should_stop: ShouldStop) -> Exported:
        self.requests.append(request)
        progress(Progress("Comparing the answers", 250, 1000))
        while not self.may_end.wait(0.01):
            if should_stop():
                raise Stopped
        if isinstance(self.outcome, Exception):
            raise self.outcome
        return Exported(request.folder, 11_800_000, self.outcome)


@pytest.fixture
def process(monkeypatch: pytest.MonkeyPatch) -> Iterator[Process]:
    played = Process()
    monkeypatch.setattr(state_module, "export_apart", played.export)
    yield played
    played.may_end.set()


def opened(driver: Driver) -> ExportDialog:
    """The dialog, once it knows what is installed."""
    found = [each for each in driver.window.findChildren(ExportDialog) if each.isVisible()]
    (dialog,) = found
    driver.wait_until(dialog.isActiveWindow)
    driver.wait_until(lambda: sees(dialog, "about "))
    return dialog


def ask(driver: Driver) -> ExportDialog:
    driver.window.activateWindow()  # as a window manager does when a dialog has closed
    driver.wait_until(driver.window.isActiveWindow)
    driver.press("Ctrl+Shift+X")
    return opened(driver)


def sees(dialog: QWidget, text: str) -> bool:
    return any(text in label.text() for label in dialog.findChildren(QLabel) if label.isVisible())


def focused() -> QWidget:
    widget = QApplication.focusWidget()
    assert widget is not None
    return widget


def end(driver: Driver, dialog: ExportDialog, process: Process) -> None:
    process.may_end.set()
    driver.wait_until(lambda: not dialog.state.is_busy)


def test_every_format_with_what_it_is_for(driver: Driver, process: Process) -> None:
    dialog = ask(driver)
    assert sees(dialog, "Export “colours.keras”")
    buttons = dialog.findChildren(QRadioButton)
    assert [button.text() for button in buttons] == [each.title for each in FORMATS]
    for button, each in zip(buttons, FORMATS, strict=True):
        assert sees(dialog, each.purpose)
        assert each.purpose in button.accessibleDescription()
        assert "Size: about" in button.accessibleDescription()
    assert not sees(dialog, "not installed")
    assert sees(dialog, "These figures are expected")


def test_by_keyboard_alone(driver: Driver, process: Process, monkeypatch: pytest.MonkeyPatch) -> None:
    shown: list[QUrl] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", shown.append)
    dialog = ask(driver)
    assert focused() is dialog.formats.buttons[0]
    for _ in range(3):
        driver.press("Down")
    assert dialog.formats.current.key == "litert-int8"
    driver.press("Tab")
    assert focused() is dialog.target.folder
    driver.press("Return")
    driver.wait_until(lambda: sees(dialog, "Comparing the answers …"))
    folder = Path.home() / "colours-litert-int8"
    assert process.requests == [Request(driver.window.opener.in_use.path, dialog.formats.current, folder)]  # type: ignore[union-attr]
    (bar,) = (each for each in dialog.findChildren(QProgressBar) if each.isVisible())
    assert (bar.value(), bar.maximum()) == (250, 1000)
    assert not dialog.formats.isEnabled()
    assert focused() is dialog.stop_button

    end(driver, dialog, process)
    for text in (
        *("Exported as LiteRT, 8 bits", "It answers as the model does", "~/colours-litert-int8"),
        *("12 MB", "1,000 test images", "100.0 % of the images", "less than 0.001 percentage points"),
        *("92.3 %; the model’s in cnngui: 92.4 %", "421 images a second"),
    ):
        assert sees(dialog, text), text
    assert focused() is dialog.close_button
    driver.press("Tab")
    show_button = focused()
    assert isinstance(show_button, QPushButton)
    assert show_button.text() == "Show in &folder"
    driver.press("Space")
    assert [url.toLocalFile() for url in shown] == [str(folder)]
    driver.press("Tab")
    assert focused() is dialog.again_button
    driver.press("Space")
    assert dialog.formats.isVisible()
    driver.press("Esc")
    assert not dialog.isVisible()
    again = ask(driver)
    assert again.formats.current.key == "litert-int8"


def test_a_bad_export_warns(driver: Driver, process: Process) -> None:
    dialog = ask(driver)
    process.outcome = BAD
    QTest.mouseClick(dialog.export_button, Qt.MouseButton.LeftButton)
    end(driver, dialog, process)
    for text in (
        "Exported as Keras, with a warning",
        "Not good: the accuracy is lower.",
        "Use it only where",
        "31 percentage points",
    ):
        assert sees(dialog, text), text
    assert not sees(dialog, "It answers as the model does")


def test_without_labels_the_accuracy_is_unknown(driver: Driver, process: Process) -> None:
    dialog = ask(driver)
    process.outcome = replace(GOOD, accuracy=None, model_accuracy=None)
    QTest.mouseClick(dialog.export_button, Qt.MouseButton.LeftButton)
    end(driver, dialog, process)
    assert sees(dialog, "unknown, because these images have no labels")


@pytest.mark.parametrize("error", [UserError("There is something there. Choose a new folder."), RuntimeError("a bug")])
def test_a_failure_stays_beside_the_choice(
    error: Exception, driver: Driver, process: Process, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[BaseException] = []
    monkeypatch.setattr(bugs, "report", told.append)
    dialog = ask(driver)
    dialog.formats.buttons[4].click()
    dialog.target.folder.setText(str(tmp_path / "mine"))
    process.outcome = error
    QTest.mouseClick(dialog.export_button, Qt.MouseButton.LeftButton)
    end(driver, dialog, process)
    assert sees(dialog, str(error) if isinstance(error, UserError) else BUG)
    assert told == ([] if isinstance(error, UserError) else [error])
    assert dialog.formats.current.key == "onnx"
    assert dialog.target.path == tmp_path / "mine"
    assert focused() is dialog.export_button

    process.outcome = GOOD
    driver.press("Return")
    driver.wait_until(lambda: dialog.state.phase == Phase.EXPORTED)
    assert not sees(dialog, str(error))


def test_stop_and_esc(driver: Driver, process: Process) -> None:
    dialog = ask(driver)
    for end_it in (lambda: driver.press("Space"), lambda: driver.press("Esc"), dialog.close):
        QTest.mouseClick(dialog.export_button, Qt.MouseButton.LeftButton)
        driver.wait_until(lambda: sees(dialog, "Comparing"))
        end_it()
        driver.wait_until(lambda: sees(dialog, STOPPED))
        assert dialog.isVisible()
        assert dialog.formats.isEnabled()
    assert len(process.requests) == 3
    driver.press("Esc")
    assert not dialog.isVisible()


def test_closing_the_window_stops_it(driver: Driver, process: Process) -> None:
    dialog = ask(driver)
    QTest.mouseClick(dialog.export_button, Qt.MouseButton.LeftButton)
    driver.wait_until(lambda: sees(dialog, "Comparing"))
    driver.close()
    driver.wait_until(lambda: not driver.window.isVisible())
    assert not dialog.isVisible()
    assert not process.may_end.is_set()  # else it would have ended anyway; that no worker is left is checked for all


def test_while_one_goes_on_it_is_shown_again(driver: Driver, process: Process) -> None:
    dialog = ask(driver)
    QTest.mouseClick(dialog.export_button, Qt.MouseButton.LeftButton)
    driver.window.activateWindow()
    driver.wait_until(driver.window.isActiveWindow)
    driver.press("Ctrl+4")
    assert driver.window.runs.isVisible()  # the window can be used
    assert ask(driver) is dialog
    end(driver, dialog, process)
    assert dialog.state.phase == Phase.EXPORTED


def test_what_is_missing_and_how_to_install_it(
    driver: Driver, process: Process, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(FIND_SPEC, lambda name: None if name == "tf2onnx" else find_spec(name))
    dialog = ask(driver)
    assert [each.text() for each in dialog.findChildren(QLabel)].count("not installed") == 2
    assert dialog.export_button.isEnabled()
    onnx = dialog.formats.buttons[4]
    assert onnx.accessibleDescription().startswith("Not installed: tf2onnx.")
    onnx.click()
    assert sees(dialog, "It needs tf2onnx")
    assert not dialog.export_button.isEnabled()
    QTest.mouseClick(dialog.missing.copy, Qt.MouseButton.LeftButton)
    assert QGuiApplication.clipboard().text() == 'pip install "cnngui[export]"'

    monkeypatch.setattr(FIND_SPEC, find_spec)
    driver.window.activateWindow()  # as if in a terminal
    driver.wait_until(driver.window.isActiveWindow)
    dialog.activateWindow()
    driver.wait_until(dialog.export_button.isEnabled)
    assert not sees(dialog, "not installed")
    assert not dialog.missing.isVisible()


def test_a_click_on_a_sentence_chooses(driver: Driver, process: Process) -> None:
    dialog = ask(driver)
    for each in FORMATS:
        (sentence,) = (label for label in dialog.formats.findChildren(QLabel) if label.text() == each.purpose)
        QTest.mouseClick(sentence, Qt.MouseButton.LeftButton, pos=sentence.rect().center())
        assert dialog.formats.current == each


def test_the_suggested_folder_follows_the_format_until_one_is_typed(
    driver: Driver, process: Process, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    dialog = ask(driver)
    target = dialog.target
    dialog.formats.buttons[1].click()
    assert target.path == Path.home() / "colours-savedmodel"
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(tmp_path))
    driver.click("Choose the folder for “Export to”")
    assert target.path == tmp_path / "colours-savedmodel"
    dialog.formats.buttons[0].click()
    assert target.path == tmp_path / "colours-keras"
    target.folder.setText(str(tmp_path / "mine"))
    dialog.formats.buttons[1].click()
    assert target.path == tmp_path / "mine"
    for nowhere in ("", "mine", "/", "~nobody-of-this-name/mine"):
        target.folder.setText(nowhere)
        assert not dialog.export_button.isEnabled()
    target.folder.setText("~/mine")
    assert target.path == Path.home() / "mine"
    driver.click("Choose the folder for “Compare on”")
    QTest.mouseClick(dialog.export_button, Qt.MouseButton.LeftButton)
    driver.wait_until(lambda: bool(process.requests))
    assert process.requests[0].data == str(tmp_path)


def test_a_run_is_exported_from_its_menu(driver: Driver, process: Process) -> None:
    driver.press("Ctrl+4")
    runs = driver.window.runs
    driver.wait_until(lambda: len(runs.selected) == 1)
    runs.run_actions["export"].trigger()
    dialog = opened(driver)
    assert dialog.state.model == runs.selected[0].path


def test_the_buttons_menu_of_the_model(driver: Driver) -> None:
    button = driver.button(driver.texts()[-1])
    assert isinstance(button, QPushButton)
    entries = [action.text().replace("&", "") for action in button.actions()]
    assert "Export the model …" in entries


def test_without_a_model_there_is_nothing_to_export(open_window: Opener, tmp_path: Path) -> None:
    (tmp_path / "bad.keras").write_bytes(b"no model")
    driver = open_window(tmp_path / "bad.keras")
    (action,) = (each for each in driver.window.findChildren(QAction) if each.text() == "E&xport the model …")
    assert not action.isEnabled()


def test_the_process_itself(driver: Driver, tmp_path: Path) -> None:
    for colour in ("red", "blue"):
        (tmp_path / "pictures" / colour).mkdir(parents=True)
        copies(picture(tmp_path / "pictures" / colour / "one.png", colour), 3)
    dialog = ask(driver)
    dialog.target.pictures.setText(str(tmp_path / "pictures"))
    dialog.target.folder.setText(str(tmp_path / "new" / "export"))
    texts: set[str] = set()
    dialog.state.changed.connect(lambda: texts.add(dialog.state.progress.text))
    QTest.mouseClick(dialog.export_button, Qt.MouseButton.LeftButton)
    driver.bot.waitUntil(lambda: not dialog.state.is_busy, timeout=2 * PATIENCE)
    assert dialog.state.problem == ""
    assert sees(dialog, "Exported as Keras")
    assert sees(dialog, "6 pictures in the folder pictures")
    assert {"Opening the model", "Comparing the answers"} <= texts
    assert [path.name for path in (tmp_path / "new").iterdir()] == ["export"]
    assert (tmp_path / "new" / "export" / "model.keras").is_file()
    settings = Settings()
    assert (settings.export_folder, settings.export_format) == (tmp_path / "new", "keras")
