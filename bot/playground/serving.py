"""Serves an application on loopback, on a running loop or in a thread of its own. Knows nothing of the Bot API."""

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
    """Another program already listens on the port."""


class Serving:
    """Server on `port`, 0 for any free one. As a context manager it runs in a thread of its own."""

    def __init__(self, port: int) -> None:
        self.port = port
        self._mounts: list[Callable[[web.Application], None]] = []
        self._loop: asyncio.AbstractEventLoop | None = None
        self._errors: list[BaseException] = []

    def attach(self, app: web.Application) -> None:
        """Add the routes to an application that the caller serves."""
        raise NotImplementedError

    @property
    def url(self) -> str:
        """The server's address, for TRENDBOT_API_URL."""
        return f"http://{HOST}:{self.port}"

    def mount(self, setup: Callable[[web.Application], None]) -> None:
        """Register `setup`, which adds its own routes to the application before it is served."""
        self._mounts.append(setup)

    def application(self) -> web.Application:
        """Return the application with all routes, mounted ones included."""
        app = web.Application(client_max_size=_MOST_BYTES)
        self.attach(app)
        for setup in self._mounts:
            setup(app)
        return app

    async def serve(self) -> web.AppRunner:
        """Start on the running loop; the returned runner's `cleanup()` stops the server. Raises PortTaken."""
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
