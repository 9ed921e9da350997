"""Table of drafts: unsaved subscriptions, so that their panels survive a restart."""

from __future__ import annotations

import json

from msgspec.structs import asdict, replace

from bot.models import Subscription
from bot.state.table import Table

_KEPT_SECONDS = 90 * 86_400


class Drafts(Table):
    """Unsaved subscriptions by the id of their panel, kept for 90 days after the last change."""

    owns = ("draft",)

    def put(self, draft_id: str, draft: Subscription, now: int) -> None:
        """Store an unsaved subscription, replacing an earlier state of it."""
        self._write(
            """INSERT INTO draft (id, chat_id, thread_id, user_id, body, at) VALUES (?, ?, ?, ?, ?, ?)
               ON CONFLICT (id) DO UPDATE SET body = excluded.body, at = excluded.at""",
            *(draft_id, draft.chat_id, draft.thread_id, draft.user_id, json.dumps(asdict(draft)), now),
        )

    def get(self, draft_id: str) -> Subscription | None:
        """Return the draft with this id, None if there is none."""
        row = self._read("SELECT body FROM draft WHERE id = ?", draft_id).fetchone()
        if row is None:
            return None
        draft = Subscription(**json.loads(row["body"]))
        return replace(draft, queries=tuple(draft.queries))

    def latest(self, chat_id: int, thread_id: int, user_id: int, after: int) -> str | None:
        """Return the id of a person's last changed draft in a forum topic, None if none was changed since `after`."""
        row = self._read(
            """SELECT id FROM draft WHERE chat_id = ? AND thread_id = ? AND user_id = ? AND at >= ?
               ORDER BY at DESC, id LIMIT 1""",
            *(chat_id, thread_id, user_id, after),
        ).fetchone()
        return row["id"] if row else None

    def drop(self, draft_id: str) -> None:
        """Delete a draft that was saved or given up."""
        self._write("DELETE FROM draft WHERE id = ?", draft_id)

    def migrate_chat(self, old: int, new: int) -> None:  # noqa: ARG002  # nothing is moved
        """Delete the drafts of a group that got a new id; its open panels then count as expired."""
        self._write("DELETE FROM draft WHERE chat_id = ?", old)

    def forget(self, user_id: int) -> None:
        """Delete a person's drafts."""
        self._write("DELETE FROM draft WHERE chat_id = ? OR user_id = ?", user_id, user_id)

    def expire(self, now: int) -> int:
        """Delete drafts unchanged for 90 days and return how many."""
        return self._write("DELETE FROM draft WHERE at < ?", now - _KEPT_SECONDS)
