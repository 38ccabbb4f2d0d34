"""What the user can do with the classes and the selected pictures, and when."""

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, QUrl, Signal, Slot
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QFileDialog, QWidget

from cnngui import paths
from cnngui.core.data.collections import edits
from cnngui.core.data.collections.changes import Change
from cnngui.core.data.collections.collection import Collection
from cnngui.core.data.collections.shelves import Item
from cnngui.core.data.layout import composed
from cnngui.core.sentences import counted, some_of
from cnngui.gui.classes.class_list.model import NO_CLASS
from cnngui.gui.classes.grid.model import Chosen
from cnngui.gui.classes.picker import ClassPicker
from cnngui.gui.classes.state import ClassesState
from cnngui.gui.classes.view import ClassesView
from cnngui.gui.common.open_dialogs import ask_for_folder, ask_for_pictures
from cnngui.gui.common.settings import Settings

MOST_NAMED = 3  # classes in a sentence

Edit = Callable[[Collection, Sequence[Item]], Change]


class ClassCommands(QObject):
    """The commands, and when each of them is possible.

    wanted: a class that is to be shown once it is there. train_asked: the folder of a collection to train on.
    again_asked: that of one to train on once more, from where the last training has ended.
    """

    wanted = Signal(str)
    train_asked = Signal(object)
    again_asked = Signal(object)

    def __init__(self, state: ClassesState, view: ClassesView, settings: Settings, parent: QWidget) -> None:
        super().__init__(parent)
        self._state, self._view, self._settings, self._parent = state, view, settings, parent

    # Collections

    @Slot()
    def new_collection(self) -> None:
        """Ask for the name and the place of a new collection."""
        start = paths.collections_dir()
        start = start if start.is_dir() else start.parent
        name, _ = QFileDialog.getSaveFileName(
            self._parent, "Name the new collection", str(start), options=QFileDialog.Option.DontConfirmOverwrite
        )
        if name:
            self._state.create(Path(name))

    @Slot()
    def open_collection(self) -> None:
        """Ask for a folder of classes."""
        folder = self._state.folder or paths.collections_dir()
        name = QFileDialog.getExistingDirectory(
            self._parent, "Choose a folder with a sub-folder of pictures for each class", str(folder.parent)
        )
        if name:
            self._state.open(Path(name))

    @Slot()
    def show_folder(self) -> None:
        """Open the collection's folder in the file manager."""
        if self._state.folder is not None:
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._state.folder)))

    @Slot()
    def train(self) -> None:
        """Train on the collection."""
        if self._state.folder is not None and self._state.can_train:
            self.train_asked.emit(self._state.folder)

    @Slot()
    def train_again(self) -> None:
        """Train on the collection once more."""
        if self._state.folder is not None and self._state.can_train:
            self.again_asked.emit(self._state.folder)

    # Classes

    @Slot(str)
    def new_class(self, typed: str) -> None:
        """Make a class of this name."""
        self._state.change("new class", lambda now: edits.new_class(now, typed))
        self.wanted.emit(composed(typed.strip()))

    @Slot()
    def name_class(self) -> None:
        """Let the user type the name of a new class."""
        self._view.focus_new_class()

    @Slot()
    def rename_in_place(self) -> None:
        """Let the user type another name for the class."""
        self._view.edit_name()

    @Slot(str, str)
    def rename(self, old: str, typed: str) -> None:
        """Give a class this name."""
        self._state.change("rename", lambda now: edits.rename_class(now, old, typed))
        self.wanted.emit(composed(typed.strip()))

    @Slot()
    def merge(self) -> None:
        """Ask which class gets the pictures of the selected ones."""
        names = self._view.chosen
        if names:
            self.pick(f"Merge {some_of(names, MOST_NAMED)} into", partial(self._merge, names), offers_none=False)

    @Slot()
    def remove_classes(self) -> None:
        """Remove the selected classes with their pictures; that can be undone."""
        names = self._view.chosen
        if names:
            what = f"“{names[0]}” is" if len(names) == 1 else f"{counted(len(names), 'class', 'classes')} are"
            self._state.change(
                "remove", lambda now: edits.remove_classes(now, names), f"{what} removed. Undo brings back what was in."
            )

    # Pictures

    @Slot()
    def add_files(self) -> None:
        """Ask for picture files and add them to the class."""
        self._add(ask_for_pictures(self._parent, self._settings))

    @Slot()
    def add_folder(self) -> None:
        """Ask for a folder and add its pictures to the class."""
        self._add(ask_for_folder(self._parent, self._settings))

    @Slot()
    def toggle_reference(self) -> None:
        """Copy what is added, or leave it where it is."""
        self._settings.refers_to_pictures = not self._settings.refers_to_pictures

    @Slot()
    def move(self) -> None:
        """Ask which class gets the selected pictures."""
        items = self._view.selected
        if items:
            self.pick(f"Move {counted(len(items), 'picture')} to", partial(self.move_to, items))

    def move_to(self, items: Chosen, name: str) -> None:
        """Move pictures to a class, "" for none yet."""
        notice = f"{counted(len(items), 'picture')} moved to {name or NO_CLASS}."
        self._edit("move", items, lambda now, there: edits.move_pictures(now, there, name), notice)

    @Slot()
    def exclude_or_include(self) -> None:
        """Leave the selected pictures out of trainings or, if the current one is, use them again."""
        items, includes = self._view.selected, self.includes
        edit = edits.include if includes else edits.exclude
        what = "used for trainings again" if includes else "left out of trainings"
        self._edit("include" if includes else "exclude", items, edit, f"{counted(len(items), 'picture')} {what}.")

    @Slot()
    def remove_pictures(self) -> None:
        """Remove the selected pictures; that can be undone."""
        items = self._view.selected
        self._edit("remove", items, edits.remove_pictures, f"{counted(len(items), 'picture')} removed.")

    def pick(self, title: str, choose: Callable[[str], object], *, offers_none: bool = True) -> None:
        """Ask for a class. choose: gets it, "" for none yet. offers_none: whether that is offered."""
        ClassPicker(title, self._state.classes, choose, self._parent.window(), offers_none=offers_none).open()

    # Conditions

    @property
    def includes(self) -> bool:
        """Whether the current picture is excluded, and so may be used again."""
        item = self._view.current_item
        return item is not None and item.shelf.is_excluded

    def may_exclude(self) -> bool:
        """Whether pictures of a class are selected."""
        return self._view.has_selection and bool(self._view.shown)

    def may_change_classes(self) -> bool:
        """Whether classes are selected."""
        return bool(self._view.chosen)

    def _add(self, files: Sequence[Path]) -> None:
        if files:
            self._state.add(files, self._view.shown)

    def _merge(self, names: Sequence[str], into: str) -> None:
        self._state.change("merge", lambda now: edits.merge_classes(now, names, into), f"Merged into {into}.")
        self.wanted.emit(into)

    def _edit(self, title: str, items: Chosen, edit: Edit, notice: str) -> None:
        if items:
            self._state.change(title, lambda now: edit(now, edits.still_there(now, items)), notice)
