"""Operations on a data folder as a whole: making and restoring backups, and copying the state to PostgreSQL or back."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import closing
from datetime import datetime
from pathlib import Path

from bot.settings import Settings
from bot.sqlite.errors import StorageError
from bot.state import backup, copying
from bot.state.leases import WORK
from bot.state.locks import Locked, locked
from bot.state.state import State

LOCK = "run.lock"
"""Lock file held by the bot that runs with a data folder."""

BACKUPS = "backups"
"""The folder of daily backups inside the data folder."""


class AlreadyInUse(Exception):
    """A bot is running with the data; the text says what to do."""


class CannotRestore(Exception):
    """The backup was not restored, or not into PostgreSQL; the text says why and what to do."""


def back_up(settings: Settings, folder: Path, now: datetime) -> str:
    """Make a backup inside `folder` and return a sentence for the operator that says where. Raises StorageError."""
    if not settings.state_url and not (settings.data / backup.STATE).is_file():
        return f"{settings.data} holds nothing yet; there is nothing to back up."
    return f"The backup is {backup.back_up(settings.data, folder, now, settings.state_url)}."


def restore(settings: Settings, file: Path, now: datetime) -> str:
    """Restore a backup into the data folder and PostgreSQL, if used; return a sentence for the operator.

    Raises CannotRestore when nothing was changed, or when the data folder was restored but PostgreSQL, empty at first,
    could not be filled from it; and StorageError.
    """
    settings.data.mkdir(parents=True, exist_ok=True)
    try:
        with locked(settings.data / LOCK, patience=1):
            if settings.state_url:
                with closing(State(settings.state_url)) as database:
                    copying.refuse_unless_empty(database)
            replaced = backup.restore(file, settings.data, now)
    except Locked:
        raise CannotRestore(f"A trendbot runs with {settings.data}; stop it first.") from None
    except (backup.BadBackup, copying.CannotCopy) as error:
        raise CannotRestore(f"{error} Nothing was changed.") from error
    if settings.state_url:
        try:
            copy_state(settings, back=False)
        except (AlreadyInUse, copying.CannotCopy) as error:
            raise CannotRestore(
                f"{file} lies in {settings.data} now, but not in the database: {error}"
            ) from error
    kept = f" What was there lies in {replaced}." if replaced else ""
    return f"{file} is restored.{kept} The library is built anew at the next start."


def copy_state(settings: Settings, *, back: bool) -> Mapping[str, int]:
    """Copy the state of the data folder to PostgreSQL, or `back`; return the number of rows per table.

    Raises AlreadyInUse, CannotCopy and StorageError; no row was copied then.
    """
    settings.data.mkdir(parents=True, exist_ok=True)
    try:
        with (
            locked(settings.data / LOCK, patience=1),
            closing(State(settings.data / backup.STATE)) as file,
            closing(State(settings.state_url)) as database,
        ):
            sources = settings.data / backup.SOURCES
            if back:
                if holder := database.leases.holder(WORK, 0):
                    raise AlreadyInUse(f"{holder[0]} works with the database; stop its trendbot first.")
                copying.bring_files(database, sources)
                return copying.copy_state(database, file)
            copying.share_files(database, sources, file.originals.files())
            return copying.copy_state(file, database)
    except Locked:
        raise AlreadyInUse(f"A trendbot runs with {settings.data}; stop it first.") from None


def last_backup(data: Path) -> datetime | None:
    """Return when the newest daily backup in the data folder was made, None without one."""
    newest = backup.newest(data / BACKUPS)
    return newest[1] if newest else None


def check_state(settings: Settings) -> None:
    """Raise StorageError if a page of state.db is damaged; the text names the backup to restore."""
    file = settings.data / backup.STATE
    if settings.state_url or not file.is_file():
        return
    try:
        backup.check_pages(file)
    except backup.BadBackup as error:
        newest = backup.newest(settings.data / BACKUPS)
        kept = str(newest[0]) if newest else "BACKUP (there is no daily one)"
        raise StorageError(f"{error} Check the disk, stop the bot, then: trendbot restore {kept}") from error


def back_up_daily(settings: Settings, state: State, now: datetime) -> None:
    """Make the day's backup, unless it was already made or the clock is not credible. Raises StorageError."""
    folder = settings.data / BACKUPS
    if backup.daily_is_due(folder, now) and state.expiry.believes(int(now.timestamp())):
        backup.back_up_daily(settings.data, folder, now, settings.state_url)
