"""Where the trials of a search are noted: an SQLite file in its folder, or a PostgreSQL server for many machines."""

import sqlite3
import time
import warnings
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from cnngui.core.errors import UserError
from cnngui.core.progress import ShouldStop, never_stop

if TYPE_CHECKING:
    import optuna
    import sqlalchemy
    from optuna.storages import RDBStorage

DATABASE = "search.db"
HEARTBEAT_SECONDS = 20  # a worker says so often that it is alive
GRACE_SECONDS = 60  # after so long in silence, its trial is another's
CONNECT_SECONDS = 10.0  # a server has so long to answer at first
PATIENCE_SECONDS = 120.0  # and so long to come back when it is restarted
LOOK_SECONDS = 1.0  # between two tries
CREATION_TRIES = 3

Value = TypeVar("Value")


@dataclass(frozen=True)
class Place:
    """Where a search is noted.

    address: of the database, with its password if the user gave one; never shown or written. shown: without it.
    """

    address: str = field(repr=False)
    shown: str

    @property
    def is_shared(self) -> bool:
        """Whether it is a server."""
        return not self.address.startswith("sqlite")


def local(folder: Path) -> Place:
    """The place in a search's own folder."""
    path = folder.absolute() / DATABASE
    return Place(f"sqlite:///{DATABASE}", str(path))  # it is opened by its path: not every name can be in an address


def server(address: str) -> Place:
    """The place at an address such as "postgresql://user@host/database". Raises UserError if it is none."""
    from sqlalchemy.engine import URL, make_url
    from sqlalchemy.exc import ArgumentError

    try:
        url = make_url(address)
    except (ArgumentError, ValueError):  # whose text may have the password
        raise UserError("The storage has no valid address. Write it as postgresql://user@host/database.") from None
    if url.get_backend_name() != "postgresql":
        raise UserError("The storage must be a PostgreSQL server. Write it as postgresql://user@host/database.")
    if not url.database:
        raise UserError("The storage’s address names no database. Write it as postgresql://user@host/database.")
    if "@" in (url.host or ""):  # the rest of a password, which would be shown
        raise UserError(
            "The password in the storage’s address has an @. Write it as %40, or leave the password out and keep it in "
            "PGPASSWORD or ~/.pgpass."
        )
    query = {name: each for name, each in url.query.items() if "password" not in name}
    shown = URL.create("postgresql", url.username, None, url.host, url.port, url.database, query)  # no password
    address = url.set(drivername="postgresql+psycopg").render_as_string(hide_password=False)
    return Place(address, shown.render_as_string())


def with_password(address: str, user: str, password: str) -> Place:
    """The place at an address, for this user; "" leaves the address as it is. Raises UserError if it is none."""
    from sqlalchemy.engine import make_url

    place = server(address)
    url = make_url(place.address)
    url = url.set(username=user or url.username, password=password or url.password)
    return server(url.render_as_string(hide_password=False))


@dataclass(frozen=True)
class Pulse:
    """How workers tell each other that they are alive, in whole seconds: every ``beat``, and dead after ``grace``."""

    beat: int = HEARTBEAT_SECONDS
    grace: int = GRACE_SECONDS


@contextmanager
def connect(place: Place, should_stop: ShouldStop = never_stop, pulse: Pulse | None = None) -> Iterator["RDBStorage"]:
    """The opened database, whose tables are created if they are missing; it is closed after the block.

    A server that is restarted meanwhile is waited for, until ``should_stop``. Raises UserError if it cannot be reached.
    """
    import optuna

    optuna.logging.set_verbosity(optuna.logging.CRITICAL)  # what it warns of is in the trials, too
    try:
        with told(place), without_warnings():
            storage = _patiently(lambda: _opened(place, pulse or Pulse()), place)
    except ImportError as error:
        raise UserError(
            "For a PostgreSQL server, cnngui needs psycopg. Install it with: pip install 'psycopg[binary]'"
        ) from error
    if place.is_shared:
        _wait_for_restarts(storage.engine, should_stop)
    try:
        yield storage
    finally:
        storage.remove_session()
        storage.engine.dispose()


@contextmanager
def told(place: Place) -> Iterator[None]:
    """Inside the block, what the database fails with is a UserError without the password."""
    from optuna.exceptions import StorageInternalError
    from sqlalchemy.exc import SQLAlchemyError

    try:
        yield
    except (SQLAlchemyError, StorageInternalError, RuntimeError) as error:
        if isinstance(error, RuntimeError) and "schema" not in str(error):
            raise
        raise UserError(_sentence(place, error)) from None  # the cause may have the password


def retry(study: "optuna.Study", trial: "optuna.trial.FrozenTrial") -> None:
    """Let a trial that has failed be tried again, with the same values."""
    from optuna.storages import RetryHeartbeatStaleTrialCallback

    with without_warnings():
        RetryHeartbeatStaleTrialCallback()(study, trial)


def _opened(place: Place, pulse: Pulse) -> "RDBStorage":
    """The database. Nothing of it stays open if that fails: Windows would keep the file from everyone."""
    from optuna.exceptions import StorageInternalError
    from optuna.storages import RDBStorage, RetryHeartbeatStaleTrialCallback
    from sqlalchemy.exc import SQLAlchemyError

    class Storage(RDBStorage):
        def __init__(self) -> None:
            with ExitStack() as stack:
                stack.callback(self._close)
                super().__init__(
                    place.address,
                    engine_kwargs=_engine(place),
                    heartbeat_interval=pulse.beat,
                    grace_period=pulse.grace,
                    heartbeat_stale_trial_callback=RetryHeartbeatStaleTrialCallback(),
                )
                stack.pop_all()

        def _close(self) -> None:
            if hasattr(self, "engine"):
                self.engine.dispose()

        def record_heartbeat(self, trial_id: int) -> None:
            with suppress(SQLAlchemyError, StorageInternalError):  # Optuna's thread would end, and the trial with it
                super().record_heartbeat(trial_id)

    return Storage()


def _engine(place: Place) -> dict[str, Any]:
    if not place.is_shared:
        timeout = PATIENCE_SECONDS  # for others that write
        return {"creator": partial(sqlite3.connect, place.shown, timeout=timeout, check_same_thread=False)}
    return {"pool_pre_ping": True, "connect_args": {"connect_timeout": round(CONNECT_SECONDS)}}


def _patiently(make: Callable[[], Value], place: Place) -> Value:
    """What ``make`` gives; workers that create the tables at once are in each other's way, for a moment."""
    from sqlalchemy.exc import DatabaseError, IntegrityError, ProgrammingError

    collisions = (IntegrityError, ProgrammingError) if place.is_shared else (DatabaseError,)
    for _ in range(CREATION_TRIES):
        try:
            return make()
        except collisions as error:
            if any(words in str(error) for words in ("not a database", "permission denied")):
                raise
            time.sleep(LOOK_SECONDS)
    return make()


def _wait_for_restarts(engine: "sqlalchemy.Engine", should_stop: ShouldStop) -> None:
    """Let new connections wait for the server while it is restarted."""
    from sqlalchemy import event
    from sqlalchemy.exc import DBAPIError

    @event.listens_for(engine, "do_connect")
    def connect(dialect: Any, _record: Any, arguments: Any, keywords: Any) -> Any:
        until = time.monotonic() + PATIENCE_SECONDS
        while True:
            try:
                return dialect.connect(*arguments, **keywords)
            except (DBAPIError, dialect.loaded_dbapi.OperationalError):
                if should_stop() or time.monotonic() > until:
                    raise
                time.sleep(LOOK_SECONDS)


def _sentence(place: Place, error: BaseException) -> str:
    text = f"{error} {error.__cause__}"  # Optuna’s errors of its commits say little
    if isinstance(error, RuntimeError):
        return f"{place.shown} is of another version of Optuna. Update cnngui wherever the search is worked on."
    if not place.is_shared and "disk is full" in text:
        return f"{place.shown} could not be written: the disk is full. Free some space there."
    if not place.is_shared:
        reason = "is damaged or from another program" if "not a database" in text else "cannot be read or written"
        return f"{place.shown} {reason}. Check the file and its folder, or begin a search in another folder."
    if "permission denied" in text:
        return f"The user may not write in {place.shown}. Make the user the owner of that database."
    if "password" in text or "authentication" in text:
        return (
            f"The storage at {place.shown} refuses the user or the password. Check both; the password may also be in "
            "PGPASSWORD or in ~/.pgpass."
        )
    if "does not exist" in text:
        return f"The server has no database or user as in {place.shown}. Create it there, or check the address."
    return f"The storage at {place.shown} cannot be reached. Check that its server runs, and the address."


@contextmanager
def without_warnings() -> Iterator[None]:
    """Inside the block, Optuna does not warn of what it calls experimental, such as its heartbeats."""
    from optuna.exceptions import ExperimentalWarning

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ExperimentalWarning)
        yield
