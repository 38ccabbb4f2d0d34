"""The kinds of questions that there are, to choose from."""

from PySide6.QtCore import QModelIndex, Qt, Signal, Slot
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QWidget

from cnngui.gui.classes.audit.question import Topic
from cnngui.gui.common.style import mark


class TopicList(QListWidget):
    """A row for each kind, with the number of its questions. chosen: the Topic of another row."""

    chosen = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        mark(self, kind="classes")
        self.setAccessibleName("Things to look at")
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._is_showing = False
        self.selectionModel().currentChanged.connect(self._choose)

    def show_topics(self, counts: dict[Topic, int], current: Topic | None) -> None:
        """Show these, with this one chosen."""
        self._is_showing = True
        texts = [f"{topic}  ·  {count:,}" for topic, count in counts.items()]
        if texts != [self.item(row).text() for row in range(self.count())]:
            self.clear()
            for text, topic in zip(texts, counts, strict=True):
                item = QListWidgetItem(text)
                item.setData(Qt.ItemDataRole.UserRole, topic)
                self.addItem(item)
        topics = list(counts)
        self.setCurrentRow(topics.index(current) if current in topics else -1)
        self._is_showing = False

    @Slot(QModelIndex, QModelIndex)
    def _choose(self, current: QModelIndex, _previous: QModelIndex) -> None:
        if current.isValid() and not self._is_showing:
            self.chosen.emit(Topic(current.data(Qt.ItemDataRole.UserRole)))
