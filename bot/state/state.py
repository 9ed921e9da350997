"""What cannot be built again: sources, first-seen times, chats' choices, views and the inbox."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from bot.sqlite.connection import Store
from bot.state.captures import Captures
from bot.state.delivered import Marks
from bot.state.leases import Leases
from bot.state.outbox import Outbox
from bot.state.schema import MIGRATIONS
from bot.state.slots import Slots
from bot.state.subscriptions import Subscriptions

POLL = "poll"
"""The heartbeat of the last answer to getUpdates."""

CONFLICT = "conflict"
"""The heartbeat of the last answer that said that another process polls with the same token."""

# Telegram keeps unconfirmed updates for a day; a handled one that is older than this cannot come again.
_INBOX_SECONDS = 7 * 86_400
_VIEW_SECONDS = 90 * 86_400


@dataclass(frozen=True, slots=True)
class Source:
    """The file that an edition came from: the hash of its bytes, and its name."""

    report_id: str
    language: str
    sha256: str
    name: str


@dataclass(frozen=True, slots=True)
class View:
    """What the buttons under a message belong to: the query, or the group and forum topic whose recap they offer."""

    id: str
    chat_id: int
    user_id: int
    query: str
    group_id: int | None = None
    thread_id: int = 0


@dataclass(frozen=True, slots=True)
class Received:
    """An update of the inbox that waits to be handled; `body` is Telegram's JSON."""

    update_id: int
    body: str


class State:
    """Reads and writes state.db. Every time is a UTC second."""

    def __init__(self, path: Path) -> None:
        """Opens or creates the file. Raises StorageError."""
        self._store = Store(path, MIGRATIONS, durable=True)
        self.subscriptions = Subscriptions(self._store)
        self.captures = Captures(self._store)
        self.slots = Slots(self._store)
        self.outbox = Outbox(self._store)
        self.marks = Marks(self._store)
        self.leases = Leases(self._store)

    def close(self) -> None:
        """Closes the file."""
        self._store.close()

    def checkpoint(self, patience: float = 0.0) -> bool:
        """Makes what was erased unreadable in the file and in its write-ahead log.

        Returns whether it could within `patience` seconds: a reader of an older state holds the log open.
        """
        return self._store.checkpoint(patience)

    def rewrite(self, patience: float = 0.0) -> bool:
        """As checkpoint(), and leaves no copy of erased rows between others; a second of work for 100 MB."""
        return self._store.rewrite(patience)

    def migrate_chat(self, old: int, new: int) -> None:
        """Moves everything that is kept of a group to its new id, in one transaction; a second time is nothing."""
        with self._store.write():
            self.subscriptions.migrate_chat(old, new)
            self.captures.migrate_chat(old, new)

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Makes all writes inside it one: all of them are kept, or none."""
        with self._store.write():
            yield

    def changes(self) -> int:
        """How many rows this process has written or deleted so far, to be compared within a transaction."""
        with self._store.write() as db:
            return db.total_changes

    # -- reports ---------------------------------------------------------------------------------------

    def see(self, report_id: str, source: Source | None, at: int, *, anew: bool = False) -> None:
        """Records when a report first came in (a later call changes nothing) and the file behind an edition.

        A packaged report has no source. `anew`: what an earlier call announced never got into the library.
        """
        with self._store.write() as db:
            db.execute(
                f"""INSERT INTO first_seen (report_id, at) VALUES (?, ?)
                    ON CONFLICT (report_id) DO {"UPDATE SET at = excluded.at" if anew else "NOTHING"}""",  # noqa: S608  # our own words
                (report_id, at),
            )
            if source:
                db.execute(
                    """INSERT INTO source (report_id, language, sha256, name) VALUES (?, ?, ?, ?)
                       ON CONFLICT (report_id, language)
                       DO UPDATE SET sha256 = excluded.sha256, name = excluded.name""",
                    (source.report_id, source.language, source.sha256, source.name),
                )

    def sources(self) -> list[Source]:
        """Every recorded source."""
        rows = self._read("SELECT report_id, language, sha256, name FROM source ORDER BY report_id, language")
        return [Source(*row) for row in rows]

    # -- chats -----------------------------------------------------------------------------------------

    def language(self, chat_id: int) -> str | None:
        """The language that a chat chose, None where it did not."""
        row = self._read("SELECT language FROM chat WHERE chat_id = ?", chat_id).fetchone()
        return row[0] if row else None

    def set_language(self, chat_id: int, language: str) -> None:
        """Records the language that a chat chose."""
        self._write(
            """INSERT INTO chat (chat_id, language) VALUES (?, ?)
               ON CONFLICT (chat_id) DO UPDATE SET language = excluded.language""",
            chat_id,
            language,
        )

    def put_view(self, view: View, at: int) -> None:
        """Records what a message's buttons belong to."""
        self._write(
            """INSERT INTO view (id, chat_id, user_id, query, group_id, thread_id, at) VALUES (?, ?, ?, ?, ?, ?, ?)
               ON CONFLICT DO NOTHING""",
            view.id,
            view.chat_id,
            view.user_id,
            view.query,
            view.group_id,
            view.thread_id,
            at,
        )

    def view(self, view_id: str) -> View | None:
        """The view with this id."""
        row = self._read(
            "SELECT id, chat_id, user_id, query, group_id, thread_id FROM view WHERE id = ?", view_id
        ).fetchone()
        return View(*row) if row else None

    def forget(self, user_id: int) -> None:
        """Deletes what is kept of a person: their questions, digests, words in groups, choices in private.

        That they opted out stays known, or their next message would be kept again. A private chat has the id of its person (Bot API, Chat).
        """
        with self._store.write() as db:
            db.execute("DELETE FROM view WHERE user_id = ? OR chat_id = ?", (user_id, user_id))
            db.execute("DELETE FROM chat WHERE chat_id = ?", (user_id,))
            self.subscriptions.forget(user_id)
            self.captures.forget(user_id)

    # -- updates ---------------------------------------------------------------------------------------

    def receive(self, updates: Iterable[tuple[int, str | None]], at: int) -> None:
        """Keeps (update_id, body) in one transaction; an update that is known already is left alone.

        An update with the body None has nothing to be handled; only its id is kept.
        """
        with self._store.write() as db:
            db.executemany(
                "INSERT INTO inbox (update_id, body, state, at) VALUES (?, ?, ?, ?) ON CONFLICT (update_id) DO NOTHING",
                [(number, body, "new" if body is not None else "done", at) for number, body in updates],
            )
            db.execute("DELETE FROM inbox WHERE state <> 'new' AND at < ?", (at - _INBOX_SECONDS,))

    def known(self, updates: Iterable[int]) -> set[int]:
        """Which of these updates have been received already."""
        numbers = list(updates)
        marks = ", ".join("?" * len(numbers))
        rows = self._read(f"SELECT update_id FROM inbox WHERE update_id IN ({marks})", *numbers)  # noqa: S608  # only question marks
        return {row[0] for row in rows}

    def waiting(self, after: int, limit: int) -> list[Received]:
        """Updates still to be handled, oldest first, whose id is above `after`."""
        rows = self._read(
            "SELECT update_id, body FROM inbox WHERE state = 'new' AND update_id > ? ORDER BY update_id LIMIT ?",
            after,
            limit,
        )
        return [Received(*row) for row in rows]

    def last_update(self, now: int) -> int | None:
        """The highest update_id received in the last six days, None without one.

        After a week without updates Telegram goes on with a random, perhaps lower, id (Bot API, Update).
        """
        row = self._read("SELECT max(update_id) FROM inbox WHERE at > ?", now - 6 * 86_400).fetchone()
        return row[0] if row else None

    def finish(self, update_id: int, outcome: str) -> None:
        """Marks a waiting update done, failed or poison, and erases its body; the first mark stays."""
        self._write(
            "UPDATE inbox SET state = ?, body = NULL WHERE update_id = ? AND state = 'new'",
            outcome,
            update_id,
        )

    def inbox_counts(self) -> dict[str, int]:
        """How many updates of the inbox are in each state."""
        return {row[0]: row[1] for row in self._read("SELECT state, count(*) FROM inbox GROUP BY state")}

    # -- health ----------------------------------------------------------------------------------------

    def beat(self, name: str, at: int) -> None:
        """Records that the part `name` has just done its work, and forgets views older than 90 days."""
        with self._store.write() as db:
            db.execute(
                "INSERT INTO heartbeat VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET at = excluded.at",
                (name, at),
            )
            db.execute("DELETE FROM view WHERE at < ?", (at - _VIEW_SECONDS,))

    def last_beat(self, name: str) -> int | None:
        """When the part `name` last did its work."""
        row = self._read("SELECT at FROM heartbeat WHERE name = ?", name).fetchone()
        return row[0] if row else None

    def _read(self, sql: str, *values: object) -> sqlite3.Cursor:
        return self._store.read().execute(sql, values)

    def _write(self, sql: str, *values: object) -> None:
        with self._store.write() as db:
            db.execute(sql, values)
