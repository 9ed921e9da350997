"""The tables of state.db, as numbered migrations that are never edited once released.

Plain SQL that PostgreSQL would also take: ON CONFLICT, no rowid, times as UTC seconds.
"""

from __future__ import annotations

from sqlite_utils import Database, Migrations

MIGRATIONS = Migrations("state")

_FIRST = (
    # A document's bytes lie in sources/<sha256>; `name` is what it was called when it came in.
    """CREATE TABLE source (
        report_id TEXT NOT NULL, language TEXT NOT NULL, sha256 TEXT NOT NULL, name TEXT NOT NULL,
        PRIMARY KEY (report_id, language)
    )""",
    "CREATE TABLE first_seen (report_id TEXT PRIMARY KEY, at BIGINT NOT NULL)",
    # language: the one chosen with /lang, NULL where none was.
    "CREATE TABLE chat (chat_id BIGINT PRIMARY KEY, language TEXT)",
    # What the buttons under one message belong to: the query, and who asked it where.
    """CREATE TABLE view (
        id TEXT PRIMARY KEY, chat_id BIGINT NOT NULL, user_id BIGINT NOT NULL, query TEXT NOT NULL, at BIGINT NOT NULL
    )""",
    "CREATE INDEX view_at ON view (at)",
    # state: new, done, failed or poison. The body is erased once the update is handled.
    """CREATE TABLE inbox (
        update_id BIGINT PRIMARY KEY, body TEXT, state TEXT NOT NULL, at BIGINT NOT NULL
    )""",
    "CREATE INDEX inbox_state ON inbox (state, update_id)",
    # When a named part last did its work, for health checks from another process.
    "CREATE TABLE heartbeat (name TEXT PRIMARY KEY, at BIGINT NOT NULL)",
)


@MIGRATIONS()
def m001_sources_chats_and_inbox(db: Database) -> None:
    """Where reports came from, what chats chose, and the updates not yet handled."""
    for statement in _FIRST:
        db.execute(statement)
