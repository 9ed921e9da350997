"""The running bot: connects to Telegram, then receives, answers, composes digests and sends, until stopped.

with one machine:     receive -> inbox -> dispatch -> answer; every few seconds, what is due -> outbox -> send
with a shared state:  wait for the lease, do the same while it is held, stand by when it is lost
"""

from __future__ import annotations

import asyncio
import logging
import random
import socket
from collections.abc import Callable
from datetime import datetime
from urllib.parse import urlsplit

from msgspec import Struct
from telegram.error import InvalidToken, RetryAfter, TelegramError
from telegram.ext import ExtBot

from bot.app import App
from bot.inbound.albums import AlbumAnswers
from bot.inbound.channels import Channels
from bot.inbound.commit import Commits
from bot.inbound.dispatch import CHATS_AT_ONCE, Dispatcher
from bot.inbound.handlers import Handlers
from bot.inbound.heavy_work import HeavyWork
from bot.inbound.menus import set_profile
from bot.inbound.poll import Polling
from bot.inbound.receiver import Receiver
from bot.inbound.replies import Replies
from bot.inbound.report_intake import ReportIntake
from bot.inbound.retellings import Retellings
from bot.inbound.uploads import Uploads
from bot.inbound.webhook import Webhook
from bot.intake.sources.due import DueSources
from bot.jobs import build_worker, retellings_ahead
from bot.logs import Trouble
from bot.monitoring.health import Health
from bot.monitoring.server import Handler
from bot.outbox.fence import Fence
from bot.outbox.sender import Sender
from bot.recaps.message import ExportedRecaps
from bot.sqlite.errors import StorageError
from bot.state.leases import LeaseLost, machine_name
from bot.telegram.answers import ForeignAnswer
from bot.telegram.http import AiohttpRequest
from bot.telegram.limiter import LaneArgs, LaneLimiter, Permit, seconds_of
from bot.telemetry import Telemetry

_log = logging.getLogger(__name__)

_LONGEST_PAUSE, _LONGEST_FLOOD = 60.0, 300.0
_STANDBY_SECONDS, _DELIVERED_SECONDS = 0.5, 2.0

Clock = Callable[[], datetime]


class Stopping(Struct, frozen=True):
    """Whether the process is asked to stop, and the seconds to wait then for work in progress."""

    asked: asyncio.Event
    patience: float


def build_client(app: App, telemetry: Telemetry, permit: Permit) -> ExtBot[LaneArgs]:
    """Return a client of the Bot API with our transport and limiter; inbound/ polls and handles its updates."""
    api = app.settings.api_url
    return ExtBot(
        app.settings.token,
        base_url=f"{api}/bot",
        base_file_url=f"{api}/file/bot",
        request=AiohttpRequest(proxy=app.settings.proxy),
        get_updates_request=AiohttpRequest(proxy=app.settings.proxy),
        rate_limiter=LaneLimiter(telemetry=telemetry, permit=permit),
    )


class Process:
    """The running bot, whether or not Telegram can be reached yet."""

    def __init__(self, app: App, clock: Clock, stop: Stopping, telemetry: Telemetry) -> None:
        self.app, self.clock, self.stop, self.telemetry = app, clock, stop, telemetry
        settings = app.settings
        self.webhook = Webhook(settings.webhook, settings.token, self.clock) if settings.webhook else None
        self.health = Health(self.app, self.clock, self.webhook)
        shared = self.app.state.shared
        owner = machine_name(settings.data) if shared else f"{socket.gethostname()}:{settings.data}"
        self.fence = Fence(self.app.state, self.clock, owner)
        self.arrived = asyncio.Event()
        self.following = self.app.ingest.following()

    def pages(self) -> dict[str, Handler]:
        """Return the handlers of GET requests, by path."""
        pages: dict[str, Handler] = {"/healthz": self.health.answer}
        try:
            from bot.monitoring.metrics import Metrics
        except ModuleNotFoundError:  # the extra `metrics` is not installed
            return pages
        return pages | {"/metrics": Metrics(self.app, self.telemetry, self.clock, self.webhook).answer}

    def deliveries(self) -> dict[str, Handler]:
        """Return the handler of Telegram's deliveries, by path; empty when updates are polled."""
        if self.webhook is None:
            return {}
        return {urlsplit(self.app.settings.webhook).path or "/": self.webhook.receive}

    async def run(self, ready: Callable[[str], None]) -> None:
        """Connect, call `ready` with the bot's username, and work until stopped."""
        bot = build_client(self.app, self.telemetry, self.fence.permits)
        loading = asyncio.create_task(asyncio.to_thread(self.app.segmenter.load))
        connecting = asyncio.create_task(_connect(bot))
        try:
            if not await _first_of(self.stop.asked, connecting):
                return
            self.health.connected = True
            # Before anybody is told: loading a dictionary holds the interpreter, and requests with it.
            await loading
            ready(bot.username)
            receiver = Receiver(
                bot.username, self.app.state, self.clock, self.arrived, self.app.settings.operators
            )
            if self.webhook is not None:
                self.webhook.receiver = receiver
            if not self.app.state.shared:
                await self._work(bot, receiver)
                return
            async with self.following.running(self.clock):
                await self._take_turns(bot, receiver)
        finally:
            connecting.cancel()
            await asyncio.gather(connecting, loading, return_exceptions=True)
            await bot.shutdown()

    async def _take_turns(self, bot: ExtBot[LaneArgs], receiver: Receiver) -> None:
        """Work while this machine holds the lease, and wait while another does, until stopped."""
        trouble = Trouble(_log, "The shared state cannot be used", "The shared state can be used again")
        stands_by = False
        while not self.stop.asked.is_set():
            try:
                held = await asyncio.to_thread(self.fence.acquire)
                if held:
                    _limiter(bot).remember(await asyncio.to_thread(self.fence.sent_to_groups))
                trouble.clear()
            except StorageError as error:
                held = False
                trouble.report(error)
            if not held:
                if not stands_by and not trouble.lasts:
                    _log.warning("This machine stands by: another one works with the same database.")
                    stands_by = True
                await _first_of(self.stop.asked, asyncio.create_task(asyncio.sleep(_STANDBY_SECONDS)))
                continue
            if stands_by:
                _log.warning("This machine works now.")
                stands_by = False
            try:
                await self._work(bot, receiver)
            except LeaseLost:
                _log.warning("Another machine has taken over.")

    async def _wake_dispatcher(self) -> None:
        """Wake the dispatcher periodically: another machine's webhook may have put updates into the inbox."""
        while True:
            await asyncio.sleep(_DELIVERED_SECONDS)
            self.arrived.set()

    def _handlers(self, bot: ExtBot[LaneArgs], places: asyncio.Semaphore) -> Handlers:
        """Return the handlers of all events; `places` limits how many chats are answered at once."""
        app, clock, settings = self.app, self.clock, self.app.settings
        router = app.router(bot.username)
        heavy = HeavyWork(places)
        uploads = Uploads(
            ingest=app.ingest,
            library=app.library,
            state=app.state,
            renderer=app.renderer,
            exported=ExportedRecaps(app.renderer, app.recap_briefer, bot.username),
            operators=settings.operators,
            zone=settings.timezone,
        )
        albums = AlbumAnswers(bot, app.state, app.renderer, clock)
        # Without a shared state, the lock of the data folder guards it.
        fence = self.fence.check if app.state.shared else None
        return Handlers(
            bot=bot,
            router=router,
            replies=Replies(bot, router, clock, heavy),
            intake=ReportIntake(
                bot, router, uploads, app.fetcher(), app.ingest, clock, heavy, settings.operators, albums
            ),
            channels=Channels(router, app.state, clock, settings.operators),
            commits=Commits(app.state, clock, fence, app.ingest.take_out),
            state=app.state,
            clock=clock,
            telemetry=self.telemetry,
            retellings=Retellings(bot, router, app.rewriter, clock) if app.rewriter else None,
            in_flight=_limiter(bot).in_flight,
        )

    async def _work(self, bot: ExtBot[LaneArgs], receiver: Receiver) -> None:
        app, clock, stop, username = self.app, self.clock, self.stop, bot.username
        places = asyncio.Semaphore(CHATS_AT_ONCE)
        handlers = self._handlers(bot, places)
        dispatcher = Dispatcher(app.state, handlers.handle, self.arrived, places, username, handlers.commits)
        sources = DueSources(app.source_check(), app.state, clock)
        ahead = retellings_ahead(app, username)
        sender = Sender(bot, app.state, _limiter(bot), self.fence, clock, random.Random(), self.telemetry)  # noqa: S311  # jitter, not a secret
        worker = build_worker(app, username, clock, self.fence, sender, sources, ahead, self.following.late)
        working = asyncio.create_task(worker.run())
        polling = Polling(bot, receiver, app.state, clock, dispatcher)
        receiving = self.webhook.run(bot) if self.webhook else polling.run()
        parts = [receiving, dispatcher.run()]
        if app.state.shared:
            parts.append(self._wake_dispatcher())
        tasks = [asyncio.create_task(part) for part in parts]
        menus = asyncio.create_task(set_profile(bot, app.renderer))
        keeping = [asyncio.create_task(self.fence.keep())] if app.state.shared else []
        try:
            await _first_of(stop.asked, working, *tasks, *keeping)
        finally:
            worker.stop()
            await _cancelled(*tasks, menus)
            await asyncio.gather(
                dispatcher.drain(stop.patience),
                _ended(working, stop.patience),
                asyncio.to_thread(sources.stop, stop.patience),
            )
            if ahead:
                ahead.close()
            await handlers.close()
            # Last: answers under way still commit, and only the holder of the lease may.
            await _cancelled(*keeping)
            await asyncio.to_thread(self._release)

    def _release(self) -> None:
        try:
            self.fence.release()
        except StorageError as error:
            _log.warning("The lease could not be given back, it runs out by itself: %s", error)


def _limiter(bot: ExtBot[LaneArgs]) -> LaneLimiter:
    if not isinstance(bot.rate_limiter, LaneLimiter):
        raise TypeError("build_client() gives the bot a LaneLimiter.")
    return bot.rate_limiter


async def _cancelled(*tasks: asyncio.Task[None]) -> None:
    """Cancel tasks and wait for their ends, whatever they raise."""
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


async def _ended(task: asyncio.Task[None], seconds: float) -> None:
    """Wait up to `seconds` for a task that was told to stop, then cancel it."""
    await asyncio.wait({task}, timeout=seconds)
    await _cancelled(task)


async def _connect(bot: ExtBot[LaneArgs]) -> None:
    """Connect to Telegram, however long it takes: a container may start before its network. Raises InvalidToken."""
    pause = 1.0
    while True:
        try:
            await bot.initialize()
        except InvalidToken:
            raise
        except TelegramError as error:
            seconds = min(_LONGEST_FLOOD, seconds_of(error)) if isinstance(error, RetryAfter) else pause
            reason = str(error).rstrip(".") if isinstance(error, ForeignAnswer) else type(error).__name__
            _log.warning("Telegram cannot be reached (%s); trying again in %.0f s.", reason, seconds)
            await asyncio.sleep(seconds)
            pause = min(_LONGEST_PAUSE, pause * 2)
        else:
            return


async def _first_of(stop: asyncio.Event, *tasks: asyncio.Task[None]) -> bool:
    """Wait for the stop or a task's end; raise what the task raised. Return False when stopped."""
    stopping = asyncio.create_task(stop.wait())
    done, _ = await asyncio.wait({stopping, *tasks}, return_when=asyncio.FIRST_COMPLETED)
    stopping.cancel()
    for task in tasks:
        if task in done:
            task.result()
    return not stop.is_set()
