"""`trendbot run`: the bot as a system process. One per data folder; stops cleanly on a signal."""

from __future__ import annotations

import asyncio
import faulthandler
import logging
import os
import signal
import sys
import threading
from collections.abc import Callable
from typing import Any

from telegram.error import InvalidToken

from bot.app import App
from bot.clock import utc_now
from bot.inbound.webhook import secret_of
from bot.logs import configure_logging
from bot.monitoring.server import CannotListen, serving
from bot.process import Clock, Process, Stopping
from bot.state.leases import LeaseLost
from bot.state.locks import Locked, locked
from bot.state.upkeep import LOCK
from bot.telemetry import Telemetry

_log = logging.getLogger(__name__)

# Docker kills after ten seconds. Better to end in time, and to log what did not end.
_STOP_SECONDS, _GRACE_SECONDS = 6.5, 3.0


class AlreadyRunning(Exception):
    """Another process uses the same data folder."""


class CannotStart(Exception):
    """The bot cannot start; the message says what to do."""


def announce(username: str) -> None:
    """Print that the bot is up, and its link."""
    print(f"@{username} is listening: https://t.me/{username}", flush=True)


def run(
    app: App,
    clock: Clock = utc_now,
    ready: Callable[[str], None] = announce,
    patience: float = _STOP_SECONDS,
) -> None:
    """Run the bot until SIGTERM or SIGINT. `clock` is its clock; `ready` is called once with its username.

    `patience` is how many seconds a stop waits for messages being sent; the rest is sent after the next start. Raises
    AlreadyRunning when another process holds the data folder, and CannotStart for a token that Telegram refuses or an
    address that cannot be listened on. Waits for a Telegram that cannot be reached.
    """
    configure_logging(
        app.settings.log_level,
        [*app.settings.secrets, secret_of(app.settings.token)],
        sys.stderr,
        json_lines=app.settings.log_json,
    )
    stop = _Stop(patience)
    try:
        # A second's patience, because a health check holds the lock while it looks.
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
    """Stop of the process: it waits for work in progress up to a limit, then ends."""

    def __init__(self, patience: float) -> None:
        self.patience = patience
        self.asked = asyncio.Event()
        self._limit = threading.Timer(patience + _GRACE_SECONDS, _end_now)
        self._limit.daemon = True

    def ask(self) -> None:
        """Ask everything to end; the process ends at the latest after the grace period."""
        if not self.asked.is_set():
            self.asked.set()
            self._limit.start()

    def over(self) -> None:
        """Cancel the limit: everything has ended."""
        self._limit.cancel()


def _end_now() -> None:
    """End a process that something keeps from ending, such as a file held by another process.

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


async def _serve(app: App, clock: Clock, ready: Callable[[str], None], stop: _Stop) -> None:
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.ask)
    process = Process(app, clock, Stopping(stop.asked, stop.patience), Telemetry())
    async with serving(app.settings.listen, process.pages(), process.deliveries()):
        await process.run(ready)
