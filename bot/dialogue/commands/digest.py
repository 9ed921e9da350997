"""/digest: what is new right now, and the buttons under every digest."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from msgspec.structs import replace

from bot.dialogue.commands.chart import COMMAND as CHART
from bot.dialogue.commands.subscribe import blank_draft
from bot.dialogue.commands.subscriptions import PAUSE, for_stored, listing, subscriptions_here
from bot.dialogue.commands.trend import COMMAND as TREND
from bot.dialogue.context import Command, Context
from bot.dialogue.effects import Delivered, Effect, LimitToNews, Mute, MuteSource, Unsubscribe
from bot.dialogue.reply import Reply, Retell
from bot.digests.buttons import (
    BriefOnQuery,
    ChartQuery,
    EndDigest,
    ExplainDigest,
    MutePublisher,
    MuteQuery,
    NewsOnly,
)
from bot.messages import Message, Rights
from bot.models import Subscription

_LESS = timedelta(days=30)


def _answer(context: Context, text: str) -> Reply:
    """Send the chat's digests now, or one on other queries; their sentences count as delivered."""
    request = context.services.parse_schedule(text)
    if request.queries:
        # No subscription: nothing counts as delivered yet, so the whole library is available.
        subscriptions = [replace(blank_draft(context), id="", queries=request.queries)]
    else:
        subscriptions = subscriptions_here(context)
    if not subscriptions:
        return context.say("no_digests")
    parts: list[Message] = []
    effects: list[Effect] = []
    retell: Retell | None = None
    for prepared in context.services.digests.prepare(subscriptions, context.now):
        # What is retold is put into the first message, which a picture's caption has no room for.
        if prepared.material and not parts and prepared.parts[0].image is None:
            retell = Retell(prepared.material, prepared.retold)
        parts.extend(prepared.parts)
        outcome, spent = prepared.outcome, prepared.spent
        effects.append(
            Delivered(context.place, prepared.sentence_ids, prepared.subscription_id, outcome, spent)
        )
    if not parts:
        return Reply(_nothing(context, subscriptions), effects=tuple(effects))
    return Reply(parts[0], effects=tuple(effects), more=tuple(parts[1:]), retell=retell)


def _nothing(context: Context, subscriptions: list[Subscription]) -> Message:
    """Say that there is no news on the queries; if all of them are muted, show the list where this can be undone."""
    muted = (
        context.services.state.mutes.of_reader(subscriptions[0].reader, context.seconds)
        if subscriptions[0].id
        else {}
    )
    queries = tuple(dict.fromkeys(query for s in subscriptions for query in s.queries if query not in muted))
    return context.message("nothing_new", queries) if queries else listing(context, subscriptions)


# -- the buttons under a digest ----------------------------------------------------------------------------


def _lead_on(context: Context, press: BriefOnQuery | ChartQuery, s: Subscription) -> Reply:
    """Answer with the command's reply on this query, below the digest."""
    if press.place >= len(s.queries):
        return context.refuse("stale")
    command = CHART if isinstance(press, ChartQuery) else TREND
    return command.handle(context, s.queries[press.place])


def _explain(context: Context, _: ExplainDigest, s: Subscription) -> Reply:
    since = datetime.fromtimestamp(s.created, ZoneInfo(s.timezone)).date()
    return context.refuse("why_this", s.queries, s.days, s.minute, s.timezone, since)


def _end(context: Context, _: EndDigest, s: Subscription) -> Reply:
    return Reply(notice=context.word("ended", s.queries), effects=(Unsubscribe(s.id),))


def _news_only(context: Context, _: NewsOnly, s: Subscription) -> Reply:
    return Reply(notice=context.word("only_news_now"), effects=(LimitToNews(s.id),))


def _mute(context: Context, press: MuteQuery, s: Subscription) -> Reply:
    if press.place >= len(s.queries):
        return context.refuse("stale")
    query, until = s.queries[press.place], context.now + PAUSE
    day = until.astimezone(ZoneInfo(s.timezone)).date()
    effects = (Mute(s.reader, query, int(until.timestamp())),)
    return Reply(notice=context.word("muted", query, day), effects=effects)


def _mute_publisher(context: Context, press: MutePublisher, s: Subscription) -> Reply:
    """Mute a publisher; a second press undoes it."""
    report = context.services.library.reports([press.report]).get(press.report)
    if report is None:
        return context.refuse("report_gone")
    publisher = report.edition(s.language).publisher
    if publisher in context.services.state.source_mutes.all(context.seconds).get(s.reader, ()):
        effects = (MuteSource(s.reader, publisher, context.seconds),)
        return Reply(notice=context.word("source_again", publisher), effects=effects)
    until = context.now + _LESS
    day = until.astimezone(ZoneInfo(s.timezone)).date()
    effects = (MuteSource(s.reader, publisher, int(until.timestamp())),)
    return Reply(notice=context.word("source_muted", publisher, day), effects=effects)


COMMAND = Command(
    name="digest",
    words=("日报", "摘要"),
    handle=_answer,
    order=70,
    rights=Rights.ANYONE,
    takes=True,
    buttons={
        BriefOnQuery: for_stored(_lead_on),
        ChartQuery: for_stored(_lead_on),
        ExplainDigest: for_stored(_explain),
        EndDigest: for_stored(_end),
        NewsOnly: for_stored(_news_only),
        MuteQuery: for_stored(_mute),
        MutePublisher: for_stored(_mute_publisher),
    },
)
