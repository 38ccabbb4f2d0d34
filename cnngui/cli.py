"""The command line: train, predict and evaluate; without a command, the window."""

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
from typing import Any

from cnngui import __version__, paths
from cnngui.core.answers.prediction import Prediction, predict
from cnngui.core.data import datasets, labelled_pictures
from cnngui.core.errors import Diverged, Stopped, UserError
from cnngui.core.pictures.gathering import gather
from cnngui.core.progress import STOP_SIGNALS, DataNotes, LeftOut
from cnngui.core.recipes import presets
from cnngui.core.recipes.toml_file import read_recipe
from cnngui.core.runs.folder import MODEL, RECIPE, RECORD
from cnngui.core.runs.record import Phase
from cnngui.core.training.job import Job, SparePlace, continued
from cnngui.core.training.job import run as run_job
from cnngui.terminal import Terminal, discard

STOPPED = 130  # the exit status that shells report after Ctrl-C


def main(argv: Sequence[str] | None = None) -> int:
    """Run the program with these arguments (default: those of the process) and return its exit status.

    0: success. 1: failure, explained on standard error. 2: wrong usage, or no display. 130: stopped by Ctrl-C.
    """
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")  # file names may contain anything
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
    _add_data_dir(parser)
    return parser


def _window(arguments: list[str]) -> int:
    parser = _window_parser()
    options = parser.parse_args(arguments)
    for path in options.images:
        if str(path) in COMMANDS and not path.exists():
            parser.error(f"put the command first: cnngui {path} …")
    from cnngui.gui.app import run_window

    return run_window(options.images, model=options.model, data_dir=options.data_dir)


def _predict_parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="cnngui predict", description="Classify pictures.")
    parser.add_argument("images", nargs="+", type=Path, metavar="IMAGE", help="a picture, or a folder of pictures")
    _add_model(parser)
    _add_json(parser, "one object per picture: image, label, confidence, top, error, known, familiarity")
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
        prog="cnngui train", description="Train a network. Ctrl-C stops the training and saves what it has learnt."
    )
    _add_data(parser)
    parser.add_argument("--recipe", help=_recipe_help())
    parser.add_argument("--epochs", type=int, metavar="N", help="default: the recipe's, or more for few images")
    parser.add_argument("--learning-rate", type=float, metavar="R", help="the peak rate (default: the recipe's)")
    parser.add_argument("--seed", type=int, metavar="N", help="random seed (default: 0)")
    parser.add_argument("--out", type=Path, required=True, metavar="DIR", help="folder of the run and its model")
    parser.add_argument("--overwrite", action="store_true", help="replace the run and the model in that folder")
    parser.add_argument(
        "--resume",
        action="store_true",
        help="continue the run in that folder exactly, for more epochs if --epochs says so; begin it if there is none",
    )
    _add_json(parser, "one object per epoch, then one with model, test_accuracy, test_loss, seconds")
    return parser


def _recipe_help() -> str:
    named = []
    for name in presets.PRESETS:
        measured = presets.MEASURED.get(name)
        named.append(f"{name} ({measured.test_accuracy:.1%}, {measured.seconds / 60:.0f} min)" if measured else name)
    text = (
        f"one of {', '.join(named)}: test accuracy and time on CIFAR-10's JPEG copy, on two cores (default: standard)"
    )
    return text.replace("%", "%%")  # argparse formats help texts with %


def _train(options: argparse.Namespace) -> int:
    if options.resume and options.overwrite:
        raise UserError("--resume continues a run and --overwrite replaces it. Choose one of them.")
    terminal, spare = Terminal(as_json=options.json), SparePlace()
    job = _resumed_job(options) if options.resume and (options.out / RECORD).exists() else _new_job(options)
    if job is None:
        terminal.note(f"The run in {options.out} is finished. Add --epochs with a larger number to train it longer.")
        return 0
    with _signals_stop() as should_stop:
        try:
            result = run_job(job, progress=terminal.show, should_stop=should_stop, next_place=spare)
        except Diverged as error:
            if error.good_epochs:
                slower = f"--resume --learning-rate {job.recipe.learning_rate / 10:g}"
                raise UserError(f"{error} To go back to epoch {error.good_epochs}, add {slower}.") from error
            raise
    if spare.error is not None:
        raise UserError(f"{spare.error} Until then, it is kept as {result.path}")
    training = result.card.training
    assert training is not None  # it was just trained
    if options.json:
        terminal.write_json(
            {
                "model": str(result.path),
                "test_accuracy": training.test_accuracy,
                "test_loss": training.test_loss,
                "seconds": training.seconds,
            }
        )
    elif result.stopped:
        terminal.write(f"Stopped. What was learnt so far is saved as {result.path}. To continue, add --resume.")
    else:
        terminal.write(f"{training.score}, loss {training.test_loss:.3f}. Saved as {result.path}")
    if terminal.lost is not None:
        reason = terminal.lost.strerror or terminal.lost
        raise UserError(f"The output could not be written ({reason}). The model is saved as {result.path}")
    return STOPPED if result.stopped else 0


def _new_job(options: argparse.Namespace) -> Job:
    recipe = presets.preset(options.recipe or "standard")
    chosen = {"epochs": options.epochs, "learning_rate": options.learning_rate, "seed": options.seed}
    recipe = replace(recipe, **{name: value for name, value in chosen.items() if value is not None})
    source = options.data or datasets.default_source(options.data_dir)
    fit = ("batch_size", *(("epochs",) if options.epochs is None else ()))
    names = (MODEL, RECORD)
    if not options.overwrite and any(os.path.lexists(options.out / name) for name in names):
        raise UserError(
            f"There is already a model or a run in {options.out}. "
            "Name another folder, or add --resume to continue it or --overwrite to replace it."
        )
    return Job(source, recipe, options.out / MODEL, options.data_dir, fit)


def _resumed_job(options: argparse.Namespace) -> Job | None:
    """The job that continues the run in the folder; None if it is finished and no more epochs are asked for."""
    job = continued(
        options.out,
        source=options.data or "",
        data_dir=options.data_dir,
        epochs=options.epochs or 0,
        learning_rate=options.learning_rate or 0.0,
    )
    assert job.record is not None  # it is what is continued
    for name, wanted, value in (("recipe", options.recipe, job.recipe.name), ("seed", options.seed, job.recipe.seed)):
        if wanted not in (None, value):
            raise UserError(
                f"The run in {options.out} has the {name} {value}. Leave --{name} away, or name another folder."
            )
    planned = read_recipe(options.out / RECIPE).epochs
    return None if job.record.phase == Phase.FINISHED and job.recipe.epochs == planned else job


def _evaluate_parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="cnngui evaluate", description="Evaluate a model on test images, or on all labelled pictures in a folder."
    )
    _add_model(parser)
    _add_data(parser)
    _add_json(parser, "one object: images, accuracy, loss, ece, per_class, confusion, trained_on")
    return parser


def _evaluate(options: argparse.Namespace) -> int:
    from cnngui.core.answers.classifier import Classifier
    from cnngui.core.answers.evaluation import evaluate, evaluate_pictures

    classifier = Classifier.load(options.model)
    terminal = Terminal(as_json=options.json)
    source = options.data or datasets.default_source(options.data_dir)
    with _signals_stop() as should_stop:
        if source in (datasets.CIFAR10, datasets.SHAPES):
            dataset = datasets.load(source, data_dir=options.data_dir, progress=terminal.show, should_stop=should_stop)
            title, what = dataset.title, "test images"
            result = evaluate(classifier, dataset, progress=terminal.show, should_stop=should_stop)
        else:
            folder = Path(source).expanduser()
            found = labelled_pictures.find(folder, classifier.card.classes, should_stop)
            terminal.show(DataNotes(found.notes))
            title, what = f"Folder {folder.resolve().name}", "labelled pictures"
            result, left_out = evaluate_pictures(classifier, found, progress=terminal.show, should_stop=should_stop)
            terminal.show(LeftOut(left_out))
    if result.trained_on:
        terminal.note(f"{result.trained_on:,} of these {result.images:,} were training images.")
    if options.json:
        terminal.write_json(asdict(result))
    else:
        score = result.score.told_of(what)
        terminal.write(f"{title}: {score}, loss {result.loss:.3f}, calibration error {result.ece:.3f}")
    return 0


COMMANDS: dict[str, tuple[Callable[[], argparse.ArgumentParser], Callable[[argparse.Namespace], int]]] = {
    "train": (_train_parser, _train),
    "predict": (_predict_parser, _predict),
    "evaluate": (_evaluate_parser, _evaluate),
}


def _add_model(parser: argparse.ArgumentParser) -> None:
    shipped = paths.shipped_model()
    parser.add_argument("--model", type=Path, default=shipped, metavar="FILE", help="default: the shipped model")


def _add_data(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--data",
        metavar="cifar10|shapes|DIR",
        help="DIR has a sub-folder of images for each class (default: CIFAR-10 if it is there, else shapes)",
    )
    _add_data_dir(parser)


def _add_data_dir(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--data-dir",
        type=Path,
        metavar="DIR",
        help="folder of CIFAR-10, binary or Python version (default: CNNGUI_DATA_DIR)",
    )


def _add_json(parser: argparse.ArgumentParser, what: str) -> None:
    parser.add_argument("--json", action="store_true", help=f"write JSON lines: {what}")


@contextmanager
def _signals_stop() -> Iterator[Callable[[], bool]]:
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
