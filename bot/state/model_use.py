"""How many tokens of a language model each chat and all chats together have used in a day. A part of state.db."""

from __future__ import annotations

from bot.state.table import Table

_EVERYBODY = 0
_KEPT_DAYS = 7


class ModelUse(Table):
    """Tokens per chat and UTC day, counted in days since 1970; chat 0 is all chats together."""

    owns = ("model_use",)

    def take(self, chat_id: int, day: int, tokens: int, most: int, most_of_all: int) -> bool:
        """Reserves `tokens`, where the chat then has no more than `most` and all chats no more than `most_of_all`."""
        with self._store.write():
            if self.used(chat_id, day) + tokens > most or self.used(_EVERYBODY, day) + tokens > most_of_all:
                return False
            self.add(chat_id, day, tokens)
            return True

    def add(self, chat_id: int, day: int, tokens: int) -> None:
        """Adds tokens that were used, or takes back what was reserved and not used."""
        with self._store.write():
            for chat in {chat_id, _EVERYBODY}:
                self._write(
                    """INSERT INTO model_use (chat_id, day, tokens) VALUES (?, ?, ?)
                       ON CONFLICT (chat_id, day) DO UPDATE SET tokens = model_use.tokens + excluded.tokens""",
                    *(chat, day, tokens),
                )

    def used(self, chat_id: int, day: int) -> int:
        """The tokens of a chat on a day; of all chats for 0."""
        row = self._read(
            "SELECT tokens FROM model_use WHERE chat_id = ? AND day = ?", chat_id, day
        ).fetchone()
        return int(row[0]) if row else 0

    def migrate_chat(self, old: int, new: int) -> None:
        """Moves the counts of a group to its new id."""
        self._write("UPDATE model_use SET chat_id = ? WHERE chat_id = ?", new, old)

    def forget(self, user_id: int) -> None:
        """Deletes the counts of a person's private chat."""
        self._write("DELETE FROM model_use WHERE chat_id = ?", user_id)

    def expire(self, now: int) -> int:
        """Deletes counts older than a week."""
        return self._write("DELETE FROM model_use WHERE day < ?", now // 86_400 - _KEPT_DAYS)
