"""Table of tokens of a language model used per day, by each chat and by all chats together."""

from __future__ import annotations

from bot.state.table import Table

_EVERYBODY = 0
_KEPT_DAYS = 7


class ModelUse(Table):
    """Tokens per chat and UTC day (in days since 1970); chat 0 is the sum of all chats."""

    owns = ("model_use",)

    def take(self, chat_id: int, day: int, tokens: int, most: int, most_of_all: int) -> bool:
        """Reserve `tokens` if the chat then has at most `most` and all chats `most_of_all`; return whether it did."""
        with self._store.write():
            if self.used(chat_id, day) + tokens > most or self.used(_EVERYBODY, day) + tokens > most_of_all:
                return False
            self.add(chat_id, day, tokens)
            return True

    def add(self, chat_id: int, day: int, tokens: int) -> None:
        """Add used tokens; a negative number gives back tokens that were reserved but not used."""
        with self._store.write():
            for chat in {chat_id, _EVERYBODY}:
                self._write(
                    """INSERT INTO model_use (chat_id, day, tokens) VALUES (?, ?, ?)
                       ON CONFLICT (chat_id, day) DO UPDATE SET tokens = model_use.tokens + excluded.tokens""",
                    *(chat, day, tokens),
                )

    def used(self, chat_id: int, day: int) -> int:
        """Return the tokens of a chat (0: all chats) on a day."""
        row = self._read(
            "SELECT tokens FROM model_use WHERE chat_id = ? AND day = ?", chat_id, day
        ).fetchone()
        return int(row[0]) if row else 0

    def migrate_chat(self, old: int, new: int) -> None:
        """Move a group's counts to its new id."""
        self._write("UPDATE model_use SET chat_id = ? WHERE chat_id = ?", new, old)

    def forget(self, user_id: int) -> None:
        """Delete the counts of a person's private chat."""
        self._write("DELETE FROM model_use WHERE chat_id = ?", user_id)

    def expire(self, now: int) -> int:
        """Delete counts older than a week and return how many."""
        return self._write("DELETE FROM model_use WHERE day < ?", now // 86_400 - _KEPT_DAYS)
