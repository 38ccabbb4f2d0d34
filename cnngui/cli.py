"""The command line: train, search, predict, evaluate, report and export; without a command, the window."""

import argparse
import io
import sys
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path

from cnngui import __version__
from cnngui.commands.options import STOPPED, add_data_dir
from cnngui.core.errors import Stopped, UserError
from cnngui.terminal import discard

COMMANDS = ("train", "search", "predict", "evaluate", "report", "export")
"""Each is a module with parser() and run(options), which is imported for this command alone: that takes time."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run the program with these arguments (default: those of the process) and return its exit status.

    0: success. 1: failure, explained on standard error. 2: wrong usage, or no display. 130: stopped by Ctrl-C.
    """
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")  # file names may contain anything
    arguments = list(sys.argv[1:] if argv is None else argv)
    if not arguments or arguments[0] not in COMMANDS:
        return _window(arguments)
    command = import_module(f"cnngui.commands.{arguments[0]}")
    options = command.parser().parse_args(arguments[1:])
    try:
        status: int = command.run(options)
        return status
    except UserError as error:
        print(f"cnngui: {error}", file=sys.stderr)
        return 1
    except BrokenPipeError:  # the reader of the output has closed it ("| head")
        discard(sys.stdout)
        return 1
    except (Stopped, KeyboardInterrupt):
        print("cnngui: stopped", file=sys.stderr)
        return STOPPED


def _window_parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="cnngui",
        description="Train convolutional networks and classify pictures. Without a command, opens the window.",
        epilog=f"Commands: {', '.join(COMMANDS)}. “cnngui COMMAND --help” explains each.",
    )
    parser.add_argument("--version", action="version", version=f"cnngui {__version__}")
    parser.add_argument("images", nargs="*", type=Path, metavar="IMAGE", help="pictures and folders to open")
    parser.add_argument("--model", type=Path, metavar="FILE", help="default: the window's default model")
    add_data_dir(parser)
    return parser


def _window(arguments: list[str]) -> int:
    parser = _window_parser()
    options = parser.parse_args(arguments)
    for path in options.images:
        if str(path) in COMMANDS and not path.exists():
            parser.error(f"put the command first: cnngui {path} …")
    from cnngui.gui.app import run_window

    return run_window(options.images, model=options.model, data_dir=options.data_dir)
