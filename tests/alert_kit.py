"""Test kit for alerts: a chat that sets them, incoming reports, and the messages sent to the chat."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

from library_kit import write

from bot.app import App
from bot.dialogue.events import ButtonEvent, TextEvent
from bot.dialogue.reply import Reply
from bot.inbound.apply import apply
from bot.outbox.fence import Fence
from bot.outbox.payload import load
from bot.rendering.renderer import plain_text

CHAT = 7


class AlertedChat:
    """One chat with the bot, in which alerts are set and received."""

    def __init__(
        self, app: App, folder: Path, *, chat: int = CHAT, timezone: str | None = "Asia/Shanghai"
    ) -> None:
        self.app = app
        self.chat = chat
        self._folder = folder
        self._number = 0
        if timezone:
            app.state.chats.set_timezone(chat, timezone)

    def send(self, text: str, now: datetime, **fields: Any) -> Reply:
        """Send a text to the bot, apply the reply's effects, and return the reply."""
        event = TextEvent(self.chat, CHAT, text, self.chat > 0, **fields)
        reply = self.app.router("trend_bot").answer(event, now)
        assert reply is not None
        return self._kept(reply, now)

    def press(self, data: str, now: datetime, *, admin: bool = True, user: int = CHAT) -> Reply:
        """Press a button, apply the reply's effects, and return the reply."""
        event = ButtonEvent(self.chat, user, data, self.chat > 0, admin=admin)
        return self._kept(self.app.router("trend_bot").press(event, now), now)

    def _kept(self, reply: Reply, now: datetime) -> Reply:
        for effect in reply.effects:
            apply(effect, self.app.state, int(now.timestamp()))
        return reply

    def arrives(self, text: str, now: datetime, **matter: str) -> None:
        """Ingest a new report; `matter` adds to its front matter."""
        self._number += 1
        given = {
            "title": f"Report {self._number}",
            "publisher": "The Daily",
            "date": f"{now:%Y-%m-%d}",
        } | matter
        path = write(self._folder, f"{self.chat}-{self._number}.md", text, **given)
        assert [one.status for one in self.app.ingest.path(path, int(now.timestamp()))] == ["added"]

    def tick(self, now: datetime) -> int:
        """Queue the alerts due at `now` and return their number."""
        fence = Fence(self.app.state, lambda: now, "here")
        assert fence.acquire()
        return self.app.alerts("trend_bot", fence).queue(now)

    def sent(self, now: datetime) -> list[str]:
        """Mark the messages waiting for the chat as sent and return their texts."""
        texts = []
        while part := next(
            (p for p in self.app.state.outbox.next(2**40, 99) if p.chat_id == self.chat), None
        ):
            texts.append(plain_text(load(part.payload)[0]))
            assert self.app.state.outbox.take(part)
            self.app.state.outbox.sent(part, 1, int(now.timestamp()))
        return texts
