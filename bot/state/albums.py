"""Table of albums: which message answers the files that a person sent together, and what became of each."""

from __future__ import annotations

import json

from msgspec import Struct
from msgspec.structs import asdict

from bot.state.table import Table

# Telegram keeps unconfirmed updates for a day, so no further file of an older album can come.
_KEPT_SECONDS = 2 * 86_400


class AlbumFile(Struct, frozen=True):
    """What became of one file, by the id of the message that held it.

    `lines` holds the HTML of a line for each of its documents, and the id of the document's report, "" for none.
    """

    message_id: int
    read: bool
    lines: tuple[tuple[str, str], ...]


class Album(Struct, frozen=True):
    """The message that answers an album, and the files that it counts."""

    message_id: int
    files: tuple[AlbumFile, ...] = ()


class Albums(Table):
    """Albums by chat and by Telegram's id of the album (Bot API, Message.media_group_id), kept for two days."""

    owns = ("album",)

    def get(self, chat_id: int, album_id: str) -> Album | None:
        """Return an album, None if nothing answers it yet."""
        row = self._read(
            "SELECT message_id, files FROM album WHERE chat_id = ? AND album_id = ?", chat_id, album_id
        ).fetchone()
        if row is None:
            return None
        files = [
            AlbumFile(one["message_id"], one["read"], _pairs(one["lines"])) for one in json.loads(row[1])
        ]
        return Album(row[0], tuple(files))

    def put(self, chat_id: int, album_id: str, album: Album, now: int) -> None:
        """Store an album, replacing its earlier state."""
        files = json.dumps([asdict(file) for file in album.files], ensure_ascii=False)
        self._write(
            """INSERT INTO album (chat_id, album_id, message_id, files, at) VALUES (?, ?, ?, ?, ?)
               ON CONFLICT (chat_id, album_id)
               DO UPDATE SET message_id = excluded.message_id, files = excluded.files, at = excluded.at""",
            *(chat_id, album_id, album.message_id, files, now),
        )

    def forget(self, user_id: int) -> None:
        """Delete the albums that a person sent."""
        self._write("DELETE FROM album WHERE chat_id = ?", user_id)

    def expire(self, now: int) -> int:
        """Delete albums that changed last more than two days ago and return how many."""
        return self._write("DELETE FROM album WHERE at < ?", now - _KEPT_SECONDS)


def _pairs(lines: list[list[str]]) -> tuple[tuple[str, str], ...]:
    return tuple((line, report) for line, report in lines)
