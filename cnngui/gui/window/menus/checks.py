"""The submenu of the Classes menu for the things to look at."""

from collections.abc import Callable
from functools import partial

from cnngui.gui.classes.audit.answers import ALL, OTHER, action_name
from cnngui.gui.classes.audit.question import EXCLUDE, KEEP, MEND
from cnngui.gui.classes.audit.state import MOST_NUMBERED
from cnngui.gui.common.actions import Action
from cnngui.gui.window.menus.parts import Parts, in_place, only_in

MENU = "Classes/Things to look at"
NUMBERED = "Classes/Its class"


def checks_menu(parts: Parts) -> list[Action]:
    """The actions of the submenus, in their order."""
    state, commands = parts.audit, parts.classes.audit_commands
    here = partial(only_in, parts, "classes")

    def answer(name: str, text: str, key: str, tip: str, other_keys: tuple[str, ...] = ()) -> Action:
        return Action(
            action_name(name),
            lambda: commands.text(name, text),
            partial(state.give, name),
            key=key,
            other_keys=other_keys,
            tip=tip,
            menu=MENU,
            enabled=here(lambda: state.answer(name) is not None),
        )

    def step(name: str, text: str, key: str, by: int) -> Action:
        return Action(
            name,
            text,
            partial(state.step, by),
            key=key,
            tip=text.replace("&", ""),
            menu=MENU,
            enabled=here(lambda: state.can_step(by)),
        )

    return [
        Action(
            "things",
            "&Show them",
            in_place(parts, "classes", state.open),
            key="F7",
            tip="Look at what may be wrong with the pictures",
            menu=MENU,
            enabled=lambda: state.can_check,
        ),
        Action(
            "classes back",
            "&Back to the classes",
            parts.classes.show_classes,
            key="Alt+Left",
            tip="Back to the classes",
            menu=MENU,
            enabled=here(lambda: state.is_open),
        ),
        step("next thing", "Ne&xt thing", "Right", 1),
        step("previous thing", "&Previous thing", "Left", -1),
        answer(MEND, "&Mend it", "M", "Do what is suggested"),
        Action(
            action_name(OTHER),
            "&Another class …",
            commands.move,
            key="C",
            tip="Choose its class, or make a new one",
            menu=MENU,
            enabled=here(commands.may_move),
        ),
        answer(EXCLUDE, "&Exclude it", "X", "Leave the picture out of trainings"),
        answer(KEEP, "&Leave it as it is", "K", "Leave it as it is, and do not ask again", ("S", "0")),
        Action(
            action_name(ALL),
            commands.text_of_all,
            state.mend_all,
            key="A",
            tip="Do the same with all that are like this",
            menu=MENU,
            enabled=here(lambda: state.is_open and state.answer_to_all is not None),
        ),
        Action(
            "look again",
            "Show what was left as it &is",
            state.reopen,
            tip="Ask again about all that was left as it is",
            menu=MENU,
            enabled=here(lambda: state.is_open and state.settled > 0),
        ),
        *(_numbered(parts, number, here) for number in range(1, MOST_NUMBERED + 1)),
    ]


def _numbered(parts: Parts, number: int, here: Callable[[Callable[[], bool]], Callable[[], bool]]) -> Action:
    commands = parts.classes.audit_commands
    return Action(
        action_name(str(number)),
        partial(commands.text_of_numbered, number),
        partial(parts.audit.give_numbered, number),
        key=str(number),
        tip="This is its class",
        menu=NUMBERED,
        enabled=here(partial(commands.has_numbered, number)),
    )
