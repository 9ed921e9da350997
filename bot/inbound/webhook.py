"""Takes updates that Telegram delivers, instead of asking for them; answers only once they are kept.

a request -> Telegram's secret in its header -> one update, within the limit of size -> kept in the inbox -> 200
What cannot be kept is answered 503, and Telegram delivers it again, later and later, for as long as it is 24 hours old.
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
import logging
from http import HTTPStatus

from aiohttp import web
from telegram import Bot
from telegram.error import InvalidToken, RetryAfter, TelegramError

from bot.inbound.receiver import ALLOWED_UPDATES, Receiver, is_update
from bot.logs import Trouble
from bot.sqlite.errors import StorageError
from bot.telegram.limiter import seconds_of

_log = logging.getLogger(__name__)

MOST_BYTES = 1 << 20
"""Bytes of one update: Telegram's longest are a few ten thousand."""

SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105  # a header's name

_CONNECTIONS = 8
_FIRST_PAUSE, _CHECK_SECONDS = 1.0, 300.0


def secret_of(token: str) -> str:
    """The secret that Telegram repeats in each request: derived from the token, so that machines with one token agree on it."""
    return hmac.new(token.encode(), b"trendbot webhook", hashlib.sha256).hexdigest()


class Webhook:
    """The webhook of one bot: sets it with Telegram, and takes what is delivered to it."""

    def __init__(self, url: str, token: str) -> None:
        self._url = url
        self._secret = secret_of(token)
        self.receiver: Receiver | None = None
        """What keeps updates, once the bot knows its name; until then what is delivered is to come again."""
        self._storage = Trouble(_log, "Updates cannot be kept", "Updates are kept again")

    async def run(self, bot: Bot) -> None:
        """Keeps the webhook set until cancelled: another program with the token may take it away.

        It stays set when the bot ends, so that what comes meanwhile is delivered to the next start, or to another
        machine; a bot that polls removes it. Raises InvalidToken.
        """
        pause = _FIRST_PAUSE
        while True:
            try:
                await self._ensure(bot)
            except InvalidToken:
                raise
            except TelegramError as error:
                pause = min(_CHECK_SECONDS, seconds_of(error) if isinstance(error, RetryAfter) else pause * 2)
                _log.warning("The webhook cannot be set (%s); trying again in %.0f s.", error, pause)
                await asyncio.sleep(pause)
            else:
                pause = _FIRST_PAUSE
                await asyncio.sleep(_CHECK_SECONDS)

    async def _ensure(self, bot: Bot) -> None:
        """Sets the webhook, and logs why Telegram could not deliver to it last."""
        # Set anew each time: it costs nothing, and Telegram does not tell whether the secret is still ours.
        await bot.set_webhook(
            self._url,
            secret_token=self._secret,
            allowed_updates=list(ALLOWED_UPDATES),
            max_connections=_CONNECTIONS,
        )
        if trouble := (await bot.get_webhook_info()).last_error_message:
            _log.warning("Telegram last failed to deliver an update: %s", trouble)

    async def receive(self, request: web.Request) -> web.Response:
        """Takes one update; the status is all that Telegram reads of the answer."""
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
            # Delivered again, it would be the same, and keep all behind it waiting.
            _log.error("Something without an update's number was delivered and is skipped.")
            return web.Response(status=HTTPStatus.OK)
        try:
            await self.receiver.keep([self.receiver.read(update)])
        except StorageError as error:
            self._storage.struck(error)
            return web.Response(status=HTTPStatus.SERVICE_UNAVAILABLE)
        if self._storage.lasts:
            self._storage.over()
        return web.Response(status=HTTPStatus.OK)
