"""`trendbot demo`: runs a local Telegram, the real bot polling it, and a page to talk to it."""

from __future__ import annotations

import signal
import tempfile
import threading
import webbrowser
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from datetime import datetime, timedelta
from pathlib import Path
from secrets import token_hex
from typing import TYPE_CHECKING, NoReturn

from msgspec.structs import replace

from bot.clock import utc_now
from bot.playground.server import LocalTelegram
from bot.playground.serving import PortTaken
from bot.playground.stage import YOU, create_demo_chats
from bot.playground.web import Page
from bot.settings import Settings

if TYPE_CHECKING:
    from bot.app import App

_PORTS = 20
_BOT = 7_000_000_001
_REMEMBERED_CALLS = 1_000
_DAY = timedelta(days=1)
# A reply that the local Telegram delays, as its page can make it, must not delay Ctrl-C: the demo keeps nothing anyway.
_PATIENCE = 1.0
# These would take over the terminal that the demo prints to.
_TERMINAL_BROWSERS = frozenset({"elinks", "links", "lynx", "w3m", "www-browser"})


class NoPort(Exception):
    """None of the ports tried is free; the message says what to do."""


class DemoClock:
    """Clock of the demo's bot: real time plus what the person has skipped."""

    def __init__(self) -> None:
        self._ahead = timedelta()
        self.app: App | None = None

    def now(self) -> datetime:
        """Return the bot's present moment, aware, in UTC."""
        return utc_now() + self._ahead

    def advance(self, seconds: float) -> None:
        """Move the clock ahead."""
        self._ahead += timedelta(seconds=seconds)

    def forward(self) -> None:
        """Move the clock to the next due digest, or by a day without one."""
        now = self.now()
        self.advance(((self._next_due(now) or now + _DAY) - now).total_seconds())

    def _next_due(self, now: datetime) -> datetime | None:
        from bot.digests.schedule import next_slot

        if self.app is None:
            return None
        state = self.app.state
        slots = (next_slot(one, now, state.slots.newest(one.id)) for one in state.subscriptions.all())
        return min((slot for slot in slots if slot is not None), default=None)


def demo(settings: Settings, port: int, folder: Path | None, opened: Callable[[Settings], App]) -> None:
    """Serve the page until SIGINT or SIGTERM. All data are in a new folder, which is deleted at the end.

    `folder` is where that folder is created, None for the system's temporary folder; `opened` builds the bot's parts.
    Raises NoPort.
    """
    stop = _Interrupt()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, stop)
    clock = DemoClock()
    token = f"{_BOT}:{token_hex(18)}"
    telegram = LocalTelegram(
        port, token=token, flood=True, remember_calls=_REMEMBERED_CALLS, now=lambda: clock.now().timestamp()
    )
    create_demo_chats(telegram, settings.language)
    telegram.mount(Page(telegram, YOU, clock).routes)
    # Ctrl-C ends a demonstration, also while it is still starting.
    with suppress(_Interrupted, KeyboardInterrupt), _serving(telegram), _folder(folder) as data:
        # The page opens while the library is being built; messages written meanwhile wait for the bot.
        threading.Thread(target=_show, args=(telegram.url,), daemon=True).start()
        ours = replace(
            settings,
            token=token,
            api_url=telegram.url,
            data=data,
            operators=settings.operators | {YOU},
            proxy=None,
        )
        app = clock.app = opened(ours)
        stop.again()
        from bot.service import run

        try:
            run(app, clock.now, _ready, _PATIENCE)
        finally:
            clock.app = None
            app.close()


@contextmanager
def _serving(telegram: LocalTelegram) -> Iterator[None]:
    """Serve on the first free port from the wanted one on. Raises NoPort after 20 taken ones."""
    wanted = telegram.port
    with ExitStack() as stack:
        while True:
            try:
                stack.enter_context(telegram)
                break
            except PortTaken:
                taken = telegram.port
            if taken == wanted + _PORTS - 1:
                raise NoPort(f"Ports {wanted} to {taken} are taken; choose another with --port.")
            telegram.port = taken + 1
            print(f"Port {taken} is taken by another program; trying {taken + 1}.", flush=True)
        print(f"Open {telegram.url}/ in a browser. Ctrl-C stops everything.", flush=True)
        yield


@contextmanager
def _folder(parent: Path | None) -> Iterator[Path]:
    if parent is not None:
        parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="trendbot-demo-", dir=parent) as folder:
        yield Path(folder)


def _show(url: str) -> None:
    """Open the page in a browser with a window; the printed address serves where there is none."""
    try:
        browser = webbrowser.get()
    except webbrowser.Error:
        return
    if Path(browser.name).name not in _TERMINAL_BROWSERS:
        browser.open(f"{url}/")


def _ready(username: str) -> None:
    print(f"The bot is up as @{username}.", flush=True)


class _Interrupted(BaseException):
    """The person has asked to stop.

    Not a KeyboardInterrupt: where one occurs in code compiled from a string, such as a dataclass's, Python ends by the
    signal however well everything was cleaned up (pythonrun.c, _Py_UnhandledKeyboardInterrupt).
    """


class _Interrupt:
    """Signal handler that stops the demo. Python drops an exception raised during a callback of a C library."""

    def __init__(self) -> None:
        self._asked = False

    def __call__(self, *_: object) -> NoReturn:
        self._asked = True
        raise _Interrupted

    def again(self) -> None:
        """Raise the exception again in case it was dropped."""
        if self._asked:
            raise _Interrupted
