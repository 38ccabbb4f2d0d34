"""What can be done with pictures in the list: copy, save, remove, and show their files."""

from PySide6.QtCore import QCoreApplication, QObject, QUrl
from PySide6.QtGui import QDesktopServices

from cnngui.core.answers.answer_files import Row, write_csv, write_json
from cnngui.gui.common.saver import Saver
from cnngui.gui.common.words import percent
from cnngui.gui.predict import clipboard
from cnngui.gui.predict.panel import PredictPanel
from cnngui.gui.predict.pictures.picture import Picture
from cnngui.gui.predict.state import PredictState


class PictureActions(QObject):
    """The actions on pictures, for the window's menus and the list's own."""

    def __init__(self, state: PredictState, panel: PredictPanel, saver: Saver) -> None:
        super().__init__(panel)
        self._state = state
        self._panel = panel
        self._saver = saver
        if app := QCoreApplication.instance():
            app.aboutToQuit.connect(clipboard.keep_text_only)

    def copy(self) -> None:
        """Copy the answers of the selected pictures as text, and their files for file managers."""
        pictures = self._panel.selected()
        if pictures:
            text = "\n".join(sentence(picture) for picture in pictures)
            clipboard.copy(text, [picture.path for picture in pictures if picture.path])
            self._saver.notice.emit(f"Copied {len(pictures):,} answer{'' if len(pictures) == 1 else 's'}")

    def remove(self) -> None:
        """Remove the selected pictures from the list; their files stay."""
        self._state.remove([picture.number for picture in self._panel.selected()])

    def reveal(self) -> None:
        """Open the folder of the first selected picture that is a file."""
        path = next((picture.path for picture in self._panel.selected() if picture.path), None)
        if path is None:
            self._saver.notice.emit("This picture is not a file.")
        else:
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(path.parent)))

    def save_png(self) -> None:
        """Save the picture in view with its explanation."""
        write = self._panel.explained_writer()
        if write is None:
            self._saver.notice.emit("There is no answer to explain.")
        else:
            self._saver.save("Save the explained picture", "explained.png", "PNG (*.png)", write)

    def save_csv(self) -> None:
        """Save the answers of the pictures in the list as a table."""
        if rows := self._rows():
            self._saver.save("Save answers", "answers.csv", "CSV (*.csv)", lambda path: write_csv(rows, path))

    def save_json(self) -> None:
        """Save the answers of the pictures in the list as JSON."""
        if rows := self._rows():
            self._saver.save("Save answers", "answers.json", "JSON (*.json)", lambda path: write_json(rows, path))

    def _rows(self) -> list[Row]:
        """The pictures that the list shows, in its order, without those that wait."""
        model = self._state.pictures
        shown = [model.picture(row) for row in range(model.rowCount())]
        rows = [row_of(picture) for picture in shown if not picture.waits]
        if not rows:
            self._saver.notice.emit("There are no answers to save.")
        return rows


def row_of(picture: Picture) -> Row:
    """The picture as a row of an answer file."""
    return Row(str(picture.path or picture.name), picture.truth, picture.answer, picture.error)


def sentence(picture: Picture) -> str:
    """The picture's answer in one line, without the classes that round to 0 %."""
    where = str(picture.path or picture.name)
    if picture.answer is None:
        return f"{where}: {picture.error or picture.summary}"
    likely = ", ".join(f"{name} {percent(share)}" for name, share in picture.answer.top if share >= 0.005)
    return f"{where}: {likely}" if picture.answer.known else f"{where}: {picture.summary} ({likely})"
