"""The left side of the Predict half: the list of pictures, with what is above and below it."""

from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from cnngui.gui.common.style import SPACE
from cnngui.gui.predict.pictures.list_model import PictureListModel
from cnngui.gui.predict.pictures.list_tools import ListTools
from cnngui.gui.predict.pictures.list_view import PictureListView
from cnngui.gui.predict.work_strip import WorkStrip

LEAST_WIDTH = 190


class PictureSide(QWidget):
    """Holds its parts and lays them out; what they do is decided by who makes it."""

    def __init__(self, pictures: PictureListModel) -> None:
        super().__init__()
        self.tools, self.list_view, self.strip = ListTools(), PictureListView(), WorkStrip()
        self.accuracy = QPushButton("Accuracy")
        self.open_button, self.clear_button = QPushButton("Open …"), QPushButton("Clear")
        self.list_view.setModel(pictures)
        self.accuracy.setCheckable(True)
        self.accuracy.setToolTip(
            "Show which labels were given which answers: the confusion matrix. “None of these” counts as wrong"
        )
        self.open_button.setToolTip("Choose picture files (Ctrl+O)")
        self.clear_button.setToolTip("Empty the list (Ctrl+L); Ctrl+Z puts it back")
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
        self.setMinimumWidth(LEAST_WIDTH)
