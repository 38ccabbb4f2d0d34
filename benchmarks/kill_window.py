"""Does a killed window lose anything? python -m benchmarks.kill_window [--precision bfloat16] [--seed N] …

Trains “quick” on the drawn shapes for two epochs in the real window, without a break. Then three times again, and kills
(SIGKILL) the window: within an epoch, while a checkpoint is written, in the calibration, each at a moment that the seed
decides. A new window on the same folder offers to continue, and a click accepts. Each model must have the same weights,
bit by bit, as the one without a break; each history and each card must be the same, but for the seconds.

--every: seconds between two checkpoints within an epoch (120 in the program, 2 here, since epochs are short). --keep:
keep the runs in this folder. Set QT_QPA_PLATFORM=offscreen without a display. The exit status is 1 if anything differs.
"""

import argparse
import random
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.kill import Killer, Moment, show
from benchmarks.kill_result import differences, read_result
from benchmarks.kill_window_child import EPOCHS

KINDS = ("epoch", "checkpoint", "calibration")


class WindowKiller(Killer):
    """Starts, kills and continues runs in the window."""

    def command(self, out: Path, *, resume: bool) -> list[str]:
        """What begins or continues the run in the folder, after "python -m"."""
        what, options = "continue" if resume else "begin", self._options
        return ["benchmarks.kill_window_child", what, options.precision, str(options.every), str(out)]


def main() -> int:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--precision", choices=("float32", "bfloat16"), default="float32")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--every", type=float, default=2.0)
    parser.add_argument("--keep", type=Path)
    options = parser.parse_args()
    options.precision = {"bfloat16": "mixed_bfloat16"}.get(options.precision, options.precision)
    options.damage = False
    random_ = random.Random(options.seed)
    with tempfile.TemporaryDirectory() as temporary:
        killer, parent, began = WindowKiller(options), options.keep or Path(temporary), time.monotonic()
        killer.run(parent / "unbroken" / "run")
        unbroken = read_result(parent / "unbroken" / "run")
        print(f"unbroken: {time.monotonic() - began:.0f} s", flush=True)
        print(f"run  {'killed in':12}{'at':60}{'epoch+batch':12}weights  history  card")
        equal = True
        for number, kind in enumerate(KINDS, 1):
            out = parent / f"killed {number}" / "run"
            kills = killer.run(out, [Moment(kind, random_.randint(1, EPOCHS), random_.random())])
            found = differences(unbroken, read_result(out))
            show(number, kills, 1 - len(kills), found)
            equal = equal and bool(kills) and all(found.values())
    print("all equal" if equal else "NOT ALL EQUAL")
    return 1 - equal


if __name__ == "__main__":
    sys.exit(main())
