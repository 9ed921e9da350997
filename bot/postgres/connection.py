"""The state in a PostgreSQL database: the counterpart of `sqlite.connection.Store` for several machines at once.

Statements are written as SQLite takes them; postgres.statements replaces their placeholders. Writers of all machines
take turns by an advisory lock that lasts as long as their transaction: as in the file, none sees another's partial
changes, and what a transaction has read stays true until it writes. Reads come from a pool and see what is committed.
Each migration is recorded as sqlite-utils records it in a file.
"""

from __future__ import annotations

import contextlib
import logging
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Protocol, cast

import psycopg
from psycopg import ClientCursor, errors
from psycopg_pool import ConnectionPool, PoolTimeout
from sqlite_utils import Database, Migrations

from bot.postgres.statements import Connection, Session, Snapshot, rows
from bot.sqlite.errors import StorageError
from bot.sqlite.result import Result

_CREATE = """CREATE TABLE IF NOT EXISTS migration (
    migration_set TEXT NOT NULL, name TEXT NOT NULL, PRIMARY KEY (migration_set, name))"""


_log = logging.getLogger(__name__)

WRITER_LOCK = 7_331_001
"""Key of the advisory lock that a writer holds."""

_CONNECT_SECONDS = 5

_READERS = 8

# Seconds. A failover leaves connections to a server that has become read-only, so none is kept for long.
_LONGEST_LIFE = 600.0

# Seconds, and milliseconds: a server whose machine or network went silent is given up after about ten seconds. By default
# that takes 15 minutes, or two hours for an answer that is waited for.
_SILENCE = {
    "keepalives_idle": 4,
    "keepalives_interval": 2,
    "keepalives_count": 3,
    "tcp_user_timeout": 10_000,
}

# Milliseconds. A machine that hangs inside a transaction keeps all others from writing, so its session soon ends.
_SETTINGS = "-c lock_timeout=10000 -c statement_timeout=60000 -c idle_in_transaction_session_timeout=8000"


class Runs(Protocol):
    """Interface of what runs statements: postgres.statements.Session."""

    def execute(self, sql: str, values: Any = ()) -> Any:
        """Run one statement."""
        ...


def migrate(db: Runs, migrations: Migrations) -> None:
    """Apply the pending migrations in the caller's transaction: PostgreSQL rolls back a CREATE TABLE too."""
    db.execute(_CREATE)
    applied = {
        row[0] for row in db.execute("SELECT name FROM migration WHERE migration_set = ?", (migrations.name,))
    }
    for migration in migrations._migrations:  # noqa: SLF001  # the set has no public list of what is in it
        if migration.name not in applied:
            # The state's migrations use only execute(), which both classes have.
            migration.fn(cast("Database", db))
            db.execute(
                "INSERT INTO migration (migration_set, name) VALUES (?, ?)", (migrations.name, migration.name)
            )


def _check_writing(connection: Connection) -> None:
    """Raise OperationalError if a connection is lost, or if a failover has made its server read-only."""
    (read_only,) = connection.execute("SHOW transaction_read_only").fetchone() or ("on",)
    if read_only == "on":
        connection.close()  # or the pool would offer it again
        raise psycopg.OperationalError("The server takes no writes.")


def _check_url(url: str) -> None:
    """Raise StorageError if libpq cannot read the address. Its own words are left out: they may quote the password."""
    try:
        psycopg.conninfo.conninfo_to_dict(url)
    except psycopg.ProgrammingError:
        raise StorageError(
            "TRENDBOT_STATE cannot be read; check its port and the parameters after its question mark."
        ) from None


def _check_encoding(db: Session) -> None:
    """Raise StorageError if the database cannot hold every character."""
    (encoding,) = db.execute("SHOW server_encoding").fetchone()
    if encoding != "UTF8":
        raise StorageError(
            f"The database in TRENDBOT_STATE has the encoding {encoding}, which cannot hold Chinese; create one with "
            "CREATE DATABASE trendbot ENCODING 'UTF8' LOCALE 'C' TEMPLATE template0."
        )


class PostgresStore:
    """One PostgreSQL database, with the interface of `sqlite.connection.Store`."""

    shared = True
    """Whether several machines can share this store."""

    def __init__(self, url: str, migrations: Migrations) -> None:
        """Create or migrate the tables. Raises StorageError when that fails, or when `url` has an unknown parameter."""
        _check_url(url)
        self._url = url
        self._lock = threading.RLock()
        self._writer: Connection | None = None
        self._session: Session | None = None
        options: dict[str, Any] = {
            "autocommit": True,
            "cursor_factory": ClientCursor,
            "row_factory": rows,
            "connect_timeout": _CONNECT_SECONDS,
            **_SILENCE,
            "target_session_attrs": "read-write",
            "client_encoding": "UTF8",
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
            with self.write() as db:  # first: it fails at once and says why, the pool retries for long
                _check_encoding(db)
                migrate(db, migrations)
            self._pool.open()
        except BaseException:
            self.close()
            raise

    def read(self) -> PoolReader:
        """Return a reader for short reads, each on a connection of the pool."""
        return PoolReader(self)

    def select(self, sql: str, *values: object) -> Result:
        """Run one statement that reads. Raises StorageError."""
        with _storage_errors(self._url), self._pool.connection() as connection:
            return Session(connection).execute(sql, values)

    def change(self, sql: str, *values: object) -> int:
        """Run one statement in a transaction and return the number of rows changed. Raises StorageError."""
        with self.write() as db:
            return db.execute(sql, values).rowcount

    def change_concurrently(self, sql: str, *values: object) -> int:
        """Run one statement that is right whatever others write, without waiting for the writers' lock.

        Return the number of rows changed. Raises StorageError.
        """
        return self.select(sql, *values).rowcount

    @contextmanager
    def write(self) -> Iterator[Session]:
        """Open a transaction on the write connection: committed at the end, rolled back on any exception.

        Inner calls join the outer one. Raises StorageError when the database is unreachable, read-only or full.
        """
        with self._lock:
            if self._session is not None:
                yield self._session
                return
            with _storage_errors(self._url, self._forget_writer):
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
        """Open a snapshot: its reads see one state of all tables, however long they take, while writers go on.

        Raises StorageError.
        """
        with _storage_errors(self._url), psycopg.connect(self._url, **self._options) as connection:
            connection.execute("SET idle_in_transaction_session_timeout = 0")
            connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
            with connection.transaction(), contextlib.closing(Snapshot(connection)) as reader:
                yield reader

    def now(self, _: int) -> int:
        """Return the database's time as a UTC second: machines whose clocks differ agree on it. Raises StorageError."""
        return int(self.select("SELECT floor(extract(epoch FROM clock_timestamp()))").fetchone()[0])

    def checkpoint(self, patience: float = 0.0) -> bool:  # noqa: ARG002  # there is no log of ours to wait for
        """Do nothing and return True: the write-ahead log is the server's, configured by its operator."""
        return True

    def rewrite(self, tables: Sequence[str], patience: float = 0.0) -> bool:  # noqa: ARG002
        """Rewrite these tables (VACUUM FULL), so that no erased data is left in their files.

        Return whether that worked: not inside a transaction, and not if it fails, which is logged. The server's
        write-ahead log and its backups are left to its operator, see README.
        """
        try:
            with self._lock, _storage_errors(self._url, self._forget_writer):
                if self._session is not None:
                    return False
                self._connected().execute(cast("Any", f"VACUUM FULL {', '.join(tables)}"))
        except StorageError as error:
            _log.warning("The tables cannot be written anew: %s", error)
            return False
        return True

    def close(self) -> None:
        """Close every connection; the store cannot be used afterwards."""
        with self._lock:
            self._forget_writer()
            self._pool.close()

    def _connected(self) -> Connection:
        if self._writer is None or self._writer.closed:
            self._writer = psycopg.connect(self._url, **self._options)
        return self._writer

    def _forget_writer(self) -> None:
        """Discard a connection that has failed: the server may be another one by now."""
        writer, self._writer = self._writer, None
        if writer is not None:
            with contextlib.suppress(psycopg.Error):
                writer.close()


class PoolReader:
    """Runner of short reads, with the interface of sqlite3's connection."""

    def __init__(self, store: PostgresStore) -> None:
        self._store = store

    def execute(self, sql: str, values: Sequence[object] = ()) -> Result:
        """Run one statement that reads. Raises StorageError."""
        return self._store.select(sql, *values)


@contextmanager
def _storage_errors(url: str, failed: Any = lambda: None) -> Iterator[None]:
    """Turn PostgreSQL's errors into StorageError with advice, after calling `failed`.

    Errors that are a fault of our statements or data are raised as they are.
    """
    try:
        yield
    except (psycopg.IntegrityError, psycopg.DataError, errors.SyntaxError, errors.UndefinedTable):
        raise
    except (psycopg.Error, PoolTimeout) as error:
        failed()
        raise StorageError(_advice(url, error)) from error


def _advice(url: str, error: Exception) -> str:
    """Return an error message with what is wrong and what to do about it, without the password."""
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
