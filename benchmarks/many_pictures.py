"""Tables of many pictures: python -m benchmarks.many_pictures FOLDER [COUNT] (Linux; needs the extra cluster).

Draws COUNT pictures (20,000 unless told otherwise) into FOLDER/pictures, half PNG and half JPEG, 128 × 128 pixels.
Classifies them into a CSV file: on this computer; the same, killed in the midst and continued; on a cluster here of
one, two and three workers, pinned to one core each; on three of which one is killed in the midst. Prints for each the
pictures per second from the first row to the last, the ratio to one worker, and the rows, doubles and missing pictures;
for the workers, also their processor time, which other programs on the computer change less.
"""

import csv
import os
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from PIL import Image

from benchmarks.dask_cluster import dask_cluster
from cnngui.core.data import shapes
from cnngui.core.pictures.folders import FolderWalk

Midway = Callable[["subprocess.Popen[bytes]"], object]

SIDE = 128
PER_FOLDER = 1000


def draw(folder: Path, count: int) -> list[Path]:
    """The pictures in the folder, drawn if they are not there."""
    for part in range(0, count, PER_FOLDER):
        place = folder / f"{part:08}"
        if place.exists():
            continue
        images, _ = shapes.draw(-(-PER_FOLDER // len(shapes.CLASSES)), part)
        place.mkdir(parents=True)
        for number, pixels in enumerate(images[: min(PER_FOLDER, count - part)]):
            suffix = ("png", "jpg")[number % 2]
            Image.fromarray(pixels).resize((SIDE, SIDE)).save(place / f"{number:04}.{suffix}")
    return list(FolderWalk(folder))


def fill(table: Path, arguments: Sequence[str], midway: Midway | None = None, size: int = 0) -> float:
    """Run ``cnngui predict`` into the table. Returns the pictures per second from its first row to its last.

    midway: done with the program's process once the table has ``size`` bytes.
    """
    command = [sys.executable, "-m", "cnngui", "predict", "--csv", str(table), *arguments]
    seen: list[tuple[float, int]] = []
    with subprocess.Popen(command, stdout=subprocess.DEVNULL) as process:
        while process.poll() is None:
            now = table.stat().st_size if table.exists() else 0
            if not seen or now > seen[-1][1]:
                seen.append((time.perf_counter(), now))
            if midway is not None and now > size:
                midway(process)
                midway = None
            time.sleep(0.02)
    (began, first), (ended, last) = next(each for each in seen if each[1] > 1000), seen[-1]
    return (last - first) / (ended - began) / (last / len(rows(table)))


def killing(worker: "subprocess.Popen[bytes]") -> Midway:
    """What kills this worker."""
    return lambda _: worker.kill()


def processor_seconds(process: "subprocess.Popen[bytes]") -> float:
    """What the process has used."""
    fields = Path(f"/proc/{process.pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def rows(table: Path) -> list[str]:
    """The paths in the table; a torn row at its end does not count."""
    with table.open(newline="", encoding="utf-8-sig") as file:
        return [row[0] for row in csv.reader(file)][1:]


def report(what: str, rate: float, base: float, table: Path, files: Sequence[Path]) -> None:
    """Print what became of a table."""
    found = rows(table)
    doubles, missing = len(found) - len(set(found)), len({str(path.absolute()) for path in files} - set(found))
    ratio = f", {rate / base:.2f} of one worker" if base else ""
    print(
        f"{what:34}{rate:6.0f} pictures/s{ratio}; {len(found):,} rows, {doubles} doubles, {missing} missing", flush=True
    )


def main() -> int:
    """Run and print all parts."""
    folder = Path(sys.argv[1]).absolute()
    count = int(sys.argv[2]) if len(sys.argv) > 2 else 20_000
    pictures, table = folder / "pictures", folder / "table.csv"
    files = draw(pictures, count)
    print(f"{len(files):,} pictures, {len(os.sched_getaffinity(0))} cores, load {os.getloadavg()[0]:.1f}", flush=True)
    table.unlink(missing_ok=True)
    report("this computer, all cores", fill(table, [str(pictures)]), 0, table, files)
    half = table.stat().st_size // 2
    table.unlink()
    rate = fill(table, [str(pictures)], lambda process: process.kill(), half)
    print(f"killed after {len(rows(table)):,} rows", flush=True)
    fill(table, [str(pictures)])
    report("the same, killed and continued", rate, 0, table, files)
    base = 0.0
    for workers, is_lost in ((1, False), (2, False), (3, False), (3, True)):
        table.unlink()
        with dask_cluster(folder, workers, pinned=True) as cluster:
            cluster.wait_for_workers()
            lose = killing(cluster.workers[0]) if is_lost else None
            rate = fill(table, [str(pictures), "--cluster", cluster.address], lose, half)
            used = sum(map(processor_seconds, cluster.workers))
        base = base or rate
        report(f"{workers} workers{', one killed' if is_lost else ''}", rate, base, table, files)
        if not is_lost:
            print(f"{'':34}{used:6.0f} s of processor time, the models’ opening with it", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
