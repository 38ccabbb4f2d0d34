"""cnngui train."""

import argparse
import os
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from cnngui.commands.options import STOPPED, add_data, add_devices, add_json, signals_stop
from cnngui.commands.recipe_options import add_recipe, begun, chosen_settings, named_recipe
from cnngui.core.data import datasets
from cnngui.core.errors import Diverged, UserError
from cnngui.core.export.making import Maker
from cnngui.core.models.samples import read_samples
from cnngui.core.networks.recipe_files import check_layers
from cnngui.core.progress import Progress
from cnngui.core.recipes import presets
from cnngui.core.recipes.fitting import FITTED
from cnngui.core.recipes.toml_file import read_recipe
from cnngui.core.runs.checkpoint import checkpoints
from cnngui.core.runs.folder import HISTORY, MODEL, RECIPE, RECORD
from cnngui.core.runs.record import Phase, read_record
from cnngui.core.training.job import Job, continued
from cnngui.core.training.job import run as run_job
from cnngui.core.training.saving import SparePlace
from cnngui.terminal import Terminal


def parser() -> argparse.ArgumentParser:
    """The command's options."""
    parser = argparse.ArgumentParser(
        prog="cnngui train", description="Train a network. Ctrl-C stops the training and saves what it has learnt."
    )
    add_data(parser)
    add_recipe(parser)
    add_devices(parser)
    parser.add_argument("--out", type=Path, required=True, metavar="DIR", help="folder of the run and its model")
    parser.add_argument("--overwrite", action="store_true", help="replace the run and the model in that folder")
    parser.add_argument(
        "--resume",
        action="store_true",
        help="continue the run in that folder exactly, for more epochs if --epochs says so; begin it if there is none",
    )
    add_json(parser, "one object per epoch, then one with model, test_accuracy, test_loss, seconds")
    return parser


def run(options: argparse.Namespace) -> int:
    """Train. Returns the exit status; raises UserError and Stopped."""
    if options.resume and options.overwrite:
        raise UserError("--resume continues a run and --overwrite replaces it. Choose one of them.")
    terminal, spare = Terminal(as_json=options.json), SparePlace()
    job = _resumed_job(options) if options.resume and os.path.lexists(options.out / RECORD) else _new_job(options)
    if job is None:
        record = read_record(options.out)
        saved = f" Its model is saved as {record.model}." if record is not None and record.model else ""
        longer = "Add --epochs with a larger number to train it longer."
        terminal.note(f"The run in {options.out} is finished.{saved} {longer}")
        return 0
    job = replace(job, devices=options.devices)
    with signals_stop() as should_stop:
        try:
            result = run_job(job, progress=terminal.show, should_stop=should_stop, next_place=spare)
        except Diverged as error:
            if error.good_epochs:
                slower = f"--resume --learning-rate {job.recipe.optimization.learning_rate / 10:g}"
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
    if result.stopped:
        return STOPPED
    samples = read_samples(result.path)
    if samples is not None:
        terminal.show(Progress("Preparing quick answers"))
        with suppress(KeyboardInterrupt):  # TensorFlow answers then
            Maker().make(result.path, samples.images)
    return 0


def _new_job(options: argparse.Namespace) -> Job:
    source = options.data or datasets.default_source(options.data_dir)
    preset, chosen = begun(options, source), chosen_settings(options)
    recipe = preset.changed(chosen)
    check_layers(recipe)
    fit = tuple(path for path in FITTED if path not in chosen) if preset.name in presets.PRESETS else ()
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
    if options.begin is not None:
        raise UserError(f"The run in {options.out} has begun already. Leave --begin away, or name another folder.")
    chosen = chosen_settings(options)
    epochs, rate = (chosen.get(f"optimization.{name}", 0) for name in ("epochs", "learning_rate"))
    job = continued(
        options.out,
        source=options.data or "",
        data_dir=options.data_dir,
        epochs=int(epochs),
        learning_rate=float(rate),
    )
    assert job.record is not None  # it is what is continued
    wanted: dict[str, object] = {"recipe": named_recipe(options.recipe).name} if options.recipe else {}
    for name, value in (wanted | chosen).items():
        has = job.recipe.name if name == "recipe" else job.recipe.value(name)
        if value != has:
            raise UserError(
                f"The run in {options.out} has the {name} {has}. Leave that option away, or name another folder."
            )
    planned = read_recipe(options.out / RECIPE).optimization.epochs
    return None if job.record.phase == Phase.FINISHED and job.recipe.optimization.epochs == planned else job
