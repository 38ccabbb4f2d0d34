"""Does a search beat random search and the preset? python -m benchmarks.search OUT [--seeds N …] [--table]

Needs CIFAR-10, see CNNGUI_DATA_DIR. For each seed: takes 5,000 training images, a fifth of them for validation, and
searches around "quick" with the program's search and with random search without pruning, side by side, each on a core
of its own, for 2,400 seconds of processor time: what two cores have in 20 minutes. Another load of the machine then
changes little. A search that was broken off goes on.

--table prints the results: the validation accuracy of the best trial of each, and of "quick", which is their first
trial; their accuracies on the 10,000 test images, which only this looks at; trials, and the share of the time that is
not the trainings' own.
"""

import argparse
import json
import math
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from cnngui.core.answers.classifier import Classifier
from cnngui.core.data import cifar10, datasets
from cnngui.core.recipes.presets import QUICK
from cnngui.core.runs.folder import MODEL
from cnngui.core.search import objective
from cnngui.core.search.plan import Pruner, Request, Sampler
from cnngui.core.search.search import Search, search
from cnngui.core.search.trials import Standing, Trial
from cnngui.core.training import job
from cnngui.core.training.job import JobResult

IMAGES = 5000
PROCESSOR_SECONDS = 2400.0
VARY = (
    "optimization.learning_rate",
    "optimization.weight_decay",
    "optimization.label_smoothing",
    "optimization.batch_size",
    "optimization.epochs",
    "network.width",
    "network.dropout",
    "augmentation.zoom",
    "augmentation.colour_jitter",
    "augmentation.cutout",
)
WAYS = {"search": (Sampler.TPE, Pruner.MEDIAN), "random": (Sampler.RANDOM, Pruner.NONE)}


def write_images(folder: Path, seed: int) -> None:
    """Write 5,000 training images, chosen by the seed, as PNG files; and few more as a test part, never looked at."""
    raw = datasets.read("cifar10")
    order = np.random.default_rng(seed).permutation(len(raw.train))[: IMAGES + 100]
    for place, index in enumerate(order):
        part = "train" if place < IMAGES else "test"
        path = folder / part / raw.classes[raw.train.labels[index]] / f"{index}.png"
        path.parent.mkdir(parents=True, exist_ok=True)
        Image.fromarray(raw.train.images[index]).save(path)


def run(out: Path, seed: int, way: str) -> None:
    """Search, and write how it stands and how long the trainings took."""
    sampler, pruner = WAYS[way]
    recipe = QUICK.changed({"validation.fraction": 0.2, "seed": seed})
    request = Request(recipe, dict.fromkeys(VARY), sampler=sampler, pruner=pruner)
    folder, note = out / f"{way}-{seed}", out / f"{way}-{seed}.json"
    spent = json.loads(note.read_text()) if note.exists() else {"processor": 0.0, "training": 0.0, "search": 0.0}
    processor, trainings, ready = time.process_time(), 0.0, math.nan  # ready: when the first trial begins

    def timed(*arguments: Any, **keywords: Any) -> JobResult:
        nonlocal trainings
        before = time.perf_counter()
        try:
            return job.run(*arguments, **keywords)
        finally:
            trainings += time.perf_counter() - before

    def changed(_: Standing) -> None:
        nonlocal ready
        if math.isnan(ready):
            ready = time.perf_counter()
        now = {
            "processor": time.process_time() - processor,
            "training": trainings,
            "search": time.perf_counter() - ready,
        }
        note.write_text(json.dumps({name: spent[name] + value for name, value in now.items()}))

    def should_stop() -> bool:
        return spent["processor"] + time.process_time() - processor > PROCESSOR_SECONDS

    vars(objective)["run"] = timed
    search(Search(folder, str(out / f"images-{seed}"), request), should_stop=should_stop, changed=changed)


def test_accuracy(out: Path, way: str, seed: int, trial: Trial, test: datasets.Split) -> float:
    """The accuracy of a trial's model on the test images, 0–1."""
    classifier = Classifier.load(out / f"{way}-{seed}" / trial.run / MODEL)
    found = classifier.probabilities(np.asarray(test.images)).argmax(1)
    classes = np.array([cifar10.CLASSES.index(name) for name in classifier.card.classes])
    return float(np.mean(classes[found] == test.labels))


def main() -> None:
    """Run what is asked for."""
    parser = argparse.ArgumentParser()
    parser.add_argument("out", type=Path)
    parser.add_argument("--seeds", type=int, nargs="+", default=[0, 1, 2])
    parser.add_argument("--way", choices=WAYS, help="only this one, in this process")
    parser.add_argument("--table", action="store_true")
    options = parser.parse_args()
    if options.way:
        run(options.out, options.seeds[0], options.way)
        return
    for seed in [] if options.table else options.seeds:
        if not (options.out / f"images-{seed}").exists():
            write_images(options.out / f"images-{seed}", seed)
        command = [sys.executable, "-m", "benchmarks.search", str(options.out), "--seeds", str(seed), "--way"]
        cores = sorted(os.sched_getaffinity(0))
        both = [
            subprocess.Popen(["taskset", "-c", str(core), *command, way])
            for core, way in zip(cores, WAYS, strict=False)
        ]
        for each in both:
            each.wait()
    table(options.out, options.seeds)


def table(out: Path, seeds: list[int]) -> None:
    """Print the results."""
    from cnngui.core.search.storage import connect, local
    from cnngui.core.search.study import Study

    test = datasets.read("cifar10").test
    assert test is not None  # CIFAR-10 has one
    print("seed  recipe    validation    test  finished  pruned  overhead")
    for seed in seeds:
        for way in WAYS:
            folder, note = out / f"{way}-{seed}", json.loads((out / f"{way}-{seed}.json").read_text())
            with connect(local(folder)) as storage:
                standing = Study(local(folder), storage, folder.name).standing()
            rows = {way: standing.best, **({"quick": standing.trials[0]} if way == "random" else {})}
            overhead = note["search"] / note["training"] - 1
            for name, trial in rows.items():
                if trial is None or trial.accuracy is None:
                    continue
                accuracy = test_accuracy(out, way, seed, trial, test)
                finished = len(standing.finished)
                print(
                    f"{seed:4}  {name:8}{trial.accuracy:12.4f}{accuracy:8.4f}{finished:10}"
                    f"{len(standing.ended) - finished:8}{overhead:10.3f}",
                    flush=True,
                )


if __name__ == "__main__":
    main()
