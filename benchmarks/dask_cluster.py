"""A dask cluster on this computer: a scheduler and workers with one thread each, every one a process of its own."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

START_SECONDS = 120.0


@dataclass(frozen=True)
class Cluster:
    """address: of the scheduler. scheduler, workers: their processes; one that is killed does not come back."""

    address: str
    scheduler: "subprocess.Popen[bytes]"
    workers: list["subprocess.Popen[bytes]"]

    def wait_for_workers(self) -> None:
        """Wait until all of them are there."""
        from distributed import Client

        with Client(self.address, set_as_default=False) as client:
            client.wait_for_workers(len(self.workers), timeout=START_SECONDS)


@contextmanager
def dask_cluster(folder: Path, workers: int, *, pinned: bool = False) -> Iterator[Cluster]:
    """Start one, and end it after the block.

    folder: where the scheduler says its address, and the workers have their files. pinned: give each worker one core.
    """
    file = folder / "scheduler.json"
    file.unlink(missing_ok=True)
    started = [_python("scheduler", "--host", "127.0.0.1", "--port", "0", "--scheduler-file", str(file), at=folder)]
    try:
        address = _address(file)
        for number in range(workers):
            worker = _python(
                "worker", address, "--nthreads", "1", "--no-nanny", "--local-directory", str(folder), at=folder
            )
            if pinned:
                cores = sorted(os.sched_getaffinity(0))
                os.sched_setaffinity(worker.pid, {cores[number % len(cores)]})
            started.append(worker)
        yield Cluster(address, started[0], started[1:])
    finally:
        for process in reversed(started):
            process.kill()
            process.wait()


def _python(part: str, *arguments: str, at: Path) -> "subprocess.Popen[bytes]":
    command = [sys.executable, "-m", f"distributed.cli.dask_{part}", *arguments, "--no-dashboard"]
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).resolve().parents[1]), "TF_NUM_INTRAOP_THREADS": "1"}
    with (at / "dask.log").open("ab") as log:
        return subprocess.Popen(command, cwd=at, env=environment, stdout=log, stderr=log)


def _address(file: Path) -> str:
    """The scheduler's address, once it has written it."""
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        try:
            return str(json.loads(file.read_text())["address"])
        except (FileNotFoundError, json.JSONDecodeError):
            time.sleep(0.05)
    raise TimeoutError("the scheduler does not start")
