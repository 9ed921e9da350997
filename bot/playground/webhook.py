"""Delivers updates to a webhook as Telegram does: one POST each, in order, repeated until it is answered 2xx.

Telegram itself calls a public address. Here `through` stands in for the reverse proxy that would terminate TLS and
pass the request on: path, headers and body are those of the real call.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import Callable
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import aiohttp
from msgspec import Struct

from bot.playground.refusals import Json, Refused

if TYPE_CHECKING:
    from bot.playground.updates import Updates

_SECRET = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105  # a header's name
_PORTS = (443, 80, 88, 8443)
_SECONDS = 30.0
_FIRST_PAUSE, _LONGEST_PAUSE = 0.1, 5.0


class Webhook(Struct):
    """The bot's webhook, with the error of the last failed delivery. An empty `url` means that updates are polled."""

    now: Callable[[], float]
    url: str = ""
    secret: str = ""
    through: str = ""
    last_error: str = ""
    failed: int = 0
    """When the last delivery failed, in UTC seconds."""

    def set(self, given: Json) -> bool:
        """Serve setWebhook; an empty url deletes it. Raises Refused for an address that Telegram would not call."""
        url = given.get("url", "")
        if url:
            parts = urlsplit(url)
            if parts.scheme != "https":
                raise Refused(400, "Bad Request: bad webhook: An HTTPS URL must be provided for webhook")
            if (parts.port or 443) not in _PORTS:
                raise Refused(
                    400, "Bad Request: bad webhook: Webhook can be set up only on ports 80, 88, 443 or 8443"
                )
        self.url, self.secret, self.last_error = url, given.get("secret_token", ""), ""
        return True

    def info(self, waiting: int) -> Json:
        """Serve getWebhookInfo; `waiting` is the number of queued updates."""
        told = {"url": self.url, "has_custom_certificate": False, "pending_update_count": waiting}
        return told | (
            {"last_error_date": self.failed, "last_error_message": self.last_error} if self.last_error else {}
        )

    async def deliver(self, updates: Updates) -> None:
        """Deliver queued updates until cancelled; deliver nothing while no webhook is set."""
        pause = _FIRST_PAUSE
        timeout = aiohttp.ClientTimeout(total=_SECONDS)
        async with aiohttp.ClientSession(timeout=timeout, trust_env=False) as session:
            while True:
                update = updates.first() if self.url and self.through else None
                if update is None:
                    await asyncio.sleep(_FIRST_PAUSE)
                elif await self._post(session, update):
                    updates.confirm(update["update_id"] + 1)
                    pause = _FIRST_PAUSE
                else:
                    await asyncio.sleep(pause)
                    pause = min(_LONGEST_PAUSE, pause * 2)

    async def _post(self, session: aiohttp.ClientSession, update: Json) -> bool:
        headers = {"Content-Type": "application/json"} | ({_SECRET: self.secret} if self.secret else {})
        url = self.through + (urlsplit(self.url).path or "/")
        with contextlib.suppress(aiohttp.ClientError, TimeoutError):
            async with session.post(url, data=json.dumps(update), headers=headers) as answer:
                if answer.ok:
                    return True
                self._fail(f"Wrong response from the webhook: {answer.status} {answer.reason}")
                return False
        self._fail("Connection refused")
        return False

    def _fail(self, error: str) -> None:
        self.last_error, self.failed = error, int(self.now())
