"""Actions as data: a table of what can be done, from which menus, keys, tooltips and buttons are made."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QAction, QActionGroup, QKeySequence
from PySide6.QtWidgets import QPushButton, QWidget


def always() -> bool:
    """The condition of what can be done at any time."""
    return True


@dataclass(frozen=True)
class Action:
    """Something that can be done.

    name: by which the code refers to it. text: as in a menu, "&" before its letter; a function if it changes.
    run: does it. key: its shortcut. other_keys: more of them, which are not shown.
    tip: a sentence for tooltips; buttons show it with the key.
    menu: its menu, "File", or "File/Sample pictures" for a submenu; "" for none. The table's order is the menu's.
    separated: whether a line stands above it. enabled: whether it can be done now; otherwise it is greyed.
    visible: whether it is offered at all; otherwise it is left out.
    checked: for a switch, whether it is on. group: of the switches of a group exactly one is on.
    """

    name: str
    text: str | Callable[[], str]
    run: Callable[[], object]
    key: QKeySequence.StandardKey | str | None = None
    other_keys: Sequence[str] = ()
    tip: str = ""
    menu: str = ""
    separated: bool = False
    enabled: Callable[[], bool] = always
    visible: Callable[[], bool] = always
    checked: Callable[[], bool] | None = None
    group: str = ""


class Actions(QObject):
    """A table as Qt's actions, by name. Call :meth:`refresh` whenever a condition may have changed.

    widget: where the keys work, while it has the focus; by default everywhere in the window.
    """

    def __init__(self, table: Sequence[Action], parent: QObject, widget: QWidget | None = None) -> None:
        super().__init__(parent)
        self._widget = widget
        self._table = tuple(table)
        self._groups: dict[str, QActionGroup] = {}
        self._made = {action.name: self._make(action) for action in self._table}
        self.refresh()

    def __getitem__(self, name: str) -> QAction:
        return self._made[name]

    def __iter__(self) -> Iterator[tuple[Action, QAction]]:
        """Each entry of the table with its QAction, in the table's order."""
        return ((action, self._made[action.name]) for action in self._table)

    def refresh(self) -> None:
        """Bring text, enabled, visible and checked up to date."""
        for action, made in self:
            if not isinstance(action.text, str):
                made.setText(action.text())
            made.setVisible(action.visible())
            made.setEnabled(action.enabled())
            if action.checked is not None:
                made.setChecked(action.checked())

    def _make(self, action: Action) -> QAction:
        made = QAction(action.text if isinstance(action.text, str) else action.text(), self)
        if action.key is not None:
            made.setShortcuts([QKeySequence(action.key), *(QKeySequence(key) for key in action.other_keys)])
        if self._widget is not None:
            made.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
            self._widget.addAction(made)
        made.setToolTip(_with_key(action.tip, made))
        if action.checked is not None:
            made.setCheckable(True)
        if action.group:
            self._groups.setdefault(action.group, QActionGroup(self)).addAction(made)
        made.triggered.connect(lambda _checked=False: action.run())
        return made


def _with_key(tip: str, made: QAction) -> str:
    key = made.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
    return f"{tip} ({key})" if tip and key else tip


def follow(button: QPushButton, action: QAction, *, text: bool = False, tip: bool = True) -> None:
    """Let the button do what the action does, and be greyed and checked when it is.

    text, tip: whether the button also takes the action's text and its tooltip.
    """

    def update() -> None:
        button.setEnabled(action.isEnabled())
        if tip:
            button.setToolTip(action.toolTip())
        if text:
            button.setText("&&".join(part.replace("&", "") for part in action.text().split("&&")))
        if action.isCheckable():
            button.setChecked(action.isChecked())

    button.setCheckable(action.isCheckable())
    button.clicked.connect(action.trigger)
    button.clicked.connect(update)  # a click on the checked one of a group changes the button alone
    action.changed.connect(update)
    update()
