"""cnngui search."""

import argparse
import math
import re
from dataclasses import asdict
from pathlib import Path
from typing import Any

from cnngui.commands.options import STOPPED, add_data, add_devices, add_json, signals_stop
from cnngui.commands.recipe_options import add_recipe, begun, chosen_settings
from cnngui.core.data import datasets
from cnngui.core.errors import UserError
from cnngui.core.networks.recipe_files import check_layers
from cnngui.core.progress import EpochResult, Reported
from cnngui.core.recipes.edits import edits
from cnngui.core.recipes.fitting import FITTED
from cnngui.core.recipes.presets import PRESETS
from cnngui.core.search import space
from cnngui.core.search.folder import BEST, SearchRecord, read_search
from cnngui.core.search.plan import Aim, Pruner, Request, Sampler
from cnngui.core.search.search import Search, search
from cnngui.core.search.storage import server
from cnngui.core.search.trials import Standing, State, Trial
from cnngui.core.search.worker import Budget
from cnngui.core.sentences import counted
from cnngui.terminal import Terminal

_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400}
_ENDED = (State.FINISHED, State.PRUNED, State.FAILED)


def parser() -> argparse.ArgumentParser:
    """The command's options."""
    parser = argparse.ArgumentParser(
        prog="cnngui search",
        description="Search for better settings of a recipe: train it again and again with other values. Ctrl-C stops "
        "the search and keeps everything; the same command goes on with it.",
    )
    add_data(parser)
    add_recipe(parser)
    add_devices(parser)
    parser.add_argument(
        "--vary",
        action="append",
        default=[],
        metavar="SETTING[=VALUES]",
        help="a setting that varies, in its usual range, or as in network.dropout=0:0.5, network.width=16:128:8 (in "
        "steps), optimization.weight_decay=0.0001:0.1:log or optimization.optimizer=sgd,adamw",
    )
    parser.add_argument("--budget", metavar="TIME", help="how long to search in all, such as 90s, 30m or 2h")
    parser.add_argument("--trials", type=int, metavar="N", help="how many trainings to do in all")
    parser.add_argument(
        "--aim",
        choices=[aim.value for aim in Aim],
        default=Aim.ACCURACY.value,
        help="validation accuracy, or that and the time of an answer, too: what is best of both (default: accuracy)",
    )
    parser.add_argument(
        "--pruner",
        choices=[pruner.value for pruner in Pruner],
        default=Pruner.MEDIAN.value,
        help="which trainings end early (default: those below the median of the others)",
    )
    parser.add_argument(
        "--sampler",
        choices=[sampler.value for sampler in Sampler],
        default=Sampler.TPE.value,
        help="how values are chosen: from what was good so far, or at random (default: tpe)",
    )
    parser.add_argument("--out", type=Path, required=True, metavar="DIR", help="folder of the search and its runs")
    parser.add_argument(
        "--storage",
        metavar="URL",
        help="a PostgreSQL server on which many machines share the search: postgresql://user@host/database. Keep the "
        "password in PGPASSWORD or ~/.pgpass, where others do not see it (default: a file in DIR)",
    )
    parser.add_argument("--name", metavar="NAME", help="the search’s name on the server (default: that of DIR)")
    add_json(parser, "one object per trial, then one with the best trial and the file of its recipe")
    return parser


def run(options: argparse.Namespace) -> int:
    """Search. Returns the exit status; raises UserError and Stopped."""
    terminal = Terminal(as_json=options.json)
    seen: set[int] = set()

    def progress(value: Reported) -> None:
        if not isinstance(value, EpochResult):  # a line for each trial is enough
            terminal.show(value)

    def changed(standing: Standing) -> None:
        here = [trial for trial in standing.trials if trial.run and (options.out / trial.run).is_dir()]
        terminal.prefix = "".join(f"Trial {trial.number}: " for trial in here if trial.state == State.RUNNING)
        ended = [trial for trial in here if trial.state in _ENDED and trial.number not in seen]
        seen.update(trial.number for trial in ended)
        for trial in ended:
            _write(terminal, standing, trial, options.json)

    before = read_search(options.out)
    what = _search(options, before)
    with signals_stop() as should_stop:
        standing = search(what, progress=progress, should_stop=should_stop, changed=changed)
        is_stopped = should_stop()
    _write_best(terminal, standing, options, is_stopped)
    if terminal.lost is not None:
        raise UserError(f"The output could not be written ({terminal.lost.strerror or terminal.lost}).")
    return STOPPED if is_stopped else 0


def _search(options: argparse.Namespace, before: SearchRecord | None) -> Search:
    """What the options ask for. before: what the folder says of its search, if it has one."""
    default = before.source if before is not None else datasets.default_source(options.data_dir)
    source = options.data or default
    if not options.vary and before is None:
        raise UserError("Nothing varies in this search. Add --vary, such as --vary optimization.learning_rate.")
    if not options.vary and (options.recipe or options.begin or chosen_settings(options)):
        raise UserError("Without --vary, a search goes on as it is. Give its options as before, or no recipe at all.")
    return Search(
        folder=options.out,
        source=source,
        request=_request(options, source) if options.vary else None,
        data_dir=options.data_dir,
        budget=_budget(options),
        place=server(options.storage) if options.storage else None,
        name=options.name or "",
        devices=options.devices,
    )


def _request(options: argparse.Namespace, source: str) -> Request:
    preset, chosen = begun(options, source), chosen_settings(options)
    recipe = preset.changed(chosen)
    check_layers(recipe)
    fit = tuple(path for path in FITTED if path not in chosen) if preset.name in PRESETS else ()
    vary = _vary(options.vary)
    return Request(recipe, vary, fit, Aim(options.aim), Pruner(options.pruner), Sampler(options.sampler))


def _vary(texts: list[str]) -> dict[str, space.Domain | None]:
    found: dict[str, space.Domain | None] = {}
    for path, domain in map(space.parse, texts):
        if path in found:
            raise UserError(f"{path} varies twice. Give it one --vary.")
        found[path] = domain
    return found


def _budget(options: argparse.Namespace) -> Budget:
    if options.trials is not None and options.trials < 1:
        raise UserError(f"--trials {options.trials} leaves nothing to do. Write a number above 0.")
    seconds = _seconds(options.budget) if options.budget else math.inf
    return Budget(seconds, math.inf if options.trials is None else options.trials)


def _seconds(text: str) -> float:
    found = re.fullmatch(r"(\d{1,6}(?:\.\d{1,6})?)\s*([smhd])", text.strip())
    seconds = float(found[1]) * _SECONDS[found[2]] if found else 0.0
    if not seconds:
        raise UserError(f"--budget {text[:40]} is no time. Write it as 90s, 30m or 2h.")
    return seconds


def _write(terminal: Terminal, standing: Standing, trial: Trial, as_json: bool) -> None:
    if as_json:
        terminal.write_json(_object(trial))
        return
    result = f"{trial.accuracy:.1%} of the validation images" if trial.accuracy is not None else trial.state.value
    if trial.state == State.FAILED:
        result = "failed"
    if trial.state == State.PRUNED:
        result = f"ended early at {trial.accuracy:.1%}" if trial.accuracy is not None else "ended early"
    time = f", {trial.milliseconds:.2f} ms an answer" if trial.milliseconds is not None else ""
    seconds = f", {trial.seconds:.0f} s" if trial.seconds is not None else ""
    values = ", ".join(edits(standing.recipe(trial), standing.plan.recipe)) or "the recipe as it is"
    reason = f" {trial.reason}" if trial.reason else ""
    terminal.write(f"Trial {trial.number}: {result}{time}{seconds}: {values}.{reason}")


def _write_best(terminal: Terminal, standing: Standing, options: argparse.Namespace, is_stopped: bool) -> None:
    best = standing.best
    if options.json:
        recipe = str(options.out / BEST) if best is not None else None
        front = [_object(trial) for trial in standing.front]
        terminal.write_json({"best": _object(best) if best is not None else None, "front": front, "recipe": recipe})
        return
    trials = counted(len(standing.ended), "trial")
    if best is None:
        terminal.write(f"No training has finished in {trials}.")
    else:
        values = ", ".join(edits(standing.recipe(best), standing.plan.recipe)) or "the recipe as it was"
        terminal.write(
            f"The best of {trials} is trial {best.number}, {best.accuracy:.1%} of the validation images: {values}. "
            f"Its recipe is {options.out / BEST}"
        )
    if is_stopped:
        terminal.write("Stopped. The same command goes on with the search.")


def _object(trial: Trial) -> dict[str, Any]:
    values = asdict(trial)
    for name in ("curve", "worker", "began", "ended"):
        del values[name]
    return {"trial": values.pop("number"), **values, "seconds": trial.seconds}
