"""Does a killed training lose anything? python -m benchmarks.kill [--kills N] [--damage] [--precision bfloat16] …

Trains twice without a break. Then trains again and again, kills (SIGKILL) each training one to three times, at moments
that the seed decides, and continues it with --resume. The moments are spread evenly over: within an epoch, in a
validation, while a checkpoint is written, while the weights are averaged (--recipe restarts), in the calibration, in
the test, while the result is written. Each model must have the same weights, bit by bit, as those without a break; each
history and each card must be the same, but for the seconds.

--damage: after each kill, the newest checkpoint is cut short, or one of its bytes is changed; the training must go on
from the one before it. --every: seconds between two checkpoints within an epoch (120 in the program, 2 here, since
epochs are short). --keep: keep the runs in this folder. The exit status is 1 if anything differs.
"""

import argparse
import random
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.kill_child import MARK
from benchmarks.kill_result import Result, differences, read_result
from cnngui.core.recipes.recipe import RESTART_EPOCHS
from cnngui.core.runs.checkpoint import checkpoints, newest_checkpoint

EARLY = ("epoch", "validation", "checkpoint")
LATE = {"averaging": "Averaging", "calibration": "Calibrating", "test": "Evaluating", "result": "Saving"}
KINDS = (*EARLY, *LATE)
FILES = {"checkpoint": ".checkpoint-*", "result": ".model-*"}  # half-written ones
LATENESS = {"validation": 0.2, "checkpoint": 0.006, "averaging": 1.0, "calibration": 1.0, "test": 0.5, "result": 0.3}
POLL = 0.0005  # seconds
PATIENCE = 3600  # seconds for one session


@dataclass(frozen=True)
class Moment:
    """When to kill. epoch: for the early kinds, from this epoch on. part: of what may pass then, 0–1."""

    kind: str
    epoch: int
    part: float


@dataclass
class Kill:
    """What became of a kill. moment: where the training was. origin, steps: what it was continued from."""

    kind: str
    moment: str
    origin: str = "0 + 0"
    steps: int = 0


@dataclass
class Session:
    """A process of a run, and what it has said so far. old: half-written files of the process before it."""

    process: "subprocess.Popen[str]"
    old: frozenset[Path]
    said: list[str] = field(default_factory=list)
    batches: list[tuple[int, int]] = field(default_factory=list)

    def listen(self) -> None:
        """Take down what it says, until it ends."""
        assert self.process.stderr is not None
        for line in self.process.stderr:
            text = line.rstrip("\n")
            if text.startswith(f"{MARK}batch "):
                epoch, batch = text.split()[1:]
                self.batches.append((int(epoch), int(batch)))
            self.said.append(text.removeprefix(MARK))

    @property
    def now(self) -> str:
        """The last thing it has said."""
        return self.said[-1] if self.said else "at its start"


class Killer:
    """Starts, kills and continues runs."""

    def __init__(self, options: argparse.Namespace) -> None:
        self._options = options
        self._batches = 1  # in an epoch, as far as known

    def run(self, out: Path, moments: Sequence[Moment] = (), random_: random.Random | None = None) -> list[Kill]:
        """Train in the folder, killed at these moments, to the end."""
        kills: list[Kill] = []
        for moment in (*moments, None):
            session = self._start(out, resume=bool(kills))
            kill = self._watch(session, out, moment)
            if kills and session.batches:
                epoch, batch = session.batches[0]
                if kills[-1].steps != (epoch - 1) * self._batches + batch - 1:
                    raise SystemExit(f"It was to go on from {kills[-1].origin}, and began with {epoch}, batch {batch}.")
            if kill is None:
                if session.process.returncode:
                    raise SystemExit("\n".join(["It has failed:", *session.said[-20:]]))
                self._batches = max([self._batches, *(batch for _, batch in session.batches)])
                return kills
            if self._options.damage and random_:
                kill.moment += damaged(out, random_)
            found = newest_checkpoint(out)
            if found is not None:
                kill.origin, kill.steps = f"{found.epoch} + {found.batch}", found.steps
            kills.append(kill)
        return kills

    def command(self, out: Path, *, resume: bool) -> list[str]:
        """What begins or continues the run in the folder, after "python -m"."""
        chosen = self._options
        data = ["--data", chosen.data, *(["--data-dir", str(chosen.data_dir)] if chosen.data_dir else [])]
        how = ["--resume"] if resume else [*data, "--recipe", chosen.recipe, "--epochs", str(chosen.epochs)]
        module = ["benchmarks.kill_child", chosen.precision, str(chosen.every)]
        return [*module, "train", "--json", "--out", str(out), *how]

    def _start(self, out: Path, *, resume: bool) -> Session:
        command = [sys.executable, "-m", *self.command(out, resume=resume)]
        old = frozenset(half_written(out))
        session = Session(subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True), old)
        threading.Thread(target=session.listen, daemon=True).start()
        return session

    def _watch(self, session: Session, out: Path, moment: Moment | None) -> Kill | None:
        """Kill the process at the moment; None if it ends before."""
        deadline = time.monotonic() + PATIENCE
        while session.process.poll() is None:
            if moment is not None and self._is_now(moment, session, out):
                time.sleep(moment.part * LATENESS.get(moment.kind, 0.0))
                session.process.kill()
                if session.process.wait() != -signal.SIGKILL:
                    return None
                half = {path.name.split("-")[0] for path in half_written(out) - session.old}
                return Kill(moment.kind, ", ".join([session.now, *(f"{name} half written" for name in half)]))
            if time.monotonic() > deadline:
                session.process.kill()
                raise SystemExit(f"It hangs: {session.now}")
            time.sleep(POLL)
        return None

    def _is_now(self, moment: Moment, session: Session, out: Path) -> bool:
        if moment.kind == "result":
            return bool(half_written(out, moment.kind) - session.old)
        if moment.kind in LATE:
            return session.now.startswith(LATE[moment.kind])
        if not session.batches or session.batches[-1][0] < moment.epoch:
            return False
        if moment.kind == "validation":
            return session.now == "validation"
        is_there = session.batches[-1] >= (moment.epoch, round(moment.part * self._batches))
        return is_there and (moment.kind == "epoch" or bool(half_written(out, moment.kind) - session.old))


def half_written(out: Path, *kinds: str) -> set[Path]:
    """The half-written files of these kinds, or of all, in a run's folder."""
    return {path for kind in kinds or FILES for path in out.glob(FILES[kind])}


def damaged(out: Path, random_: random.Random) -> str:
    """Damage the newest checkpoint, and say how."""
    newest = next(iter(checkpoints(out)), None)
    if newest is None:
        return ""
    content = bytearray(newest.read_bytes())
    place = random_.randrange(len(content))
    if random_.random() < 0.5:
        newest.write_bytes(content[:place])
        return f"; {newest.stem} cut"
    content[place] ^= random_.randrange(1, 256)
    newest.write_bytes(content)
    return f"; {newest.stem}, a byte changed"


def planned(kills: int, epochs: int, kinds: Sequence[str], random_: random.Random) -> list[list[Moment]]:
    """The moments of each run: mostly one, sometimes two or three; of each kind as many."""
    drawn = [kinds[number % len(kinds)] for number in range(kills)]
    random_.shuffle(drawn)
    runs: list[list[Moment]] = []
    while drawn:
        count = random_.choice((1, 1, 1, 2, 3))
        taken, drawn = drawn[:count], drawn[count:]
        moments = [Moment(kind, random_.randint(1, epochs), random_.random()) for kind in taken]
        runs.append(sorted(moments, key=lambda each: (each.kind in LATE, each.epoch, KINDS.index(each.kind))))
    return runs


def show(number: int, kills: list[Kill], missed: int, found: dict[str, bool]) -> None:
    """Print the rows of a run."""
    for kill in kills:
        row = f"{number:3}  {kill.kind:12}{kill.moment[:58]:60}{kill.origin:12}"
        print(row + "  ".join(f"{'yes' if same else 'NO':7}" for same in found.values()), flush=True)
    if missed:
        print(f"{number:3}  {missed} not reached", flush=True)


def main() -> int:
    """Print the table and the summary."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", default="shapes")
    parser.add_argument("--data-dir", type=Path)
    parser.add_argument("--recipe", default="quick")
    parser.add_argument("--epochs", type=int, default=2)
    parser.add_argument("--kills", type=int, default=25)
    parser.add_argument("--precision", choices=("float32", "bfloat16"), default="float32")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--every", type=float, default=2.0)
    parser.add_argument("--damage", action="store_true")
    parser.add_argument("--keep", type=Path)
    options = parser.parse_args()
    options.precision = {"bfloat16": "mixed_bfloat16"}.get(options.precision, options.precision)
    random_ = random.Random(options.seed)
    averages = options.recipe in ("restarts", "best") and options.epochs >= RESTART_EPOCHS
    kinds = [kind for kind in KINDS if averages or kind != "averaging"]
    with tempfile.TemporaryDirectory() as temporary:
        parent = options.keep or Path(temporary)
        killer, unbroken = Killer(options), []
        for name in ("unbroken", "unbroken again"):
            began = time.monotonic()
            killer.run(parent / name)
            unbroken.append(read_result(parent / name))
            print(f"{name}: {time.monotonic() - began:.0f} s", flush=True)
        same = differences(*unbroken)
        print("the two:", ", ".join(f"{name} {'equal' if equal else 'DIFFER'}" for name, equal in same.items()))
        return 1 - (all(same.values()) & all_equal(killer, unbroken[0], parent, kinds, options, random_))


def all_equal(
    killer: Killer,
    unbroken: Result,
    parent: Path,
    kinds: Sequence[str],
    options: argparse.Namespace,
    random_: random.Random,
) -> bool:
    """Kill runs, print their table, and return whether all are as the unbroken one."""
    print(f"run  {'killed in':12}{'at':60}{'epoch+batch':12}weights  history  card")
    kills, missed, equal = 0, 0, True
    for number, moments in enumerate(planned(options.kills, options.epochs, kinds, random_), 1):
        done = killer.run(parent / f"killed {number}", moments, random_)
        found = differences(unbroken, read_result(parent / f"killed {number}"))
        show(number, done, len(moments) - len(done), found)
        kills, missed, equal = kills + len(done), missed + len(moments) - len(done), equal and all(found.values())
    print(f"{kills} kills in {number} runs, {missed} not reached: {'all equal' if equal else 'SOME DIFFER'}")
    return equal


if __name__ == "__main__":
    sys.exit(main())
