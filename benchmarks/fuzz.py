"""Does anything break? python -m benchmarks.fuzz pictures|models [--count N] [--seed N] [--only NUMBER]

pictures: reads damaged pictures (20,000 by default) of every accepted format, as for classification. Each must give
pixels or an error sentence, without any other error or a crash, in at most 5 s and 1 GB.
models: opens damaged copies of the shipped model and its card (1,000 by default). Each must either be refused with a
sentence, in at most 1 s and 200 MB more than a process with TensorFlow, or answer a black image with probabilities.
Before them, it opens the files that an attacker might make.

The seed and the number of a file decide its damage; --only repeats one and shows its error. Two processes (--workers)
share the work and are replaced if they crash or hang. Needs Linux, which reports the peak memory of each file.
"""

import argparse
import ctypes
import multiprocessing
import random
import sys
import tempfile
import threading
import time
import traceback
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks import mutations
from cnngui import paths
from cnngui.core.answers.classifier import Classifier
from cnngui.core.errors import UserError
from cnngui.core.models import file as model_file
from cnngui.core.pictures import images
from cnngui.core.pictures.decoding import Source

TRIM = ctypes.CDLL(None).malloc_trim
PATIENCE = 60  # seconds until a process that hangs is ended


@dataclass(frozen=True)
class Outcome:
    """The result for one file: its kind, what happened, and its time and memory."""

    number: int
    kind: str
    result: str  # read, refused or failed
    text: str
    seconds: float
    megabytes: float


@dataclass(frozen=True)
class Limits:
    """The seconds and megabytes that a file may take if it is read and if it is refused."""

    read: tuple[float, float]
    refused: tuple[float, float]

    def exceeded(self, outcome: Outcome) -> str:
        """The limit that was exceeded, or ""."""
        seconds, megabytes = self.refused if outcome.result == "refused" else self.read
        slow, large = outcome.seconds > seconds, outcome.megabytes > megabytes
        return f"{outcome.result} in {outcome.seconds:.2f} s and {outcome.megabytes:.0f} MB" if slow or large else ""


# The work: a number's file and what opens it


def picture_work(seed: int, folder: Path) -> Callable[[int], tuple[str, Callable[[], None]]]:
    """A function from a number to the format of a damaged picture and a function that reads it."""
    whole = mutations.samples()

    def work(number: int) -> tuple[str, Callable[[], None]]:
        kind, content = mutations.picture(random.Random(seed << 32 | number), whole)
        path = folder / "picture"
        path.write_bytes(content)
        return kind, partial(look_at, path if number % 2 else content)

    return work


def look_at(source: Source) -> None:
    """Read a picture as for classification."""
    views = images.to_views(images.read(source, images.READ_SIDE))
    assert views.shape[1:] == (32, 32, 3)
    assert views.dtype == np.uint8


def model_work(seed: int, folder: Path) -> Callable[[int], tuple[str, Callable[[], None]]]:
    """A function from a number to the damage of a model and a function that opens it; attacks count from −1 down."""
    named = list(mutations.ATTACKS.items())

    def work(number: int) -> tuple[str, Callable[[], None]]:
        if number < 0:
            kind, attack = named[-1 - number]
            return kind, partial(answer, attack(folder))
        kind, path = mutations.model(random.Random(seed << 32 | number), paths.shipped_model(), folder)
        return kind, partial(answer, path)

    answer(paths.shipped_model())  # what TensorFlow does once is not a file's cost
    return work


def answer(path: Path) -> None:
    """Open a model and classify a black image."""
    classifier = Classifier(*model_file.load(path))
    found = classifier.classify([np.zeros((1, *classifier.image_size, 3), np.uint8)])[0]
    assert abs(sum(found.probabilities) - 1) < 1e-3, found
    assert found.familiarity is None or np.isfinite(found.familiarity), found


# A process that does it


def worker(command: str, seed: int, connection: "Connection[Any, Any]") -> None:
    """Process each number that arrives, until None arrives."""
    with tempfile.TemporaryDirectory() as folder:
        work = WORKS[command](seed, Path(folder))
        connection.send("ready")
        while (number := connection.recv()) is not None:
            outcome = done(work, number)
            if LIMITS[command].exceeded(outcome):  # the machine may have been busy with other work
                outcome = min(outcome, done(work, number), key=lambda one: one.seconds)
            connection.send(outcome)


def done(work: Callable[[int], tuple[str, Callable[[], None]]], number: int) -> Outcome:
    """The outcome for a number."""
    kind, opened = work(number)
    TRIM(0)  # memory that is free but kept would hide what is taken
    Path("/proc/self/clear_refs").write_text("5")  # the highest memory is the present one again
    before, began = megabytes("VmRSS"), time.perf_counter()
    result, text = "read", ""
    try:
        opened()
    except UserError as error:
        result, text = "refused", str(error)
    except Exception:
        result, text = "failed", traceback.format_exc()
    seconds = time.perf_counter() - began
    return Outcome(number, kind, result, text, seconds, megabytes("VmHWM") - before)


def megabytes(field: str) -> float:
    """This process's current memory (VmRSS) or peak memory (VmHWM)."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) / 1000 for line in lines if line.startswith(field))


def outcomes(command: str, seed: int, numbers: Iterator[int], add: Callable[[Outcome], None]) -> None:
    """Process the numbers in worker processes, one after the other; a process that breaks is replaced."""
    context = multiprocessing.get_context("spawn")
    number: int | None = next(numbers, None)
    while number is not None:
        ours, theirs = context.Pipe()
        process = context.Process(target=worker, args=(command, seed, theirs), daemon=True)
        process.start()
        theirs.close()
        ours.recv()
        try:
            while number is not None:
                ours.send(number)
                if not ours.poll(PATIENCE):
                    raise EOFError
                add(ours.recv())
                number = next(numbers, None)
            ours.send(None)
        except (EOFError, ConnectionError):
            hangs = process.is_alive() and not ours.poll(1)
            process.kill()
            process.join()
            text = "it hangs" if hangs else f"it crashed, status {process.exitcode}"
            assert number is not None
            add(Outcome(number, "?", "failed", text, PATIENCE if hangs else 0.0, 0.0))
            number = next(numbers, None)
        process.join()


class Numbers:
    """Numbers that several threads share."""

    def __init__(self, numbers: range) -> None:
        self._numbers = iter(numbers)
        self._lock = threading.Lock()

    def __iter__(self) -> "Numbers":
        return self

    def __next__(self) -> int:
        with self._lock:
            return next(self._numbers)


# What is printed


def show(found: list[Outcome], limits: Limits) -> int:
    """Print counts and extremes, and return the number of failures."""
    counts = Counter((outcome.kind, outcome.result) for outcome in found)
    print(f"{'':16}{'read':>8}{'refused':>8}{'failed':>8}")
    for kind in sorted({outcome.kind for outcome in found}):
        print(f"{kind:16}" + "".join(f"{counts[kind, result]:8}" for result in ("read", "refused", "failed")))
    total = Counter(outcome.result for outcome in found)
    print(f"{'all':16}" + "".join(f"{total[result]:8}" for result in ("read", "refused", "failed")))
    for result in ("read", "refused"):
        some = [outcome for outcome in found if outcome.result == result]
        if some:
            slow, large = max(some, key=lambda one: one.seconds), max(some, key=lambda one: one.megabytes)
            print(f"{result}: slowest {slow.seconds:.2f} s ({slow.kind}, number {slow.number}),", end=" ")
            print(f"highest memory {large.megabytes:.0f} MB ({large.kind}, number {large.number})")
    bad = [(one, one.text if one.result == "failed" else limits.exceeded(one)) for one in found]
    bad = [(one, text) for one, text in bad if text]
    for one, text in bad:
        print(f"number {one.number}, {one.kind}: {text.strip().splitlines()[-1]}")
    print(f"{len(bad)} of {len(found)} broke a rule")
    return len(bad)


WORKS = {"pictures": picture_work, "models": model_work}
LIMITS = {"pictures": Limits((5, 1000), (5, 1000)), "models": Limits((30, 2000), (1, 200))}
COUNTS = {"pictures": 20_000, "models": 1000}


def main() -> int:
    """Print all results. The exit status is 1 if anything broke a rule."""
    parser = argparse.ArgumentParser()
    parser.add_argument("command", choices=WORKS)
    parser.add_argument("--count", type=int)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--only", type=int, metavar="NUMBER")
    parser.add_argument("--workers", type=int, default=2)
    options = parser.parse_args()
    if options.only is not None:
        with tempfile.TemporaryDirectory() as folder:
            one = done(WORKS[options.command](options.seed, Path(folder)), options.only)
        print(f"{one.kind}: {one.result}, {one.seconds:.2f} s, {one.megabytes:.0f} MB\n{one.text}")
        return one.result == "failed"
    found: list[Outcome] = []
    first = -len(mutations.ATTACKS) if options.command == "models" else 0
    numbers = Numbers(range(first, options.count or COUNTS[options.command]))
    run = partial(outcomes, options.command, options.seed, numbers, found.append)
    threads = [threading.Thread(target=run) for _ in range(options.workers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    found.sort(key=lambda one: one.number)
    for one in found:
        if one.number < 0:
            print(f"{one.kind}: {one.result}, {one.seconds:.2f} s, {one.megabytes:.0f} MB. {one.text}")
    return show([one for one in found if one.number >= 0], LIMITS[options.command]) > 0


if __name__ == "__main__":
    sys.exit(main())
