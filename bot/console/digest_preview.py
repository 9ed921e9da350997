"""The daily digest that a subscription would bring, now or on a past day, for the commands that show one."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING

from bot.digests.schedule import EVERY_DAY
from bot.messages import Message
from bot.models import Language, Subscription
from bot.trends.topics import richest_topics

if TYPE_CHECKING:
    from bot.app import App

_HOUR = 8
_TOPICS = 3


def digest_preview(
    app: App, queries: tuple[str, ...], language: Language, day: date | None, now: datetime
) -> list[Message]:
    """Return a daily digest on these queries, by default the three richest topics, without marking anything as sent.

    With a day, it is the digest of 08:00 that day for a reader who had one the day before, from what was published
    before it; the app's library then shows nothing later.
    """
    if day:
        app.library.see_until(day - timedelta(days=1))
    moment = datetime.combine(day, time(_HOUR), app.settings.timezone) if day else now
    subscription = _subscription(app, queries, language, moment)
    digests = app.digests(None)
    if day:
        return list(digests.on_past_day(subscription, moment).parts)
    preview = digests.preview(subscription, now)
    return [Message(preview.intro), *preview.parts]


def _subscription(app: App, queries: tuple[str, ...], language: Language, moment: datetime) -> Subscription:
    """Return a daily subscription of nobody, whose last digest was a day before `moment`."""
    topics = richest_topics(app.library, app.glossary, _TOPICS)
    before = int((moment - timedelta(days=1)).timestamp())
    return Subscription(
        id="",
        chat_id=0,
        thread_id=0,
        user_id=0,
        queries=queries or tuple(topic.names[language] for topic in topics),
        minute=_HOUR * 60,
        days=EVERY_DAY,
        timezone=app.settings.timezone.key,
        language=language,
        news_only=False,
        silent=True,
        created=before,
        since=before,
    )
