"""Opens the SQLite files: WAL, one writer at a time, a reader per thread. Knows no tables."""

from __future__ import annotations

import logging
import sqlite3
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import sqlite_utils
from sqlite_utils import Migrations

from bot.sqlite.errors import Damaged, StorageError
from bot.sqlite.result import Result

_log = logging.getLogger(__name__)

_BUSY_SECONDS = 10.0
_WAL_BYTES = 64 << 20
# SQLite's default of 2 MiB holds too little of a large library's indexes; memory is taken only as pages are read.
_CACHE_KIBIBYTES = 16 << 10
_PAUSE_SECONDS = 0.05


class _EmptiedError(sqlite3.DatabaseError):
    """A file that was opened before is gone, or has nothing in it any more."""


class Store:
    """One SQLite file: a read connection per thread, and one write connection."""

    shared = False
    """Whether several machines can share this store."""

    def __init__(self, path: Path, migrations: Migrations, *, durable: bool, read_only: bool = False) -> None:
        """Create or migrate the file. Raises StorageError when that fails.

        With `durable` each commit survives a power cut. Without it, a commit survives only a crash of the process, and
        the file is one that can be built anew: if a page of it is damaged, the StorageError is a Damaged. With
        `read_only` the file must exist and be up to date; it is never written.
        """
        self.path = path
        self._read_only = read_only
        self._durable = durable
        self._synchronous = "FULL" if durable else "NORMAL"
        self.damage: Damaged | None = None
        """The first damage that was met in the file, until `replace` gives it another one."""
        self._readers = threading.local()
        self._open: list[sqlite3.Connection] = []
        self._lock = threading.RLock()
        self._generation = 0
        self._replaced = 0
        self._views: tuple[str, ...] = ()
        try:
            if not read_only:
                path.parent.mkdir(parents=True, exist_ok=True)
            self._writer = self._connect()
            if not read_only:
                self._migrate(migrations)
        except (sqlite3.Error, OSError) as error:
            self.close()
            raise self._translated(error) from error

    def read(self) -> sqlite3.Connection:
        """Return the calling thread's read-only connection, for short reads."""
        connection: sqlite3.Connection | None = getattr(self._readers, "connection", None)
        if connection is not None and not connection.in_transaction:
            if self._readers.generation == self._generation:
                return connection
            connection.close()
            self._open.remove(connection)
            connection = self._readers.connection = None
        if connection is None:
            with self.storage_errors():
                # A new connection to a file that was cut to nothing would wait for the lock of the log of the old one.
                if not self.path.exists() or not self.path.stat().st_size:
                    raise _EmptiedError(f"{self.path.name} is empty")
                connection = self._readers.connection = self._connect()
                self._readers.generation = self._generation
                for view in self._views:
                    connection.execute(view)
                connection.execute("PRAGMA query_only = ON")
        return connection

    def shadow_tables(self, views: tuple[str, ...]) -> None:
        """Make every reader see tables through these CREATE TEMP VIEW statements: a view hides the table of its name.

        Writes, and reads on the write connection, are not affected.
        """
        self._views = views
        self._generation += 1

    def select(self, sql: str, *values: object) -> Result:
        """Run one statement on the calling thread's read connection. Raises StorageError."""
        with self.storage_errors():
            return Result(self.read().execute(sql, values).fetchall(), -1)

    def change(self, sql: str, *values: object) -> int:
        """Run one statement in a transaction and return the number of rows changed. Raises StorageError."""
        with self.write() as db:
            return db.execute(sql, values).rowcount

    def change_concurrently(self, sql: str, *values: object) -> int:
        """Do the same as `change`: a file has one writer, so no change can be concurrent."""
        return self.change(sql, *values)

    @contextmanager
    def snapshot(self) -> Iterator[sqlite3.Connection]:
        """Open a snapshot: within it, the calling thread's reads see one state of the file while others write.

        Inner calls join the outer one. Keep it short: the write-ahead log cannot be emptied past the oldest snapshot.
        """
        reader = self.read()
        if reader.in_transaction:
            yield reader
            return
        reader.execute("BEGIN")
        try:
            yield reader
        finally:
            reader.rollback()

    @contextmanager
    def write(self) -> Iterator[sqlite3.Connection]:
        """Open a transaction on the write connection: committed at the end, rolled back on any exception.

        Uses BEGIN IMMEDIATE, since a deferred transaction that turns into a writer fails at once when another
        process has written in between (busy_timeout does not help there). Inner calls join the outer one.
        Raises StorageError when SQLite fails; IntegrityError and ProgrammingError, which are our faults, pass through.
        """
        with self._lock:
            if self._writer.in_transaction:
                yield self._writer
                return
            try:
                with self.storage_errors():
                    self._writer.execute("BEGIN IMMEDIATE")
                    yield self._writer
                    self._writer.commit()
            except BaseException:
                self._writer.rollback()
                raise

    @contextmanager
    def storage_errors(self) -> Iterator[None]:
        """Turn SQLite's errors into StorageError with advice; IntegrityError and ProgrammingError are our faults.

        Damage is remembered: whatever else fails in the file, such as a wait for its lock, is told as that. What fails in
        a file that was replaced meanwhile is its damage, not the new one's.
        """
        replaced = self._replaced
        try:
            yield
        except (sqlite3.IntegrityError, sqlite3.ProgrammingError):
            raise
        except Damaged as error:
            if replaced == self._replaced:
                self.damage = self.damage or error
            raise
        except sqlite3.Error as error:
            if replaced != self._replaced:
                raise Damaged(self.path.name, error) from error
            raise self._translated(error) from error

    def replace(self, file: Path) -> None:
        """Put a closed file in the place of this one; each thread reads it from its next read on."""
        with self._lock:
            swap(file, self.path)
            self._open.remove(self._writer)
            self._writer.close()
            self._writer = self._connect()
            self._generation += 1
            self._replaced += 1
            self.damage = None

    def now(self, clock: int) -> int:
        """Return the time that leases are measured by, in seconds: here `clock`, the process's own."""
        return clock

    def checkpoint(self, patience: float = 0.0) -> bool:
        """Move the write-ahead log into the file and truncate it, so that erased data is in neither.

        Retries for `patience` seconds while a reader anywhere still sees an older state of the file; each
        thread's reader is reopened before its next read. Returns whether the log is empty.
        """
        until = time.monotonic() + patience
        while not self._empty_log():
            self._generation += 1
            if time.monotonic() > until:
                return False
            time.sleep(_PAUSE_SECONDS)
        return True

    def rewrite(self, tables: Sequence[str], patience: float = 0.0) -> bool:  # noqa: ARG002  # it is one file
        """Rewrite the file with all its tables (VACUUM), so that no erased data is left in it or in the log.

        secure_delete clears a deleted row, but not the copies left behind when rows moved from page to page.
        Takes about a second for 100 MB, and as much free disk again. Returns whether it succeeded.
        """
        with self._lock:
            if self._writer.in_transaction:
                return False
            try:
                self._writer.execute("VACUUM")
            except sqlite3.OperationalError as error:  # Another process keeps writing, or the disk is full.
                _log.warning("%s cannot be written anew (%s).", self.path.name, error)
                return False
        return self.checkpoint(patience)

    def _empty_log(self) -> bool:
        with self._lock:
            if self._writer.in_transaction:
                return False
            # SQLite must not wait for readers while we hold the lock; between two tries others may write.
            self._writer.execute("PRAGMA busy_timeout = 0")
            try:
                busy, *_ = self._writer.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
            except sqlite3.OperationalError:  # Another process is running a checkpoint.
                return False
            finally:
                self._writer.execute(f"PRAGMA busy_timeout = {int(_BUSY_SECONDS * 1_000)}")
            return not busy

    def close(self) -> None:
        """Close every connection; the store cannot be used afterwards."""
        with self._lock:
            for connection in self._open:
                connection.close()
            self._open.clear()

    def _translated(self, error: sqlite3.Error | OSError) -> StorageError:
        if self.damage:
            return self.damage
        if self._durable or not _is_damage(error):
            return StorageError(_advice(self.path, error))
        self.damage = Damaged(self.path.name, error)
        return self.damage

    def _connect(self) -> sqlite3.Connection:
        connection = sqlite3.connect(
            f"{self.path.absolute().as_uri()}?mode=ro" if self._read_only else self.path,
            timeout=_BUSY_SECONDS,
            check_same_thread=False,
            isolation_level=None,
            uri=self._read_only,
        )
        self._open.append(connection)
        connection.row_factory = sqlite3.Row
        if not self._read_only:
            _use_wal(connection)
        connection.execute(f"PRAGMA synchronous = {self._synchronous}")
        connection.execute(f"PRAGMA cache_size = {-_CACHE_KIBIBYTES}")
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute("PRAGMA recursive_triggers = ON")
        connection.execute("PRAGMA secure_delete = ON")  # Erased data must not stay readable in the file.
        connection.execute(f"PRAGMA journal_size_limit = {_WAL_BYTES}")
        return connection

    def _migrate(self, migrations: Migrations) -> None:
        db = sqlite_utils.Database(self._writer)
        if not migrations.pending(db):
            return
        older = bool(migrations.applied(db))
        if older:
            _log.warning("%s gets the layout of this version; a large one takes minutes.", self.path.name)
        # Two processes may start on an empty file at once: the second waits here and finds nothing to do.
        with self.write():
            migrations.apply(db)
        if older:
            _log.warning("%s has the layout of this version.", self.path.name)


def _use_wal(connection: sqlite3.Connection) -> None:
    """Switch the file to WAL. Retries, since SQLite does not wait for a process that does the same at the same time."""
    until = time.monotonic() + _BUSY_SECONDS
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            return  # noqa: TRY300  # an else would say no more
        except sqlite3.OperationalError as error:
            if "locked" not in str(error) or time.monotonic() > until:
                raise
            time.sleep(0.02)


def swap(file: Path, path: Path) -> None:
    """Put a closed file in the place of another one, without its log; connections to that one still see it."""
    # The log of the old file would be read into the new one.
    for end in ("-wal", "-shm"):
        path.with_name(path.name + end).unlink(missing_ok=True)
    file.replace(path)


def _is_damage(error: Exception) -> bool:
    """Return whether an error says that the file is damaged, or that tables are missing because it was cut to nothing."""
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    is_corrupt = code in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)
    return is_corrupt or isinstance(error, _EmptiedError) or "no such table" in str(error)


def _advice(path: Path, error: Exception) -> str:
    """Return an error message with SQLite's reason and what to do about it."""
    said = str(error)
    if "full" in said:
        return f"The disk is full: {path.name} was left as it was. Free some space and try again."
    if "locked" in said:
        return f"Another process has been writing to {path.name} for a long time; try again when it is done."
    return f"{path} cannot be read or written ({said}); run trendbot doctor."
