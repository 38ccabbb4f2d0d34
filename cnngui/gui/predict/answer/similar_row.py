"""A row with the training images that are most similar to the picture in view."""

from collections.abc import Sequence

from PIL import Image
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QWidget

from cnngui.core.answers.similar import COUNT, Similar
from cnngui.gui.common.labels.elided_label import ElidedLabel
from cnngui.gui.common.labels.plain_label import PlainLabel
from cnngui.gui.common.pictures.image_view import ImageView, qimage
from cnngui.gui.common.style import SPACE, mark
from cnngui.gui.common.words import plain

SIDE = 64  # pixels: twice CIFAR-10's


class SimilarRow(QWidget):
    """The images side by side, each above its label."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        title = PlainLabel("Most similar training images")
        mark(title, role="muted")
        self._images = [ImageView(smooth=False) for _ in range(COUNT)]
        self._labels = [ElidedLabel() for _ in range(COUNT)]
        grid = QGridLayout(self)
        grid.setContentsMargins(0, SPACE, 0, 0)
        grid.setHorizontalSpacing(SPACE // 2)
        grid.setVerticalSpacing(SPACE // 2)
        grid.addWidget(title, 0, 0, 1, COUNT)
        for column, (image, label) in enumerate(zip(self._images, self._labels, strict=True)):
            image.setFixedSize(SIDE, SIDE)
            label.setAlignment(Qt.AlignmentFlag.AlignHCenter)
            mark(label, role="muted")
            grid.setColumnStretch(column, 1)
            grid.addWidget(image, 1, column, Qt.AlignmentFlag.AlignHCenter)
            grid.addWidget(label, 2, column)
        self.hide()

    def reserve(self, is_reserved: bool) -> None:
        """Keep the row's place while it is hidden, so that the bars above do not move, or leave it to them."""
        policy = self.sizePolicy()
        policy.setRetainSizeWhenHidden(is_reserved)
        self.setSizePolicy(policy)

    def show_images(self, found: Sequence[Similar]) -> None:
        """Show these, at most five; hide if there are none."""
        self.setVisible(bool(found))
        if not found:
            return  # the images stay as they are, which keeps the row's size
        for number, (image, label) in enumerate(zip(self._images, self._labels, strict=True)):
            there = number < len(found)
            image.setVisible(there)
            label.setVisible(there)
            if there:
                similar = found[number]
                image.set_image(qimage(Image.fromarray(similar.image)))
                image.setAccessibleName(f"Training image labelled {similar.label}")
                label.setText(similar.label)
                for widget in (image, label):
                    widget.setToolTip(plain(tip(similar)))


def tip(similar: Similar) -> str:
    """What the tooltip says of a training image."""
    return f"Training image labelled “{similar.label}”. Similarity {similar.similarity:.2f} (1 = identical)"
