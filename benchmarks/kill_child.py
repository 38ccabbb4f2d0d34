"""The process that benchmarks.kill kills: python -m benchmarks.kill_child PRECISION SECONDS train …

It is cnngui's command line, with three changes. It trains in the given precision, so that both can be tried on any
processor. It writes a checkpoint every so many seconds also within an epoch, without a budget, since epochs are short
here. And it says on standard error what it is about to do, so that the killer can choose its moment. It adds the recipe
“restarts”: small, with every kind of augmentation, CutMix and warm restarts.
"""

import sys
from dataclasses import replace
from typing import Any

from cnngui import cli
from cnngui.core import device
from cnngui.core.progress import BatchProgress, Progress, Reported
from cnngui.core.recipes.presets import PRESETS, QUICK
from cnngui.core.runs import writer
from cnngui.terminal import Terminal

MARK = "@"  # before what is said for the killer
RESTARTS = replace(
    QUICK.changed(
        {
            "network.width": 8,
            "augmentation.zoom": 0.35,
            "augmentation.colour_jitter": 0.2,
            "augmentation.cutout": 0.25,
            "augmentation.cutmix": 0.5,
            "optimization.warm_restarts": 2,
            "optimization.schedule": "restarts",
            "optimization.averaging": "cycles",
        }
    ),
    name="restarts",
)


def say(text: str) -> None:
    print(f"{MARK}{text}", file=sys.stderr, flush=True)


def say_progress(value: object) -> None:
    match value:
        case BatchProgress():
            say(f"batch {value.epoch} {value.batch}")
        case Progress():
            say(value.text)


def told() -> None:
    """Let the command line say what it does."""
    from cnngui.core.training.callbacks import ProgressCallback

    show, test_begin = Terminal.show, ProgressCallback.on_test_begin

    def shown(terminal: Terminal, value: Reported) -> None:
        say_progress(value)
        show(terminal, value)

    def validated(callback: Any, logs: dict[str, Any] | None = None) -> None:
        say("validation")
        test_begin(callback, logs)

    Terminal.show = shown  # type: ignore[assignment, method-assign]
    ProgressCallback.on_test_begin = validated  # type: ignore[assignment, method-assign]


def change(precision: str, seconds: float) -> None:
    """Train in this precision, and write a checkpoint every so many seconds."""
    device.fastest_precision = lambda: precision
    writer.CHECKPOINT_SECONDS, writer.CHECKPOINT_SHARE = seconds, 1.0


def main(precision: str, seconds: float, arguments: list[str]) -> int:
    """Run the command line with these arguments."""
    PRESETS[RESTARTS.name] = RESTARTS
    change(precision, seconds)
    told()
    return cli.main(arguments)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], float(sys.argv[2]), sys.argv[3:]))
