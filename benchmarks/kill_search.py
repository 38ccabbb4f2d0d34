"""Does a killed search lose or repeat a trial? python -m benchmarks.kill_search OUT [--kills N] [--storage URL]

Searches on drawn shapes with two workers, and kills (SIGKILL) one of them again and again, at random moments: while it
starts, reads, asks for a trial, trains, saves. Each is started anew with the same command. At the end each trial must
have ended exactly once, with a run that has each of its epochs once and, if it is finished, a model; no two trials may
have the same values; nothing may be left half-written. The exit status is 1 if that is not so.
"""

import argparse
import json
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

from cnngui.core.runs.folder import MODEL
from cnngui.core.runs.history import read_epochs
from cnngui.core.search.storage import connect, local, server
from cnngui.core.search.study import Study
from cnngui.core.search.trials import Standing, State

TRIALS = 24
SEARCH = (
    "search", "--data", "shapes", "--recipe", "quick", "--set", "network.width=4", "--epochs", "6", "--json",
    "--vary", "optimization.learning_rate", "--vary", "network.dropout", "--trials", str(TRIALS), "--name", "killed",
)  # fmt: skip
LATEST = 25.0  # seconds after its start, when a worker is killed


def start(folder: Path, storage: str | None) -> "subprocess.Popen[bytes]":
    """A worker."""
    shared = ["--storage", storage] if storage else []
    command = [sys.executable, "-m", "cnngui", *SEARCH, "--out", str(folder), *shared]
    return subprocess.Popen(command, stdout=subprocess.DEVNULL)


def problems(standing: Standing, folders: list[Path]) -> list[str]:
    """What is wrong at the end."""
    found = []
    if len(standing.ended) < TRIALS:
        found.append(f"only {len(standing.ended)} trials have ended")
    values = Counter(json.dumps(trial.values) for trial in standing.ended)
    found += [f"tried {count} times: {each}" for each, count in values.items() if count > 1]
    for trial in standing.ended:
        runs = [folder / trial.run for folder in folders if (folder / trial.run).is_dir()]
        epochs = [[result.epoch for result in read_epochs(run)] for run in runs]
        if not any(each == list(range(1, len(each) + 1)) for each in epochs):
            found.append(f"trial {trial.number} has the epochs {epochs}")
        if trial.state == State.FINISHED and not any((run / MODEL).exists() for run in runs):
            found.append(f"trial {trial.number} has no model")
    found += [str(path) for folder in folders for path in folder.rglob(".*-cnngui-*")]
    return found


def main() -> int:
    """Kill, count, check."""
    parser = argparse.ArgumentParser()
    parser.add_argument("out", type=Path)
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--storage")
    options = parser.parse_args()
    moments = random.Random(0)
    folders = [options.out / "one", options.out / "two"] if options.storage else [options.out / "one"] * 2
    workers = [start(folder, options.storage) for folder in folders]
    kills, ended = 0, [False, False]
    while not all(ended):
        if kills < options.kills:
            number = moments.randrange(2)
            time.sleep(moments.uniform(0, LATEST))
            workers[number].send_signal(signal.SIGKILL)
            kills += workers[number].wait() == -signal.SIGKILL
            workers[number] = start(folders[number], options.storage)
            continue
        ended = [worker.wait() == 0 for worker in workers]
    place = server(options.storage) if options.storage else local(folders[0])
    with connect(place) as storage:
        study = Study(place, storage, "killed")
        standing, tries = study.standing(), study.frozen()
    states = Counter(trial.state.value for trial in standing.trials)
    found = problems(standing, sorted(set(folders)))
    print(f"{kills} kills; {len(tries)} tries of {len(standing.trials)} trials: {dict(states)}")
    print("\n".join(found) or "Nothing was lost or repeated.")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
