"""Takes in what operators send (a file, an address, a channel post) and reports progress.

Work that takes longer than two seconds is acknowledged with a progress message, which is edited as the work goes on.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime
from functools import partial

from telegram import Bot

from bot.dialogue.events import FileEvent, PostEvent, TextEvent
from bot.dialogue.router import Router
from bot.inbound.heavy_work import HeavyWork, TooMuchWork
from bot.inbound.uploads import Progress, Uploads
from bot.intake.fetch.client import Fetcher
from bot.intake.ingest import Ingest
from bot.intake.sources.page import file_at
from bot.messages import Message, Place
from bot.models import Language
from bot.telegram.send import edit, edit_first, send, send_first
from bot.text.unreadable import Unreadable

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
    ) -> None:
        self._bot = bot
        self._router = router
        self.uploads = uploads
        self._fetcher = fetcher
        self._ingest = ingest
        self._clock = clock
        self._heavy = heavy

    async def file(self, event: FileEvent) -> None:
        """Take an operator's document into the library, or recap an exported chat."""
        language = await self._language(event.chat_id, event.language_code)
        refusal = self.uploads.refusal(event.user_id, event.name, event.size, language)
        if refusal is not None:
            await send(self._bot, event.place, refusal)
            return

        async def read(progress: Progress) -> Message:
            file = await self._bot.get_file(event.file_id)
            raw = bytes(await file.download_as_bytearray())
            take = partial(self.uploads.take, event.name, raw, language, self._now(), event.caption, progress)
            return await self._run_queued(take, language)

        await self._answered(event.place, language, read)

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
        """Take a post into the library; report the result where it was forwarded, and nothing in the channel itself."""
        language = await self._language(event.chat_id, event.language_code)
        take = partial(self.uploads.take_post, event, language, self._now())
        if event.direct:
            await asyncio.to_thread(take)
            return

        async def read(_: Progress) -> Message:
            return await self._run_queued(take, language)

        await self._answered(event.place, language, read)

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

    async def _language(self, chat_id: int, language_code: str | None) -> Language:
        return await asyncio.to_thread(self._router.language_in, chat_id, language_code)

    def _now(self) -> int:
        return int(self._clock().timestamp())
