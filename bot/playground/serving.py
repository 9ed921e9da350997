"""Serves an application on loopback: in a loop that runs already, or in a thread of its own. Knows no Bot API."""

from __future__ import annotations

import asyncio
import errno
import threading
from collections.abc import Callable
from typing import Self

from aiohttp import web

HOST = "127.0.0.1"

_MOST_BYTES = 60 << 20


class PortTaken(OSError):
    """Another program listens on the port."""


class Serving:
    """A server on `port`, 0 for any that is free. As a context it runs in a thread of its own."""

    def __init__(self, port: int) -> None:
        self.port = port
        self._mounts: list[Callable[[web.Application], None]] = []
        self._loop: asyncio.AbstractEventLoop | None = None
        self._errors: list[BaseException] = []

    def attach(self, app: web.Application) -> None:
        """Adds what is served to an application that somebody else serves."""
        raise NotImplementedError

    @property
    def url(self) -> str:
        """What TRENDBOT_API_URL takes."""
        return f"http://{HOST}:{self.port}"

    def mount(self, setup: Callable[[web.Application], None]) -> None:
        """`setup` adds its own routes to the application that will be served."""
        self._mounts.append(setup)

    def application(self) -> web.Application:
        """What is served, and what was mounted."""
        app = web.Application(client_max_size=_MOST_BYTES)
        self.attach(app)
        for setup in self._mounts:
            setup(app)
        return app

    async def serve(self) -> web.AppRunner:
        """Starts on the running loop; `cleanup()` of what is returned ends it. Raises PortTaken."""
        runner = web.AppRunner(
            self.application(), shutdown_timeout=0.1, handler_cancellation=True, access_log=None
        )
        await runner.setup()
        site = web.TCPSite(runner, HOST, self.port, reuse_address=True)
        try:
            await site.start()
        except OSError as error:
            await runner.cleanup()
            if error.errno == errno.EADDRINUSE:
                raise PortTaken(f"Port {self.port} is taken by another program.") from None
            raise
        self.port = site.port
        return runner

    def __enter__(self) -> Self:
        self._ready = threading.Event()
        self._thread = threading.Thread(target=self._run, name="telegram", daemon=True)
        self._thread.start()
        self._ready.wait()
        if self._errors:
            self._thread.join()
            raise self._errors.pop()
        return self

    def __exit__(self, *_: object) -> None:
        if self._loop is not None:
            self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join()

    def _run(self) -> None:
        try:
            asyncio.run(self._until_stopped())
        except BaseException as error:  # noqa: BLE001 - raised in the thread that entered
            self._errors.append(error)
        finally:
            self._ready.set()

    async def _until_stopped(self) -> None:
        self._stop = asyncio.Event()
        runner = await self.serve()
        self._ready.set()
        await self._stop.wait()
        await runner.cleanup()
