"""The menu bar, made from the table of actions."""

from PySide6.QtWidgets import QMenu, QMenuBar

from cnngui.gui.common.actions import Actions

TITLES = {"File": "&File", "Edit": "&Edit", "Classes": "&Classes", "Train": "&Train", "View": "&View", "Help": "&Help"}


def fill_menu_bar(bar: QMenuBar, actions: Actions) -> None:
    """Add a menu for each of the titles, with the actions that name it, in their order."""
    menus = {name: bar.addMenu(title) for name, title in TITLES.items()}
    for action, made in actions:
        if action.menu:
            menu = _menu(menus, action.menu)
            if action.separated:
                menu.addSeparator()
            menu.addAction(made)


def _menu(menus: dict[str, QMenu], path: str) -> QMenu:
    """The menu at this path; a submenu is made when it is first needed."""
    if path not in menus:
        parent, _, title = path.partition("/")
        menus[path] = menus[parent].addMenu(title)
    return menus[path]
