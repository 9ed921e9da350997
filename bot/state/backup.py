"""Backups of data that cannot be rebuilt: a snapshot of the state, its originals' files, and the operator's topics.

A backup is a folder trendbot-<UTC time> with state.db, sources/, topics.toml if there is one, and their hashes. It
leaves out questions, drafts, updates, the texts of messages and groups' talk, so that erasing these in the bot leaves
no copy in a backup. The library is left out too: it is rebuilt.
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
"""The number of daily backups that are kept."""

_PREFIX, _FORM = "trendbot-", "%Y%m%dT%H%M%SZ"
_EVERY = timedelta(days=1)
# What people said or asked is private, and messages to be sent would be out of date.
_LEFT_OUT = (
    "DELETE FROM captured",
    # Consent may have ended since: after a restore, groups are asked again.
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
    """The file cannot be restored; the text says why."""


def back_up(data: Path, folder: Path, now: datetime, url: str = "") -> Path:
    """Make a backup of the data folder inside `folder` and return its path; the bot may be running.

    `url` is the PostgreSQL database of the state, "" for state.db; both give the same backup.
    It appears under its final name only when it is complete and checked. Raises StorageError.
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
        topics = [TOPICS] if _copy_if_present(data / TOPICS, partial / TOPICS) else []
        # SQLite's own check does not notice a flipped bit in a text.
        lines = [f"{_hash(partial / name)}  {name}" for name in (STATE, *topics)]
        lines += [f"{digest}  {SOURCES}/{digest}" for digest in held]
        (partial / HASHES).write_text("\n".join([*lines, ""]), "utf-8")
        _sync(partial / HASHES)
        _sync(partial)
        partial.rename(final)
        _sync(folder)
    except (OSError, sqlite3.Error, BadBackup) as error:
        shutil.rmtree(partial, ignore_errors=True)
        reason = error.strerror if isinstance(error, OSError) and error.strerror else error
        raise StorageError(f"No backup could be made in {folder} ({reason}).") from error
    return final


def newest(folder: Path) -> tuple[Path, datetime] | None:
    """Return the newest complete backup in a folder and when it was made, None without one."""
    backups = _backups(folder)
    return (backups[-1], _time_of(backups[-1])) if backups else None


def daily_is_due(folder: Path, now: datetime) -> bool:
    """Return whether no backup is younger than a day; those from the future, when the clock was wrong, do not count."""
    times = [made for path in _backups(folder) if (made := _time_of(path)) <= now]
    return not times or now - times[-1] >= _EVERY


def back_up_daily(data: Path, folder: Path, now: datetime, url: str = "") -> Path | None:
    """Make a backup if one is due, and delete all but the newest KEPT up to `now`. Raises StorageError.

    Returns the new backup's path, None if none was due.
    """
    if not daily_is_due(folder, now):
        return None
    made = back_up(data, folder, now, url)
    for old in [path for path in _backups(folder) if _time_of(path) <= now][:-KEPT]:
        shutil.rmtree(old, ignore_errors=True)
    return made


def restore(backup: Path, data: Path, now: datetime) -> Path | None:
    """Replace the contents of the data folder by a backup, given as its folder or the state.db in it.

    Returns the folder to which the earlier contents were moved, None if there were none. Raises BadBackup, having
    changed nothing, for a file that is damaged, incomplete or not a state of this bot; and StorageError. The caller
    keeps other processes out of the data folder.
    """
    file = backup / STATE if backup.is_dir() else backup
    check(file, data / SOURCES)
    replaced = _unused_name(data / f"replaced-{now:{_FORM}}")
    try:
        data.mkdir(parents=True, exist_ok=True)
        with closing(_read_only(file)) as db:
            _copy_sources(db, file.parent / SOURCES, data / SOURCES)
        fresh = data / f"{STATE}.restoring"
        shutil.copyfile(file, fresh)
        _sync(fresh)
        moved = _move_away(data, replaced, (file.parent / TOPICS).is_file())
        fresh.replace(data / STATE)
        _copy_if_present(file.parent / TOPICS, data / TOPICS)
        _sync(data)
    except (OSError, sqlite3.Error) as error:
        raise StorageError(f"{data} could not be written ({error}).") from error
    return replaced if moved else None


def check(file: Path, present: Path) -> None:
    """Raise BadBackup if a file is not an intact state.db of this version or an older one, or lacks an original's file.

    Without a list of hashes beside it, files may also be in the folder `present`.
    """
    if not file.is_file():
        raise BadBackup(f"There is no {file}.")
    try:
        with closing(_read_only(file)) as db:
            _check_pages(db, file)
            _check_ours(db, file)
            if (file.parent / HASHES).is_file():
                _check_hashes(file.parent)
            else:
                _check_sources(db, file, present)
    except (sqlite3.Error, OSError) as error:
        raise BadBackup(f"{file} cannot be read ({error}).") from error


def check_pages(file: Path) -> None:
    """Raise BadBackup if SQLite finds a page of a file damaged, or cannot read one."""
    try:
        with closing(_read_only(file)) as db:
            _check_pages(db, file)
    except sqlite3.Error as error:
        raise BadBackup(f"{file} cannot be read ({error}).") from error


def _check_pages(db: sqlite3.Connection, file: Path) -> None:
    said = db.execute("PRAGMA integrity_check(1)").fetchone()[0]
    if said != "ok":
        raise BadBackup(f"{file} is damaged ({' '.join(said.split())}).")


def _check_ours(db: sqlite3.Connection, file: Path) -> None:
    tables = {row[0] for row in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    if not tables >= _TABLES:
        raise BadBackup(f"{file} is not the state of a trendbot.")
    done = {row[0] for row in db.execute("SELECT name FROM _sqlite_migrations WHERE migration_set = 'state'")}
    if unknown := done - {migration.name for migration in MIGRATIONS._migrations}:  # noqa: SLF001  # it has no public list
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
    """Write the state of a PostgreSQL database into a SQLite file."""
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


def _copy_if_present(source: Path, target: Path) -> bool:
    """Copy a file if it exists; return whether it does."""
    if not source.is_file():
        return False
    shutil.copyfile(source, target)
    _sync(target)
    return True


def _copy_sources(db: sqlite3.Connection, source: Path, target: Path) -> list[str]:
    """Copy the files of the originals in `db`; return the hashes of those that `target` has then.

    The files never change, so they are hard-linked where possible instead of using disk space twice. Missing ones are
    skipped: doctor reports them, and the rest is worth a backup.
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
    """Move the state and the library with their logs to `replaced`; return whether there were any.

    The library is rebuilt later. The state is moved last, as it is the precious one. `topics`: move topics.toml too.
    """
    names = [TOPICS] if topics else []
    names += [name + end for name in ("library.db", STATE) for end in ("-shm", "-wal", "")]
    present = [name for name in names if (data / name).exists()]
    if present:
        replaced.mkdir()
    for name in present:
        (data / name).rename(replaced / name)
    return bool(present)


def _unused_name(folder: Path) -> Path:
    """Return `folder`, or a numbered name if it exists: two restores may happen in the same second."""
    numbered = (folder.with_name(f"{folder.name}-{number}") for number in count(2))
    return next(path for path in chain([folder], numbered) if not path.exists())


def _backups(folder: Path) -> list[Path]:
    """Return the complete backups in a folder, oldest first."""
    return sorted(path for path in folder.glob(f"{_PREFIX}*") if _has_time(path))


def _has_time(path: Path) -> bool:
    with contextlib.suppress(ValueError):
        _time_of(path)
        return True
    return False


def _time_of(path: Path) -> datetime:
    return datetime.strptime(f"{path.name.removeprefix(_PREFIX)}+0000", f"{_FORM}%z")


def _read_only(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True, timeout=10)


def _sync(path: Path) -> None:
    """Sync a file, or the names in a folder, to disk, so that they survive a power cut."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
