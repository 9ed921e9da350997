"""The state in a PostgreSQL database: what `sqlite.connection.Store` is for a file, for several machines at once.

A statement is written once, as SQLite takes it; here its question marks become PostgreSQL's. Writers of all machines
take turns, by an advisory lock that lasts as long as their transaction: as in the file, none sees another's halves, and
what is decided by reading first stays true until it is written. Reads come from a pool and see what is committed.
"""

from __future__ import annotations

import contextlib
import logging
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, cast

import psycopg
from psycopg import ClientCursor, errors
from psycopg_pool import ConnectionPool, PoolTimeout
from sqlite_utils import Migrations

from bot.postgres.migrating import migrate
from bot.postgres.statements import Connection, Result, Session, Snapshot, rows
from bot.sqlite.errors import StorageError

_log = logging.getLogger(__name__)

WRITER_LOCK = 7_331_001
"""The advisory lock of whoever writes."""

_CONNECT_SECONDS = 5
_READERS = 8
# Failover leaves connections at a server that has become read-only: none grows old.
_LONGEST_LIFE = 600.0
# A machine that stands still in the middle of a transaction keeps all others from writing: not for long.
_SETTINGS = "-c lock_timeout=10000 -c statement_timeout=60000 -c idle_in_transaction_session_timeout=8000"


def _check_writing(connection: Connection) -> None:
    """Raises OperationalError for a connection that is gone, or that a failover has left at a server that only reads."""
    (read_only,) = connection.execute("SHOW transaction_read_only").fetchone() or ("on",)
    if read_only == "on":
        connection.close()  # or it would be asked again
        raise psycopg.OperationalError("The server takes no writes.")


class PostgresStore:
    """One database. `write` and the rest are those of `sqlite.connection.Store`."""

    shared = True
    """Whether several machines may have it open."""

    def __init__(self, url: str, migrations: Migrations) -> None:
        """Creates or migrates the tables. Raises StorageError when that cannot be done."""
        self._url = url
        self._lock = threading.RLock()
        self._writer: Connection | None = None
        self._session: Session | None = None
        options: dict[str, Any] = {
            "autocommit": True,
            "cursor_factory": ClientCursor,
            "row_factory": rows,
            "connect_timeout": _CONNECT_SECONDS,
            "target_session_attrs": "read-write",
            "options": _SETTINGS,
            "application_name": "trendbot",
        }
        self._options = options
        self._pool = ConnectionPool(
            url,
            min_size=1,
            max_size=_READERS,
            timeout=_CONNECT_SECONDS,
            max_lifetime=_LONGEST_LIFE,
            check=_check_writing,
            kwargs=options,
            open=False,
            name="state",
        )
        try:
            with self.write() as db:  # first: it says in one sentence what is wrong, the pool tries for long
                migrate(db, migrations)
            self._pool.open()
        except BaseException:
            self.close()
            raise

    def read(self) -> Reading:
        """What runs short reads, each on a connection of the pool."""
        return Reading(self)

    def select(self, sql: str, *values: object) -> Result:
        """Runs one statement that reads. Raises StorageError."""
        with _named(self._url), self._pool.connection() as connection:
            return Session(connection).execute(sql, values)

    def change(self, sql: str, *values: object) -> int:
        """Runs one statement in a transaction; returns how many rows it changed. Raises StorageError."""
        with self.write() as db:
            return db.execute(sql, values).rowcount

    def change_alone(self, sql: str, *values: object) -> int:
        """Runs one statement that is right whatever others write, without waiting for the turn of a writer.

        Returns how many rows it changed. Raises StorageError.
        """
        return self.select(sql, *values).rowcount

    @contextmanager
    def write(self) -> Iterator[Session]:
        """The writer inside one transaction: committed at the end, rolled back when anything is raised.

        Inner calls join the outer one. Raises StorageError where the database is away, read-only or full.
        """
        with self._lock:
            if self._session is not None:
                yield self._session
                return
            with _named(self._url, self._forget_writer):
                connection = self._connected()
                with connection.transaction():
                    session = self._session = Session(connection)
                    try:
                        session.execute("SELECT pg_advisory_xact_lock(?)", (WRITER_LOCK,))
                        yield session
                    finally:
                        self._session = None

    @contextmanager
    def snapshot(self) -> Iterator[Snapshot]:
        """What reads one state of all tables, however long that takes: writers of all machines go on.

        Raises StorageError.
        """
        with _named(self._url), psycopg.connect(self._url, **self._options) as connection:
            connection.execute("SET idle_in_transaction_session_timeout = 0")
            connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
            with connection.transaction(), contextlib.closing(Snapshot(connection)) as reader:
                yield reader

    def now(self, _: int) -> int:
        """The database's second: what machines whose clocks differ agree on. Raises StorageError."""
        return int(self.select("SELECT floor(extract(epoch FROM clock_timestamp()))").fetchone()[0])

    def checkpoint(self, patience: float = 0.0) -> bool:  # noqa: ARG002  # there is no log of ours to wait for
        """Nothing: the write-ahead log is the server's, which keeps it as its operator has set."""
        return True

    def rewrite(self, tables: Sequence[str], patience: float = 0.0) -> bool:  # noqa: ARG002
        """Writes these tables anew, so that no file of them holds what was erased. Returns whether it could.

        The server's write-ahead log and its backups are its operator's, see README.
        """
        try:
            with self._lock, _named(self._url, self._forget_writer):
                if self._session is not None:
                    return False
                self._connected().execute(cast("Any", f"VACUUM FULL {', '.join(tables)}"))
        except StorageError as error:
            _log.warning("The tables cannot be written anew: %s", error)
            return False
        return True

    def close(self) -> None:
        """Closes every connection; the store cannot be used afterwards."""
        with self._lock:
            self._forget_writer()
            self._pool.close()

    def _connected(self) -> Connection:
        if self._writer is None or self._writer.closed:
            self._writer = psycopg.connect(self._url, **self._options)
        return self._writer

    def _forget_writer(self) -> None:
        """Gives a connection up that has failed: the server may be another one by now."""
        writer, self._writer = self._writer, None
        if writer is not None:
            with contextlib.suppress(psycopg.Error):
                writer.close()


class Reading:
    """Runs short reads, as sqlite3's connection does."""

    def __init__(self, store: PostgresStore) -> None:
        self._store = store

    def execute(self, sql: str, values: Sequence[object] = ()) -> Result:
        """Runs one statement that reads. Raises StorageError."""
        return self._store.select(sql, *values)


@contextmanager
def _named(url: str, failed: Any = lambda: None) -> Iterator[None]:
    """Turns what PostgreSQL raises into StorageError, with a sentence; a fault of ours stays what it is."""
    try:
        yield
    except (psycopg.IntegrityError, psycopg.DataError, errors.SyntaxError, errors.UndefinedTable):
        raise
    except (psycopg.Error, PoolTimeout) as error:
        failed()
        raise StorageError(_advice(url, error)) from error


def _advice(url: str, error: Exception) -> str:
    """What is wrong, and what to do about it; the password is not told."""
    where = psycopg.conninfo.conninfo_to_dict(url)
    server = f"PostgreSQL at {where.get('host', 'localhost')}:{where.get('port', 5432)}"
    match error:
        case errors.ReadOnlySqlTransaction():
            return (
                f"{server} takes no writes any more (it has become a standby); the writing one is looked for."
            )
        case errors.DiskFull():
            return f"The disk of {server} is full; free some space."
        case errors.LockNotAvailable() | errors.QueryCanceled():
            return f"Another process has been writing to {server} for a long time; try again when it is done."
        case errors.InvalidPassword() | errors.InvalidAuthorizationSpecification():
            return f"{server} refuses the name or the password in TRENDBOT_STATE."
    return f"{server} cannot be used ({type(error).__name__}); check that it runs, and TRENDBOT_STATE."
