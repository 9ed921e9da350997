"""Table of uploaded pictures: their Telegram file ids, so that none is uploaded twice."""

from __future__ import annotations

from bot.state.table import Table

_KEPT_SECONDS = 90 * 86_400


class UploadedPictures(Table):
    """Telegram's file id of each picture, by a hash of the data drawn. Holds nothing about chats or people."""

    owns = ("uploaded_picture",)

    def file_id(self, key: str) -> str | None:
        """Return a picture's file id, None if it was not uploaded."""
        row = self._read("SELECT file_id FROM uploaded_picture WHERE key = ?", key).fetchone()
        return row[0] if row else None

    def put(self, key: str, file_id: str, now: int) -> None:
        """Store a picture's file id, replacing an earlier one."""
        self._write(
            """INSERT INTO uploaded_picture (key, file_id, at) VALUES (?, ?, ?)
               ON CONFLICT (key) DO UPDATE SET file_id = excluded.file_id, at = excluded.at""",
            *(key, file_id, now),
        )

    def drop(self, key: str) -> None:
        """Delete a file id that Telegram no longer accepts."""
        self._write("DELETE FROM uploaded_picture WHERE key = ?", key)

    def expire(self, now: int) -> int:
        """Delete file ids stored more than 90 days ago and return how many."""
        return self._write("DELETE FROM uploaded_picture WHERE at < ?", now - _KEPT_SECONDS)
