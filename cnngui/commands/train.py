"""cnngui train."""

import argparse
import os
from dataclasses import replace
from pathlib import Path

from cnngui.commands.options import STOPPED, add_data, add_json, signals_stop
from cnngui.core.data import datasets
from cnngui.core.errors import Diverged, UserError
from cnngui.core.recipes import presets
from cnngui.core.recipes.toml_file import read_recipe
from cnngui.core.runs.checkpoint import checkpoints
from cnngui.core.runs.folder import HISTORY, MODEL, RECIPE, RECORD
from cnngui.core.runs.record import Phase
from cnngui.core.training.job import Job, SparePlace, continued
from cnngui.core.training.job import run as run_job
from cnngui.terminal import Terminal


def parser() -> argparse.ArgumentParser:
    """The command's options."""
    parser = argparse.ArgumentParser(
        prog="cnngui train", description="Train a network. Ctrl-C stops the training and saves what it has learnt."
    )
    add_data(parser)
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
    add_json(parser, "one object per epoch, then one with model, test_accuracy, test_loss, seconds")
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


def run(options: argparse.Namespace) -> int:
    """Train. Returns the exit status; raises UserError and Stopped."""
    if options.resume and options.overwrite:
        raise UserError("--resume continues a run and --overwrite replaces it. Choose one of them.")
    terminal, spare = Terminal(as_json=options.json), SparePlace()
    job = _resumed_job(options) if options.resume and os.path.lexists(options.out / RECORD) else _new_job(options)
    if job is None:
        terminal.note(f"The run in {options.out} is finished. Add --epochs with a larger number to train it longer.")
        return 0
    with signals_stop() as should_stop:
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
    if not options.overwrite:
        _refuse_to_replace(options)
    return Job(source, recipe, options.out / MODEL, options.data_dir, fit)


def _refuse_to_replace(options: argparse.Namespace) -> None:
    """Raise UserError if there is something in the folder that a new run would replace."""
    folder, replace_it = options.out, "Name another folder, or add --overwrite to replace it."
    has_model, has_record, has_history = (os.path.lexists(folder / name) for name in (MODEL, RECORD, HISTORY))
    if not has_record and (has_history or checkpoints(folder)):
        raise UserError(f"{folder / RECORD} is missing. Copy the run’s folder again. {replace_it}")
    if options.resume and has_model:
        raise UserError(f"There is a model in {folder} without its run, so it cannot be continued. {replace_it}")
    if has_model or has_record:
        raise UserError(
            f"There is already a model or a run in {folder}. "
            "Name another folder, or add --resume to continue it or --overwrite to replace it."
        )


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
