"""Does anything break? python -m benchmarks.fuzz COMMAND [--count N] [--seed N] [--only NUMBER]

pictures: damaged pictures (20,000 by default) of every accepted format, read as for classification.
structures: pictures (10,000) with other counts, sizes and parts, read in the same way. Before them, some that take
    minutes or gigabytes to decode.
models: damaged copies of the shipped model and its card (1,000), opened to classify an image. Before them, the files
    that an attacker might make.
weights: models (2,000) with one to eight changed bytes in a file of weights of the oldest or the newest HDF5 format.
archives: models (1,000) as strange zip archives.
configurations: models (1,000) with a changed configuration.

Each must give an answer or a sentence, without any other error or a crash, in at most 5 s and 1 GB, the memory of child
processes included; and a thread that sleeps for 5 ms again and again, as the window's timer does, must never be held up
for more than 100 ms.

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
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks import costly_pictures, hostile_models, model_mutations, mutations, structures
from cnngui import paths
from cnngui.core.answers.classifier import Classifier
from cnngui.core.errors import UserError
from cnngui.core.models import file as model_file
from cnngui.core.pictures import images
from cnngui.core.pictures.decoding import Source

TRIM = ctypes.CDLL(None).malloc_trim
PATIENCE = 60  # seconds until a process that hangs is ended


SECONDS, MEGABYTES, PAUSE_MS = 5.0, 1000.0, 100.0  # that a file may take, and for which it may hold up a timer
TICK = 0.005  # seconds

Work = Callable[[int], tuple[str, Callable[[], None]]]
"""From a number to the kind of a damaged file, and a function that opens it. Those before the first have −1, −2 …"""


@dataclass(frozen=True)
class Outcome:
    """The result for one file: its kind, what happened, and its time, memory and longest pause of a timer."""

    number: int
    kind: str
    result: str  # read, refused or failed
    text: str
    seconds: float
    megabytes: float
    pause_ms: float

    @property
    def broken(self) -> str:
        """The rule that was broken, or ""."""
        if self.result == "failed":
            return self.text.strip().splitlines()[-1]
        if self.seconds > SECONDS or self.megabytes > MEGABYTES or self.pause_ms > PAUSE_MS:
            return f"{self.result} in {self.seconds:.2f} s and {self.megabytes:.0f} MB, pause of {self.pause_ms:.0f} ms"
        return ""


# The work: a number's file and what opens it


def picture_work(seed: int, folder: Path) -> Work:
    """Damaged pictures; half of them as files."""
    whole = mutations.samples()

    def work(number: int) -> tuple[str, Callable[[], None]]:
        kind, content = mutations.picture(random.Random(seed << 32 | number), whole)
        return kind, partial(look_at, _file(folder, content) if number % 2 else content)

    return work


def structure_work(seed: int, folder: Path) -> Work:
    """Pictures of another structure; before them, costly ones."""
    whole = mutations.samples(large=False)
    named = list(costly_pictures.MAKERS.items())

    def work(number: int) -> tuple[str, Callable[[], None]]:
        if number < 0:
            kind, (make, count) = named[-1 - number]
            return kind, partial(look_at, _file(folder, make(count)))
        kind, content = structures.picture(random.Random(seed << 32 | number), whole)
        return kind, partial(look_at, _file(folder, content) if number % 2 else content)

    return work


def _file(folder: Path, content: bytes) -> Path:
    path = folder / "picture"
    path.write_bytes(content)
    return path


def look_at(source: Source) -> None:
    """Read a picture as for classification."""
    views = images.to_views(images.read(source, images.READ_SIDE))
    assert views.shape[1:] == (32, 32, 3)
    assert views.dtype == np.uint8


def model_work(seed: int, folder: Path) -> Work:
    """Damaged copies of the shipped model; before them, those of an attacker."""
    named = list(hostile_models.ATTACKS.items())

    def work(number: int) -> tuple[str, Callable[[], None]]:
        if number < 0:
            kind, attack = named[-1 - number]
            return kind, partial(answer, attack(folder))
        kind, path = model_mutations.model(random.Random(seed << 32 | number), paths.shipped_model(), folder)
        return kind, partial(answer, path)

    warm_up(folder)
    return work


def small_model_work(damage: Callable[[random.Random, Path], tuple[str, Path]], seed: int, folder: Path) -> Work:
    """Copies of a small model, each with this damage."""

    def work(number: int) -> tuple[str, Callable[[], None]]:
        kind, path = damage(random.Random(seed << 32 | number), folder)
        return kind, partial(answer, path)

    warm_up(folder)
    return work


def warm_up(folder: Path) -> None:
    """What TensorFlow does once is not a file's cost."""
    answer(paths.shipped_model())
    whole = model_mutations.written(folder, model_mutations.small())
    answer(whole)
    whole.unlink()


def answer(path: Path) -> None:
    """Open a model and classify a black and a noisy image."""
    classifier = Classifier.of(*model_file.load(path))
    noise = np.random.default_rng(0).integers(0, 256, (1, *classifier.image_size, 3), np.uint8)
    for found in classifier.classify([np.zeros_like(noise), noise]):
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
            if outcome.broken:  # the machine may have been busy with other work
                again = done(work, number)
                outcome = again if not again.broken else min(outcome, again, key=lambda one: one.seconds)
            connection.send(outcome)


def done(work: Work, number: int) -> Outcome:
    """The outcome for a number."""
    kind, opened = work(number)
    TRIM(0)  # memory that is free but kept would hide what is taken
    Path("/proc/self/clear_refs").write_text("5")  # the highest memory is the present one again
    result, text = "read", ""
    with Watch() as watch:
        try:
            opened()
        except UserError as error:
            result, text = "refused", str(error)
        except Exception:
            result, text = "failed", traceback.format_exc()
    return Outcome(number, kind, result, text, watch.seconds, watch.megabytes, watch.pause_ms)


class Watch:
    """Measures a block: its time and memory, its child processes' memory, and how long it holds up a timer."""

    def __enter__(self) -> "Watch":
        self.pause_ms = 0.0
        self._children: dict[int, float] = {}
        self._is_over = threading.Event()
        self._thread = threading.Thread(target=self._tick)
        self._before = megabytes("VmRSS")
        self._began = time.perf_counter()
        self._thread.start()
        return self

    def __exit__(self, *_exception: object) -> None:
        self.seconds = time.perf_counter() - self._began
        self._is_over.set()
        self._thread.join()
        self.megabytes = megabytes("VmHWM") - self._before + sum(self._children.values())

    def _tick(self) -> None:
        last, ticks = time.perf_counter(), 0
        while not self._is_over.wait(TICK):
            now = time.perf_counter()
            self.pause_ms = max(self.pause_ms, (now - last - TICK) * 1000)
            ticks += 1
            if ticks % 10 == 0:
                self._look_at_children()
            last = time.perf_counter()

    def _look_at_children(self) -> None:
        """The most memory that each child has had: these are new, or have waited with little."""
        for child in Path(f"/proc/self/task/{threading.main_thread().native_id}/children").read_text().split():
            with suppress(OSError, StopIteration):
                most = self._children.get(int(child))
                # At the first look it may not have begun its own program yet, and seem to have all memory of ours.
                self._children[int(child)] = 0.0 if most is None else max(most, megabytes("VmRSS", child))


def megabytes(field: str, process: str = "self") -> float:
    """The current memory (VmRSS) or peak memory (VmHWM) of a process."""
    lines = Path(f"/proc/{process}/status").read_text().splitlines()
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
            add(Outcome(number, "?", "failed", text, PATIENCE if hangs else 0.0, 0.0, 0.0))
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


def told(one: Outcome) -> str:
    """One file's outcome in a line."""
    return f"{one.kind}: {one.result}, {one.seconds:.2f} s, {one.megabytes:.0f} MB, pause {one.pause_ms:.0f} ms"


def show(found: list[Outcome]) -> int:
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
            held = max(some, key=lambda one: one.pause_ms)
            print(f"{result}: slowest {slow.seconds:.2f} s ({slow.kind}, number {slow.number}),", end=" ")
            print(f"highest memory {large.megabytes:.0f} MB ({large.kind}, number {large.number}),", end=" ")
            print(f"longest pause {held.pause_ms:.0f} ms ({held.kind}, number {held.number})")
    bad = [one for one in found if one.broken]
    for one in bad:
        print(f"number {one.number}, {one.kind}: {one.broken}")
    print(f"{len(bad)} of {len(found)} broke a rule")
    return len(bad)


WORKS: dict[str, Callable[[int, Path], Work]] = {
    "pictures": picture_work,
    "structures": structure_work,
    "models": model_work,
    "weights": partial(small_model_work, model_mutations.with_weights),
    "archives": partial(small_model_work, model_mutations.as_archive),
    "configurations": partial(small_model_work, model_mutations.with_configuration),
}
COUNTS = {
    "pictures": 20_000,
    "structures": 10_000,
    "models": 1_000,
    "weights": 2_000,
    "archives": 1_000,
    "configurations": 1_000,
}
FIRST = {"structures": len(costly_pictures.MAKERS), "models": len(hostile_models.ATTACKS)}


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
        print(f"{told(one)}\n{one.text}")
        return one.result == "failed"
    found: list[Outcome] = []
    count = COUNTS[options.command] if options.count is None else options.count
    numbers = Numbers(range(-FIRST.get(options.command, 0), count))
    run = partial(outcomes, options.command, options.seed, numbers, found.append)
    threads = [threading.Thread(target=run) for _ in range(options.workers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    found.sort(key=lambda one: one.number)
    for one in found:
        if one.number < 0:
            print(f"{told(one)}. {one.text}")
    return show(found) > 0


if __name__ == "__main__":
    sys.exit(main())
