"""Takes in what operators send (a file, an address, a channel post) and reports progress.

Work that takes longer than two seconds is acknowledged with a progress message, which is edited as the work goes on.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import datetime
from functools import partial
from pathlib import PurePath

from telegram import Bot
from telegram.error import TelegramError

from bot.dialogue.events import FileEvent, PostEvent, TextEvent
from bot.dialogue.router import Router
from bot.inbound.albums import AlbumAnswers
from bot.inbound.heavy_work import HeavyWork, TooMuchWork
from bot.inbound.uploads import MAX_BYTES, Progress, Uploads, is_report, upload_name
from bot.intake.fetch.client import Fetcher
from bot.intake.ingest import Ingest
from bot.intake.sources.page import file_at
from bot.intake.storing import Ingested, failed
from bot.messages import Message, Place
from bot.models import Language, Problem
from bot.state.albums import AlbumFile
from bot.telegram.send import edit, edit_first, send, send_first
from bot.text.unreadable import Unreadable

_log = logging.getLogger(__name__)

_AT_ONCE_SECONDS = 2.0
_EACH_SECONDS = 3.0

Work = Callable[[Progress], Message]


class ReportIntake:
    """Handler of uploads, one at a time per chat."""

    def __init__(
        self,
        bot: Bot,
        router: Router,
        uploads: Uploads,
        fetcher: Fetcher,
        ingest: Ingest,
        clock: Callable[[], datetime],
        heavy: HeavyWork,
        operators: frozenset[int],
        albums: AlbumAnswers,
    ) -> None:
        self._bot = bot
        self._router = router
        self.uploads = uploads
        self._fetcher = fetcher
        self._ingest = ingest
        self._clock = clock
        self._heavy = heavy
        self._operators = operators
        self._albums = albums

    async def file(self, event: FileEvent) -> None:
        """Take an operator's document into the library, or recap an exported chat."""
        language = await self._language(event.chat_id, event.language_code)
        refusal = self.uploads.refusal(event.user_id, event.name, event.size, language)
        if event.album and event.user_id not in self._operators and refusal is not None:
            await self._albums.refuse(event, refusal)
            return
        if event.album:
            await self._albums.add(event, language, partial(self._album_file, event, refusal, language))
            return
        if refusal is not None:
            await send(self._bot, event.place, refusal)
            return

        async def read(progress: Progress) -> Message:
            raw = await self._download(event.file_id)
            take = partial(self.uploads.take, event.name, raw, language, self._now(), event.caption, progress)
            return await self._run_queued(take, language)

        await self._answered(event.place, language, read)

    async def _album_file(self, event: FileEvent, refusal: Message | None, language: Language) -> AlbumFile:
        """Take a file of an album into the library, or send what its recap or its feeds come to."""
        if refusal is not None:
            lines = (
                self.uploads.lines([failed(event.name, Problem("not_readable"))], language)
                if event.name and event.size <= MAX_BYTES
                else ((refusal.html, ""),)
            )
            return AlbumFile(event.message_id, read=False, lines=lines)
        try:
            raw = await self._download(event.file_id)
        except TelegramError as error:
            _log.info("A file of an album was not received: %s", error)
            ingested = [failed(event.name, Problem("not_received"))]
        else:
            now = self._now()
            if not is_report(event.name, raw):
                take = partial(self.uploads.take, event.name, raw, language, now, event.caption)
                await send(self._bot, event.place, await self._run_queued(take, language))
                return AlbumFile(event.message_id, read=True, lines=())
            ingested = await self._heavy.run(
                partial(self.uploads.documents, upload_name(event.name), raw, now)
            )
        return self._counted(event, ingested, language)

    def _counted(
        self, event: FileEvent | PostEvent, ingested: list[Ingested], language: Language
    ) -> AlbumFile:
        read = any(not one.error for one in ingested)
        return AlbumFile(event.message_id, read, self.uploads.lines(ingested, language))

    async def address(self, event: TextEvent, address: str) -> None:
        """Take the document at an address into the library."""
        language = await self._language(event.chat_id, event.language_code)

        async def read(progress: Progress) -> Message:
            try:
                name, raw = await file_at(self._fetcher, self._ingest, address)
            except Unreadable as error:
                return self.uploads.problem(error.problem.name, error.problem.values, language)
            take = partial(self.uploads.take_file, name, raw, language, self._now(), progress)
            return await self._run_queued(take, language)

        await self._answered(event.place, language, read)

    async def post(self, event: PostEvent) -> None:
        """Take a post into the library, with its document; report the result where it was forwarded.

        Nothing is said in the channel itself: of a document there that cannot be read, the operators are told, once.
        """
        if event.direct:
            raw = await self._document(event)
            ingested = await asyncio.to_thread(self.uploads.take_post, event, raw, self._now())
            errors = [one for one in ingested if one.error]
            if errors and not event.edited:
                await self._tell_operators(event, errors)
            return
        language = await self._language(event.chat_id, event.language_code)

        async def read_of_album() -> AlbumFile:
            take = partial(self.uploads.take_post, event, await self._document(event), self._now())
            return self._counted(event, await self._heavy.run(take), language)

        async def read(_: Progress) -> Message:
            raw, now = await self._document(event), self._now()
            return await self._run_queued(
                lambda: self.uploads.outcome(self.uploads.take_post(event, raw, now), language), language
            )

        if event.album:
            await self._albums.add(event, language, read_of_album)
        else:
            await self._answered(event.place, language, read)

    async def _document(self, event: PostEvent) -> bytes | Problem | None:
        """Return the bytes of a post's document, or why they cannot be had; None without one."""
        if not event.file_id:
            return None
        if event.file_size > MAX_BYTES:
            return Problem(
                "too_large", (event.file_size, MAX_BYTES, PurePath(event.file_name).suffix.lower())
            )
        try:
            return await self._download(event.file_id)
        except TelegramError as error:
            _log.info("The document of a post was not received: %s", error)
            return Problem("not_received")

    async def _download(self, file_id: str) -> bytes:
        file = await self._bot.get_file(file_id)
        return bytes(await file.download_as_bytearray())

    async def _tell_operators(self, event: PostEvent, errors: list[Ingested]) -> None:
        for operator in sorted(self._operators):
            language = await self._language(operator, None, event.title)
            try:
                await send(self._bot, Place(operator), self.uploads.unread(event, errors, language))
            except TelegramError as error:
                _log.info("An operator was not told of a document that cannot be read: %s", error)

    async def _answered(
        self, place: Place, language: Language, read: Callable[[Progress], Awaitable[Message]]
    ) -> None:
        """Send the result of `read`; where that takes long, show progress first and edit the result into that message."""
        counts = [0]
        work = asyncio.ensure_future(read(lambda count: counts.__setitem__(0, count)))
        try:
            await asyncio.wait({work}, timeout=_AT_ONCE_SECONDS)
            number, shown_count = None, -1
            while not work.done():
                progress = self.uploads.progress(language, counts[0])
                if number is None:
                    number = await send_first(self._bot, place, progress)
                elif counts[0] != shown_count:
                    await edit_first(self._bot, place.chat_id, number, progress)
                shown_count = counts[0]
                await asyncio.wait({work}, timeout=_EACH_SECONDS)
            answer = await work
        finally:
            work.cancel()
        if number is None:
            await send(self._bot, place, answer)
        else:
            await edit(self._bot, place.chat_id, number, answer)

    async def _run_queued(self, take: Callable[[], Message], language: Language) -> Message:
        """Return the result of `take`, or a notice where too much work is waiting."""
        try:
            return await self._heavy.run(take)
        except TooMuchWork:
            return self.uploads.busy(language)

    async def _language(self, chat_id: int, language_code: str | None, text: str = "") -> Language:
        return await asyncio.to_thread(self._router.language_in, chat_id, language_code, text)

    def _now(self) -> int:
        return int(self._clock().timestamp())
