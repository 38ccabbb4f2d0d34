"""A window that is driven by events alone, and models that name colours, so that every answer is known."""

import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import cache, partial
from pathlib import Path
from typing import Protocol

import numpy as np
import pytest
import shiboken6
from PIL import Image
from PySide6.QtCore import QCoreApplication, QEvent, QMimeData, QPoint, QPointF, QSettings, QUrl
from PySide6.QtGui import (
    QAction,
    QDragEnterEvent,
    QDragLeaveEvent,
    QDragMoveEvent,
    QDropEvent,
    QKeySequence,
    Qt,
    QTextDocumentFragment,
)
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QDoubleSpinBox,
    QLabel,
    QLineEdit,
    QProgressBar,
    QSpinBox,
    QWidget,
)
from pytestqt.qtbot import QtBot

from cnngui.core.answers.classifier import Classifier
from cnngui.core.checks.looks import Extractor
from cnngui.core.data import cifar10, shapes
from cnngui.core.models import file as model_file
from cnngui.core.models.card import Card, TrainingRecord, card_path
from cnngui.core.models.familiarity import Familiarity
from cnngui.core.recipes import presets
from cnngui.core.recipes.layers import Convolution, GlobalPooling, MaxPooling
from cnngui.core.recipes.parts import NetworkSettings
from cnngui.core.recipes.presets import ARTICLE
from cnngui.gui.classes.audit import work
from cnngui.gui.common import questions, style
from cnngui.gui.common.worker import Worker
from cnngui.gui.predict.answer.card import ResultCard
from cnngui.gui.predict.pictures.list_model import PictureListModel
from cnngui.gui.predict.pictures.picture import Picture
from cnngui.gui.runs.model import loading
from cnngui.gui.runs.model.button import ModelButton
from cnngui.gui.train.form import TrainForm
from cnngui.gui.window.main_window import MainWindow

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")  # read when the QApplication is made

PATIENCE = 60_000  # ms: a machine that is shared may stand still for half a minute

COLOURS = {
    "black": (0, 0, 0),
    "white": (255, 255, 255),
    "grey": (128, 128, 128),
    "red": (255, 0, 0),
    "green": (0, 255, 0),
    "blue": (0, 0, 255),
    "yellow": (255, 255, 0),
    "magenta": (255, 0, 255),
    "cyan": (0, 255, 255),
    "orange": (255, 128, 0),
}
WARMTH = {"warm": (255, 0, 0), "cold": (0, 0, 255)}


STRANGE = "green"  # what the choosy model can name, but has never seen; its hue is far from all others


def save_colour_model(
    path: Path,
    colours: dict[str, tuple[int, int, int]],
    title: str,
    familiarity: Familiarity | None = None,
    source: str = "",
    images: dict[str, int] | None = None,
) -> Path:
    """A model that names the colour nearest to a picture's mean, and is less sure the nearer the next one is.

    Its features are the mean colour: red, green and blue, 0–1.
    """
    import keras

    from cnngui.core.networks.layers import FEATURES

    rgb = np.array(list(colours.values()), np.float32) / 255
    layer = keras.layers.Dense(len(colours), activation="softmax")
    network = keras.Sequential(
        [
            keras.Input((32, 32, 3)),
            keras.layers.Rescaling(1 / 255),
            keras.layers.GlobalAveragePooling2D(name=FEATURES),
            layer,
        ]
    )
    layer.set_weights([8 * rgb.T, -4 * (rgb**2).sum(1)])  # -4 × the squared distance, but for what all have in common
    training = TrainingRecord(
        title, source, images or {}, ARTICLE, (), test_loss=0.1, test_accuracy=0.875, seconds=1, precision=""
    )
    card = Card(tuple(colours), training)
    model_file.save(network, card, path, familiarity)
    return path


def whole_box(form: TrainForm, name: str) -> QSpinBox:
    """Where a setting of the optimization is edited that is a whole number."""
    widget = form.editor(f"optimization.{name}").widget
    assert isinstance(widget, QSpinBox)
    return widget


def rate_box(form: TrainForm) -> QDoubleSpinBox:
    """Where the learning rate is edited."""
    widget = form.editor("optimization.learning_rate").widget
    assert isinstance(widget, QDoubleSpinBox)
    return widget


@pytest.fixture(scope="session")
def colour_model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Names ten colours. Nobody writes to it."""
    return save_colour_model(tmp_path_factory.mktemp("colours") / "colours.keras", COLOURS, "Ten colours")


@pytest.fixture(scope="session")
def warmth_model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Tells warm colours from cold ones. Nobody writes to it."""
    return save_colour_model(tmp_path_factory.mktemp("warmth") / "warmth.keras", WARMTH, "Warmth")


@pytest.fixture(scope="session")
def choosy_model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Names ten colours, but knows neither green nor black. Nobody writes to it."""
    seen = np.array([rgb for name, rgb in COLOURS.items() if name not in (STRANGE, "black")], np.float32)
    hues = (seen / np.linalg.norm(seen, axis=1, keepdims=True)).astype(np.float16)
    path = tmp_path_factory.mktemp("choosy") / "choosy.keras"
    return save_colour_model(
        path,
        COLOURS,
        "Few colours",
        Familiarity(hues, split=hues.shape[1], threshold=0.9),
    )


def own_copy(model: Path, folder: Path) -> Path:
    """A copy of a shared model in a test's own folder: the window reads and checks it, as it would any other."""
    for path in (model, card_path(model)):
        shutil.copy(path, folder)
    return folder / model.name


def picture(path: Path, colour: str, size: tuple[int, int] = (48, 40)) -> Path:
    """A file with a picture of one colour."""
    Image.new("RGB", size, COLOURS[colour]).save(path)
    return path


def copies(path: Path, number: int) -> list[Path]:
    """So many files with the contents of one, each of which is an entry of its own in the list."""
    made = [path.with_name(f"{path.stem} {copy:04}{path.suffix}") for copy in range(number)]
    for each in made:
        each.hardlink_to(path)
    return made


@pytest.fixture(autouse=True)
def _home_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Settings, caches and runs are in the test's folder, and no CIFAR-10 is there."""
    home = tmp_path / "home"
    (home / "data").mkdir(parents=True)  # where a trash can be made
    monkeypatch.setenv("HOME", str(home))
    for name in ("CONFIG", "DATA", "CACHE", "STATE"):
        monkeypatch.setenv(f"XDG_{name}_HOME", str(home / name.lower()))
    for kind in (QSettings.Format.NativeFormat, QSettings.Format.IniFormat):
        QSettings.setPath(kind, QSettings.Scope.UserScope, str(home / "config"))
    monkeypatch.delenv(cifar10.ENVIRONMENT, raising=False)


@pytest.fixture(autouse=True)
def _empty_clipboard(qapp: QApplication) -> Iterator[None]:
    """Qt crashes at the end of the process over a QMimeData made in Python that is still on the clipboard."""
    yield
    qapp.clipboard().clear()


@pytest.fixture(autouse=True)
def _no_thread_left(qapp: QApplication, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Fail a test after which a worker still runs, or starts in a window that is closed."""
    workers: list[Worker] = []
    start = Worker.start

    def remember(worker: Worker) -> None:
        workers.append(worker)
        start(worker)

    monkeypatch.setattr(Worker, "start", remember)
    yield
    qapp.processEvents()
    left = [worker for worker in workers if shiboken6.isValid(worker) and worker.isRunning()]
    for worker in left:
        worker.stop()
        worker.wait()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    assert not left, "a worker was left running"


class Driver:
    """Does with a window what a person does, and sees what a person sees."""

    def __init__(self, window: MainWindow, bot: QtBot) -> None:
        self.window = window
        self.bot = bot

    # Seeing

    @property
    def pictures(self) -> PictureListModel:
        return self.window.predict_state.pictures

    def answers(self) -> list[str | None]:
        """For each picture in the list: the label, the reason why there is none, or None while it waits."""
        return [_answer(self.pictures.picture(row)) for row in range(self.pictures.rowCount())]

    def texts(self) -> list[str]:
        """What stands in the window now."""
        labels = [_as_shown(label) for label in self.window.findChildren(QLabel) if label.isVisible()]
        (model,) = self.window.findChildren(ModelButton)
        return [*labels, model.text()]

    def sees(self, text: str) -> bool:
        """Whether this text is somewhere in the window."""
        return any(text in shown for shown in self.texts())

    def bars(self) -> list[int]:
        """The lengths of the bars of the answer in view, in thousandths."""
        (card,) = self.window.findChildren(ResultCard)
        return [bar.value() for bar in card.findChildren(QProgressBar) if bar.isVisible()]

    def button(self, text: str) -> QAbstractButton:
        """The visible button with this text or accessible name."""
        buttons = self.window.findChildren(QAbstractButton)
        (found,) = (each for each in buttons if each.isVisible() and text in (each.text(), each.accessibleName()))
        return found

    def field(self, name: str) -> QLineEdit:
        """The visible line of text with this accessible name."""
        (found,) = (
            each for each in self.window.findChildren(QLineEdit) if each.isVisible() and each.accessibleName() == name
        )
        return found

    # Waiting

    def wait_until(self, condition: Callable[[], bool]) -> None:
        self.bot.waitUntil(condition, timeout=PATIENCE)

    def wait_for(self, text: str) -> None:
        """Until the text is somewhere in the window."""
        self.wait_until(lambda: self.sees(text))

    def wait_for_answers(self) -> list[str | None]:
        """The answers, once there is one for each picture."""
        looking = self.window.predict_state
        self.wait_until(
            lambda: not looking.is_gathering and self.pictures.rowCount() > 0 and self.pictures.tally.waiting == 0
        )
        return self.answers()

    def wait_for_rest(self) -> None:
        """Until no training runs and no model is being opened."""
        self.wait_until(lambda: not self.window.train_state.is_busy and not self.window.opener.is_running)

    # Doing

    def press(self, keys: str) -> None:
        """Press a key or a combination of keys: "Ctrl+1", "F5", "Tab"."""
        combination = QKeySequence(keys)[0]  # type: ignore[index]
        target = QApplication.focusWidget() or self.window
        QTest.keyClick(target, combination.key(), combination.keyboardModifiers())

    def click(self, text: str) -> None:
        """Click the button with this text or accessible name."""
        button = self.button(text)
        assert button.isEnabled()
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)

    def choose_from_menu(self, text: str) -> None:
        """Choose the entry with this text, in whichever menu it is."""
        (entry,) = (each for each in self.window.findChildren(QAction) if each.text().replace("&", "") == text)
        entry.trigger()

    def choose(self, box: QComboBox, text: str) -> None:
        """Choose an entry of a box, by its text or by what it stands for, with the arrow keys."""
        box.setFocus()
        entry = box.findData(text) if box.findText(text) < 0 else box.findText(text)
        assert entry >= 0
        way = entry - box.currentIndex()
        for _ in range(abs(way)):
            QTest.keyClick(box, Qt.Key.Key_Down if way > 0 else Qt.Key.Key_Up)

    def enter(self, box: QAbstractSpinBox, text: str) -> None:
        """Type a number into a box, in place of what is there."""
        box.setFocus()
        box.selectAll()
        QTest.keyClicks(box, text)
        QTest.keyClick(box, Qt.Key.Key_Return)

    def drag(self, mime: QMimeData, over: QWidget | None = None) -> bool:
        """Drag this into the window, over its middle or over a widget in it; whether it would be taken.

        The event goes to the native window's handler, which finds the widget, as with a drag from outside.
        """
        self._spot = QPointF(self._middle(over or self.window))
        action, left, no_keys = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
        entered = QDragEnterEvent(self._spot.toPoint(), action, mime, left, no_keys)
        entered.ignore()
        QCoreApplication.sendEvent(self.window.windowHandle(), entered)
        moved = QDragMoveEvent(self._spot.toPoint(), action, mime, left, no_keys)
        moved.ignore()
        QCoreApplication.sendEvent(self.window.windowHandle(), moved)
        return bool(entered.isAccepted() and moved.isAccepted())

    def drag_away(self) -> None:
        """Leave the window with what is being dragged."""
        QCoreApplication.sendEvent(self.window.windowHandle(), QDragLeaveEvent())

    def drop(self, mime: QMimeData, on: QWidget | None = None) -> None:
        """Drag this into the window and drop it there."""
        assert self.drag(mime, on)
        action, left, no_keys = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
        dropped = QDropEvent(self._spot, action, mime, left, no_keys)
        QCoreApplication.sendEvent(self.window.windowHandle(), dropped)
        self.wait_until(lambda: not self.window.predict_state.is_gathering)

    def drop_files(self, *files: Path) -> None:
        """Drop these files on the middle of the window."""
        self.drop(mime_of(*files))

    def close(self) -> None:
        """Click the title bar's cross."""
        self.window.windowHandle().close()

    def _middle(self, widget: QWidget) -> QPoint:
        return widget.mapTo(self.window, widget.rect().center())


def _answer(picture: Picture) -> str | None:
    return picture.answer.label if picture.answer else picture.error


def _as_shown(label: QLabel) -> str:
    """A label's text as Qt shows it: without what it takes for HTML."""
    text, form = label.text(), label.textFormat()
    if form == Qt.TextFormat.RichText or (form == Qt.TextFormat.AutoText and Qt.mightBeRichText(text)):
        return QTextDocumentFragment.fromHtml(text).toPlainText()
    return text


def mime_of(*files: Path) -> QMimeData:
    """What a file manager offers when these files are dragged or copied."""
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(path)) for path in files])
    return mime


class Opener(Protocol):
    """Opens a window and, unless told not to, waits until its model is there; default: the user's own one."""

    def __call__(
        self, model: Path | None = None, *, default: bool = False, data_dir: Path | None = None, wait: bool = True
    ) -> Driver: ...


@pytest.fixture(scope="session")
def _answering() -> dict[Path, Classifier]:
    """Models that were opened before, and that nobody writes to."""
    return {}


@pytest.fixture
def _opened_once(_answering: dict[Path, Classifier], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A model that several tests share is read and checked in the first of them only; a test's own one always."""
    open_really = loading._answering

    def open_once(path: Path) -> Classifier:
        if path.is_relative_to(tmp_path):
            return open_really(path)
        if path not in _answering:
            _answering[path] = open_really(path)
        return _answering[path]

    monkeypatch.setattr(loading, "_answering", open_once)


@pytest.fixture(autouse=True)
def _checks_by_colour(colour_model: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Own pictures are checked with a small model that is opened once, in the first test that needs it."""
    monkeypatch.setattr(work, "shipped_extractor", partial(_extractor, colour_model))


@cache
def _extractor(model: Path) -> Extractor:
    return Extractor.load(model)


@pytest.fixture
def open_window(
    qtbot: QtBot,
    qapp: QApplication,
    colour_model: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    _opened_once: None,
) -> Iterator[Opener]:
    """Opens windows as the program does, with the model of ten colours; afterwards they are closed."""
    qapp.setStyle("Fusion")
    style.apply(qapp)
    opened: list[Driver] = []

    def open_one(
        model: Path | None = None, *, default: bool = False, data_dir: Path | None = None, wait: bool = True
    ) -> Driver:
        first = None if default else model or colour_model
        with style.styled_at_the_end(qapp):
            window = MainWindow(model=first, data_dir=data_dir, runs_dir=tmp_path / "runs")
        window.show()
        window.activateWindow()
        driver = Driver(window, qtbot)
        opened.append(driver)
        driver.wait_until(window.isActiveWindow)
        if wait:
            driver.wait_until(lambda: not window.opener.is_running and not driver.sees("starting"))
            driver.wait_until(lambda: not window.predict.invitation.samples.is_reading)
        return driver

    yield open_one
    # A question would wait for an answer for ever.
    monkeypatch.setattr(questions, "may_stop_training", lambda _: True)
    monkeypatch.setattr(questions, "may_stop_search", lambda _: True)
    monkeypatch.setattr(questions, "may_discard_model", lambda _: True)
    for driver in opened:
        driver.window.close()
        driver.wait_until(lambda window=driver.window: not window.isVisible())  # type: ignore[misc]
        driver.window.deleteLater()


@pytest.fixture
def small_article(monkeypatch: pytest.MonkeyPatch) -> None:
    """The article's recipe has few layers, which are soon traced. Ask for it before the window."""
    network = NetworkSettings("layers", layers=(MaxPooling(4), Convolution(8), GlobalPooling()))
    monkeypatch.setitem(presets.PRESETS, "article", replace(presets.PRESETS["article"], network=network))


@pytest.fixture
def driver(open_window: Opener) -> Driver:
    """A window with the model of ten colours, ready to answer."""
    return open_window()


@pytest.fixture
def few_shapes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Drawn shapes are 180 + 20 + 50 images instead of 12,000."""
    monkeypatch.setattr(shapes, "TRAIN_PER_CLASS", 20)
    monkeypatch.setattr(shapes, "TEST_PER_CLASS", 5)
