"""Answers from the workers of a dask cluster, which spreads the work and repeats what a lost worker had.

The pictures go out in batches, a few for each worker. What is written, the caller alone writes.
"""

import logging
import os
import socket
import uuid
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import CancelledError
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from cnngui import __version__
from cnngui.core.answers.cluster_batches import Batch, batches
from cnngui.core.answers.cluster_worker import Answer, classify, same
from cnngui.core.answers.prediction import Prediction
from cnngui.core.errors import UserError
from cnngui.core.models.model_files import ModelFiles
from cnngui.core.pictures import decoding
from cnngui.core.pictures.gathering import Gathered
from cnngui.core.progress import Report, Trouble, no_report

if TYPE_CHECKING:
    from distributed import Client, Future

CONNECT_SECONDS = 4  # twice
MOST_GREETING = 10_000  # bytes; dask's have some hundred
WAIT_SECONDS = 1.0  # before it looks whether there is a worker
BATCHES_PER_THREAD = 3  # of the workers: one at work, and two that wait for their turn
LEAST_BATCHES = 4
RETRIES = 2  # of a batch that has raised an error; how often one outlives its worker, the scheduler decides
LOST = "The workers that were asked this picture, and others with it, were lost. Ask it again by itself."


@contextmanager
def connected(address: str) -> Iterator["Client"]:
    """A client of the scheduler at this address, "tcp://host:8786". Raises UserError if none answers soon."""
    try:
        import dask
        from distributed import Client
    except ImportError:
        raise UserError('A cluster needs dask.distributed. Install it with: pip install "cnngui[cluster]"') from None
    for name in ("distributed", "distributed.client"):  # what a person has to know is said in sentences
        logging.getLogger(name).setLevel(logging.CRITICAL)
    with dask.config.set({"distributed.admin.large-graph-warning-threshold": "1GB"}):  # a model has many MB
        try:
            _check_scheduler(address)
            client = Client(address, timeout=CONNECT_SECONDS)
        except (OSError, ValueError) as error:
            raise UserError(
                f"No scheduler answers at {address}. Check the address, and that “dask scheduler” runs there."
            ) from error
        with client:
            yield client


def _check_scheduler(address: str) -> None:
    """Raise OSError or ValueError if none is there. A client would leave messages and threads, or wait for ever."""
    from distributed.comm.addressing import get_address_host_port

    with socket.create_connection(get_address_host_port(address), timeout=CONNECT_SECONDS) as peer:
        if address.startswith("tls:"):  # where the client speaks first
            return
        length = int.from_bytes(peer.recv(8), "little")  # of its greeting
    if not 0 < length < MOST_GREETING:
        raise OSError("another program listens there")


def predict_on(
    client: "Client",
    model: ModelFiles,
    groups: Iterable[Sequence[Gathered]],
    *,
    send: bool = False,
    progress: Report = no_report,
) -> Iterator[Prediction]:
    """Classify what is found, in the order in which the answers arrive; a bounded number is out at once.

    send: send what is in the files; otherwise, the workers read them at the same paths.
    progress: told while there is no worker.
    Raises UserError if a worker cannot see a file that is here, or has another cnngui, and if the scheduler is lost.
    """
    from distributed.comm import CommClosedError

    try:
        yield from _answers(client, model, batches(groups, send=send), progress)
    except (CancelledError, CommClosedError) as error:
        raise UserError(
            "The scheduler of the cluster is lost. Start it again, then give the same command again."
        ) from error


def _answers(client: "Client", model: ModelFiles, given: Iterable[Batch], progress: Report) -> Iterator[Prediction]:
    shared = client.submit(same, model, key=f"cnngui-model-{model.digest}")
    name = f"cnngui-answers-{uuid.uuid4().hex}"  # others may use the cluster too
    asked: dict[Future, Batch] = {}
    for number, batch in enumerate(given):
        yield from batch.failed
        if batch.sources:
            future = client.submit(
                classify, shared, __version__, batch.sources, key=f"{name}-{number}", retries=RETRIES
            )
            asked[future] = batch
        most = max(LEAST_BATCHES, BATCHES_PER_THREAD * sum(client.nthreads().values()))
        for done in _done(client, list(asked), most, progress):
            yield from _predictions(done, asked.pop(done))
    while asked:
        for done in _done(client, list(asked), 1, progress):
            yield from _predictions(done, asked.pop(done))


def _done(client: "Client", asked: list["Future"], most: int, progress: Report) -> list["Future"]:
    """Those that are done. If there are ``most`` or more, waits until one is."""
    from distributed import wait

    is_told = False
    while not (done := [future for future in asked if future.done()]) and len(asked) >= most:
        try:
            wait(asked, timeout=WAIT_SECONDS, return_when="FIRST_COMPLETED")
        except TimeoutError:
            if not is_told and not client.nthreads():
                progress(Trouble("There is no worker in the cluster. Waiting for one; Ctrl-C ends it."))
                is_told = True
    return done


def _predictions(done: "Future", batch: Batch) -> list[Prediction]:
    from distributed.scheduler import KilledWorker

    try:
        answers: list[Answer] = done.result()
    except KilledWorker:
        answers = [(None, LOST)] * len(batch.pictures)
    except ModuleNotFoundError as error:
        raise UserError(
            f"A worker has no {error.name}. Install cnngui with the extra cluster where each worker runs."
        ) from error
    pairs = list(zip(batch.pictures, answers, strict=True))
    for picture, (_, reason) in pairs:
        if reason in decoding.OUT_OF_REACH and isinstance(picture, Path) and os.access(picture, os.R_OK):
            raise UserError(
                f"A worker cannot read {picture}, which can be read here. "
                "Make the folder available there under the same path, or add --send."
            )
    return [Prediction(picture, answer, error=reason) for picture, (answer, reason) in pairs]
