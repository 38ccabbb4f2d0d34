"""cnngui report."""

import argparse
from pathlib import Path

from cnngui.core.errors import UserError
from cnngui.core.runs.report import find_run, write_report
from cnngui.terminal import Terminal


def parser() -> argparse.ArgumentParser:
    """The command's options."""
    parser = argparse.ArgumentParser(
        prog="cnngui report", description="Write a run as one HTML page: its recipe, its curves and its result."
    )
    parser.add_argument("run", type=Path, metavar="RUN", help="the folder of a run, or its model")
    parser.add_argument("--out", type=Path, metavar="FILE", help="the page (default: report.html in that folder)")
    return parser


def run(options: argparse.Namespace) -> int:
    """Write the page. Returns the exit status; raises UserError."""
    found = find_run(options.run)
    path = options.out or found.folder / "report.html"
    try:
        write_report(found, path)
    except OSError as error:
        raise UserError(f"{path} could not be written ({error.strerror}). Choose another file with --out.") from error
    Terminal(as_json=False).write(f"Written as {path}")
    return 0
