"""Test kit for digests over several days: stores results in state.db as the periodic job does, without an outbox."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

from msgspec.structs import replace

from bot.app import App
from bot.digests.digest import Prepared
from bot.digests.prepare import Digests
from bot.models import Language, Subscription
from bot.rendering.preview import as_text

_CITATION = re.compile(r"\s*\[\d+\].*$")


def subscription(
    name: str, queries: tuple[str, ...], at: datetime, language: Language = "en", **changes: Any
) -> Subscription:
    """Return a daily subscription, created at `at`, of a chat of its own, for 08:00 in Shanghai (00:00 UTC)."""
    chat, second = sum(map(ord, name)), int(at.timestamp())
    made = Subscription(
        name, chat, 0, chat, queries, 480, 127, "Asia/Shanghai", language, False, True, second, second
    )
    return replace(made, **changes)


class Subscribers:
    """The subscriptions of one bot, with the digests sent to their readers."""

    def __init__(self, app: App, *subscriptions: Subscription) -> None:
        self.app = app
        self.digests: Digests = app.digests("trend_bot")
        for one in subscriptions:
            app.state.subscriptions.put(one)

    def day(self, now: datetime, late: frozenset[str] = frozenset()) -> dict[str, Prepared]:
        """Prepare all digests at `now`, record them as sent, and return them by subscription id."""
        found = {p.subscription_id: p for p in self.digests.prepare(self.all(), now, late=late)}
        for one in self.all():
            self.keep(one, found[one.id], int(now.timestamp()))
        return found

    def all(self) -> list[Subscription]:
        """Return every stored subscription."""
        return self.app.state.subscriptions.all()

    def keep(self, one: Subscription, prepared: Prepared, at: int) -> None:
        """Record a digest as sent."""
        state = self.app.state
        with state.transaction():
            state.delivered.put(one.reader, prepared.sentence_ids, at)
            since, spent = (at if prepared.parts else None), (at if prepared.spent else None)
            state.subscriptions.record_outcome(one.id, prepared.outcome, at, since=since, spent=spent)


def text_of(prepared: Prepared) -> str:
    """Return a digest as the reader sees it, as plain text."""
    return "\n".join(as_text(part) for part in prepared.parts)


def points_of(prepared: Prepared) -> list[str]:
    """Return the sentences of a digest without their citations."""
    lines = text_of(prepared).split("\n")
    return [_CITATION.sub("", line[2:]) for line in lines if line.startswith("• ")]
