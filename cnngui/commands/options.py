"""What several commands have in common: options, the exit status after a stop, and signals."""

import argparse
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from cnngui import paths
from cnngui.core.device import Devices
from cnngui.core.progress import STOP_SIGNALS

STOPPED = 130  # the exit status that shells report after Ctrl-C


def add_model(parser: argparse.ArgumentParser) -> None:
    """Add --model."""
    shipped = paths.shipped_model()
    parser.add_argument("--model", type=Path, default=shipped, metavar="FILE", help="default: the shipped model")


def add_data(parser: argparse.ArgumentParser) -> None:
    """Add --data and --data-dir."""
    parser.add_argument(
        "--data",
        metavar="cifar10|shapes|DIR",
        help="DIR has a sub-folder of images for each class (default: CIFAR-10 if it is there, else shapes)",
    )
    add_data_dir(parser)


def add_data_dir(parser: argparse.ArgumentParser) -> None:
    """Add --data-dir."""
    parser.add_argument(
        "--data-dir",
        type=Path,
        metavar="DIR",
        help="folder of CIFAR-10, binary or Python version (default: CNNGUI_DATA_DIR)",
    )


def add_devices(parser: argparse.ArgumentParser) -> None:
    """Add --devices."""
    parser.add_argument(
        "--devices",
        type=Devices,
        choices=list(Devices),
        default=Devices.FIRST,
        metavar="first|all|cpu",
        help="compute on the first GPU, on all GPUs at once, or on the processor (default: first)",
    )


def add_json(parser: argparse.ArgumentParser, what: str) -> None:
    """Add --json. what: the objects that it writes."""
    parser.add_argument("--json", action="store_true", help=f"write JSON lines: {what}")


@contextmanager
def signals_stop() -> Iterator[Callable[[], bool]]:
    """Inside the block, the first Ctrl-C or other stop signal makes the yielded function return true.

    A second one has its usual effect.
    """
    stop = threading.Event()
    before = {number: signal.getsignal(number) for number in STOP_SIGNALS}

    def restore() -> None:
        for number, handler in before.items():
            signal.signal(number, handler)

    def request(_signal: int, _frame: Any) -> None:
        stop.set()
        restore()

    for number in before:
        signal.signal(number, request)
    try:
        yield stop.is_set
    finally:
        restore()
