"""Table of chats: their language and time zone, and whether the bot may write to them."""

from __future__ import annotations

from bot.state.table import Table


class Chats(Table):
    """The language and time zone that each chat chose, and when it was closed to the bot."""

    owns = ("chat",)

    def language(self, chat_id: int) -> str | None:
        """Return the language that a chat chose, None if it chose none."""
        row = self._read("SELECT language FROM chat WHERE chat_id = ?", chat_id).fetchone()
        return row[0] if row else None

    def set_language(self, chat_id: int, language: str) -> None:
        """Store the language that a chat chose."""
        self._write(
            """INSERT INTO chat (chat_id, language) VALUES (?, ?)
               ON CONFLICT (chat_id) DO UPDATE SET language = excluded.language""",
            chat_id,
            language,
        )

    def timezone(self, chat_id: int) -> str | None:
        """Return the time zone that a chat chose, None if it chose none."""
        row = self._read("SELECT timezone FROM chat WHERE chat_id = ?", chat_id).fetchone()
        return row["timezone"] if row else None

    def set_timezone(self, chat_id: int, timezone: str) -> None:
        """Store the time zone that a chat chose."""
        self._write(
            """INSERT INTO chat (chat_id, timezone) VALUES (?, ?)
               ON CONFLICT (chat_id) DO UPDATE SET timezone = excluded.timezone""",
            chat_id,
            timezone,
        )

    def close(self, chat_id: int, now: int) -> None:
        """Record that Telegram no longer lets the bot write to a chat; the first time stays."""
        self._write(
            """INSERT INTO chat (chat_id, closed_at) VALUES (?, ?)
               ON CONFLICT (chat_id) DO UPDATE SET closed_at = coalesce(chat.closed_at, excluded.closed_at)""",
            chat_id,
            now,
        )

    def closed(self, chat_id: int) -> bool:
        """Return whether a chat is recorded as closed to the bot."""
        row = self._read("SELECT 1 FROM chat WHERE chat_id = ? AND closed_at IS NOT NULL", chat_id).fetchone()
        return row is not None

    def open(self, chat_id: int) -> None:
        """Record that the bot may write to a chat again."""
        self._write("UPDATE chat SET closed_at = NULL WHERE chat_id = ?", chat_id)

    def migrate_chat(self, old: int, new: int) -> None:
        """Move a group's choices to its new id; those that the new id already has win. Its closing is dropped."""
        self._write(
            """INSERT INTO chat (chat_id, language, timezone)
               SELECT ?, language, timezone FROM chat WHERE chat_id = ?
               ON CONFLICT (chat_id) DO UPDATE SET
                   language = coalesce(chat.language, excluded.language),
                   timezone = coalesce(chat.timezone, excluded.timezone)""",
            new,
            old,
        )
        self._write("DELETE FROM chat WHERE chat_id = ?", old)

    def forget(self, user_id: int) -> None:
        """Delete the choices of a person's private chat."""
        self._write("DELETE FROM chat WHERE chat_id = ?", user_id)
