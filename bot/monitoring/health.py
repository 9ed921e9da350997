"""Answers /healthz: whether the bot works, part by part, as JSON with status 200 or 503.

A load balancer or container supervisor reads the status, a person the parts. Each request writes a row to the state,
because a read-only database looks healthy in every other way.
"""

from __future__ import annotations

import asyncio
import shutil
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import datetime
from http import HTTPStatus

from aiohttp import web

from bot.app import App
from bot.state.heartbeats import HEALTH, RECEIVED

_SILENT_SECONDS = 120
_PATIENCE_SECONDS = 5.0
_FREE_BYTES = 100 << 20


@dataclass(frozen=True, slots=True)
class Part:
    """One part that the bot needs: whether it is healthy, and a short description."""

    ok: bool
    text: str


class Health:
    """Health check of a running bot."""

    def __init__(self, app: App, clock: Callable[[], datetime]) -> None:
        self._app = app
        self._clock = clock
        self.connected = False
        """Whether Telegram has accepted the token."""

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
        examined = {
            "telegram": self._telegram,
            "state": self._state,
            "library": self._library,
            "disk": self._disk,
        }
        parts: dict[str, Part] = {}
        for name, examine in examined.items():
            try:
                parts[name] = examine()
            except Exception as error:  # noqa: BLE001  # a part that raises anything is not healthy
                parts[name] = Part(False, type(error).__name__)
        return parts

    def _telegram(self) -> Part:
        if not self.connected:
            return Part(False, "not connected yet")
        last = self._app.state.heartbeats.last(RECEIVED)
        if last is None:
            return Part(True, "connected; nothing received yet")
        silence = int(self._clock().timestamp()) - last
        # A webhook delivers nothing while nobody writes.
        return Part(
            bool(self._app.settings.webhook) or silence <= _SILENT_SECONDS, f"last heard {silence} s ago"
        )

    def _state(self) -> Part:
        began = time.monotonic()
        self._app.state.heartbeats.beat(HEALTH, int(self._clock().timestamp()))
        return Part(True, f"written in {time.monotonic() - began:.3f} s")

    def _library(self) -> Part:
        reports = self._app.library.coverage().reports
        return Part(reports > 0, f"{reports} reports")

    def _disk(self) -> Part:
        free = shutil.disk_usage(self._app.settings.data).free
        return Part(free >= _FREE_BYTES, f"{free >> 20} MiB free")
