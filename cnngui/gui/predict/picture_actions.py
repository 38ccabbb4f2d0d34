"""What can be done with pictures in the list: copy, save, remove, and show their files."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QObject
from PySide6.QtGui import QDesktopServices

from cnngui.core.answers.answer_files import Row, write_csv, write_json, write_matrix_csv
from cnngui.core.pictures.decoding import Source
from cnngui.gui.common.local_files import urls_of
from cnngui.gui.common.pictures.image_view import write_png
from cnngui.gui.common.saver import Saver
from cnngui.gui.common.strips.offer_strip import Suggestion
from cnngui.gui.common.words import percent
from cnngui.gui.predict import clipboard
from cnngui.gui.predict.answer.matrix_picture import matrix_picture
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

    def sources(self) -> list[Source]:
        """The files of the selected pictures, or the bytes of those that have none."""
        return [picture.source for picture in self._panel.selected() if not picture.unreadable]

    def remove(self) -> None:
        """Remove the selected pictures from the list; their files stay."""
        self._state.remove([picture.number for picture in self._panel.selected()])

    def reveal(self) -> None:
        """Open the folder of the first selected picture that is a file."""
        path = next((picture.path for picture in self._panel.selected() if picture.path), None)
        if path is None:
            self._saver.notice.emit("This picture is not a file.")
        else:
            QDesktopServices.openUrl(*urls_of([path.parent]))

    def save_png(self) -> None:
        """Save the picture in view with its explanation."""
        write = self._panel.explained_writer()
        if write is None:
            self._saver.notice.emit("There is no answer to explain.")
        else:
            self._saver.save("Save the explained picture", "explained.png", "PNG (*.png)", write)

    def save_csv(self) -> None:
        """Save answers as a table: of the selected pictures if there are several, or else of those in the list."""
        self._save_answers(CSV, self._chosen())

    def save_json(self) -> None:
        """Save answers as JSON, of the same pictures."""
        self._save_answers(JSON, self._chosen())

    def save_matrix_png(self) -> None:
        """Save the confusion matrix as a picture."""
        matrix = self._panel.matrix
        self._saver.save(
            MATRIX_TITLE, "confusion matrix.png", "PNG (*.png)", lambda path: write_png(matrix_picture(matrix), path)
        )

    def save_matrix_csv(self) -> None:
        """Save the confusion matrix as a table."""
        matrix = self._panel.matrix
        self._saver.save(
            MATRIX_TITLE, "confusion matrix.csv", "CSV (*.csv)", lambda path: write_matrix_csv(matrix, path)
        )

    def _save_answers(self, kind: "AnswerFile", pictures: Sequence[Picture]) -> None:
        rows = [row_of(picture) for picture in pictures if not picture.waits]
        everything = [picture for picture in self._state.pictures.pictures if not picture.waits]
        if not rows:
            self._saver.notice.emit("There are no answers to save.")
            return
        part = f"{len(rows):,} of {len(everything):,}"

        def suggest_all(path: Path) -> None:
            save_all = partial(self._save_answers, kind, everything)
            self._state.suggested.emit(
                Suggestion(
                    f"{part} saved as {path}",
                    f"Save all {len(everything):,} …",
                    "Save the answers of all pictures",
                    save_all,
                )
            )

        is_part = len(rows) < len(everything)
        self._saver.save(
            f"Save {part} answers" if is_part else "Save answers",
            f"answers.{kind.suffix}",
            f"{kind.suffix.upper()} (*.{kind.suffix})",
            partial(kind.write, rows),
            suggest_all if is_part else None,
        )

    def _chosen(self) -> list[Picture]:
        """The selected pictures, if several are, or else all that the list shows; in its order."""
        selected, model = self._panel.selected(), self._state.pictures
        return selected if len(selected) > 1 else [model.picture(row) for row in range(model.rowCount())]


@dataclass(frozen=True)
class AnswerFile:
    """A format of answers: its suffix, and what writes it."""

    suffix: str
    write: Callable[[Sequence[Row], Path], None]


CSV, JSON = AnswerFile("csv", write_csv), AnswerFile("json", write_json)
MATRIX_TITLE = "Save the confusion matrix"


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
