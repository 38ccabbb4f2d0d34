"""The left side of the Predict half: the list of pictures with its tools and buttons."""

from PySide6.QtCore import QSize, Slot
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from cnngui.gui.common.style import SPACE
from cnngui.gui.common.words import percent
from cnngui.gui.predict.pictures.list_model import PictureListModel
from cnngui.gui.predict.pictures.list_tools import ListTools
from cnngui.gui.predict.pictures.list_view import PictureListView
from cnngui.gui.predict.pictures.tally import Tally
from cnngui.gui.predict.work_strip import WorkStrip

LEAST_WIDTH = 190


class AccuracyButton(QPushButton):
    """Shows the accuracy once two labelled pictures have answers. Checked, it shows the confusion matrix."""

    def __init__(self) -> None:
        super().__init__("Accuracy")
        self.setCheckable(True)
        self.setToolTip("Show the confusion matrix. “None of these” counts as wrong.")

    def show_tally(self, tally: Tally) -> None:
        """Show the accuracy of these counts, or hide."""
        has_some = tally.answered > 1
        self.setVisible(has_some)
        if has_some:
            self.setText(f"{percent(tally.correct / tally.answered, 1)} of {tally.answered:,} correct")
        else:
            self.setChecked(False)


class PictureSide(QWidget):
    """Lays out its parts, from the top: search, filter and order, accuracy, the list, progress, buttons."""

    def __init__(self, pictures: PictureListModel) -> None:
        super().__init__()
        self.tools, self.accuracy, self.list_view = ListTools(), AccuracyButton(), PictureListView()
        self.strip = WorkStrip()
        self.open_button, self.clear_button = QPushButton("Open …"), QPushButton("Clear")
        self.open_button.setToolTip("Open picture files")
        self.clear_button.setToolTip("Remove all pictures from the list; their files stay")
        self.list_view.setModel(pictures)
        pictures.thumbnails.changed.connect(self._repaint_list)
        buttons = QHBoxLayout()
        buttons.setSpacing(SPACE)
        buttons.addWidget(self.open_button, 1)
        buttons.addWidget(self.clear_button, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACE)
        column.addWidget(self.tools)
        column.addWidget(self.accuracy)
        column.addWidget(self.list_view, 1)
        column.addWidget(self.strip)
        column.addLayout(buttons)

    def minimumSizeHint(self) -> QSize:
        """Wide enough for the buttons, and to read a name."""
        return super().minimumSizeHint().expandedTo(QSize(LEAST_WIDTH, 0))

    @Slot()
    def _repaint_list(self) -> None:
        self.list_view.viewport().update()
