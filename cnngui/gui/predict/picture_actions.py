"""What is done with pictures in the list: copying, saving, taking out, and finding their files."""

from PySide6.QtCore import QMimeData, QObject, Qt, QUrl
from PySide6.QtGui import QAction, QDesktopServices, QGuiApplication

from cnngui.core.answers.answer_files import Row, write_csv, write_json
from cnngui.gui.common.saver import Saver
from cnngui.gui.common.words import percent
from cnngui.gui.predict.panel import PredictionPanel
from cnngui.gui.predict.pictures.picture import Picture


class PictureActions(QObject):
    """The actions of the list; each is in the window's menu and in that of the list."""

    def __init__(self, panel: PredictionPanel, saver: Saver) -> None:
        super().__init__(panel)
        self._panel = panel
        self._saver = saver

    def add_to_list(self, actions: list[QAction]) -> None:
        """Offer these actions where the list is clicked with the right button."""
        view = self._panel.list_view
        view.addActions(actions)
        view.setContextMenuPolicy(Qt.ContextMenuPolicy.ActionsContextMenu)

    def copy(self) -> None:
        """Copy the answers of the selected pictures as text, and their files for file managers."""
        pictures = self._panel.selected()
        if not pictures:
            return
        mime = QMimeData()
        mime.setText("\n".join(sentence(picture) for picture in pictures))
        mime.setUrls([QUrl.fromLocalFile(str(picture.path)) for picture in pictures if picture.path])
        QGuiApplication.clipboard().setMimeData(mime)
        self._saver.notice.emit(f"Copied {len(pictures):,} answer{'' if len(pictures) == 1 else 's'}")

    def remove(self) -> None:
        """Take the selected pictures out of the list; their files stay."""
        self._panel.remove([picture.number for picture in self._panel.selected()])

    def reveal(self) -> None:
        """Open the folder of the picture in view."""
        path = next((picture.path for picture in self._panel.selected() if picture.path), None)
        if path is None:
            self._saver.notice.emit("This picture is no file.")
        else:
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(path.parent)))

    def save_png(self) -> None:
        """Save the picture in view with what in it spoke for its class."""
        write = self._panel.explained_writer()
        if write is None:
            self._saver.notice.emit("There is no answer in view to explain.")
        else:
            self._saver.save("Save the explained picture", "explained.png", "PNG (*.png)", write)

    def save_csv(self) -> None:
        """Save the answers of the pictures in the list as a table."""
        if rows := self._rows():
            self._saver.save("Save the answers", "answers.csv", "CSV (*.csv)", lambda path: write_csv(rows, path))

    def save_json(self) -> None:
        """Save the answers of the pictures in the list as JSON."""
        if rows := self._rows():
            self._saver.save("Save the answers", "answers.json", "JSON (*.json)", lambda path: write_json(rows, path))

    def _rows(self) -> list[Row]:
        """Of the pictures that the list shows, in its order, and that do not wait."""
        model = self._panel.pictures
        shown = [model.picture(row) for row in range(model.rowCount())]
        rows = [row_of(picture) for picture in shown if not picture.waits]
        if not rows:
            self._saver.notice.emit("There is no answer to save yet.")
        return rows


def row_of(picture: Picture) -> Row:
    """The picture for a file of answers."""
    return Row(str(picture.path or picture.name), picture.truth, picture.answer, picture.error)


def sentence(picture: Picture) -> str:
    """The answer of a picture in one line, with all that is not nought."""
    where = str(picture.path or picture.name)
    if picture.answer is None:
        return f"{where}: {picture.error or picture.summary}"
    likely = ", ".join(f"{name} {percent(share)}" for name, share in picture.answer.top if share >= 0.005)
    return f"{where}: {likely}" if picture.answer.known else f"{where}: {picture.summary} ({likely})"
