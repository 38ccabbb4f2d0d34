"""The Train menu."""

from functools import partial

from cnngui.core.device import Devices
from cnngui.gui.common.actions import Action
from cnngui.gui.window.menus.parts import Parts, in_place, only_in

# What trainings compute on: its text and tip, and from how many GPUs on it is offered.
DEVICES = (
    (Devices.FIRST, "Train on the first &GPU", "From the next training on", 1),
    (Devices.ALL, "Train on all GP&Us", "Each learns from its part of a batch, from the next training on", 2),
    (Devices.CPU, "Train on the p&rocessor", "Leave the GPU to others, from the next training on", 1),
)


def train_menu(parts: Parts) -> list[Action]:
    """The actions of the Train menu, in its order."""
    state, train, turn, search = parts.train_state, parts.train, parts.train.turn, parts.train.search.state

    def start_text() -> str:
        if search.is_busy:
            return "&Stop the search"
        if state.is_busy:
            return "&Stop and keep"
        return "&Start the search" if train.form.vary.is_on else "&Start"

    def pause_text() -> str:
        return "&Go on" if turn.is_paused else "&Pause"

    has_curves = only_in(parts, "train", lambda: train.plot.has_curves)

    def hold_accuracy() -> None:
        parts.settings.holds_accuracy = not parts.settings.holds_accuracy
        train.plot.hold_accuracy(parts.settings.holds_accuracy)

    return [
        Action(
            "start",
            start_text,
            in_place(parts, "train", train.start_or_stop),
            key="F5",
            tip="Start a training or a search, or stop it and keep what there is",
            enabled=lambda: turn.can_stop if turn.is_busy else turn.can_start,
        ),
        Action(
            "queue",
            "&Queue",
            in_place(parts, "train", train.queue),
            key="Shift+F5",
            tip="Train what the form says once the running training or search has ended",
            enabled=lambda: turn.can_queue,
        ),
        Action(
            "pause",
            pause_text,
            turn.pause_or_resume,
            key="F6",
            tip="Wait between two batches, or go on; everything stays in memory",
            enabled=lambda: turn.can_pause,
        ),
        Action(
            "longer",
            "Train &longer …",
            in_place(parts, "train", train.ask_for_more_epochs),
            tip="Add epochs to the running training",
            enabled=lambda: state.can_pause,
        ),
        Action(
            "discard",
            "&Discard",
            in_place(parts, "train", state.discard),
            tip="Stop the training and make no model of it; its run goes to the trash",
            enabled=lambda: state.can_stop,
        ),
        Action(
            "continue search",
            "&Continue a search …",
            in_place(parts, "train", train.search.ask_folder),
            tip="Choose the folder of a search, and go on with it",
            separated=True,
            enabled=lambda: turn.can_search,
        ),
        Action(
            "follow search",
            "&Follow a search …",
            in_place(parts, "train", train.search.ask_to_follow),
            tip="Watch a search in a folder, or on a server, on which other programs work",
            enabled=lambda: not search.is_busy,
        ),
        Action(
            "reset zoom",
            "Show the &whole curves",
            train.plot.reset_zoom,
            key="Ctrl+Shift+W",
            tip="Undo the zoom",
            separated=True,
            enabled=has_curves,
        ),
        Action(
            "hold accuracy",
            "&Accuracy from 0 to 100 %",
            hold_accuracy,
            tip="Let the axis of the accuracy always show 0–100 %",
            checked=lambda: parts.settings.holds_accuracy,
        ),
        Action(
            "save plot",
            "Save the &plot …",
            parts.plot_files.save_plot,
            key="Ctrl+S",
            tip="As PNG or SVG, by the name’s ending",
            separated=True,
            enabled=has_curves,
        ),
        Action(
            "save curves",
            "Save the curves as &CSV …",
            parts.plot_files.save_csv,
            key="Ctrl+Shift+S",
            enabled=has_curves,
        ),
        *(
            Action(
                f"devices {each}",
                text,
                partial(parts.train_on, each),
                tip=tip,
                separated=each == Devices.FIRST,
                visible=partial(_is_offered, parts, gpus),
                checked=partial(_is_chosen, parts, each),
                group="devices",
            )
            for each, text, tip, gpus in DEVICES
        ),
        Action("show runs", "Show the runs’ &folder", parts.runs.commands.show_runs, separated=True),
    ]


def _is_offered(parts: Parts, gpus: int) -> bool:
    return parts.gpus() >= gpus


def _is_chosen(parts: Parts, devices: Devices) -> bool:
    return parts.settings.devices == devices
