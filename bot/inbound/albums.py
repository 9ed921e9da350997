"""Answers files that a person sent together with one message, which grows as they are read.

for each file, one update each, in order:
    the album's message is sent with its first file, and stored
    the file is read once, and what became of it is stored
    the message is edited to what is stored: true after a kill at any moment, for the next file shows it again
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from datetime import datetime

from msgspec.structs import replace
from telegram import Bot
from telegram.error import BadRequest

from bot.dialogue.commands.sources import OpenReport
from bot.dialogue.events import FileEvent, PostEvent
from bot.inbound.updates import load
from bot.messages import Button, Message
from bot.models import Language
from bot.rendering.callbacks import NO_VIEW, rows_of
from bot.rendering.renderer import Renderer, fits
from bot.state.albums import Album, AlbumFile
from bot.state.state import State
from bot.telegram.send import edit, edit_first, send

Upload = FileEvent | PostEvent

_EACH_SECONDS = 2.0
_AHEAD = 200
"""Updates in the inbox that are looked through for further files of an album; Telegram allows ten files in one."""
_PER_ROW = 5


class AlbumAnswers:
    """The answers to albums in private chats."""

    def __init__(self, bot: Bot, state: State, renderer: Renderer, clock: Callable[[], datetime]) -> None:
        self._bot = bot
        self._state = state
        self._renderer = renderer
        self._clock = clock
        # When each chat's message was edited last, in monotonic seconds.
        self._edited: dict[int, float] = {}

    async def refuse(self, event: Upload, refusal: Message) -> None:
        """Send a refusal for the first file of an album, and nothing for the others."""
        if await asyncio.to_thread(self._state.albums.get, event.chat_id, event.album) is None:
            await self._put(event, Album(await send(self._bot, event.place, refusal)))

    async def add(self, event: Upload, language: Language, read: Callable[[], Awaitable[AlbumFile]]) -> None:
        """Read a file of an album and show what became of it in the album's message."""
        album = await asyncio.to_thread(self._state.albums.get, event.chat_id, event.album)
        if album is None:
            waiting = await asyncio.to_thread(self._waiting, event, ())
            started = self.message((), waiting + 1, language)
            album = Album(await send(self._bot, event.place, started))
            await self._put(event, album)
        if all(file.message_id != event.message_id for file in album.files):
            album = replace(album, files=(*album.files, await read()))
            await self._put(event, album)
        waiting = await asyncio.to_thread(self._waiting, event, album.files)
        await self._show(event, album, self.message(album.files, waiting, language), final=not waiting)

    def message(self, files: tuple[AlbumFile, ...], waiting: int, language: Language) -> Message:
        """Return the message about an album of which `waiting` files are still to be read."""
        read = sum(file.read for file in files)
        name = "album_progress" if waiting else "album_read"
        heading = self._renderer.notice(name, language, len(files) + waiting, read, len(files) - read)
        lines: list[str] = []
        buttons: list[Button] = []
        for line, report in dict.fromkeys(line for file in files for line in file.lines):
            if not report:
                lines.append(line)
                continue
            buttons.append(Button(str(len(buttons) + 1), OpenReport(NO_VIEW, language, report)))
            lines.append(f"{len(buttons)}. {line}")
        rows = () if waiting else rows_of(buttons, _PER_ROW)
        shown = len(lines)
        while True:
            left = len(lines) - shown
            more = [self._renderer.notice("ingest_more_lines", language, left)] if left else []
            message = Message("\n".join([heading, *lines[:shown], *more]), rows)
            if not shown or fits(message):
                return message
            shown -= 1

    async def _show(self, event: Upload, album: Album, message: Message, *, final: bool) -> None:
        """Edit the album's message, or send it again if it was deleted; leave out what the next file shows anyway."""
        now = time.monotonic()
        if not final and now - self._edited.get(event.chat_id, -_EACH_SECONDS) < _EACH_SECONDS:
            return
        self._edited[event.chat_id] = now
        try:
            await (edit if final else edit_first)(self._bot, event.chat_id, album.message_id, message)
        except BadRequest:
            await self._put(event, replace(album, message_id=await send(self._bot, event.place, message)))

    async def _put(self, event: Upload, album: Album) -> None:
        now = int(self._clock().timestamp())
        await asyncio.to_thread(self._state.albums.put, event.chat_id, event.album, album, now)

    def _waiting(self, event: Upload, files: tuple[AlbumFile, ...]) -> int:
        """Return how many further files of an album have been received and are still to be read."""
        known = {event.message_id, *(file.message_id for file in files)}
        bodies = [row.body for row in self._state.inbox.waiting(-1, _AHEAD) if event.album in row.body]
        waiting = {
            other.message_id
            for other in (load(body, None) for body in bodies)
            if isinstance(other, FileEvent | PostEvent)
            if (other.chat_id, other.album) == (event.chat_id, event.album)
        }
        return len(waiting - known)
