"""Answers /healthz: whether the bot works, part by part, as JSON with status 200 or 503.

A load balancer or container supervisor reads the status, a person the parts. Each request writes a row to the state,
because a read-only database looks healthy in every other way.
"""

from __future__ import annotations

import asyncio
import shutil
import time
from collections.abc import Callable
from datetime import datetime
from http import HTTPStatus

from aiohttp import web
from msgspec import Struct
from msgspec.structs import asdict

from bot.app import App
from bot.inbound.webhook import Webhook
from bot.sqlite.errors import StorageError
from bot.state.heartbeats import HEALTH, RECEIVED
from bot.state.leases import WORK

_SILENT_SECONDS = 120
_PATIENCE_SECONDS = 5.0
_FREE_BYTES = 100 << 20
# As many updates as the dispatcher reads at once.
_AHEAD = 2_000


class Part(Struct, frozen=True):
    """One part that the bot needs: whether it is healthy, and a short description."""

    ok: bool
    text: str


_UNKNOWN = Part(False, "unknown while the state cannot be used")


class Health:
    """Health check of a running bot."""

    def __init__(self, app: App, clock: Callable[[], datetime], webhook: Webhook | None) -> None:
        """`webhook` is None where updates are polled."""
        self._app = app
        self._clock = clock
        self.connected = False
        """Whether Telegram has accepted the token."""
        self._webhook = webhook

    async def answer(self, _: web.Request) -> web.Response:
        """Return 200 if every part is healthy, else 503, with the parts as JSON."""
        try:
            async with asyncio.timeout(_PATIENCE_SECONDS):
                parts = await asyncio.to_thread(self.parts)
        except TimeoutError:
            parts = {"state": Part(False, f"no answer within {_PATIENCE_SECONDS:.0f} s")}
        ok = all(part.ok for part in parts.values())
        body = {"ok": ok, "parts": {name: asdict(part) for name, part in parts.items()}}
        return web.json_response(
            body,
            status=HTTPStatus.OK if ok else HTTPStatus.SERVICE_UNAVAILABLE,
            headers={"Cache-Control": "no-store"},
        )

    def parts(self) -> dict[str, Part]:
        """Return each part by name. Blocks for a small write and a few reads."""
        parts = {"state": _examined(self._state)}
        read_from_state = {"telegram": self._telegram}
        if self._app.state.shared:
            read_from_state["machines"] = self._machines
        for name, examine in read_from_state.items():
            # Each read would wait for seconds, and say the same.
            parts[name] = _examined(examine) if parts["state"].ok else _UNKNOWN
        return parts | {"library": _examined(self._library), "disk": _examined(self._disk)}

    def _telegram(self) -> Part:
        if not self.connected:
            return Part(False, "Telegram has not accepted the token yet; see the log")
        if self._webhook is not None and self._webhook.problem:
            return Part(False, self._webhook.problem)
        last = self._app.state.heartbeats.last(RECEIVED)
        if last is None:
            return Part(True, "connected; nothing received yet")
        silence = int(self._clock().timestamp()) - last
        # A webhook delivers nothing while nobody writes.
        if silence > _SILENT_SECONDS and self._webhook is None:
            return Part(False, f"last heard {silence} s ago; check network, proxy and token")
        return Part(True, f"last heard {silence} s ago")

    def _state(self) -> Part:
        began = time.monotonic()
        self._app.state.heartbeats.beat(HEALTH, int(self._clock().timestamp()))
        # Of a damaged file some pages can still be used: read what nobody is answered without.
        self._app.state.inbox.waiting(-1, _AHEAD)
        self._app.state.outbox.next_at()
        self._app.state.subscriptions.shapes()
        return Part(True, f"written in {time.monotonic() - began:.3f} s")

    def _machines(self) -> Part:
        holder = self._app.state.leases.holder(WORK, int(self._clock().timestamp()))
        if holder is None:
            return Part(False, "no machine works with this database; see the logs")
        return Part(True, f"{holder[0]} works; the others stand by")

    def _library(self) -> Part:
        reports = self._app.library.coverage().reports
        return Part(reports > 0, f"{reports} reports" + ("" if reports else "; run trendbot doctor"))

    def _disk(self) -> Part:
        free = shutil.disk_usage(self._app.settings.data).free
        enough = free >= _FREE_BYTES
        return Part(enough, f"{free >> 20} MiB free" + ("" if enough else "; at least 100 MiB are needed"))


def _examined(examine: Callable[[], Part]) -> Part:
    """Return a part, unhealthy if examining it raises anything."""
    try:
        return examine()
    except StorageError as error:  # its text says what to do
        return Part(False, str(error))
    except Exception as error:  # noqa: BLE001  # a part that raises anything is not healthy
        return Part(False, type(error).__name__)
