"""The schema of the state, as numbered migrations that are never edited once released.

The first ten are in schema_first; importing this module registers all of them, in order. Plain SQL that SQLite and
PostgreSQL both accept: ON CONFLICT, no row ids. Times are UTC seconds.
"""

from __future__ import annotations

from sqlite_utils import Database

from bot.state import schema_first

MIGRATIONS = schema_first.MIGRATIONS

_WATCHED_SOURCES = (
    # Sources checked for reports; see state.sources.Source. `problem` is JSON, `seen` holds marks of the last answer.
    """CREATE TABLE watched_source (
        id TEXT PRIMARY KEY, kind TEXT NOT NULL, address TEXT NOT NULL UNIQUE, title TEXT NOT NULL,
        state TEXT NOT NULL, created BIGINT NOT NULL, next_check BIGINT NOT NULL, checked BIGINT, succeeded BIGINT,
        failures INTEGER NOT NULL, problem TEXT NOT NULL, spacing INTEGER NOT NULL, etag TEXT NOT NULL,
        last_modified TEXT NOT NULL, moved_to TEXT NOT NULL, moves INTEGER NOT NULL, seen TEXT NOT NULL,
        reports INTEGER NOT NULL, chat_id BIGINT
    )""",
    "CREATE INDEX watched_source_due ON watched_source (state, next_check)",
    "CREATE UNIQUE INDEX watched_source_chat ON watched_source (chat_id) WHERE chat_id IS NOT NULL",
)


@MIGRATIONS()
def m011_watched_sources(db: Database) -> None:
    """Feeds, pages, channels and folders from which reports are taken regularly."""
    for statement in _WATCHED_SOURCES:
        db.execute(statement)


@MIGRATIONS()
def m012_source_mutes(db: Database) -> None:
    """Publishers that readers muted in their digests."""
    db.execute(
        """CREATE TABLE source_mute (
            chat_id BIGINT NOT NULL, thread_id BIGINT NOT NULL, publisher TEXT NOT NULL, until BIGINT NOT NULL,
            PRIMARY KEY (chat_id, thread_id, publisher)
        )"""
    )


@MIGRATIONS()
def m013_what_operators_say_of_folders(db: Database) -> None:
    """The publisher and language that the operator gave for a file, so that a rebuild uses them again."""
    db.execute("ALTER TABLE source ADD COLUMN defaults TEXT NOT NULL DEFAULT ''")


@MIGRATIONS()
def m014_tokens_of_a_language_model(db: Database) -> None:
    """Tokens of a language model that a chat (0: all chats) used per day, in days since 1970."""
    db.execute(
        """CREATE TABLE model_use (
            chat_id BIGINT NOT NULL, day BIGINT NOT NULL, tokens BIGINT NOT NULL, PRIMARY KEY (chat_id, day)
        )"""
    )


@MIGRATIONS()
def m015_topics_of_operators(db: Database) -> None:
    """Topics that operators added in a chat: their written forms as a JSON list, the name first."""
    db.execute("CREATE TABLE added_topic (id TEXT PRIMARY KEY, forms TEXT NOT NULL)")


@MIGRATIONS()
def m016_alerts(db: Database) -> None:
    """Alerts; see state.alerts.Alert. Quiet hours are minutes from local midnight."""
    db.execute(
        """CREATE TABLE alert (
            id TEXT PRIMARY KEY, chat_id BIGINT NOT NULL, thread_id BIGINT NOT NULL, user_id BIGINT NOT NULL,
            query TEXT NOT NULL, watch TEXT NOT NULL, verdict TEXT NOT NULL, quiet_from INTEGER NOT NULL,
            quiet_until INTEGER NOT NULL, language TEXT NOT NULL, created BIGINT NOT NULL, since BIGINT NOT NULL,
            UNIQUE (chat_id, thread_id, query, watch)
        )"""
    )


@MIGRATIONS()
def m017_uploaded_pictures(db: Database) -> None:
    """Telegram's file ids of uploaded pictures; the key is a hash of the data that was drawn."""
    db.execute(
        "CREATE TABLE uploaded_picture (key TEXT PRIMARY KEY, file_id TEXT NOT NULL, at BIGINT NOT NULL)"
    )


_SHARED_ORIGINALS = (
    # The version of a report's last change, counted over all reports: a machine asks for those above the one it knows.
    # gone: the hashes of the files deleted with a removed report, separated by spaces.
    """CREATE TABLE report_version (
        report_id TEXT PRIMARY KEY, version BIGINT NOT NULL UNIQUE, gone TEXT NOT NULL DEFAULT ''
    )""",
    """INSERT INTO report_version (report_id, version)
       SELECT report_id, row_number() OVER (ORDER BY report_id) FROM (SELECT DISTINCT report_id FROM source) AS known""",
    # The bytes of an original in pieces, for machines that share the database; last is 1 for the final piece.
    """CREATE TABLE stored_file (
        sha256 TEXT NOT NULL, piece INTEGER NOT NULL, last INTEGER NOT NULL, body BYTEA NOT NULL,
        PRIMARY KEY (sha256, piece)
    )""",
)


@MIGRATIONS()
def m018_originals_of_other_machines(db: Database) -> None:
    """Versions and files of originals, so that a report taken in by one machine reaches the libraries of the others."""
    for statement in _SHARED_ORIGINALS:
        db.execute(statement)


@MIGRATIONS()
def m019_consent_to_a_language_model(db: Database) -> None:
    """Whether a group agreed that a language model gets the lines that a recap quotes."""
    db.execute("ALTER TABLE capture ADD COLUMN model INTEGER NOT NULL DEFAULT 0")


@MIGRATIONS()
def m020_messages_to_groups(db: Database) -> None:
    """Messages sent to a group per second: Telegram's limit per minute counts all machines together."""
    db.execute(
        """CREATE TABLE group_send (
            group_id BIGINT NOT NULL, at BIGINT NOT NULL, messages INTEGER NOT NULL, PRIMARY KEY (group_id, at)
        )"""
    )


@MIGRATIONS()
def m021_quiet_weeks(db: Database) -> None:
    """Whether a subscription says so when a week brought nothing new."""
    db.execute("ALTER TABLE subscription ADD COLUMN says_quiet INTEGER NOT NULL DEFAULT 0")


@MIGRATIONS()
def m022_albums(db: Database) -> None:
    """The messages that answer files sent together; files holds what became of each, as JSON."""
    db.execute(
        """CREATE TABLE album (
            chat_id BIGINT NOT NULL, album_id TEXT NOT NULL, message_id BIGINT NOT NULL, files TEXT NOT NULL,
            at BIGINT NOT NULL, PRIMARY KEY (chat_id, album_id)
        )"""
    )
