"""`trendbot run`: the bot as a process. Connects, polls, stops cleanly on a signal."""

from __future__ import annotations

import asyncio
import faulthandler
import logging
import os
import random
import signal
import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any
from urllib.parse import urlsplit

from telegram.error import InvalidToken, RetryAfter, TelegramError
from telegram.ext import ExtBot

from bot.app import App
from bot.clock import utc_now
from bot.digests.due import DueDigests
from bot.inbound.dispatch import CHATS_AT_ONCE, Dispatcher
from bot.inbound.handlers import Handlers
from bot.inbound.heavy_work import HeavyWork
from bot.inbound.menus import introduce
from bot.inbound.poll import Polling
from bot.inbound.receiver import Receiver
from bot.inbound.uploads import Uploads
from bot.inbound.webhook import Webhook, secret_of
from bot.logs import configure_logging
from bot.monitoring.health import Health
from bot.monitoring.server import CannotListen, Handler, serving
from bot.outbox.fence import Fence
from bot.outbox.sender import Sender
from bot.outbox.worker import Job, Worker
from bot.recaps.message import ExportedRecaps
from bot.state.leases import LeaseLost
from bot.state.locks import Locked, locked
from bot.state.upkeep import LOCK, back_up_daily
from bot.telegram.answers import ForeignAnswer
from bot.telegram.http import AiohttpRequest
from bot.telegram.limiter import LaneArgs, LaneLimiter, seconds_of
from bot.telemetry import Telemetry

_log = logging.getLogger(__name__)

# Docker kills after ten seconds. Better to end knowingly before, with a word on what would not end.
_STOP_SECONDS, _GRACE_SECONDS = 6.5, 3.0
_LONGEST_PAUSE, _LONGEST_FLOOD = 60.0, 300.0
_DUE_SECONDS, _BACKUP_SECONDS = 15, 900


class AlreadyRunning(Exception):
    """Another process works with the same data folder."""


class CannotStart(Exception):
    """The bot cannot start; the text says what to do."""


Clock = Callable[[], datetime]


def listening(username: str) -> None:
    """Says that the bot is up, and where to find it."""
    print(f"@{username} is listening: https://t.me/{username}", flush=True)


def run(
    app: App,
    clock: Clock = utc_now,
    ready: Callable[[str], None] = listening,
    patience: float = _STOP_SECONDS,
) -> None:
    """Runs the bot until SIGTERM or SIGINT. `clock` is the time it goes by; `ready` is told its username once.

    `patience` is how many seconds a stop waits for what is being sent; the rest is sent after the next start.
    Raises AlreadyRunning when another process has the data folder, and CannotStart for a token that Telegram
    refuses. A Telegram that cannot be reached is waited for.
    """
    configure_logging(
        app.settings.log_level,
        [app.settings.token, secret_of(app.settings.token)],
        sys.stderr,
        json_lines=app.settings.log_json,
    )
    stop = _Stop(patience)
    try:
        # A moment's patience: a health check holds the lock while it looks.
        with (
            locked(app.settings.data / LOCK, patience=1),
            asyncio.Runner(loop_factory=_loop_factory()) as runner,
        ):
            runner.run(_serve(app, clock, ready, stop))
    except Locked:
        raise AlreadyRunning(
            f"Another trendbot runs with {app.settings.data}; stop it, or set TRENDBOT_DATA to another folder."
        ) from None
    except LeaseLost:
        raise AlreadyRunning(
            f"Another machine has taken over {app.settings.data}; this one stands back."
        ) from None
    except CannotListen as error:
        raise CannotStart(str(error)) from None
    except InvalidToken:
        raise CannotStart("Telegram refuses the token; check TRENDBOT_TOKEN with @BotFather.") from None
    finally:
        stop.over()


class _Stop:
    """Stops the process: waits for what is under way, up to a limit, and then no more."""

    def __init__(self, patience: float) -> None:
        self.patience = patience
        self.asked = asyncio.Event()
        self._limit = threading.Timer(patience + _GRACE_SECONDS, _end_now)
        self._limit.daemon = True

    def ask(self) -> None:
        """Asks everything to end; the process ends at the latest when the grace is over."""
        if not self.asked.is_set():
            self.asked.set()
            self._limit.start()

    def over(self) -> None:
        """Lifts the limit: everything has ended."""
        self._limit.cancel()


def _end_now() -> None:
    """Ends a process that something keeps from ending, such as a file that another process holds.

    Safe at any moment: what is not recorded yet is done at the next start, as after a crash.
    """
    _log.error(
        "Something does not end, so the process ends without it; the next start does what is left to do."
    )
    faulthandler.dump_traceback(sys.stderr)
    os._exit(1)


def _loop_factory() -> Any:
    try:
        import uvloop
    except ImportError:
        return None
    return uvloop.new_event_loop


def build(app: App, telemetry: Telemetry | None = None) -> ExtBot[LaneArgs]:
    """Builds the Bot API's other end, with our transport and limiter; updates are polled and handled by inbound/."""
    api = app.settings.api_url
    return ExtBot(
        app.settings.token,
        base_url=f"{api}/bot",
        base_file_url=f"{api}/file/bot",
        request=AiohttpRequest(proxy=app.settings.proxy),
        get_updates_request=AiohttpRequest(proxy=app.settings.proxy),
        rate_limiter=LaneLimiter(telemetry=telemetry),
    )


async def _serve(app: App, clock: Clock, ready: Callable[[str], None], stop: _Stop) -> None:
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.ask)
    process = _Process(app, clock, stop, Telemetry())
    async with serving(app.settings.listen, process.pages(), process.deliveries()):
        await process.run(ready)


@dataclass
class _Process:
    """What works while the bot runs, whether or not Telegram can be reached yet."""

    app: App
    clock: Clock
    stop: _Stop
    telemetry: Telemetry

    def __post_init__(self) -> None:
        settings = self.app.settings
        self.health = Health(self.app, self.clock)
        self.webhook = Webhook(settings.webhook, settings.token) if settings.webhook else None

    def pages(self) -> dict[str, Handler]:
        """What can be asked for over HTTP, by path."""
        pages: dict[str, Handler] = {"/healthz": self.health.answer}
        try:
            from bot.monitoring.metrics import Metrics
        except ModuleNotFoundError:  # the extra `metrics` is not installed
            return pages
        return pages | {"/metrics": Metrics(self.app, self.telemetry, self.clock).answer}

    def deliveries(self) -> dict[str, Handler]:
        """What Telegram delivers, by path."""
        if self.webhook is None:
            return {}
        return {urlsplit(self.app.settings.webhook).path or "/": self.webhook.receive}

    async def run(self, ready: Callable[[str], None]) -> None:
        """Connects, and works until stopped."""
        bot = build(self.app, self.telemetry)
        loading = asyncio.create_task(asyncio.to_thread(self.app.segmenter.load))
        connecting = asyncio.create_task(_connect(bot))
        try:
            if not await _until(self.stop.asked, connecting):
                return
            self.health.connected = True
            ready(bot.username)
            await loading
            await self._work(bot)
        finally:
            connecting.cancel()
            await asyncio.gather(connecting, loading, return_exceptions=True)
            await bot.shutdown()

    async def _work(self, bot: ExtBot[LaneArgs]) -> None:
        app, clock, stop, username = self.app, self.clock, self.stop, bot.username
        exported = ExportedRecaps(app.renderer, app.recap_briefer, username)
        uploads = Uploads(app.ingest, app.library, app.renderer, exported, app.settings.operators)
        places = asyncio.Semaphore(CHATS_AT_ONCE)
        heavy = HeavyWork(places)
        handlers = Handlers(bot, app.router(username), uploads, app.state, clock, heavy, self.telemetry)
        arrived = asyncio.Event()
        dispatcher = Dispatcher(app.state, handlers.handle, arrived, places, username, handlers.commits)
        receiver = Receiver(username, app.state, clock, arrived)
        worker = _worker(app, bot, clock, self.telemetry)
        working = asyncio.create_task(worker.run())
        tasks = [
            asyncio.create_task(part) for part in (self._receive(bot, receiver, dispatcher), dispatcher.run())
        ]
        menus = asyncio.create_task(introduce(bot, app.renderer))
        try:
            await _until(stop.asked, working, *tasks)
        finally:
            worker.stop()
            for task in (*tasks, menus):
                task.cancel()
            await asyncio.gather(*tasks, menus, return_exceptions=True)
            await asyncio.gather(dispatcher.drain(stop.patience), _ended(working, stop.patience))
            await handlers.commits.close()

    async def _receive(self, bot: ExtBot[LaneArgs], receiver: Receiver, dispatcher: Dispatcher) -> None:
        """Lets updates in until cancelled, by webhook where one is set, else by polling."""
        if self.webhook is None:
            await Polling(bot, receiver, self.app.state, self.clock, dispatcher).run()
        else:
            self.webhook.receiver = receiver
            await self.webhook.run(bot)


def _worker(app: App, bot: ExtBot[LaneArgs], clock: Clock, telemetry: Telemetry) -> Worker:
    """Builds what sends without being asked: digests and recaps that are due, and what else is in the outbox."""
    state = app.state
    limiter = bot.rate_limiter
    if not isinstance(limiter, LaneLimiter):
        raise TypeError("build() gives the bot a LaneLimiter.")
    fence = Fence(state, clock)
    sender = Sender(bot, state, limiter, fence, clock, random.Random(), telemetry)  # noqa: S311  # jitter, not a secret
    digests = DueDigests(state, app.digests(bot.username), fence)
    recaps = app.recaps(bot.username)
    jobs = (
        Job("digests", digests.queue, _DUE_SECONDS, at_clock_change=True),
        Job("recaps", recaps.tick, _DUE_SECONDS, at_clock_change=True),
        Job("backup", partial(back_up_daily, app.settings.data, state), _BACKUP_SECONDS),
    )
    return Worker(sender, fence, clock, jobs, digests.stop)


async def _ended(task: asyncio.Task[None], seconds: float) -> None:
    """Waits up to `seconds` for a task that has been told to stop, then cancels it."""
    await asyncio.wait({task}, timeout=seconds)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


async def _connect(bot: ExtBot[LaneArgs]) -> None:
    """Waits for Telegram for as long as it takes: a container may start before its network."""
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


async def _until(stop: asyncio.Event, *tasks: asyncio.Task[None]) -> bool:
    """Waits for the stop or for a task's end; raises what the task raised. False when stopped."""
    stopping = asyncio.create_task(stop.wait())
    done, _ = await asyncio.wait({stopping, *tasks}, return_when=asyncio.FIRST_COMPLETED)
    stopping.cancel()
    for task in tasks:
        if task in done:
            task.result()
    return not stop.is_set()
