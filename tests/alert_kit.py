"""A chat that sets alerts, reports that come in, and the messages that leave for it."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

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
    """One chat of the bot."""

    def __init__(
        self, app: App, folder: Path, *, chat: int = CHAT, timezone: str | None = "Asia/Shanghai"
    ) -> None:
        self.app = app
        self.chat = chat
        self._folder = folder
        self._number = 0
        if timezone:
            app.state.chats.set_timezone(chat, timezone)

    def send(self, text: str, now: datetime, **fields: object) -> Reply:
        """The answer to a text; its effects are kept."""
        event = TextEvent(self.chat, CHAT, text, self.chat > 0, **fields)  # type: ignore[arg-type]  # fields by name
        reply = self.app.router("trend_bot").answer(event, now)
        assert reply is not None
        return self._kept(reply, now)

    def press(self, data: str, now: datetime, *, admin: bool = True, user: int = CHAT) -> Reply:
        """The answer to a press; its effects are kept."""
        event = ButtonEvent(self.chat, user, data, self.chat > 0, admin=admin)
        return self._kept(self.app.router("trend_bot").press(event, now), now)

    def _kept(self, reply: Reply, now: datetime) -> Reply:
        for effect in reply.effects:
            apply(effect, self.app.state, int(now.timestamp()))
        return reply

    def arrives(self, text: str, now: datetime, **matter: str) -> None:
        """A report comes in."""
        self._number += 1
        given = {
            "title": f"Report {self._number}",
            "publisher": "The Daily",
            "date": f"{now:%Y-%m-%d}",
        } | matter
        path = write(self._folder, f"{self.chat}-{self._number}.md", text, **given)
        assert [one.status for one in self.app.ingest.path(path, int(now.timestamp()))] == ["added"]

    def tick(self, now: datetime) -> int:
        """How many alerts are queued at a moment."""
        fence = Fence(self.app.state, lambda: now, "here")
        assert fence.acquire()
        return self.app.alerts("trend_bot", fence).queue(now)

    def sent(self, now: datetime) -> list[str]:
        """The texts that wait for the chat, which count as sent from then on."""
        texts = []
        while part := next(
            (p for p in self.app.state.outbox.next(2**40, 99) if p.chat_id == self.chat), None
        ):
            texts.append(plain_text(load(part.payload)[0]))
            assert self.app.state.outbox.take(part)
            self.app.state.outbox.sent(part, 1, int(now.timestamp()))
        return texts
