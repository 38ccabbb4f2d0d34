"""The Help menu."""

from cnngui.gui.common.actions import Action
from cnngui.gui.window.menus.parts import Parts


def help_menu(parts: Parts) -> list[Action]:
    """The actions of the Help menu, in its order."""
    return [
        Action("keys", "&Keys", parts.show_keys, key="F1", tip="Show all keys"),
        Action("readme", "&Read me", parts.show_readme),
        Action("report", "&Report a problem", parts.show_report, separated=True),
        Action("log", "Show the &log", parts.show_log),
        Action("about", "&About cnngui", parts.show_about),
    ]
