"""Pictures that Telegram has, so that none is uploaded twice. A part of state.db."""

from __future__ import annotations

from bot.state.table import Table

_KEPT_SECONDS = 90 * 86_400


class Uploads(Table):
    """By a hash of what a picture was drawn from, what Telegram calls it. Belongs to no chat and no person."""

    owns = ("uploaded_picture",)

    def file_id(self, key: str) -> str | None:
        """What Telegram calls a picture, None where it has none."""
        row = self._read("SELECT file_id FROM uploaded_picture WHERE key = ?", key).fetchone()
        return row[0] if row else None

    def put(self, key: str, file_id: str, now: int) -> None:
        """Records what Telegram calls a picture."""
        self._write(
            """INSERT INTO uploaded_picture (key, file_id, at) VALUES (?, ?, ?)
               ON CONFLICT (key) DO UPDATE SET file_id = excluded.file_id, at = excluded.at""",
            *(key, file_id, now),
        )

    def drop(self, key: str) -> None:
        """Forgets a name that Telegram does not know any more."""
        self._write("DELETE FROM uploaded_picture WHERE key = ?", key)

    def expire(self, now: int) -> int:
        """Deletes what was uploaded more than 90 days ago."""
        return self._write("DELETE FROM uploaded_picture WHERE at < ?", now - _KEPT_SECONDS)
