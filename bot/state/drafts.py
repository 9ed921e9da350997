"""Subscriptions that are being made, so that a panel survives a restart. A part of state.db."""

from __future__ import annotations

import json
from dataclasses import asdict, replace

from bot.models import Subscription
from bot.state.table import Table

_KEPT_SECONDS = 90 * 86_400


class Drafts(Table):
    """Unsaved subscriptions by the id of their panel, for 90 days."""

    owns = ("draft",)

    def put(self, draft_id: str, draft: Subscription, now: int) -> None:
        """Keeps a subscription that is being made."""
        self._write(
            """INSERT INTO draft (id, chat_id, thread_id, user_id, body, at) VALUES (?, ?, ?, ?, ?, ?)
               ON CONFLICT (id) DO UPDATE SET body = excluded.body, at = excluded.at""",
            *(draft_id, draft.chat_id, draft.thread_id, draft.user_id, json.dumps(asdict(draft)), now),
        )

    def get(self, draft_id: str) -> Subscription | None:
        """The draft with this id."""
        row = self._read("SELECT body FROM draft WHERE id = ?", draft_id).fetchone()
        if row is None:
            return None
        draft = Subscription(**json.loads(row["body"]))
        return replace(draft, queries=tuple(draft.queries))

    def latest(self, chat_id: int, thread_id: int, user_id: int, after: int) -> str | None:
        """The id of the draft that a person worked on last in a place, None when that was before `after`."""
        row = self._read(
            """SELECT id FROM draft WHERE chat_id = ? AND thread_id = ? AND user_id = ? AND at >= ?
               ORDER BY at DESC, id LIMIT 1""",
            *(chat_id, thread_id, user_id, after),
        ).fetchone()
        return row["id"] if row else None

    def drop(self, draft_id: str) -> None:
        """Forgets a draft that was saved or given up."""
        self._write("DELETE FROM draft WHERE id = ?", draft_id)

    def migrate_chat(self, old: int, new: int) -> None:  # noqa: ARG002  # nothing goes to the new id
        """Drops the drafts of a group that moved: panels that are open become too old."""
        self._write("DELETE FROM draft WHERE chat_id = ?", old)

    def forget(self, user_id: int) -> None:
        """Deletes what a person was making."""
        self._write("DELETE FROM draft WHERE chat_id = ? OR user_id = ?", user_id, user_id)

    def expire(self, now: int) -> int:
        """Deletes drafts that nobody worked on for 90 days."""
        return self._write("DELETE FROM draft WHERE at < ?", now - _KEPT_SECONDS)
