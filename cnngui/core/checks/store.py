"""What pictures look like, remembered between the checks in a file of the user's cache.

SQLite, because several programs may write at once and each adds a little to what may be a hundred megabytes.
"""

import logging
import sqlite3
import time
from collections.abc import Iterable, Mapping
from contextlib import ExitStack, closing, suppress
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cnngui import paths
from cnngui.core.checks.looks import SIDE

MOST_PICTURES = 50_000  # remembered: about 130 MB; of more, those that were checked longest ago are forgotten
FILE = "looks.sqlite"
FORMAT = 1  # of the tables, and of all that is made from a picture before its features
_SECONDS = 5.0  # to wait for another program that writes

_TABLES = """
    CREATE TABLE IF NOT EXISTS meta (key TEXT);
    CREATE TABLE IF NOT EXISTS files (path BLOB PRIMARY KEY, stamp TEXT, content BLOB);
    CREATE TABLE IF NOT EXISTS looks (
        content BLOB PRIMARY KEY, side INTEGER, grey INTEGER, pixels BLOB, features BLOB, checked REAL
    );
    CREATE INDEX IF NOT EXISTS oldest ON looks (checked);
"""


@dataclass(frozen=True, eq=False)
class Seen:
    """A picture as it was read once.

    side: its shorter side in pixels; of a large picture, that of the smaller version that is read.
    is_grey: whether it has no colours. pixels, features: a row of :class:`cnngui.core.checks.looks.Looks`.
    """

    side: int
    is_grey: bool
    pixels: NDArray[np.uint8]
    features: NDArray[np.float16]


class LookStore:
    """Remembers pictures by their content, and the content of files by their size and time. Of one thread.

    A damaged store is begun anew. Where nothing can be read or written, nothing is remembered; no method raises.
    """

    def __init__(self, key: str, path: Path | None = None) -> None:
        """key: of the model whose features are remembered; those of another one are forgotten."""
        self._path = path or paths.cache_dir() / FILE
        self._key = f"{FORMAT} {key}"
        self._used: list[bytes] = []
        self._db: sqlite3.Connection | None = None

    def __enter__(self) -> "LookStore":
        for _ in range(2):  # the second time, a damaged store is gone
            try:
                self._path.parent.mkdir(parents=True, exist_ok=True)
                self._db = self._opened()
                return self
            except (sqlite3.Error, OSError) as error:
                self._give_up(error)
        return self

    def __exit__(
        self, _type: type[BaseException] | None, _value: BaseException | None, _traceback: TracebackType | None
    ) -> None:
        self._forget()
        self.save()
        if self._db is not None:
            self._db.close()
            self._db = None

    def content_of(self, path: Path, stamp: str) -> bytes | None:
        """The digest of a file's content, if it was this when the file had the same ``stamp``."""
        found = self._rows("SELECT content FROM files WHERE path = ? AND stamp = ?", _key_of(path), stamp)
        return next((content for (content,) in found if isinstance(content, bytes)), None)

    def get(self, content: bytes) -> Seen | None:
        """The picture with this content."""
        found = self._rows("SELECT side, grey, pixels, features FROM looks WHERE content = ?", content)
        self._used.append(content)
        return next(map(_seen, found), None)

    def put(self, looks: Mapping[bytes, Seen]) -> None:
        """Remember pictures by their content."""
        now = time.time()
        rows = [
            (content, seen.side, seen.is_grey, seen.pixels.tobytes(), seen.features.tobytes(), now)
            for content, seen in looks.items()
        ]
        self._run("INSERT OR REPLACE INTO looks VALUES (?, ?, ?, ?, ?, ?)", rows)

    def put_files(self, files: Iterable[tuple[Path, str, bytes]]) -> None:
        """Remember which content files hold: their paths, stamps and contents."""
        rows = [(_key_of(path), stamp, content) for path, stamp, content in files]
        self._run("INSERT OR REPLACE INTO files VALUES (?, ?, ?)", rows)

    def save(self) -> None:
        """Write what was put, so that other programs may write, too."""
        if self._db is not None:
            try:
                self._db.commit()
            except sqlite3.Error as error:
                self._give_up(error)

    def _opened(self) -> sqlite3.Connection:
        with ExitStack() as on_failure:
            db = on_failure.enter_context(closing(sqlite3.connect(self._path, timeout=_SECONDS)))
            db.executescript(_TABLES)
            if db.execute("SELECT key FROM meta").fetchall() != [(self._key,)]:
                for table in ("meta", "looks"):
                    db.execute(f"DELETE FROM {table}")
                db.execute("INSERT INTO meta VALUES (?)", (self._key,))
                db.commit()
            on_failure.pop_all()
        return db

    def _forget(self) -> None:
        """Forget the pictures beyond the limit that were checked longest ago, and the files that held them."""
        now = time.time()
        self._run("UPDATE looks SET checked = ? WHERE content = ?", [(now, content) for content in self._used])
        oldest = "SELECT content FROM looks ORDER BY checked DESC LIMIT -1 OFFSET ?"
        self._rows(f"DELETE FROM looks WHERE content IN ({oldest})", MOST_PICTURES)
        self._rows("DELETE FROM files WHERE content NOT IN (SELECT content FROM looks)")

    def _rows(self, query: str, *values: Any) -> list[Any]:
        """What the query finds; nothing if the store cannot be used."""
        if self._db is not None:
            try:
                return self._db.execute(query, values).fetchall()
            except sqlite3.Error as error:
                self._give_up(error)
        return []

    def _run(self, query: str, rows: list[tuple[Any, ...]]) -> None:
        """Run the query with each row."""
        if self._db is not None:
            try:
                self._db.executemany(query, rows)
            except sqlite3.Error as error:
                self._give_up(error)

    def _give_up(self, error: Exception) -> None:
        """Remember nothing from now on, and remove a store that is damaged."""
        logging.getLogger(__name__).warning("The store of looks cannot be used: %r", error)
        if self._db is not None:
            with suppress(sqlite3.Error):
                self._db.close()
            self._db = None
        if isinstance(error, sqlite3.DatabaseError) and not isinstance(error, sqlite3.OperationalError):
            for path in (
                self._path,
                self._path.with_name(f"{self._path.name}-journal"),
            ):  # the journal is that of the damaged one
                with suppress(OSError):
                    path.unlink(missing_ok=True)


def _key_of(path: Path) -> bytes:
    """A path as bytes: its name may be any."""
    return str(path.absolute()).encode("utf-8", "surrogateescape")


def _seen(row: tuple[Any, ...]) -> Seen | None:
    """The row's picture; None if the file was damaged where SQLite does not notice it."""
    side, grey, pixels, features = row
    try:
        seen = Seen(
            int(side),
            bool(grey),
            np.frombuffer(pixels, np.uint8).reshape(SIDE, SIDE),
            np.frombuffer(features, np.float16),
        )
    except (TypeError, ValueError):
        return None
    return seen if np.isfinite(seen.features).all() else None
