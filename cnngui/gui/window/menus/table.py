"""Everything that can be done in the window, in one table: its name, key, menu, and when it is enabled."""

from dataclasses import replace

from cnngui.gui.common.actions import Action
from cnngui.gui.window.menus.classes import classes_menu
from cnngui.gui.window.menus.edit import edit_menu
from cnngui.gui.window.menus.file import file_menu
from cnngui.gui.window.menus.help import help_menu
from cnngui.gui.window.menus.parts import Parts
from cnngui.gui.window.menus.train import train_menu
from cnngui.gui.window.menus.view import view_menu


def table(parts: Parts) -> list[Action]:
    """All actions, in the order of the menus."""
    menus = {
        "File": file_menu,
        "Edit": edit_menu,
        "Classes": classes_menu,
        "Train": train_menu,
        "View": view_menu,
        "Help": help_menu,
    }
    return [
        action if action.menu else replace(action, menu=menu) for menu, make in menus.items() for action in make(parts)
    ]
