"""Prepares what each subscription is sent now, would be sent, or would have been sent: for whom, and since when."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from msgspec.structs import replace

from bot.digests.archive import Issue
from bot.digests.batch import Batch
from bot.digests.compose import DigestBriefer
from bot.digests.digest import Prepared, Preview
from bot.digests.message import DigestRenderer
from bot.digests.news import NewsSnapshot, news_after
from bot.library.library import Library
from bot.models import Subscription
from bot.rendering.renderer import Renderer
from bot.state.state import State

if TYPE_CHECKING:
    from bot.rewriting.material import KnownRetellings

BACK_TEST_DAYS = 30
"""Days over which a new subscription is shown what it would have brought."""


class Digests:
    """Prepares digests for one bot; writes nothing. `username` is the bot's, None until Telegram has told it."""

    def __init__(
        self,
        state: State,
        library: Library,
        briefer: DigestBriefer,
        renderer: Renderer,
        username: str | None,
        retellings: KnownRetellings | None = None,
    ) -> None:
        """`retellings` has what a language model made of digests; None without a model."""
        self._retellings = retellings
        self._state = state
        self._library = library
        self._briefer = briefer
        self._renderer = renderer
        self._username = username

    def prepare(
        self, subscriptions: Sequence[Subscription], now: datetime, *, late: frozenset[str] = frozenset()
    ) -> Iterator[Prepared]:
        """Yield the digest of each subscription at `now` (aware), in any order; `late` are the ids of those made late.

        A reader of several subscriptions gets no sentence twice. A subscription that is not stored has the id ""; its
        digest has no buttons. Raises StorageError and TemplateProblem.
        """
        if not subscriptions:
            return
        credible = [self._credible(subscription, int(now.timestamp())) for subscription in subscriptions]
        after = min(news_after(subscription) for subscription in credible)
        yield from self._batch(credible, now, after, late).prepare(credible)

    def on_past_day(self, subscription: Subscription, now: datetime) -> Prepared:
        """Return the digest of a past moment, as if each report had come in at the end of its day of publication.

        The library must show only what was published until then (Library.see_until).
        """
        after = news_after(subscription)
        return next(self._batch([subscription], now, after, by_publication=True).prepare([subscription]))

    def preview(self, subscription: Subscription, now: datetime) -> Preview:
        """Return what a subscription, stored or not, would bring; nothing of it counts as sent.

        Looks back on news alone, because points from the library would say nothing about how often there is
        news.
        """
        asked = replace(
            subscription, id="", since=int(now.timestamp()), outcome="", spent=None, paused_until=None
        )
        earliest = self._state.arrivals.earliest(int(now.timestamp()))
        age = None if earliest is None else (now - datetime.fromtimestamp(earliest, UTC)).days
        if age is not None and age >= BACK_TEST_DAYS:
            start = now - timedelta(days=BACK_TEST_DAYS)
            count, latest = self._batch([], now, int(start.timestamp())).look_back(asked, start)
            if latest is not None:
                return Preview(self._word("preview_past", asked, count, BACK_TEST_DAYS, True), count, latest)
            first = next(self.prepare([asked], now)).parts
            return Preview(self._word("preview_past", asked, 0, BACK_TEST_DAYS, bool(first)), 0, first)
        first = next(self.prepare([asked], now)).parts
        return Preview(self._word("preview_first", asked, age, bool(first)), None, first)

    def issues(self, subscription: Subscription, now: datetime) -> list[Issue]:
        """Return the digests with news that a subscription would have brought in the last 30 days, newest first."""
        start = now - timedelta(days=BACK_TEST_DAYS)
        zone = ZoneInfo(subscription.timezone)
        batch = self._batch([], now, int(start.timestamp()))
        issues = [
            Issue(slot.astimezone(zone).date(), digest)
            for _, slot, digest in batch.issues(subscription, start)
        ]
        return issues[::-1]

    def _word(self, name: str, subscription: Subscription, *values: object) -> str:
        return self._renderer.notice(name, subscription.language, *values)

    def _credible(self, s: Subscription, now: int) -> Subscription:
        """Return the subscription without records from a clock that was ahead: its last digest becomes the one before."""
        if max(s.since, s.outcome_at or 0) <= now:
            return s
        since = s.since if s.since <= now else self._state.slots.last_made(s.id, now) or min(s.created, now)
        return replace(s, since=since, outcome="", outcome_at=None)

    def _batch(
        self,
        subscriptions: Sequence[Subscription],
        now: datetime,
        after: int,
        late: frozenset[str] = frozenset(),
        *,
        by_publication: bool = False,
    ) -> Batch:
        known = NewsSnapshot(self._state, self._library, subscriptions, int(now.timestamp()), after)
        if by_publication:
            zone = ZoneInfo(subscriptions[0].timezone)
            known.see_by_publication(
                self._library.published_since(datetime.fromtimestamp(after, zone).date() - timedelta(days=1)),
                zone,
            )
        pages = DigestRenderer(self._renderer, self._username, self._retellings)
        return Batch(self._state, known, self._briefer.new_run(), pages, now, late)
