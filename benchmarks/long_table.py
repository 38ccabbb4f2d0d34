"""What a long table takes to grow and to go on: python -m benchmarks.long_table FOLDER [ROWS] (Linux; needs pyarrow).

Fills a table of ROWS pictures (a million unless told otherwise) of ten classes, without a model, and prints how long
that takes; then how long it takes to go on with it, as CSV and as Parquet, and the memory that this takes.
"""

import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from cnngui.core.answers.answer_table import growing
from cnngui.core.answers.classifier import Classification
from cnngui.core.answers.parquet_table import growing_parquet
from cnngui.core.answers.prediction import Prediction

CLASSES = tuple(f"class {number}" for number in range(10))
ANSWER = Classification(CLASSES, tuple(1 / (3 + number) for number in range(10)), 2 / 3)


def megabytes() -> float:
    """This process's resident memory."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6


@contextmanager
def timed(what: str) -> Iterator[None]:
    """Print how long the block takes."""
    began = time.perf_counter()
    yield
    print(f"{what:30}{time.perf_counter() - began:7.1f} s", flush=True)


def main() -> int:
    """Run and print all parts."""
    folder, count = Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 1_000_000
    table, parquet = folder / "long.csv", folder / "long.parquet"
    with timed(f"{count:,} rows of CSV"), growing(table, CLASSES, "m", overwrite=True) as filled:
        for number in range(count):
            filled.add(Prediction(Path(f"/pictures/{number // 1000:06}/{number:09}.jpg"), ANSWER))
    del filled
    before = megabytes()
    with timed("going on"), growing(table, CLASSES, "m") as filled:
        print(f"memory for {filled.rows:,} rows: {megabytes() - before:.0f} MB")
    del filled
    table.rename(parquet.with_name("long.parquet.part"))
    with timed("Parquet, made of the CSV"), growing_parquet(parquet, CLASSES, "m"):
        pass
    print(f"Parquet: {parquet.stat().st_size / 1e6:.0f} MB")
    with timed("going on, and made anew"), growing_parquet(parquet, CLASSES, "m"):
        print(f"CSV: {parquet.with_name('long.parquet.part').stat().st_size / 1e6:.0f} MB")
    return 0


if __name__ == "__main__":
    sys.exit(main())
