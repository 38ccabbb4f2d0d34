"""Buttons in a row that change between the pages of a stack."""

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QStackedWidget, QWidget


class PageTabs(QWidget):
    """A checkable button for each page. A page that the stack shows by itself is marked, too."""

    def __init__(self, pages: QStackedWidget) -> None:
        super().__init__()
        self._pages = pages
        self._buttons: list[QPushButton] = []
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.addStretch()
        pages.currentChanged.connect(self._mark)

    def add(self, title: str, tip: str, page: QWidget) -> None:
        """Add a page to the stack, with its button."""
        self._pages.addWidget(page)
        button = QPushButton(title)
        button.setCheckable(True)
        button.setFlat(True)
        button.setToolTip(tip)
        button.clicked.connect(lambda: self._show(page))
        self._row.insertWidget(len(self._buttons), button)
        self._buttons.append(button)
        self._mark()

    def _show(self, page: QWidget) -> None:
        self._pages.setCurrentWidget(page)
        self._mark()  # a click on the marked one has cleared it

    @Slot()
    def _mark(self) -> None:
        for number, button in enumerate(self._buttons):
            button.setChecked(number == self._pages.currentIndex())
