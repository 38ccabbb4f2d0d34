"""The command line: the window without a command, else train, predict and evaluate."""

import argparse
import io
import json
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, replace
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cnngui import __version__, paths
from cnngui.core.answers.prediction import Prediction, predict
from cnngui.core.data import datasets
from cnngui.core.errors import Stopped, UserError
from cnngui.core.models import file as model_file
from cnngui.core.pictures.gathering import gather
from cnngui.core.recipes import recipe as recipes
from cnngui.core.runs import folder as runs
from cnngui.terminal import Terminal

if TYPE_CHECKING:
    from cnngui.core.training.train import Trained

STOPPED = 130  # what a shell reports for a command that Ctrl-C ended


def main(argv: Sequence[str] | None = None) -> int:
    """Run the program with these arguments (the process's own by default) and return its exit status.

    0: done. 1: something could not be done, as a sentence on standard error says. 2: wrong usage, or no display.
    130: stopped by Ctrl-C.
    """
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")  # the name of a file may be more than it can encode
    arguments = list(sys.argv[1:] if argv is None else argv)
    command = COMMANDS.get(arguments[0]) if arguments else None
    if command is None:
        return _window(arguments)
    parser, run = command
    options = parser().parse_args(arguments[1:])
    try:
        return run(options)
    except UserError as error:
        print(f"cnngui: {error}", file=sys.stderr)
        return 1
    except BrokenPipeError:  # whoever reads the output has seen enough ("| head")
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # so that closing it raises nothing more
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
    parser.add_argument(
        "images", nargs="*", type=Path, metavar="IMAGE", help="pictures and folders to classify at once"
    )
    parser.add_argument("--model", type=Path, metavar="FILE", help="default: the one that is the default in the window")
    _add_data_dir(parser)
    return parser


def _window(arguments: list[str]) -> int:
    parser = _window_parser()
    options = parser.parse_args(arguments)
    for path in options.images:
        if str(path) in COMMANDS and not path.exists():
            parser.error(f"the command comes first: cnngui {path} …")
    from cnngui.gui.app import run_window

    return run_window(options.images, model=options.model, data_dir=options.data_dir)


def _predict_parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="cnngui predict", description="Say what pictures show.")
    parser.add_argument("images", nargs="+", type=Path, metavar="IMAGE", help="a picture, or a folder of pictures")
    _add_model(parser)
    _add_json(parser, "one object a picture: image, label, confidence, top, error, known, familiarity")
    return parser


def _predict(options: argparse.Namespace) -> int:
    from cnngui.core.answers.classifier import Classifier

    classifier = Classifier.load(options.model)
    write = _prediction_json if options.json else _prediction_text
    failed = False
    found = list(chain.from_iterable(gather(options.images)))
    answers = chain.from_iterable(predict(classifier, [each.source for each in found if not each.error]))
    for each in found:
        prediction = Prediction(each.source, error=each.error) if each.error else next(answers)
        failed |= prediction.error is not None
        print(write(prediction), flush=True)
    return 1 if failed else 0


def _prediction_json(prediction: Prediction) -> str:
    answer = prediction.classification
    return json.dumps(
        {
            "image": str(prediction.source),
            "label": answer.label if answer and answer.known else None,
            "confidence": answer.confidence if answer else None,
            "top": answer.top if answer else [],
            "error": prediction.error,
            "known": answer.known if answer else None,
            "familiarity": answer.familiarity if answer else None,
        }
    )


def _prediction_text(prediction: Prediction) -> str:
    if prediction.classification is None:
        return f"{prediction.source!s}: {prediction.error}"
    answers = ", ".join(f"{label} {probability:.1%}" for label, probability in prediction.classification.top[:3])
    if not prediction.classification.known:
        answers = f"none of these ({answers})"
    return f"{prediction.source!s}: {answers}"


def _train_parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="cnngui train", description="Train a network. Ctrl-C stops it and keeps what it has learnt so far."
    )
    _add_data(parser)
    parser.add_argument("--recipe", default="standard", help=_recipe_help())
    parser.add_argument("--epochs", type=int, metavar="N", help="instead of the recipe's")
    parser.add_argument("--seed", type=int, default=0, metavar="N", help="of all that is random (default: 0)")
    parser.add_argument("--out", type=Path, required=True, metavar="DIR", help="where model.keras and its card go")
    _add_json(parser, "one object an epoch, and a last one with model, test_accuracy, test_loss, seconds")
    return parser


def _recipe_help() -> str:
    named = []
    for name in recipes.PRESETS:
        measured = recipes.MEASURED.get(name)
        named.append(f"{name} ({measured.test_accuracy:.1%}, {measured.seconds / 60:.0f} min)" if measured else name)
    text = (
        f"one of {', '.join(named)}: test accuracy and time on CIFAR-10's JPEG copy, on two cores (default: standard)"
    )
    return text.replace("%", "%%")  # argparse fills in what stands behind a single one


def _train(options: argparse.Namespace) -> int:
    from cnngui.core.training.train import train

    recipe = replace(recipes.preset(options.recipe), seed=options.seed)
    if options.epochs is not None:
        recipe = replace(recipe, epochs=options.epochs)
    path = options.out / runs.MODEL
    runs.check_writable(options.out)
    terminal = Terminal(as_json=options.json)
    with _ctrl_c_stops() as should_stop:
        dataset = _load_data(options, terminal, should_stop, recipe)
        trained = train(dataset, recipe, progress=terminal.show, should_stop=should_stop)
        _save(trained, path)
    result = {
        "model": str(path),
        "test_accuracy": trained.card.test_accuracy,
        "test_loss": trained.card.test_loss,
        "seconds": trained.card.seconds,
    }
    if options.json:
        terminal.write_json(result)
    elif trained.stopped:
        terminal.write(f"Stopped. What was learnt so far is in {path}")
    else:
        terminal.write(
            f"Test images: accuracy {trained.card.test_accuracy:.1%}, loss {trained.card.test_loss:.3f}. "
            f"Saved as {path}"
        )
    return STOPPED if trained.stopped else 0


def _save(trained: "Trained", path: Path) -> None:
    """Save the model; where that fails, keep it in the system's folder for temporary files and say so."""
    try:
        model_file.save(trained.network, trained.card, path, trained.familiarity)
    except UserError as error:
        spare = model_file.save_spare(trained.network, trained.card, trained.familiarity)
        raise UserError(f"{error} For now it is kept as {spare}") from error


def _evaluate_parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="cnngui evaluate", description="Measure a model on the test images.")
    _add_model(parser)
    _add_data(parser)
    _add_json(parser, "one object: images, accuracy, loss, ece, per_class, confusion")
    return parser


def _evaluate(options: argparse.Namespace) -> int:
    from cnngui.core.answers.classifier import Classifier
    from cnngui.core.answers.evaluation import evaluate

    classifier = Classifier.load(options.model)
    terminal = Terminal(as_json=options.json)
    with _ctrl_c_stops() as should_stop:
        dataset = _load_data(options, terminal, should_stop)
        result = evaluate(classifier, dataset, progress=terminal.show, should_stop=should_stop)
    if options.json:
        terminal.write_json(asdict(result))
    else:
        terminal.write(
            f"{dataset.title}, {result.images:,} test images: accuracy {result.accuracy:.1%}, loss {result.loss:.3f}, "
            f"calibration error {result.ece:.3f}"
        )
    return 0


COMMANDS: dict[str, tuple[Callable[[], argparse.ArgumentParser], Callable[[argparse.Namespace], int]]] = {
    "train": (_train_parser, _train),
    "predict": (_predict_parser, _predict),
    "evaluate": (_evaluate_parser, _evaluate),
}


def _add_model(parser: argparse.ArgumentParser) -> None:
    shipped = paths.shipped_model()
    parser.add_argument("--model", type=Path, default=shipped, metavar="FILE", help="default: the one that ships")


def _add_data(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--data",
        metavar="cifar10|shapes|DIR",
        help="DIR holds a sub-folder of images for each class (default: CIFAR-10 where it is there, else shapes)",
    )
    _add_data_dir(parser)


def _add_data_dir(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--data-dir", type=Path, metavar="DIR", help="where CIFAR-10's binary version lies (also CNNGUI_DATA_DIR)"
    )


def _add_json(parser: argparse.ArgumentParser, what: str) -> None:
    parser.add_argument("--json", action="store_true", help=f"write JSON lines: {what}")


def _load_data(
    options: argparse.Namespace,
    terminal: Terminal,
    should_stop: Callable[[], bool],
    recipe: recipes.Recipe = recipes.STANDARD,
) -> datasets.Dataset:
    """The data, divided as the recipe says; its test part is the same for all."""
    source = options.data or datasets.default_source(options.data_dir)
    dataset = datasets.load(
        source,
        data_dir=options.data_dir,
        seed=recipe.seed,
        held_out=recipe.held_out,
        progress=terminal.show,
        should_stop=should_stop,
    )
    for sentence in dataset.skipped:
        terminal.note(f"Left out: {sentence}")
    return dataset


@contextmanager
def _ctrl_c_stops() -> Iterator[Callable[[], bool]]:
    """Inside, the first Ctrl-C makes the yielded function return true, and a second one interrupts at once."""
    stop = threading.Event()
    before = signal.getsignal(signal.SIGINT)

    def request(_signal: int, _frame: Any) -> None:
        stop.set()
        signal.signal(signal.SIGINT, before)

    signal.signal(signal.SIGINT, request)
    try:
        yield stop.is_set
    finally:
        signal.signal(signal.SIGINT, before)
