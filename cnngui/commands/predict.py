"""cnngui predict."""

import argparse
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack
from functools import partial
from itertools import chain
from pathlib import Path

from cnngui.commands.options import add_json, add_model
from cnngui.commands.predict_output import as_json, as_text, fill
from cnngui.core.answers.classifier import Classifier
from cnngui.core.answers.prediction import Prediction, predict_found
from cnngui.core.errors import UserError
from cnngui.core.models.model_files import ModelFiles
from cnngui.core.models.pixels import Pixels, write_pixels
from cnngui.core.pictures.gathering import Gathered, gather
from cnngui.core.pictures.path_list import read_paths
from cnngui.core.progress import Report
from cnngui.terminal import Terminal

ALWAYS_SURE = "It gives every picture 100 %. Perhaps it learnt from other pixels: try --pixels 0-1 or --pixels=-1-1."
Ask = Callable[[Iterable[Sequence[Gathered]]], Iterator[Prediction]]


def parser() -> argparse.ArgumentParser:
    """The command's options."""
    parser = argparse.ArgumentParser(prog="cnngui predict", description="Classify pictures.")
    parser.add_argument("images", nargs="*", type=Path, metavar="IMAGE", help="a picture, or a folder of pictures")
    parser.add_argument(
        "--from",
        dest="list",
        metavar="FILE",
        help="a list of pictures and folders, one a line or with null characters between them; - is standard input",
    )
    add_model(parser)
    parser.add_argument(
        "--pixels",
        type=Pixels,
        choices=list(Pixels),
        help="for a model that cnngui did not train: the pixels that it learnt from; kept beside the model "
        "(write --pixels=-1-1)",
    )
    add_json(parser, "one object per picture: image, label, confidence, top, error, known, familiarity")
    table = parser.add_mutually_exclusive_group()
    table.add_argument(
        "--csv", type=Path, metavar="FILE", help="write a table; one that is there gets the pictures that it lacks"
    )
    table.add_argument("--parquet", type=Path, metavar="FILE", help="the same as Parquet; needs the extra parquet")
    parser.add_argument("--overwrite", action="store_true", help="begin the table anew")
    parser.add_argument(
        "--cluster", metavar="ADDRESS", help="let the workers of this dask scheduler answer; needs the extra cluster"
    )
    parser.add_argument("--send", action="store_true", help="send the pictures to workers that cannot read the files")
    return parser


def run(options: argparse.Namespace) -> int:
    """Classify. Returns the exit status; raises UserError and Stopped."""
    path: Path | None = options.csv or options.parquet
    _check(options, path)
    terminal = Terminal(as_json=options.json)
    with ExitStack() as stack:
        # What a list has so far is answered before more of it is waited for.
        groups = chain.from_iterable(map(gather, chain([options.images], _listed(options.list, stack))))
        if options.pixels is not None:
            write_pixels(options.model, options.pixels)
        classifier = Classifier.load(options.model)
        if classifier.adaptation is not None:
            terminal.note(classifier.adaptation.told_of(options.model.name))
            if classifier.adaptation.is_always_sure:
                terminal.note(ALWAYS_SURE)
        ask = _ask(options, classifier, terminal.show, stack)
        if path is None:
            return _print(ask(groups), as_json if options.json else as_text)
        from cnngui.core.answers.answer_table import growing
        from cnngui.core.answers.parquet_table import growing_parquet

        grow = growing if options.csv else growing_parquet
        model = ModelFiles.read(options.model).digest
        with grow(path, classifier.card.classes, model, overwrite=options.overwrite) as table:
            fill(table, path, ask(table.new(groups)), terminal, as_json if options.json else None)
    return 1 if table.errors else 0


def _check(options: argparse.Namespace, table: Path | None) -> None:
    """Exit if options are missing that others need."""
    if not options.images and not options.list:
        parser().error("name an IMAGE, or a list of them with --from")
    if options.overwrite and table is None:
        parser().error("--overwrite needs --csv or --parquet")
    if options.send and not options.cluster:
        parser().error("--send needs --cluster")


def _listed(name: str | None, stack: ExitStack) -> Iterator[list[Path]]:
    """The paths in the list of that name, some at a time. Raises UserError if it cannot be opened."""
    if name is None:
        return iter(())
    if name == "-":
        return read_paths(sys.stdin.buffer)
    try:
        return read_paths(stack.enter_context(Path(name).open("rb")))  # it may be a pipe: --from <(find …)
    except OSError as error:
        raise UserError(f"The list {name} could not be read ({error.strerror or error}). Check its name.") from error


def _ask(options: argparse.Namespace, classifier: Classifier, progress: Report, stack: ExitStack) -> Ask:
    """What answers: this computer or the cluster."""
    if options.cluster is None:
        return partial(predict_found, classifier)
    from cnngui.core.answers import cluster

    client = stack.enter_context(cluster.connected(options.cluster))
    model = ModelFiles.read(options.model)
    return partial(cluster.predict_on, client, model, send=options.send, progress=progress)


def _print(answers: Iterator[Prediction], text: Callable[[Prediction], str]) -> int:
    failed = False
    for prediction in answers:
        failed |= prediction.error is not None
        print(text(prediction), flush=True)
    return 1 if failed else 0
