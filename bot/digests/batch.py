"""The digests of one moment: each is composed once for all with the same request, less what each was sent before."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from msgspec.structs import replace

from bot.digests.came_due import ended_months
from bot.digests.choosing import POINTS
from bot.digests.compose import Composed, DigestRequest, DigestRun
from bot.digests.digest import Digest, Prepared
from bot.digests.message import DigestRenderer, Frame
from bot.digests.news import NewsSnapshot, news_after
from bot.digests.schedule import form_of, newest_slot, next_slot
from bot.messages import Message, Place
from bot.models import Subscription
from bot.rendering.moments import NextRun
from bot.state.state import State

# Candidates of a query that are first looked up among the sentences delivered to a reader; the number doubles each round.
_AHEAD = 4
# Stories per topic in a weekly or monthly digest.
_PERIOD_POINTS = 5
# Rendered digests kept, some 2 KB each; readers with the same history come one after another.
_REMEMBERED = 2_000
_WEEKDAY_SAYS_IT = timedelta(days=6)
_FIRST_WEEK = timedelta(days=7)
"""How long a new subscription gets points from the library when there is no news; after that it gets nothing."""

_QUIET = (timedelta(days=7) - timedelta(hours=2)).total_seconds()
"""Seconds without news after which a subscription that wants it gets a line saying so.

A week less two hours, since a week is shorter when summer time begins.
"""


class Batch:
    """The digests of one moment for the subscriptions that `known` has read; writes nothing."""

    def __init__(
        self,
        state: State,
        known: NewsSnapshot,
        run: DigestRun,
        pages: DigestRenderer,
        now: datetime,
        late: frozenset[str],
    ) -> None:
        self._state = state
        self._run = run
        self._pages = pages
        self._now = now
        self._late = late
        self._known = known
        self._frames: dict[tuple[object, ...], Frame] = {}
        self._texts: dict[tuple[int, Frame], tuple[Digest, tuple[str, ...]]] = {}
        self._told: dict[Place, set[str]] = {}

    def prepare(self, subscriptions: Sequence[Subscription]) -> Iterator[Prepared]:
        """Yield the digest of each subscription at this moment; subscriptions with the same request come together.

        A reader of several subscriptions gets no sentence twice.
        """
        several = Counter(s.reader for s in subscriptions)
        self._told = {reader: set() for reader, count in several.items() if count > 1}
        for turn in _turns(subscriptions):
            groups: dict[DigestRequest, list[Subscription]] = defaultdict(list)
            for subscription in turn:
                groups[self._request(subscription)].append(subscription)
            for request, group in groups.items():
                for subscription, composed in self._composed(request, group):
                    yield self._prepared(subscription, request, composed)

    def look_back(self, s: Subscription, now: datetime) -> tuple[int, tuple[Message, ...] | None]:
        """Return the number of digests with news that a subscription would have sent since `now`, and the latest.

        The latest is None when there are none.
        """
        issues = list(self.issues(s, now))
        if not issues:
            return 0, None
        since, slot, digest = issues[-1]
        frame = self._frame(replace(s, since=int(since.timestamp())))
        frame = replace(frame, at=slot.astimezone(ZoneInfo(s.timezone)))
        return len(issues), tuple(map(Message, self._pages.texts(digest, frame)))

    def issues(self, s: Subscription, now: datetime) -> Iterator[tuple[datetime, datetime, Digest]]:
        """Yield (since, slot, digest) for each digest with news between `now` and this batch's moment, without repeats."""
        delivered: frozenset[str] = frozenset()
        while (slot := next_slot(s, now)) is not None and slot <= self._now:
            window = self._known.between(int(now.timestamp()), int(slot.timestamp()))
            zone = ZoneInfo(s.timezone)
            ended = ended_months(now.astimezone(zone).date(), slot.astimezone(zone).date())
            request = replace(self._request(s), window=window, backlog=False, ended=ended)
            composed = self._run.compose(request, delivered, 0)
            if composed.digest is not None:
                delivered |= set(composed.sentence_ids)
                yield now, slot, composed.digest
            now = slot

    def _request(self, s: Subscription) -> DigestRequest:
        # A subscription without an id is a request of this moment, which mutes do not limit.
        muted = self._known.muted.get(s.reader, frozenset()) if s.id else frozenset()
        queries = tuple(query for query in dict.fromkeys(s.queries) if query not in muted)
        first_week = self._now.timestamp() - s.created < _FIRST_WEEK.total_seconds()
        backlog = first_week and not s.news_only and s.spent is None
        without = self._known.muted_publishers.get(s.reader, frozenset()) if s.id else frozenset()
        points = POINTS if form_of(s.days) == "day" else _PERIOD_POINTS
        zone = ZoneInfo(s.timezone)
        ended = ended_months(datetime.fromtimestamp(s.since, zone).date(), self._now.astimezone(zone).date())
        window = self._known.window(news_after(s))
        return DigestRequest(queries, s.language, window, backlog, without, points, ended)

    def _composed(
        self, request: DigestRequest, group: Sequence[Subscription]
    ) -> Iterator[tuple[Subscription, Composed]]:
        """Yield each subscription of a group with its digest.

        It is composed for a new reader first, then again for those who have had some of its sentences, and so
        on.
        """
        waiting: dict[frozenset[str], list[Subscription]] = {frozenset(): list(group)}
        ahead = _AHEAD
        while waiting:
            again: dict[frozenset[str], list[Subscription]] = defaultdict(list)
            for had, readers in waiting.items():
                composed = self._run.compose(request, had, ahead)
                known = self._delivered_to(readers, composed.decisive | composed.ahead)
                for subscription in readers:
                    more = known.get(subscription.reader, frozenset()) - had
                    if composed.decisive.isdisjoint(more):
                        yield subscription, composed
                    else:
                        again[had | more].append(subscription)
            waiting = again
            ahead *= 2

    def _delivered_to(
        self, readers: Sequence[Subscription], sentences: frozenset[str]
    ) -> Mapping[Place, frozenset[str]]:
        """Return by reader which of these sentences were delivered before, or by another subscription in this batch."""
        found = self._state.delivered.delivered_among({s.reader for s in readers}, sentences)
        for reader in {s.reader for s in readers} & self._told.keys():
            found[reader] = found.get(reader, frozenset()) | (sentences & self._told[reader])
        return found

    def _prepared(self, s: Subscription, request: DigestRequest, composed: Composed) -> Prepared:
        digest = composed.digest
        # "end" and "spent" are about all queries, and a muted one may have more.
        partly = len(request.queries) < len(set(s.queries))
        if digest is None or not request.queries or (partly and digest.kind == "end"):
            outcome = "nothing" if request.queries else "muted"
            if outcome == "nothing" and s.says_quiet and self._now.timestamp() - s.since >= _QUIET:
                return Prepared(s.id, (self._pages.quiet(s, request.queries),), (), "quiet", spent=False)
            return Prepared(s.id, (), (), outcome, spent=False)
        if s.reader in self._told:
            self._told[s.reader].update(composed.sentence_ids)
        frame = self._frame(s)
        parts = self._with_buttons(self._rendered(digest, frame), digest, s)
        spent = digest.spent and not partly
        if frame.picture and digest.kind == "news":
            parts = (frame.picture, *parts)
        prepared = Prepared(s.id, parts, composed.sentence_ids, digest.kind, spent)
        material = self._pages.material(digest, frame)
        if material is None or self._pages.retelling(digest, frame):
            return prepared

        def retold() -> Message | None:
            texts = self._pages.texts(digest, frame)
            return self._with_buttons(texts, digest, s)[0] if self._pages.retelling(digest, frame) else None

        return replace(prepared, material=material, retold=retold)

    def _with_buttons(self, texts: Sequence[str], digest: Digest, s: Subscription) -> tuple[Message, ...]:
        """Return the parts of a digest as messages; the last one of a stored subscription has its buttons."""
        parts = [Message(text) for text in texts]
        if s.id:
            parts[-1] = Message(texts[-1], self._pages.buttons.under(digest, s))
        return tuple(parts)

    def _rendered(self, digest: Digest, frame: Frame) -> tuple[str, ...]:
        key = (id(digest), frame)
        if key not in self._texts:
            if len(self._texts) >= _REMEMBERED:
                self._texts.clear()
            # Keeping the digest beside its text keeps its id from being reused.
            self._texts[key] = digest, self._pages.texts(digest, frame)
        return self._texts[key][1]

    def _frame(self, s: Subscription) -> Frame:
        made = self._known.made.get(s.id)
        times = (s.timezone, s.minute, s.days, s.paused_until, made)
        key = (bool(s.id), s.language, *times, s.queries, s.since, news_after(s), s.id in self._late)
        if key not in self._frames:
            self._frames[key] = self._new_frame(s, made)
        return self._frames[key]

    def _new_frame(self, s: Subscription, made: date | None) -> Frame:
        zone = ZoneInfo(s.timezone)
        newest = self._known.newest
        due = newest_slot(s.minute, s.days, s.timezone, self._now) if s.id in self._late else None
        following = next_slot(s, self._now, made) if s.id else None
        form, today = form_of(s.days), self._now.astimezone(zone).date()
        since = datetime.fromtimestamp(s.since, zone).date()
        changes = self._run.movements.changes(self._request(s).queries, form, s.language, today)
        return Frame(
            language=s.language,
            since=since,
            at=self._now.astimezone(zone),
            newest=newest.astimezone(zone).date() if isinstance(newest, datetime) else newest,
            arrived=bool(self._known.window(news_after(s)).reports),
            zone=s.timezone,
            due=due.at.astimezone(zone) if due else None,
            next=NextRun(following.astimezone(zone), following - self._now > _WEEKDAY_SAYS_IT)
            if following
            else None,
            form=form,
            moves=changes.moves,
            # A preview is part of another message, which has no picture.
            picture=self._pages.picture(changes.moves, s.language, form, since, today)
            if s.id and changes.moves
            else None,
            rises=changes.rises,
            falls=changes.falls,
        )


def _turns(subscriptions: Sequence[Subscription]) -> Iterator[list[Subscription]]:
    """Split the subscriptions into turns of one per reader, so that a later turn knows what an earlier one delivered."""
    turns: list[list[Subscription]] = []
    met: Counter[Place] = Counter()
    for subscription in subscriptions:
        if met[subscription.reader] == len(turns):
            turns.append([])
        turns[met[subscription.reader]].append(subscription)
        met[subscription.reader] += 1
    yield from turns
