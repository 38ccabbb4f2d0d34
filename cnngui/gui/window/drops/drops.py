"""What a drop on the window does: it opens models and runs, classifies pictures, or chooses a folder to train on."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QMimeData, QObject, Signal, Slot
from PySide6.QtWidgets import QWidget

from cnngui.core.sentences import counted
from cnngui.gui.classes.panel import ClassesPanel
from cnngui.gui.common.mime import folder_of, models_of
from cnngui.gui.common.offers import Offer, offer_of
from cnngui.gui.common.words import shortened
from cnngui.gui.window.drops.drop_target import DropTarget
from cnngui.gui.window.drops.dropped_folder import DroppedFolder, FolderContent
from cnngui.gui.window.places import Places


class Drops(QObject):
    """The folder of a run is opened, and a search continued. In Train, a folder of classes becomes the data.

    Classes collects pictures.

    train_on: a folder to train on. open_run: the folder of a run. continue_search: that of a search.
    open_model: that of a model. classify: a list of folders to classify.
    notice: a message in passing.
    """

    train_on = Signal(object)
    open_run = Signal(object)
    continue_search = Signal(object)
    open_model = Signal(object)
    classify = Signal(list)
    notice = Signal(str)

    def __init__(
        self, window: QWidget, places: Places, classes: ClassesPanel, take: Callable[[QMimeData], bool]
    ) -> None:
        """take: opens and classifies what it is given; whether there was anything to take."""
        super().__init__(window)
        self._window, self._places, self._classes, self._take = window, places, classes, take
        self._target = DropTarget(window, self._offer, self._drop)
        self._folders = DroppedFolder(self)
        self._folders.found.connect(self._found)
        self._awaited: Path | None = None  # a folder that was dropped, until its classes are counted

    def stop(self) -> None:
        """Look into no more folders, and wait until nothing runs."""
        self._folders.stop()

    def _offer(self, mime: QMimeData) -> Offer:
        if self._collects(mime):
            return self._classes.offer(mime)
        folder = folder_of(mime)
        if folder is None:
            return offer_of(mime)
        if self._awaited is None:
            self._folders.look_at(folder, as_data=self._is_training)
        return Offer(f"Drop to train on “{shortened(folder.name)}”") if self._is_training else offer_of(mime)

    def _drop(self, mime: QMimeData) -> bool:
        self._window.activateWindow()  # the keyboard is still in the file manager
        self._window.raise_()
        if self._collects(mime):
            return self._classes.take_mime(mime)
        folder = folder_of(mime)
        if folder is None:
            return self._take(mime)
        self._awaited = folder
        self.notice.emit(f"Looking into “{shortened(folder.name)}” …")
        self._folders.look_at(folder, as_data=self._is_training)
        return True

    def _collects(self, mime: QMimeData) -> bool:
        """Whether it goes into a class: the classes are shown, and it is no model."""
        return self._places.current == "classes" and not models_of(mime)

    @property
    def _is_training(self) -> bool:
        """Whether the Train half is shown."""
        return self._places.current == "train"

    @Slot(object, object)
    def _found(self, folder: Path, content: FolderContent) -> None:
        if folder != self._awaited:
            self._target.describe(folder, content)
            return
        self._awaited = None
        if content.is_run:
            self.open_run.emit(folder)
        elif content.is_search:
            self.notice.emit("")
            self.continue_search.emit(folder)
        elif content.model is not None:
            self.notice.emit("")
            self.open_model.emit(content.model)
        elif content.classes:
            self.notice.emit(f"“{shortened(folder.name)}” has {counted(content.classes, 'class', 'classes')}.")
            self.train_on.emit(folder)
        else:
            self.notice.emit("")
            self.classify.emit([folder])
