"""cnngui export."""

import argparse
from dataclasses import asdict
from pathlib import Path

from cnngui.commands.options import add_data_dir, add_json, add_model, signals_stop
from cnngui.core.export import formats
from cnngui.terminal import Terminal


def parser() -> argparse.ArgumentParser:
    """The command's options."""
    parser = argparse.ArgumentParser(
        prog="cnngui export",
        description="Write a model for other programs, with a script that answers as cnngui predict does, "
        "and prove that it does.",
        epilog="Formats: " + " ".join(f"{each.key}: {each.purpose}" for each in formats.FORMATS),
    )
    add_model(parser)
    keys = [each.key for each in formats.FORMATS]
    parser.add_argument("--to", required=True, choices=keys, metavar="|".join(keys), help="the format")
    parser.add_argument("--out", required=True, type=Path, metavar="DIR", help="a new folder")
    parser.add_argument(
        "--data",
        metavar="cifar10|shapes|DIR",
        help="labelled pictures that prove it (default: those that the model was trained on, if they are there)",
    )
    add_data_dir(parser)
    add_json(parser, "one object: folder, format, size, proof")
    return parser


def run(options: argparse.Namespace) -> int:
    """Export. Returns the exit status; raises UserError and Stopped."""
    from cnngui.core.export.export import export

    terminal, chosen = Terminal(as_json=options.json), formats.find(options.to)
    with signals_stop() as should_stop:
        result = export(
            options.model,
            chosen,
            options.out,
            data=options.data,
            data_dir=options.data_dir,
            progress=terminal.show,
            should_stop=should_stop,
        )
    if options.json:
        proof = {**asdict(result.proof), "is_good": result.proof.is_good}
        terminal.write_json({"folder": str(result.folder), "format": chosen.key, "size": result.size, "proof": proof})
        return 0
    terminal.write(f"{chosen.title}, {result.size / 1e6:,.1f} MB: {result.folder}")
    for sentence in result.proof.sentences:
        terminal.write(sentence)
    return 0
