"""Receives updates that Telegram delivers by webhook; answers only once they are stored.

a request -> check Telegram's secret header -> parse one update within the size limit -> store it in the inbox -> 200
What cannot be stored is answered 503; Telegram then delivers it again, at growing intervals, for up to 24 hours.
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from http import HTTPStatus

from aiohttp import web
from telegram import Bot, WebhookInfo
from telegram.error import InvalidToken, RetryAfter, TelegramError

from bot.inbound.receiver import ALLOWED_UPDATES, Receiver, is_update
from bot.logs import Trouble
from bot.sqlite.errors import StorageError
from bot.telegram.limiter import seconds_of

_log = logging.getLogger(__name__)

MOST_BYTES = 1 << 20
"""Maximum bytes of one update; Telegram's largest have a few ten thousand."""

SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105  # a header's name

_CONNECTIONS = 8
_FIRST_PAUSE, _CHECK_SECONDS = 1.0, 300.0
_RECENT = timedelta(hours=1)


def secret_of(token: str) -> str:
    """Return the secret that Telegram repeats in each request: derived from the token, so that machines agree on it."""
    return hmac.new(token.encode(), b"trendbot webhook", hashlib.sha256).hexdigest()


def delivery_problem(info: WebhookInfo, now: datetime) -> str:
    """Return why Telegram cannot deliver updates and how many wait, "" if it can.

    Telegram names its last error for ever, so one that is older than an hour, or after which no update waits, is over.
    """
    failed = info.last_error_date
    if failed is None or now - failed > _RECENT or not info.pending_update_count:
        return ""
    return (
        f"Telegram cannot deliver ({info.last_error_message}); updates that wait: {info.pending_update_count}"
    )


class Webhook:
    """Webhook of one bot: registers it with Telegram and receives what is delivered."""

    def __init__(self, url: str, token: str, clock: Callable[[], datetime]) -> None:
        self._url = url
        self._clock = clock
        self._secret = secret_of(token)
        self.receiver: Receiver | None = None
        """Stores updates; None until the bot knows its name, and deliveries are refused until then."""
        self.undelivered: int | None = None
        """Number of updates that Telegram could not deliver when it was last asked; None while nobody asks."""
        self.problem = ""
        """What keeps updates from arriving, as a sentence without its full stop; "" if nothing does."""
        self._storage = Trouble(_log, "Updates cannot be kept", "Updates are kept again")

    async def run(self, bot: Bot) -> None:
        """Keep the webhook set until cancelled: another program with the same token may remove it.

        It stays set on shutdown, so that later updates reach the next start or another machine; a polling bot removes
        it. Raises InvalidToken.
        """
        pause = _FIRST_PAUSE
        try:
            while True:
                try:
                    await self._ensure(bot)
                except InvalidToken:
                    raise
                except TelegramError as error:
                    pause = min(
                        _CHECK_SECONDS, seconds_of(error) if isinstance(error, RetryAfter) else pause * 2
                    )
                    self.problem = f"The webhook cannot be set ({error})"
                    _log.warning("%s; trying again in %.0f s.", self.problem, pause)
                    await asyncio.sleep(pause)
                else:
                    pause = _FIRST_PAUSE
                    await asyncio.sleep(_CHECK_SECONDS)
        finally:
            self.undelivered, self.problem = None, ""

    async def _ensure(self, bot: Bot) -> None:
        """Note what keeps updates from arriving, and log it; then set the webhook, which may make Telegram forget it."""
        info = await bot.get_webhook_info()
        self.problem = delivery_problem(info, self._clock()) if info.url == self._url else ""
        self.undelivered = info.pending_update_count if self.problem else 0
        if self.problem:
            _log.warning("%s.", self.problem)
        # Set anew each time: it costs nothing, and Telegram does not tell whether the secret is still ours.
        await bot.set_webhook(
            self._url,
            secret_token=self._secret,
            allowed_updates=list(ALLOWED_UPDATES),
            max_connections=_CONNECTIONS,
        )

    async def receive(self, request: web.Request) -> web.Response:
        """Receive one update. Telegram reads only the status of the response."""
        if self.receiver is None:
            return web.Response(status=HTTPStatus.SERVICE_UNAVAILABLE)
        given = request.headers.get(SECRET_HEADER, "")
        if not hmac.compare_digest(given.encode("utf-8", "replace"), self._secret.encode()):
            return web.Response(status=HTTPStatus.UNAUTHORIZED)
        try:
            update = json.loads(await request.read())
        except (ValueError, RecursionError):
            update = None
        if not is_update(update):
            # Delivered again it would be the same, and block everything behind it.
            _log.error("Something without an update's number was delivered and is skipped.")
            return web.Response(status=HTTPStatus.OK)
        try:
            await self.receiver.keep([self.receiver.read(update)])
        except StorageError as error:
            self._storage.report(error)
            return web.Response(status=HTTPStatus.SERVICE_UNAVAILABLE)
        if self._storage.lasts:
            self._storage.clear()
        return web.Response(status=HTTPStatus.OK)
