"""Erases personal data from every table, the file and its write-ahead log: one method per request.

in one transaction: delete the rows from all tables
if any row was deleted: rewrite the file     # secure_delete leaves copies of rows that moved between pages
empty the write-ahead log                    # waits up to PATIENCE for readers of an older state
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from bot.state.captures import Captures
from bot.state.database import Database
from bot.state.outbox import Outbox
from bot.state.recap_schedules import RecapSchedules
from bot.state.table import Table, rewritten
from bot.state.views import Views

PATIENCE = 5.0
"""How long an erasure waits, in seconds, for readers of an older state of the file."""


class Erasure:
    """Erases data on request. Every method returns whether no trace is left: False if a reader still holds the log."""

    def __init__(
        self,
        store: Database,
        tables: Sequence[Table],
        captures: Captures,
        recaps: RecapSchedules,
        outbox: Outbox,
        views: Views,
    ) -> None:
        self._store = store
        self._tables = tables
        self._captures = captures
        self._recaps = recaps
        self._outbox = outbox
        self._views = views

    def person(self, user_id: int) -> bool:
        """Erase a person's data: questions, digests, messages in groups, and settings of their private chat."""

        def delete() -> None:
            for table in self._tables:
                table.forget(user_id)

        return self._erase(delete)

    def talk(self, chat_id: int) -> bool:
        """Erase a group's captured messages and its unsent recaps."""

        def delete() -> None:
            self._outbox.drop_recaps(chat_id)
            self._captures.purge(chat_id)

        return self._erase(delete)

    def capture(self, chat_id: int) -> bool:
        """End a group's consent and erase its captured messages and its recaps, scheduled ones too."""

        def delete() -> None:
            self._outbox.drop_recaps(chat_id)
            self._captures.turn_off(chat_id)
            self._recaps.drop_chat(chat_id)

        return self._erase(delete)

    def opt_out(self, user_id: int, now: int) -> bool:
        """Stop keeping a person's messages in any group, and erase those kept.

        Unsent recaps that may quote them and their questions in groups are erased too.
        """

        def delete() -> None:
            self._outbox.drop_recaps_quoting(user_id)
            self._captures.opt_out(user_id, now)
            self._recaps.forget(user_id)
            self._views.forget_in_groups(user_id)

        return self._erase(delete)

    def _erase(self, delete: Callable[[], None]) -> bool:
        with self._store.write() as db:
            before = db.total_changes
            delete()
            changed = db.total_changes > before
        # Without this, repeated requests would each rewrite the file.
        if changed:
            return self._store.rewrite(rewritten(self._tables), PATIENCE)
        return self._store.checkpoint(PATIENCE)
