"""/feeds: operators list, add, check, pause and remove sources."""

from __future__ import annotations

from msgspec.structs import replace

from bot.dialogue.context import Command, Context
from bot.dialogue.effects import CheckSource, DeleteSource, SetSourceState, WatchSource
from bot.dialogue.feed_pages import (
    AddStarterFeeds,
    CheckFeed,
    FeedPage,
    OpenFeed,
    PauseFeed,
    RemoveFeed,
    ResumeFeed,
    export_page,
    list_page,
    source_page,
    starter_page,
)
from bot.dialogue.pages import edited
from bot.dialogue.phrases import argument_meaning
from bot.dialogue.reply import Reply
from bot.messages import Message, Rights
from bot.rendering.callbacks import NO_VIEW
from bot.text.unreadable import Unreadable

_ADDING = frozenset({"add", "subscribe"})


def _answer(context: Context, text: str) -> Reply:
    """Show the list, or do what `text` says."""
    word, _, rest = text.strip().partition(" ")
    asked = argument_meaning(word)
    if not word or asked == "list":
        return Reply(list_page(context, 0))
    if asked in _ADDING and rest.strip():
        return _add(context, rest.strip())
    if _is_address(text):
        return _add(context, text.strip())
    if asked == "check":
        active = [
            one
            for one in context.services.state.sources.all()
            if one.state == "active" and one.kind != "channel"
        ]
        return Reply(
            context.message("feeds_checking", len(active)),
            effects=tuple(CheckSource(one.id) for one in active),
        )
    if asked == "import":
        return Reply(starter_page(context))
    if asked == "export":
        return Reply(export_page(context))
    return context.say("feeds_unknown")


def _add(context: Context, given: str) -> Reply:
    """Fetch an address once and add the source found there."""
    try:
        candidate = context.services.find_source(given, context.seconds)
    except Unreadable as error:
        return context.say("problem", error.problem.name, error.problem.values)
    known = context.services.state.sources.by_address(candidate.source.address)
    source = known or candidate.source
    name = "source_known" if known else "source_added"
    open_it = context.button(OpenFeed(NO_VIEW, context.language, source.id), "button_source")
    message = Message(context.notice(name, source, candidate.entries), ((open_it,),))
    return Reply(message, effects=() if known else (WatchSource(candidate.source),))


def _turn(context: Context, press: FeedPage) -> Reply:
    return Reply(list_page(context, press.page), edit=True)


def _open(context: Context, press: OpenFeed) -> Reply:
    return edited(context, source_page(context, context.services.state.sources.get(press.source)))


def _check(context: Context, press: CheckFeed) -> Reply:
    source = context.services.state.sources.get(press.source)
    if source is None:
        return context.refuse("stale")
    return Reply(notice=context.word("feeds_checking", 1), effects=(CheckSource(source.id),))


def _pause(context: Context, press: PauseFeed) -> Reply:
    return _changed(context, press.source, SetSourceState(press.source, "paused"))


def _resume(context: Context, press: ResumeFeed) -> Reply:
    return _changed(context, press.source, SetSourceState(press.source, "active"))


def _remove(context: Context, press: RemoveFeed) -> Reply:
    source = context.services.state.sources.get(press.source)
    if source is None:
        return context.refuse("stale")
    back = context.button(FeedPage(NO_VIEW, context.language, 0), "button_sources_back")
    message = Message(context.notice("source_removed", source), ((back,),))
    return Reply(message, edit=True, effects=(DeleteSource(source.id),))


def _add_starter(context: Context, _: AddStarterFeeds) -> Reply:
    from bot.intake.sources.opml import feeds_of, starter_feeds

    known = context.services.state.sources.by_address
    listed = feeds_of(starter_feeds(), context.seconds)
    new = [one for one in listed if known(one.address) is None]
    message = context.message("feeds_imported", len(new), len(listed))
    return Reply(message, edit=True, effects=tuple(WatchSource(one) for one in new))


def _changed(context: Context, source: str, effect: SetSourceState) -> Reply:
    """Show the source as it will be once the effect is committed."""
    before = context.services.state.sources.get(source)
    if before is None:
        return context.refuse("stale")
    after = replace(before, state=effect.state, failures=0, problem=None, next_check=context.seconds)
    return Reply(source_page(context, after), edit=True, effects=(effect,))


def _is_address(text: str) -> bool:
    return text.strip().lower().startswith(("http://", "https://", "rsshub://"))


def _takes_seconds(text: str) -> bool:
    return _is_address(text) or argument_meaning(text.strip().partition(" ")[0]) in _ADDING


COMMAND = Command(
    name="feeds",
    words=("订阅源",),
    handle=_answer,
    order=185,
    rights=Rights.OPERATOR,
    takes=True,
    listed=False,
    in_groups=False,
    buttons={
        FeedPage: _turn,
        OpenFeed: _open,
        CheckFeed: _check,
        PauseFeed: _pause,
        ResumeFeed: _resume,
        RemoveFeed: _remove,
        AddStarterFeeds: _add_starter,
    },
    heavy_for=_takes_seconds,
)
