"""The confusion matrix as a picture to share."""

from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QImage, QPainter

from cnngui.core.answers.answer_files import Matrix
from cnngui.gui.common.style import LIGHT
from cnngui.gui.common.words import percent
from cnngui.gui.predict.answer.confusion_model import CORRECT, shade

CELL = 48  # pixels a side
TEXT = 15  # pixels of a letter's height
MARGIN = 24
LONGEST = 240  # pixels of a name; a longer one is shortened

Align = Qt.AlignmentFlag


def matrix_picture(matrix: Matrix) -> QImage:
    """A white page with the matrix, its axes' titles and the accuracy of each class and of all. Safe in any thread."""
    font = QFont()
    font.setPixelSize(TEXT)
    metrics = QFontMetrics(font)
    line = metrics.height() + MARGIN // 3
    columns = (*matrix.answers, CORRECT)
    longest = max((metrics.horizontalAdvance(name) for name in (*columns, *matrix.labels)), default=0)
    names = min(LONGEST, longest) + 2
    table = QRect(
        MARGIN + line + names + MARGIN // 2,
        MARGIN + 2 * line + names + MARGIN // 2,
        CELL * len(columns),
        CELL * len(matrix.labels),
    )
    page = QImage(QSize(table.right() + MARGIN, table.bottom() + MARGIN), QImage.Format.Format_RGB32)
    page.fill(Qt.GlobalColor.white)
    painter = QPainter(page)
    painter.setFont(font)

    def write(text: str, box: QRect, align: Qt.AlignmentFlag, *, bold: bool = False) -> None:
        font.setBold(bold)
        painter.setFont(font)
        painter.setPen(QColor(LIGHT.text))
        fitting = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideMiddle, box.width())
        painter.drawText(box, align | Align.AlignVCenter, fitting)

    def write_upright(
        text: str, bottom_left: QPoint, size: QSize, align: Qt.AlignmentFlag, *, bold: bool = False
    ) -> None:
        painter.save()
        painter.translate(bottom_left)
        painter.rotate(-90)
        write(text, QRect(QPoint(0, 0), size), align, bold=bold)
        painter.restore()

    write(_headline(matrix), QRect(MARGIN, MARGIN, page.width() - 2 * MARGIN, line), Align.AlignLeft)
    answer = QRect(table.left(), MARGIN + line, CELL * len(matrix.answers), line)
    write("Answer", answer, Align.AlignHCenter, bold=True)
    bottom = QPoint(MARGIN, table.bottom())
    write_upright("True class", bottom, QSize(max(table.height(), 100), line), Align.AlignHCenter, bold=True)
    for column, name in enumerate(columns):
        corner = QPoint(table.left() + column * CELL, table.top() - MARGIN // 4)
        write_upright(name, corner, QSize(names, CELL), Align.AlignLeft)
    for row, label in enumerate(matrix.labels):
        top = table.top() + row * CELL
        write(label, QRect(MARGIN + line, top, names, CELL), Align.AlignRight)
        for column, count in enumerate(matrix.counts[row]):
            cell = QRect(table.left() + column * CELL, top, CELL, CELL)
            painter.fillRect(cell, shade(matrix, row, column, LIGHT))
            painter.setPen(QColor(LIGHT.border))
            painter.drawRect(cell)
            write(f"{count:,}" if count else "", cell, Align.AlignHCenter)
        last = QRect(table.left() + len(matrix.answers) * CELL, top, CELL, CELL)
        write(percent(matrix.correct(row)), last, Align.AlignHCenter)
    painter.end()
    return page


def _headline(matrix: Matrix) -> str:
    total = sum(map(sum, matrix.counts))
    right = sum(round(matrix.correct(row) * sum(counts)) for row, counts in enumerate(matrix.counts))
    return f"{percent(right / total, 1)} of {total:,} correct" if total else ""
