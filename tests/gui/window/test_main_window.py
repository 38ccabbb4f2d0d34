"""Pictures and models on their way into the window, and the window's closing."""

import base64
import os
import struct
import threading
import zipfile
import zlib
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QMimeData, QUrl
from PySide6.QtGui import QColor, QGuiApplication, QImage
from PySide6.QtWidgets import QApplication, QFileDialog, QLabel, QPushButton, QWidget

from cnngui.core.data import cifar10, shapes
from cnngui.gui.common.settings import Settings
from cnngui.gui.runs.model import loading
from cnngui.gui.runs.model import opener as model_opener
from cnngui.gui.runs.model.loading import LoadedModel
from cnngui.gui.window.drops.drop_overlay import DropOverlay
from tests.core.data.cifar10_files import dump_original, write_python
from tests.gui.conftest import COLOURS, Driver, Opener, mime_of, own_copy, picture, save_colour_model, whole_box
from tests.web_server import Server, send


def bitmap(colour: str) -> QMimeData:
    """What another program offers when a picture is dragged or copied that has no file."""
    image = QImage(40, 30, QImage.Format.Format_RGB32)
    image.fill(QColor(*COLOURS[colour]))
    mime = QMimeData()
    mime.setImageData(image)
    return mime


def text(words: str) -> QMimeData:
    mime = QMimeData()
    mime.setText(words)
    return mime


# Dropping


def test_a_dropped_file_is_classified(driver: Driver, tmp_path: Path) -> None:
    driver.drop_files(picture(tmp_path / "sky.png", "blue"))
    assert driver.wait_for_answers() == ["blue"]
    assert driver.sees("sky.png")
    assert driver.sees("1 picture")


def test_several_files_keep_their_order_and_the_first_is_in_view(driver: Driver, tmp_path: Path) -> None:
    driver.drop_files(*(picture(tmp_path / f"{colour}.png", colour) for colour in COLOURS))
    assert driver.wait_for_answers() == list(COLOURS)
    assert driver.sees("black.png")
    assert driver.sees("10 pictures")


def test_a_bitmap_without_a_file_is_classified(driver: Driver) -> None:
    driver.drop(bitmap("green"))
    assert driver.wait_for_answers() == ["green"]


def test_files_win_over_the_bitmap_that_comes_with_them(driver: Driver, tmp_path: Path) -> None:
    mime = bitmap("green")
    mime.setUrls([QUrl.fromLocalFile(str(picture(tmp_path / "red.png", "red")))])
    driver.drop(mime)
    assert driver.wait_for_answers() == ["red"]


def address(url: str) -> QMimeData:
    mime = QMimeData()
    mime.setUrls([QUrl(url)])
    return mime


def test_text_is_refused(driver: Driver) -> None:
    assert not driver.drag(text("no picture"))
    assert driver.sees("Not a picture, model, file or folder")
    driver.drag_away()
    assert not driver.window.findChildren(DropOverlay)[0].isVisible()


def test_a_folder_is_searched(driver: Driver, tmp_path: Path) -> None:
    for name, colour in (("a/red.png", "red"), ("b/c/blue.png", "blue"), ("green.png", "green")):
        (tmp_path / "album" / name).parent.mkdir(parents=True, exist_ok=True)
        picture(tmp_path / "album" / name, colour)
    driver.drag(mime_of(tmp_path / "album"))
    assert driver.sees("Drop to classify all pictures in “album”")
    driver.drop_files(tmp_path / "album")
    assert driver.wait_for_answers() == ["green", "red", "blue"]
    assert driver.sees("green.png")


def test_a_picture_from_a_page_is_fetched(driver: Driver, server: Server, tmp_path: Path) -> None:
    server.answer = send(picture(tmp_path / "red.png", "red").read_bytes())
    driver.drag(address(server.url))
    assert driver.sees("Drop to download and classify")
    driver.drop(address(server.url))
    driver.drop(text(server.url))
    assert driver.wait_for_answers() == ["red", "red"]
    assert "picture" in driver.texts()  # as the address calls it


def test_a_picture_inside_its_address(driver: Driver, tmp_path: Path) -> None:
    data = base64.b64encode(picture(tmp_path / "red.png", "red").read_bytes()).decode()
    driver.drop(address(f"data:image/png;base64,{data}"))
    assert driver.wait_for_answers() == ["red"]


def test_the_bitmap_that_comes_with_an_address_needs_no_fetching(driver: Driver) -> None:
    mime = bitmap("green")
    mime.setUrls([QUrl("http://127.0.0.1:9/none.png")])
    driver.drop(mime)
    assert driver.wait_for_answers() == ["green"]


def test_an_address_that_cannot_be_fetched_says_why_and_stays_so(
    driver: Driver, server: Server, warmth_model: Path
) -> None:
    server.answer = lambda request: request.send_error(404)
    driver.drop(address(server.url))
    (answer,) = driver.wait_for_answers()
    assert answer is not None
    assert answer.startswith("The server refused the request: 404 Not Found.")
    assert driver.sees(answer)
    driver.window.opener.open(warmth_model)
    driver.wait_for_rest()
    assert driver.wait_for_answers() == [answer]


@pytest.mark.parametrize(("files", "offer"), [(1, "Drop to classify"), (3, "Drop to classify 3 files")])
def test_the_overlay_says_what_a_drop_would_do(driver: Driver, tmp_path: Path, files: int, offer: str) -> None:
    (overlay,) = driver.window.findChildren(DropOverlay)
    assert not overlay.isVisible()
    assert driver.drag(mime_of(*(tmp_path / f"{number}.png" for number in range(files))))
    assert overlay.isVisible()
    assert offer in driver.texts()
    driver.drag_away()
    assert not overlay.isVisible()
    assert driver.pictures.rowCount() == 0


def test_the_overlay_doubts_what_is_not_called_a_picture(driver: Driver, tmp_path: Path) -> None:
    assert driver.drag(mime_of(tmp_path / "notes.txt"))
    assert driver.sees("Drop to try “notes.txt” as a picture")
    driver.drag_away()
    assert driver.drag(mime_of(tmp_path, tmp_path / "a.png"))
    assert driver.sees("Drop to classify 2 files and folders")


def test_a_drop_takes_the_keyboard(driver: Driver, tmp_path: Path) -> None:
    files = QWidget()  # stands for a file manager's window
    files.show()
    files.activateWindow()
    driver.wait_until(files.isActiveWindow)
    driver.drop_files(picture(tmp_path / "red.png", "red"), picture(tmp_path / "blue.png", "blue"))
    driver.wait_until(driver.window.isActiveWindow)
    driver.wait_for_answers()
    assert QApplication.focusWidget() is driver.window.predict.list_view
    driver.press("Down")
    driver.wait_for("blue.png")
    files.activateWindow()
    driver.wait_until(files.isActiveWindow)
    driver.press("Ctrl+3")
    driver.drop_files(picture(tmp_path / "green.png", "green"))
    driver.wait_until(driver.window.isActiveWindow)
    driver.wait_until(lambda: QApplication.focusWidget() is driver.window.predict.list_view)
    files.close()


def begin_of(driver: Driver, label: QLabel) -> int:
    """Where in the window the label's text begins."""
    return label.mapTo(driver.window, label.contentsRect().topLeft()).x()


def test_a_message_and_the_counts_are_not_shown_over_each_other(driver: Driver, tmp_path: Path) -> None:
    (tmp_path / "broken.png").touch()
    driver.window.predict_state.notice.emit("A message")
    driver.drop_files(tmp_path / "broken.png")
    driver.wait_for_answers()
    link = next(each for each in driver.window.findChildren(QPushButton) if "unreadable" in each.text())
    assert driver.window.status_line.message == "A message"
    assert not link.isVisible()
    message, counts = (
        next(label for label in driver.window.status_line.findChildren(QLabel) if label.text() == text)
        for text in ("A message", "1 picture")
    )
    driver.window.status_line.clear()
    assert link.isVisible()
    assert begin_of(driver, message) == begin_of(driver, counts)


def test_the_overlay_goes_with_the_drop(driver: Driver, tmp_path: Path) -> None:
    driver.drop_files(picture(tmp_path / "a.png", "red"))
    assert not driver.window.findChildren(DropOverlay)[0].isVisible()


def test_a_drop_while_training_is_shown_switches_to_predicting(driver: Driver, tmp_path: Path) -> None:
    driver.press("Ctrl+3")
    assert driver.window.train.isVisible()
    form = driver.window.train.form
    red = picture(tmp_path / "red.png", "red")
    driver.drop(mime_of(red), whole_box(form, "epochs").lineEdit())
    assert driver.window.predict.isVisible()
    driver.press("Ctrl+3")
    driver.drop(mime_of(red), driver.window.train)
    assert driver.window.predict.isVisible()
    assert driver.wait_for_answers() == ["red"]


def test_the_list_and_the_card_take_drops_too(driver: Driver, tmp_path: Path) -> None:
    red, blue = picture(tmp_path / "red.png", "red"), picture(tmp_path / "blue.png", "blue")
    driver.drop_files(red)
    (open_button,) = (each for each in driver.window.findChildren(QPushButton) if each.text() == "Open …")
    list_of_pictures = open_button.parentWidget()
    driver.drop(mime_of(blue), list_of_pictures)
    assert driver.wait_for_answers() == ["red", "blue"]


def test_what_is_dropped_before_the_model_is_there_is_answered_then(
    open_window: Opener, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened, opens = threading.Event(), loading.load_model

    def wait_and_load(*arguments: Any) -> LoadedModel:
        opened.wait(60)  # however long the window takes for the drop
        return opens(*arguments)

    monkeypatch.setattr(model_opener, "load_model", wait_and_load)
    driver = open_window(wait=False)
    driver.drop_files(picture(tmp_path / "red.png", "red"))
    assert driver.answers() == [None]
    assert driver.sees("The model is loading.")
    assert driver.sees("1 picture  ·  1 waiting")
    opened.set()
    assert driver.wait_for_answers() == ["red"]
    assert driver.sees("red")


def test_a_second_drop_waits_for_the_first(driver: Driver, tmp_path: Path) -> None:
    first = [picture(tmp_path / f"{number}.png", "red") for number in range(40)]
    driver.drop_files(*first)
    driver.drop_files(picture(tmp_path / "last.png", "blue"))
    assert driver.sees("41 pictures")
    assert driver.wait_for_answers() == ["red"] * 40 + ["blue"]


def test_500_files_in_one_drop(driver: Driver, tmp_path: Path) -> None:
    """Every tenth is broken; all are answered or refused, in their order, and counted."""
    names = list(COLOURS)
    files, expected = [], []
    for number in range(500):
        colour = names[number // 10 % 10]
        if number % 10 == 7:
            files.append(tmp_path / f"{number}.jpg")
            files[-1].write_bytes(b"broken")
            expected.append("Not a readable picture")
        else:
            files.append(picture(tmp_path / f"{number}.png", colour))
            expected.append(colour)
    driver.drop_files(*files)
    answers = driver.wait_for_answers()
    assert len(answers) == 500
    assert all(answer and answer.startswith(start) for answer, start in zip(answers, expected, strict=True))
    assert [driver.pictures.picture(row).name for row in range(500)] == [path.name for path in files]
    assert driver.sees("500 pictures")
    driver.click("50 of 500 unreadable")
    assert driver.pictures.rowCount() == 50
    assert driver.sees("500 pictures  ·  50 shown")
    assert all(answer and answer.startswith("Not a readable picture") for answer in driver.answers())


# What a drop may hold


def one_bit_png(width: int, height: int) -> bytes:
    """A valid, tiny, black PNG of any size."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    rows = zlib.compress(bytes((width + 7) // 8 + 1) * height, 1)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def not_a_picture(folder: Path) -> Path:
    (folder / "diary.jpg").write_text("Dear diary")
    return folder / "diary.jpg"


def an_empty_file(folder: Path) -> Path:
    (folder / "empty.png").touch()
    return folder / "empty.png"


def a_truncated_jpeg(folder: Path) -> Path:
    whole = picture(folder / "whole.jpg", "red", (400, 300)).read_bytes()
    (folder / "half.jpg").write_bytes(whole[: len(whole) // 2])
    return folder / "half.jpg"


def a_bomb(folder: Path) -> Path:
    (folder / "bomb.png").write_bytes(one_bit_png(20_000, 10_000))
    return folder / "bomb.png"


def a_folder(folder: Path) -> Path:
    (folder / "holidays").mkdir()
    return folder / "holidays"


def a_file_that_is_gone(folder: Path) -> Path:
    return folder / "gone.png"


def a_secret_file(folder: Path) -> Path:
    secret = picture(folder / "secret.png", "red")
    secret.chmod(0)
    if os.access(secret, os.R_OK):
        pytest.skip("this user may read everything")
    return secret


@pytest.mark.parametrize(
    ("make", "sentence"),
    [
        (not_a_picture, "Not a readable picture."),
        (an_empty_file, "The file is empty."),
        (a_truncated_jpeg, "The picture is damaged or incomplete."),
        (a_bomb, "The picture has more than 110 megapixels."),
        (a_folder, "There are no pictures in this folder"),
        (a_file_that_is_gone, "The file does not exist."),
        (a_secret_file, "You do not have permission to read this file."),
    ],
)
def test_a_bad_file_gets_its_sentence_and_the_rest_goes_on(
    driver: Driver, tmp_path: Path, make: object, sentence: str
) -> None:
    assert callable(make)
    red, blue = picture(tmp_path / "red.png", "red"), picture(tmp_path / "blue.png", "blue")
    bad = make(tmp_path)
    driver.drop_files(red, bad, blue)
    first, second, third = driver.wait_for_answers()
    assert (first, third) == ("red", "blue")
    assert second is not None
    assert second.startswith(sentence)
    assert driver.button("1 of 3 unreadable").isVisible()
    driver.drop_files(bad)
    driver.wait_for_answers()
    driver.wait_for(sentence)
    assert driver.sees(bad.name)
    assert driver.bars() == []


@pytest.mark.parametrize(
    "name",
    ["a b.png", 'it\'s "quoted".png', "катт 🐈‍⬛ 100%.png", "#%20?.png", "<b>bold</b>.png", "x" * 250 + ".png"],
)
def test_unusual_names_stand_in_the_window_as_they_are(driver: Driver, tmp_path: Path, name: str) -> None:
    before = driver.window.minimumSizeHint()
    driver.drop_files(picture(tmp_path / name.replace("/", "∕"), "cyan"))
    assert driver.wait_for_answers() == ["cyan"]
    assert driver.sees(name.replace("/", "∕"))
    assert driver.window.minimumSizeHint().width() <= max(before.width(), 1024)


# Pasting and opening


def test_paste_of_a_bitmap(driver: Driver) -> None:
    QGuiApplication.clipboard().setMimeData(bitmap("yellow"))
    driver.press("Ctrl+V")
    assert driver.wait_for_answers() == ["yellow"]
    assert driver.sees("pasted picture")


def test_paste_of_files(driver: Driver, tmp_path: Path) -> None:
    QGuiApplication.clipboard().setMimeData(
        mime_of(picture(tmp_path / "a.png", "red"), picture(tmp_path / "b.png", "blue"))
    )
    driver.click("Paste")
    assert driver.wait_for_answers() == ["red", "blue"]


@pytest.mark.parametrize("what", [QMimeData(), text("no picture")])
def test_pasting_without_a_picture_gives_a_reason(driver: Driver, what: QMimeData) -> None:
    QGuiApplication.clipboard().setMimeData(what)
    driver.press("Ctrl+V")
    assert driver.sees("The clipboard holds no picture, file or web address.")
    assert driver.pictures.rowCount() == 0


def test_paste_from_a_clipboard_that_was_never_used(driver: Driver) -> None:
    QGuiApplication.clipboard().clear()
    driver.press("Ctrl+V")
    assert driver.sees("The clipboard holds no picture, file or web address.")


def test_open_asks_for_files_and_remembers_their_folder(
    driver: Driver, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "album").mkdir()
    files = [picture(tmp_path / "album" / f"{colour}.png", colour) for colour in ("red", "white")]
    monkeypatch.setattr(QFileDialog, "getOpenFileNames", lambda *_: ([str(path) for path in files], ""))
    driver.press("Ctrl+O")
    assert driver.wait_for_answers() == ["red", "white"]
    assert Settings().open_folder == tmp_path / "album"


def test_open_that_is_cancelled_changes_nothing(driver: Driver, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(QFileDialog, "getOpenFileNames", lambda *_: ([], ""))
    driver.click("Open pictures …")
    assert driver.pictures.rowCount() == 0
    assert driver.window.predict.invitation.isVisible()


def test_pictures_of_the_command_line(driver: Driver, tmp_path: Path) -> None:
    driver.window.ways.classify([picture(tmp_path / "red.png", "red")])
    assert driver.wait_for_answers() == ["red"]


# Test images


@pytest.fixture
def cifar10_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Files of 20 records; a test image of label n is as bright as 20 × n."""
    monkeypatch.setattr(cifar10, "RECORDS_PER_FILE", 20)
    folder = tmp_path / cifar10.BINARY.folder
    folder.mkdir()
    records = np.zeros((20, cifar10.RECORD_BYTES), np.uint8)
    records[:, 0] = np.arange(20) % 10
    records[:, 1:] = 20 * records[:, :1]
    for name in cifar10.BINARY.files:
        records.tofile(folder / name)
    return folder


def test_a_random_test_image_comes_with_its_label(open_window: Opener, cifar10_folder: Path, tmp_path: Path) -> None:
    model = save_colour_model(tmp_path / "m.keras", COLOURS, "Ten colours", source="cifar10")
    driver = open_window(model, data_dir=cifar10_folder)
    driver.click("Random test image")
    (answer,) = driver.wait_for_answers()
    shown = driver.pictures.picture(0)
    assert shown.prediction is not None
    assert shown.prediction.pixels is not None
    label = int(shown.prediction.pixels[0, 0, 0, 0]) // 20
    assert shown.given == cifar10.CLASSES[label]
    assert shown.truth is None  # it is no class of this model, which is not wrong for that
    assert driver.sees(f"labelled {cifar10.CLASSES[label]}")
    assert answer in COLOURS


def test_a_test_image_of_the_python_version(open_window: Opener, cifar10_folder: Path, tmp_path: Path) -> None:
    python = write_python(cifar10_folder, tmp_path / "data" / cifar10.PYTHON.folder, dump_original)
    driver = open_window(
        save_colour_model(tmp_path / "m.keras", COLOURS, "Ten colours", source="cifar10"), data_dir=python.parent
    )
    driver.press("Ctrl+R")
    driver.wait_for_answers()
    assert driver.pictures.picture(0).given in cifar10.CLASSES


def test_a_damaged_test_file_gives_a_reason(open_window: Opener, cifar10_folder: Path, tmp_path: Path) -> None:
    driver = open_window(
        save_colour_model(tmp_path / "m.keras", COLOURS, "Ten colours", source="cifar10"), data_dir=cifar10_folder
    )
    (cifar10_folder / "test_batch.bin").write_bytes(b"short")
    driver.press("Ctrl+R")
    driver.wait_for("test_batch.bin is too short")


def test_where_it_is_unknown_what_a_model_learnt_from_no_test_image_is_offered(driver: Driver) -> None:
    assert "Random test image" not in [
        each.text() for each in driver.window.findChildren(QPushButton) if each.isVisible()
    ]
    assert not driver.window.actions_table["test image"].isEnabled()


def test_the_start_says_what_the_model_knows(driver: Driver, warmth_model: Path) -> None:
    assert driver.sees("It knows black, white, grey, red, green, blue and 4 more.")
    driver.window.opener.open(warmth_model)
    driver.wait_for("It knows warm, cold.")


@pytest.fixture
def colour_folder(tmp_path: Path) -> Path:
    """Pictures of two colours in folders of their names; one that is to be held out for the test is misplaced."""
    for colour in ("red", "blue"):
        for part, count in (("train", 4), ("test", 2)):
            (tmp_path / "own" / part / colour).mkdir(parents=True)
            for number in range(count):
                picture(tmp_path / "own" / part / colour / f"{number}.png", colour)
    picture(tmp_path / "own" / "test" / "red" / "1.png", "blue")
    return tmp_path / "own"


def test_a_model_of_own_classes_offers_their_test_images(
    open_window: Opener, colour_folder: Path, tmp_path: Path
) -> None:
    driver = open_window(save_colour_model(tmp_path / "m.keras", COLOURS, "Folder own", source=str(colour_folder)))
    driver.wait_until(lambda: len(driver.window.predict.invitation.samples.findChildren(QPushButton)) == 2)
    driver.click("Sample picture blue")
    assert driver.wait_for_answers() == ["blue"]
    assert driver.sees("labelled blue")
    driver.choose_from_menu("All test images")
    driver.wait_until(lambda: driver.pictures.rowCount() == 4)
    driver.wait_for_answers()
    assert driver.button("75.0 % of 4 correct")
    driver.wait_until(lambda: driver.pictures.picture(0).wrong)
    driver.wait_for("✗ Wrong. True class: red.")
    driver.press("Ctrl+Z")
    driver.wait_until(lambda: driver.pictures.rowCount() == 5)


def test_when_the_folder_is_gone_the_button_says_so(open_window: Opener, tmp_path: Path) -> None:
    driver = open_window(save_colour_model(tmp_path / "m.keras", COLOURS, "Folder own", source=str(tmp_path / "gone")))
    button = driver.button("Random test image")
    assert not button.isEnabled()
    assert "is not there any more" in button.toolTip()
    assert not driver.window.predict.invitation.samples.isVisible()


def test_a_model_of_shapes_offers_drawn_samples(open_window: Opener, tmp_path: Path, few_shapes: None) -> None:
    driver = open_window(save_colour_model(tmp_path / "m.keras", COLOURS, "Drawn shapes", source="shapes"))
    names = {f"Sample picture {name}" for name in shapes.CLASSES}
    samples = driver.window.predict.invitation.samples
    driver.wait_until(
        lambda: {each.accessibleName() for each in samples.findChildren(QPushButton) if each.isVisible()} == names
    )
    driver.click("Sample picture heart")
    driver.wait_for_answers()
    assert driver.sees("labelled heart")


# Models


def a_missing_model(folder: Path, _good: Path) -> Path:
    return folder / "missing.keras"


def a_truncated_model(folder: Path, good: Path) -> Path:
    (folder / "truncated.json").write_bytes(good.with_suffix(".json").read_bytes())
    whole = good.read_bytes()
    (folder / "truncated.keras").write_bytes(whole[: len(whole) // 2])
    return folder / "truncated.keras"


def a_foreign_model(folder: Path, good: Path) -> Path:
    (folder / "foreign.json").write_bytes(good.with_suffix(".json").read_bytes())
    with zipfile.ZipFile(folder / "foreign.keras", "w") as file:
        file.writestr("readme.txt", "no model")
    return folder / "foreign.keras"


BAD_MODELS = [
    (a_missing_model, "There is no model at "),
    (a_truncated_model, "truncated.keras is not a model, or is cut short."),
    (a_foreign_model, "foreign.keras was not opened: it holds “readme.txt”"),
]


@pytest.mark.parametrize(("make", "sentence"), BAD_MODELS)
def test_a_bad_model_gives_a_reason_and_another_can_be_opened(
    open_window: Opener,
    colour_model: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    make: object,
    sentence: str,
) -> None:
    assert callable(make)
    driver = open_window(make(tmp_path, colour_model))
    assert driver.window.status_line.message.startswith(sentence)
    assert driver.sees("no model")
    driver.drop_files(picture(tmp_path / "red.png", "red"))
    assert sum(shown.startswith(sentence) for shown in driver.texts()) == 2  # in the card and in the status bar
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(colour_model), ""))
    driver.press("Ctrl+Shift+O")
    assert driver.wait_for_answers() == ["red"]
    assert driver.sees("colours.keras  ·  87.5 %")


def test_a_bad_model_leaves_the_good_one_in_use(
    driver: Driver, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(tmp_path / "none.keras"), ""))
    driver.press("Ctrl+Shift+O")
    driver.wait_for("There is no model at ")
    assert driver.sees("colours.keras")
    driver.drop_files(picture(tmp_path / "red.png", "red"))
    assert driver.wait_for_answers() == ["red"]


def test_another_model_answers_from_then_on(driver: Driver, tmp_path: Path, warmth_model: Path) -> None:
    red = picture(tmp_path / "red.png", "red")
    driver.drop_files(red)
    driver.wait_for_answers()
    driver.window.opener.open(warmth_model)
    driver.wait_for("warmth.keras")
    driver.drop_files(picture(tmp_path / "orange.png", "red"))
    # The first picture too: its old answer would look like the new model's.
    assert driver.wait_for_answers() == ["warm", "warm"]
    assert len(driver.bars()) == 2


def test_a_model_that_is_chosen_while_another_is_being_opened_is_opened_next(
    open_window: Opener, tmp_path: Path, colour_model: Path, warmth_model: Path
) -> None:
    driver = open_window(own_copy(colour_model, tmp_path), wait=False)
    driver.wait_for("Opening the model …")
    driver.window.opener.open(warmth_model)
    driver.wait_for("warmth.keras")
    driver.drop_files(picture(tmp_path / "red.png", "red"))
    assert driver.wait_for_answers() == ["warm"]


def a_model_without_a_card(folder: Path, good: Path) -> Path:
    (folder / "lonely.keras").write_bytes(good.read_bytes())
    return folder / "lonely.keras"


@pytest.mark.parametrize("place", ["Ctrl+1", "Ctrl+2", "Ctrl+3", "Ctrl+4"])
def test_a_dropped_model_answers_from_then_on(driver: Driver, tmp_path: Path, warmth_model: Path, place: str) -> None:
    driver.drop_files(picture(tmp_path / "red.png", "red"))
    driver.press(place)
    assert driver.drag(mime_of(warmth_model))
    assert "Drop to open the model “warmth.keras”" in driver.texts()
    driver.drop_files(warmth_model)
    assert driver.window.predict.isVisible()
    driver.wait_for("warmth.keras")
    assert driver.wait_for_answers() == ["warm"]


def test_a_pasted_model_answers_from_then_on(driver: Driver, tmp_path: Path, warmth_model: Path) -> None:
    QGuiApplication.clipboard().setMimeData(mime_of(warmth_model))
    driver.press("Ctrl+V")
    driver.wait_for("warmth.keras")
    assert driver.pictures.total == 0


def test_a_model_and_pictures_in_one_drop(driver: Driver, tmp_path: Path, warmth_model: Path) -> None:
    files = picture(tmp_path / "red.png", "red"), warmth_model, picture(tmp_path / "blue.png", "blue")
    driver.drag(mime_of(*files))
    assert "Drop to open the model “warmth.keras” and classify 2 files" in driver.texts()
    driver.drop_files(*files)
    driver.wait_for("warmth.keras")
    assert driver.wait_for_answers() == ["warm", "cold"]


def test_several_models_are_too_many(driver: Driver, tmp_path: Path, colour_model: Path, warmth_model: Path) -> None:
    both = mime_of(colour_model, warmth_model, picture(tmp_path / "red.png", "red"))
    assert not driver.drag(both)
    assert "Only one model can be opened at a time" in driver.texts()
    driver.drag_away()
    QGuiApplication.clipboard().setMimeData(mime_of(colour_model, warmth_model))
    driver.press("Ctrl+V")
    assert "Only one model can be opened at a time." in driver.texts()
    assert driver.pictures.total == 0


def test_a_folder_is_no_model_whatever_its_name(driver: Driver, tmp_path: Path) -> None:
    (tmp_path / "pictures.keras").mkdir()
    picture(tmp_path / "pictures.keras" / "red.png", "red")
    driver.drag(mime_of(tmp_path / "pictures.keras"))
    assert "Drop to classify all pictures in “pictures.keras”" in driver.texts()
    driver.drop_files(tmp_path / "pictures.keras")
    assert driver.wait_for_answers() == ["red"]


def test_a_model_without_a_card_shows_its_file_and_numbered_classes(
    driver: Driver, colour_model: Path, tmp_path: Path
) -> None:
    driver.drop_files(a_model_without_a_card(tmp_path, colour_model))
    driver.wait_for("lonely.keras: pixels 0–255; probabilities as they are. Its classes have no names.")
    driver.drop_files(picture(tmp_path / "red.png", "red"))
    assert driver.wait_for_answers() == ["class 4"]
    assert driver.button("lonely.keras").isVisible()
    (tmp_path / "lonely.txt").write_text("\n".join(name.upper() for name in COLOURS))
    driver.drop_files(tmp_path / "lonely.keras")
    driver.wait_for_rest()
    assert driver.wait_for_answers() == ["RED"]
    assert driver.bars()


# Closing


def test_an_idle_window_closes_at_once(driver: Driver) -> None:
    driver.close()
    assert not driver.window.isVisible()


def test_closing_while_the_model_is_being_opened(open_window: Opener, colour_model: Path, tmp_path: Path) -> None:
    driver = open_window(own_copy(colour_model, tmp_path), wait=False)
    files = [picture(tmp_path / f"{number}.png", "red") for number in range(50)]
    driver.wait_for("Opening the model …")
    driver.window.ways.classify(files)
    driver.close()
    assert not driver.window.isVisible()


def test_closing_while_pictures_are_being_classified(driver: Driver, tmp_path: Path) -> None:
    driver.drop_files(*(picture(tmp_path / f"{number}.png", "red") for number in range(200)))
    driver.wait_until(lambda: 0 < driver.pictures.tally.waiting < 200)
    driver.close()
    assert not driver.window.isVisible()


def test_the_place_and_the_size_are_remembered(open_window: Opener) -> None:
    first = open_window()
    first.window.resize(780, 560)  # offscreen, a screen has 800 × 800 pixels
    first.close()
    second = open_window()
    assert second.window.size() == first.window.size()
