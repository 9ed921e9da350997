"""Backups of what cannot be built again: state.db as it was at one moment, the sources that it names, and the operator's topics.

A backup is a folder trendbot-<UTC time> with state.db, sources/, topics.toml where there is one, and their hashes. It holds nobody's words: questions, updates
and groups' talk are left out, so that what is erased in the bot outlives it nowhere. The library is built anew.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import shutil
import sqlite3
from contextlib import closing
from datetime import datetime, timedelta
from itertools import chain, count
from pathlib import Path

from bot.settings import TOPICS
from bot.sqlite.errors import StorageError
from bot.state.copying import copy_state
from bot.state.outbox import OPEN
from bot.state.schema import MIGRATIONS
from bot.state.state import State

STATE, SOURCES, HASHES = "state.db", "sources", "SHA256SUMS"
KEPT = 7
"""How many of the daily backups are kept."""

_PREFIX, _FORM = "trendbot-", "%Y%m%dT%H%M%SZ"
_EVERY = timedelta(days=1)
# What people said or asked, and messages on their way: the one is nobody's business, the other old by then.
_LEFT_OUT = (
    "DELETE FROM captured",
    # Consent may have ended since: a group whose bot was restored is asked again.
    "DELETE FROM capture",
    "DELETE FROM view",
    "DELETE FROM draft",
    "UPDATE inbox SET body = NULL, state = CASE state WHEN 'new' THEN 'done' ELSE state END",
    f"""UPDATE outbox SET payload = NULL, state = 'dead', last_error = 'It was under way when a backup was made.'
        WHERE state IN {OPEN}""",  # noqa: S608  # our own states
    "DELETE FROM lease",
    "DELETE FROM group_send",
)
_TABLES = frozenset({"source", "first_seen", "chat", "subscription", "slot", "sent_mark", "inbox", "outbox"})


class BadBackup(Exception):
    """A file that cannot be restored; the text says why."""


def back_up(data: Path, folder: Path, now: datetime, url: str = "") -> Path:
    """Makes a backup of the data folder inside `folder` and returns its path; the bot may be running.

    The state is read from PostgreSQL where `url` names a database; the backup is the same.

    It appears under its name only when it is complete and checked. Raises StorageError.
    """
    final = folder / f"{_PREFIX}{now:{_FORM}}"
    partial = folder / f".{final.name}.partial"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for old in folder.glob(f".{_PREFIX}*.partial"):
            shutil.rmtree(old)
        partial.mkdir()
        exported = partial / "exported.db"
        if url:
            _export(url, exported)
        _copy_state(exported if url else data / STATE, partial / STATE)
        for path in partial.glob("exported.db*"):
            path.unlink()
        with closing(_read_only(partial / STATE)) as db:
            held = _copy_sources(db, data / SOURCES, partial / SOURCES)
        topics = [TOPICS] if _copied(data / TOPICS, partial / TOPICS) else []
        # A flipped bit in a text is what SQLite's own check does not see.
        lines = [f"{_hash(partial / name)}  {name}" for name in (STATE, *topics)]
        lines += [f"{digest}  {SOURCES}/{digest}" for digest in held]
        (partial / HASHES).write_text("\n".join([*lines, ""]), "utf-8")
        _sync(partial / HASHES)
        _sync(partial)
        partial.rename(final)
        _sync(folder)
    except (OSError, sqlite3.Error, BadBackup) as error:
        shutil.rmtree(partial, ignore_errors=True)
        raise StorageError(f"No backup could be made in {folder} ({error}).") from error
    return final


def newest(folder: Path) -> datetime | None:
    """When the newest complete backup in a folder was made, None without one."""
    backups = _backups(folder)
    return _made(backups[-1]) if backups else None


def daily_is_due(folder: Path, now: datetime) -> bool:
    """Whether the newest backup is a day old; one from a time to come, when the clock was wrong, does not count."""
    times = [made for path in _backups(folder) if (made := _made(path)) <= now]
    return not times or now - times[-1] >= _EVERY


def back_up_daily(data: Path, folder: Path, now: datetime, url: str = "") -> Path | None:
    """Makes a backup where one is due, and deletes all but the newest seven up to `now`. Raises StorageError."""
    if not daily_is_due(folder, now):
        return None
    made = back_up(data, folder, now, url)
    for old in [path for path in _backups(folder) if _made(path) <= now][:-KEPT]:
        shutil.rmtree(old, ignore_errors=True)
    return made


def restore(backup: Path, data: Path, now: datetime) -> Path | None:
    """Puts a backup, a folder or the state.db in it, into the place of what the data folder holds.

    Returns the folder that what was there has been moved to, None where nothing was. Raises BadBackup, having
    changed nothing, for a file that is damaged, incomplete or not ours, and StorageError. Nobody else may use
    the data folder meanwhile.
    """
    file = backup / STATE if backup.is_dir() else backup
    check(file, data / SOURCES)
    replaced = _free(data / f"replaced-{now:{_FORM}}")
    try:
        data.mkdir(parents=True, exist_ok=True)
        with closing(_read_only(file)) as db:
            _copy_sources(db, file.parent / SOURCES, data / SOURCES)
        fresh = data / f"{STATE}.restoring"
        shutil.copyfile(file, fresh)
        _sync(fresh)
        moved = _move_away(data, replaced, (file.parent / TOPICS).is_file())
        fresh.replace(data / STATE)
        _copied(file.parent / TOPICS, data / TOPICS)
        _sync(data)
    except (OSError, sqlite3.Error) as error:
        raise StorageError(f"{data} could not be written ({error}).") from error
    return replaced if moved else None


def check(file: Path, present: Path) -> None:
    """Raises BadBackup where a file is no sound state.db of this version or an older one, or lacks a source.

    `present` is a folder of sources that need not be in the backup.
    """
    if not file.is_file():
        raise BadBackup(f"There is no {file}.")
    try:
        with closing(_read_only(file)) as db:
            said = db.execute("PRAGMA integrity_check(1)").fetchone()[0]
            if said != "ok":
                raise BadBackup(f"{file} is damaged ({said}).")
            _check_ours(db, file)
            if (file.parent / HASHES).is_file():
                _check_hashes(file.parent)
            else:
                _check_sources(db, file, present)
    except (sqlite3.Error, OSError) as error:
        raise BadBackup(f"{file} cannot be read ({error}).") from error


def _check_ours(db: sqlite3.Connection, file: Path) -> None:
    tables = {row[0] for row in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    if not tables >= _TABLES:
        raise BadBackup(f"{file} is not the state of a trendbot.")
    done = {row[0] for row in db.execute("SELECT name FROM _sqlite_migrations WHERE migration_set = 'state'")}
    if unknown := done - {migration.name for migration in MIGRATIONS._migrations}:  # noqa: SLF001  # it has no list
        raise BadBackup(f"{file} was made by a newer version of trendbot ({', '.join(sorted(unknown))}).")


def _check_hashes(backup: Path) -> None:
    for line in (backup / HASHES).read_text("utf-8").splitlines():
        digest, _, name = line.partition("  ")
        if not (backup / name).is_file() or _hash(backup / name) != digest:
            raise BadBackup(f"{backup / name} is missing or damaged.")


def _check_sources(db: sqlite3.Connection, file: Path, present: Path) -> None:
    for digest in _sources(db):
        folders = [folder for folder in (file.parent / SOURCES, present) if (folder / digest).is_file()]
        if not any(_hash(folder / digest) == digest for folder in folders):
            raise BadBackup(f"{file} needs the document {SOURCES}/{digest}, which is missing or damaged.")


def _hash(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _export(url: str, target: Path) -> None:
    """Writes the state of a PostgreSQL database into a file."""
    with closing(State(url)) as database, closing(State(target)) as file:
        copy_state(database, file)


def _copy_state(source: Path, target: Path) -> None:
    with closing(_read_only(source)) as db:
        db.execute("VACUUM INTO ?", (str(target),))
    with closing(sqlite3.connect(target, isolation_level=None)) as db:
        db.execute("PRAGMA secure_delete = ON")
        for statement in _LEFT_OUT:
            db.execute(statement)
        db.execute("VACUUM")
        said = db.execute("PRAGMA quick_check(1)").fetchone()[0]
        if said != "ok":
            raise BadBackup(f"the copy is damaged: {said}")
    _sync(target)


def _copied(source: Path, target: Path) -> bool:
    """Copies a file where there is one; returns whether there was."""
    if not source.is_file():
        return False
    shutil.copyfile(source, target)
    _sync(target)
    return True


def _copy_sources(db: sqlite3.Connection, source: Path, target: Path) -> list[str]:
    """Copies the sources that `db` names and returns those that `target` has then.

    One that never changes need not be on the disk twice, so it is linked if it can be. One that is missing is
    the business of doctor: everything else is worth a backup.
    """
    target.mkdir(exist_ok=True)
    for digest in _sources(db):
        if (target / digest).exists() or not (source / digest).exists():
            continue
        try:
            os.link(source / digest, target / digest)
        except OSError:
            shutil.copyfile(source / digest, target / digest)
            _sync(target / digest)
    _sync(target)
    return [digest for digest in _sources(db) if (target / digest).is_file()]


def _sources(db: sqlite3.Connection) -> list[str]:
    return [row[0] for row in db.execute("SELECT DISTINCT sha256 FROM source ORDER BY sha256")]


def _move_away(data: Path, replaced: Path, topics: bool) -> bool:
    """Moves the state, with its log, and the library, which is built anew; the state last, as it is what counts.

    `topics` says that the operator's file of topics is replaced too.
    """
    names = [TOPICS] if topics else []
    names += [name + end for name in ("library.db", STATE) for end in ("-shm", "-wal", "")]
    present = [name for name in names if (data / name).exists()]
    if present:
        replaced.mkdir()
    for name in present:
        (data / name).rename(replaced / name)
    return bool(present)


def _free(folder: Path) -> Path:
    """`folder`, or with a number behind its name where something stands there: two restores may come in one second."""
    numbered = (folder.with_name(f"{folder.name}-{number}") for number in count(2))
    return next(path for path in chain([folder], numbered) if not path.exists())


def _backups(folder: Path) -> list[Path]:
    """Complete backups, oldest first."""
    return sorted(path for path in folder.glob(f"{_PREFIX}*") if _dated(path))


def _dated(path: Path) -> bool:
    with contextlib.suppress(ValueError):
        _made(path)
        return True
    return False


def _made(path: Path) -> datetime:
    return datetime.strptime(f"{path.name.removeprefix(_PREFIX)}+0000", f"{_FORM}%z")


def _read_only(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True, timeout=10)


def _sync(path: Path) -> None:
    """Makes a file, or the names in a folder, outlive a power cut."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
