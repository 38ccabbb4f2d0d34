"""What more workers gain: python -m benchmarks.search_workers OUT [--storage URL] [--workers 1 2 3] [--trials N]

Runs "cnngui search" on drawn shapes with one, two and three workers, each on a core of its own as far as there are
cores, and prints trials an hour, from the beginning of the first trial to the end of the last; and the ratio to one
worker. With --storage they share a PostgreSQL server, each with a folder of its own;
without it, an SQLite file in one folder.
"""

import argparse
import os
import subprocess
import sys
import time
from pathlib import Path

from cnngui.core.search.storage import connect, local, server
from cnngui.core.search.study import Study

SEARCH = (
    "search", "--data", "shapes", "--recipe", "quick", "--epochs", "2", "--pruner", "none", "--sampler", "random",
    "--vary", "optimization.learning_rate", "--json",
)  # fmt: skip


def measure(out: Path, workers: int, trials: int, storage: str | None) -> float:
    """Trials an hour of so many workers."""
    cores = sorted(os.sched_getaffinity(0))
    name = f"{workers}-{int(time.time())}"
    processes = []
    for number in range(workers):
        folder = out / name / str(number) if storage else out / name
        shared = ["--storage", storage, "--name", name] if storage else []
        command = [sys.executable, "-m", "cnngui", *SEARCH, "--trials", str(trials), "--out", str(folder), *shared]
        pinned = ["taskset", "-c", str(cores[number % len(cores)]), *command]
        processes.append(subprocess.Popen(pinned, stdout=subprocess.DEVNULL))
    for process in processes:
        process.wait()
    place = server(storage) if storage else local(folder)
    with connect(place) as opened:
        standing = Study(place, opened, name).standing()
    return 3600 * len(standing.ended) / standing.seconds


def main() -> None:
    """Print a line for each number of workers."""
    parser = argparse.ArgumentParser()
    parser.add_argument("out", type=Path)
    parser.add_argument("--storage")
    parser.add_argument("--workers", type=int, nargs="+", default=[1, 2, 3])
    parser.add_argument("--trials", type=int, default=12)
    options = parser.parse_args()
    first = 0.0
    for workers in options.workers:
        rate = measure(options.out, workers, options.trials, options.storage)
        first = first or rate
        print(f"{workers} workers: {rate:6.0f} trials an hour, {rate / first:.2f} of one", flush=True)


if __name__ == "__main__":
    main()
