"""Erases what people want gone: in every table, in the file and in its write-ahead log. One call for each wish.

with a transaction:
    delete the rows in the tables that have them
where any row went: write the file anew      # secure_delete leaves copies of rows that were moved between pages
empty the write-ahead log                    # waits some seconds for readers of an older state
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
"""Seconds for which erasing waits until nobody reads an older state of the file."""


class Erasure:
    """Every method returns whether nothing is left in the file or its log; False while a reader holds the log."""

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
        """Erases what is kept of a person: their questions, digests, words in groups, choices in private."""

        def delete() -> None:
            for table in self._tables:
                table.forget(user_id)

        return self._erase(delete)

    def talk(self, chat_id: int) -> bool:
        """Erases what a group has said, and recaps of it that are not sent yet."""

        def delete() -> None:
            self._outbox.drop_recaps(chat_id)
            self._captures.purge(chat_id)

        return self._erase(delete)

    def capture(self, chat_id: int) -> bool:
        """Ends a group's consent and erases all that was kept with it, its scheduled recaps too."""

        def delete() -> None:
            self._outbox.drop_recaps(chat_id)
            self._captures.turn_off(chat_id)
            self._recaps.drop_chat(chat_id)

        return self._erase(delete)

    def opt_out(self, user_id: int, now: int) -> bool:
        """Keeps nothing that a person writes in groups from now on, and erases what was kept."""

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
        # To ask again and again costs nothing while there is nothing to erase.
        if changed:
            return self._store.rewrite(rewritten(self._tables), PATIENCE)
        return self._store.checkpoint(PATIENCE)
