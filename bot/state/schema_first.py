"""The first ten migrations of the state; import MIGRATIONS from schema, which adds those after them."""

from __future__ import annotations

import re

from sqlite_utils import Database, Migrations

MIGRATIONS = Migrations("state")

_FIRST = (
    # A document's bytes are in sources/<sha256>; `name` is its file name when it came in.
    """CREATE TABLE source (
        report_id TEXT NOT NULL, language TEXT NOT NULL, sha256 TEXT NOT NULL, name TEXT NOT NULL,
        PRIMARY KEY (report_id, language)
    )""",
    "CREATE TABLE first_seen (report_id TEXT PRIMARY KEY, at BIGINT NOT NULL)",
    # language: the one chosen with /lang, NULL if none was.
    "CREATE TABLE chat (chat_id BIGINT PRIMARY KEY, language TEXT)",
    # The context of the buttons under one message: the query, who asked it, and in which chat.
    """CREATE TABLE view (
        id TEXT PRIMARY KEY, chat_id BIGINT NOT NULL, user_id BIGINT NOT NULL, query TEXT NOT NULL, at BIGINT NOT NULL
    )""",
    "CREATE INDEX view_at ON view (at)",
    # state: new, done, failed or poison. The body is erased once the update is handled.
    """CREATE TABLE inbox (
        update_id BIGINT PRIMARY KEY, body TEXT, state TEXT NOT NULL, at BIGINT NOT NULL
    )""",
    "CREATE INDEX inbox_state ON inbox (state, update_id)",
    # When a named part of the bot last did its work, for health checks from another process.
    "CREATE TABLE heartbeat (name TEXT PRIMARY KEY, at BIGINT NOT NULL)",
)


@MIGRATIONS()
def m001_sources_chats_and_inbox(db: Database) -> None:
    """Originals, first-seen times, chat settings, views, the inbox and heartbeats."""
    for statement in _FIRST:
        db.execute(statement)


_DIGESTS = (
    # timezone: the chat's, asked once. closed_at: when Telegram first refused the bot's messages to this chat.
    "ALTER TABLE chat ADD COLUMN timezone TEXT",
    "ALTER TABLE chat ADD COLUMN closed_at BIGINT",
    # See models.Subscription. thread_id is 0 outside forum topics; queries is a JSON list.
    """CREATE TABLE subscription (
        id TEXT PRIMARY KEY, chat_id BIGINT NOT NULL, thread_id BIGINT NOT NULL, user_id BIGINT NOT NULL,
        queries TEXT NOT NULL, minute INTEGER NOT NULL, days INTEGER NOT NULL, timezone TEXT NOT NULL,
        language TEXT NOT NULL, news_only INTEGER NOT NULL, silent INTEGER NOT NULL, created BIGINT NOT NULL,
        since BIGINT NOT NULL, paused_until BIGINT, spent BIGINT, outcome TEXT NOT NULL, outcome_at BIGINT
    )""",
    "CREATE INDEX subscription_chat ON subscription (chat_id)",
    "CREATE INDEX subscription_shape ON subscription (timezone, minute, days)",
    # A local date for which a subscription's digest was made: at most once.
    """CREATE TABLE slot (
        subscription_id TEXT NOT NULL, local_date TEXT NOT NULL, at BIGINT NOT NULL,
        PRIMARY KEY (subscription_id, local_date)
    )""",
    # The sentences sent to a reader, by the hash of the folded sentence; `delivery` names the delivery that has it.
    """CREATE TABLE sent_mark (
        chat_id BIGINT NOT NULL, thread_id BIGINT NOT NULL, sentence TEXT NOT NULL, at BIGINT NOT NULL,
        delivery TEXT, PRIMARY KEY (chat_id, thread_id, sentence)
    )""",
    "CREATE INDEX sent_mark_delivery ON sent_mark (delivery) WHERE delivery IS NOT NULL",
    "CREATE INDEX first_seen_at ON first_seen (at)",
    # A query that a reader muted in digests until a moment.
    """CREATE TABLE mute (
        chat_id BIGINT NOT NULL, thread_id BIGINT NOT NULL, query TEXT NOT NULL, until BIGINT NOT NULL,
        PRIMARY KEY (chat_id, thread_id, query)
    )""",
    # A part is one Telegram message; state: ready, sending, sent, failed, dead or unknown (see outbox.py). payload is a
    # messages.Message as JSON, erased in a final state. id is the order. not_before is the second of the next try, and
    # in a final state the second when it was reached.
    """CREATE TABLE outbox (
        id INTEGER PRIMARY KEY, delivery TEXT NOT NULL, part INTEGER NOT NULL, chat_id BIGINT NOT NULL,
        thread_id BIGINT NOT NULL, payload TEXT, silent INTEGER NOT NULL, state TEXT NOT NULL,
        attempts INTEGER NOT NULL, plain INTEGER NOT NULL, not_before BIGINT NOT NULL, message_id BIGINT,
        last_error TEXT, created BIGINT NOT NULL, UNIQUE (delivery, part)
    )""",
    # Only parts still to be sent: the index stays small.
    """CREATE INDEX outbox_open ON outbox (chat_id, id)
        WHERE state IN ('ready', 'sending', 'failed', 'unknown')""",
    # Which machine does a named job; the term only grows, and fences off a process that has lost the lease.
    """CREATE TABLE lease (
        name TEXT PRIMARY KEY, owner TEXT NOT NULL, term BIGINT NOT NULL, expires BIGINT NOT NULL
    )""",
)


@MIGRATIONS()
def m002_digests(db: Database) -> None:
    """Subscriptions, their slots, the sentences delivered to readers, mutes, the outbox and leases."""
    for statement in _DIGESTS:
        db.execute(statement)


# An unsaved subscription; the body is a models.Subscription as JSON.
_DRAFTS = (
    """CREATE TABLE draft (
        id TEXT PRIMARY KEY, chat_id BIGINT NOT NULL, thread_id BIGINT NOT NULL, user_id BIGINT NOT NULL,
        body TEXT NOT NULL, at BIGINT NOT NULL
    )""",
    "CREATE INDEX draft_place ON draft (chat_id, user_id)",
)


@MIGRATIONS()
def m003_drafts(db: Database) -> None:
    """Unsaved subscriptions, so that their panels survive a restart."""
    for statement in _DRAFTS:
        db.execute(statement)


_CAPTURES = (
    # A group's consent to have its messages kept for `hours`; no row, no consent.
    """CREATE TABLE capture (
        chat_id BIGINT PRIMARY KEY, hours INTEGER NOT NULL, user_id BIGINT NOT NULL, since BIGINT NOT NULL
    )""",
    # A group's messages: never indexed for search. Ids from before a group became a supergroup are below zero.
    """CREATE TABLE captured (
        chat_id BIGINT NOT NULL, message_id BIGINT NOT NULL, thread_id BIGINT NOT NULL, author_id BIGINT NOT NULL,
        author TEXT NOT NULL, text TEXT NOT NULL, at BIGINT NOT NULL, reply_to BIGINT,
        PRIMARY KEY (chat_id, message_id)
    )""",
    "CREATE INDEX captured_topic ON captured (chat_id, thread_id, at)",
    "CREATE INDEX captured_at ON captured (chat_id, at)",
    "CREATE INDEX captured_author ON captured (author_id)",
    # People who want none of their messages kept, in any group.
    "CREATE TABLE opted_out (user_id BIGINT PRIMARY KEY, at BIGINT NOT NULL)",
    # The moment up to which recaps cover a forum topic's talk.
    """CREATE TABLE recapped (
        chat_id BIGINT NOT NULL, thread_id BIGINT NOT NULL, at BIGINT NOT NULL, PRIMARY KEY (chat_id, thread_id)
    )""",
    # A daily recap of a forum topic, skipped below `least` messages; its slots are under its id.
    """CREATE TABLE recap_schedule (
        id TEXT PRIMARY KEY, chat_id BIGINT NOT NULL, thread_id BIGINT NOT NULL, user_id BIGINT NOT NULL,
        minute INTEGER NOT NULL, timezone TEXT NOT NULL, language TEXT NOT NULL, silent INTEGER NOT NULL,
        least INTEGER NOT NULL, created BIGINT NOT NULL, UNIQUE (chat_id, thread_id, minute)
    )""",
)


@MIGRATIONS()
def m004_captures(db: Database) -> None:
    """Groups' consent, their captured messages, the people who opted out, and scheduled recaps."""
    for statement in _CAPTURES:
        db.execute(statement)


@MIGRATIONS()
def m005_inbox_by_age(db: Database) -> None:
    """An index by age, so that expiring old updates does not read all those of a week."""
    db.execute("CREATE INDEX inbox_at ON inbox (at)")


@MIGRATIONS()
def m006_what_a_digest_undoes(db: Database) -> None:
    """A digest's subscription and its earlier `since`, to restore it if the delivery fails."""
    db.execute("ALTER TABLE outbox ADD COLUMN subscription_id TEXT")
    db.execute("ALTER TABLE outbox ADD COLUMN since BIGINT")


_RECAP_VIEW = re.compile(r"/recap (-\d{1,18}) (\d{1,18})")


@MIGRATIONS()
def m007_what_views_are_about(db: Database) -> None:
    """A recap's view names the group and its forum topic; the text of a command is no longer stored as a question."""
    db.execute("ALTER TABLE view ADD COLUMN group_id BIGINT")
    db.execute("ALTER TABLE view ADD COLUMN thread_id BIGINT NOT NULL DEFAULT 0")
    for view_id, query in db.execute("SELECT id, query FROM view WHERE query LIKE '/recap -%'").fetchall():
        if about := _RECAP_VIEW.fullmatch(query):
            db.execute(
                "UPDATE view SET query = '', group_id = ?, thread_id = ? WHERE id = ?",
                (int(about[1]), int(about[2]), view_id),
            )
    db.execute("UPDATE view SET query = '' WHERE query = '/capture'")


@MIGRATIONS()
def m008_whose_words_and_polls(db: Database) -> None:
    """The person a captured message was forwarded from ("" if it was not), and its poll, a talk.Poll as JSON."""
    db.execute("ALTER TABLE captured ADD COLUMN forwarded_from TEXT NOT NULL DEFAULT ''")
    db.execute("ALTER TABLE captured ADD COLUMN poll TEXT")


_IDENTITIES = (
    # The index of an edition's document in its file, from 0; NULL if an older version took it in.
    "ALTER TABLE source ADD COLUMN position INTEGER",
    # The keys that identify a report: derived from its address, publisher and title by the rules of any version.
    "CREATE TABLE report_key (key TEXT PRIMARY KEY, report_id TEXT NOT NULL)",
    "CREATE INDEX report_key_report ON report_key (report_id)",
)


@MIGRATIONS()
def m009_identities_are_kept(db: Database) -> None:
    """A report keeps its id, even if later rules derive another key from its original."""
    for statement in _IDENTITIES:
        db.execute(statement)


@MIGRATIONS()
def m010_where_views_came_from(db: Database) -> None:
    """The view from which a briefing was opened, for the way back."""
    db.execute("ALTER TABLE view ADD COLUMN came_from TEXT NOT NULL DEFAULT ''")
