"""HTTP server of the process: Telegram's deliveries, health and metrics. Off unless an address is set."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

from aiohttp import web

from bot.settings import Address

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

_MOST_BYTES = 1 << 20
_SHUTDOWN_SECONDS = 2.0


class CannotListen(Exception):
    """The address cannot be listened on; the message says what to do."""


@asynccontextmanager
async def serving(
    address: Address | None, pages: dict[str, Handler], deliveries: dict[str, Handler]
) -> AsyncIterator[None]:
    """Serve GET for `pages` and POST for `deliveries`, by path, while the context lasts; nothing without an address.

    Bodies over 1 MiB are refused. Raises CannotListen.
    """
    if address is None:
        yield
        return
    application = web.Application(client_max_size=_MOST_BYTES)
    application.add_routes(web.get(path, handler) for path, handler in pages.items())
    application.add_routes(web.post(path, handler) for path, handler in deliveries.items())
    runner = web.AppRunner(application, access_log=None, shutdown_timeout=_SHUTDOWN_SECONDS)
    await runner.setup()
    try:
        try:
            await web.TCPSite(runner, *address).start()
        except OSError as error:
            raise CannotListen(
                f"TRENDBOT_LISTEN {address.host}:{address.port} cannot be listened at ({error.strerror}); choose another."
            ) from None
        yield
    finally:
        await runner.cleanup()
