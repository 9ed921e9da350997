"""/feeds: where reports come from by themselves, for the people who run the bot: how each does, and what to change."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import ClassVar

from bot.dialogue.context import Command, Context
from bot.dialogue.effects import CheckSource, DropSource, Reply, SetSourceState, WatchSource
from bot.dialogue.pages import HIGHEST_PAGE, edited, longest_fitting, page_rows, rows_of
from bot.messages import Button, Message, Press, Rights
from bot.rendering.callbacks import NO_VIEW
from bot.rendering.renderer import fits
from bot.state.sources import Source
from bot.text.unreadable import Unreadable

_PER_PAGE = 8
_ADD = frozenset({"add", "添加", "订阅"})
_CHECK = frozenset({"check", "检查"})
_IMPORT = frozenset({"import", "导入"})
_EXPORT = frozenset({"export", "导出"})


@dataclass(frozen=True, slots=True)
class _FeedPress(Press):
    """What every button of this command has in common."""

    rights: ClassVar[Rights] = Rights.OPERATOR
    needs_view: ClassVar[bool] = False


@dataclass(frozen=True, slots=True)
class FeedPage(_FeedPress):
    """Another page of sources, from 0."""

    page: int

    code: ClassVar[str] = "fp"


@dataclass(frozen=True, slots=True)
class OpenFeed(_FeedPress):
    """One source, with what can be done with it."""

    source: str

    code: ClassVar[str] = "fo"


@dataclass(frozen=True, slots=True)
class CheckFeed(_FeedPress):
    """A check of a source now."""

    source: str

    code: ClassVar[str] = "fc"


@dataclass(frozen=True, slots=True)
class PauseFeed(_FeedPress):
    """No more checks of a source for now."""

    source: str

    code: ClassVar[str] = "fz"


@dataclass(frozen=True, slots=True)
class ResumeFeed(_FeedPress):
    """Checks of a source again; the posts of a channel that was offered."""

    source: str

    code: ClassVar[str] = "fr"


@dataclass(frozen=True, slots=True)
class RemoveFeed(_FeedPress):
    """The end of a source."""

    source: str

    code: ClassVar[str] = "fx"


@dataclass(frozen=True, slots=True)
class AddStarterFeeds(_FeedPress):
    """All of the well-known feeds that the bot ships with."""

    code: ClassVar[str] = "fs"


def _answer(context: Context, text: str) -> Reply:
    """The list, or what `text` says."""
    word, _, rest = text.strip().partition(" ")
    word = word.lower()
    if not word:
        return Reply(_list(context, 0))
    if word in _ADD and rest.strip():
        return _add(context, rest.strip())
    if _is_address(text):
        return _add(context, text.strip())
    if word in _CHECK:
        active = [one for one in _all(context) if one.state == "active" and one.kind != "channel"]
        return Reply(
            context.message("feeds_checking", len(active)),
            effects=tuple(CheckSource(one.id) for one in active),
        )
    if word in _IMPORT:
        return Reply(_offer(context))
    if word in _EXPORT:
        return Reply(_exported(context))
    return context.say("feeds_unknown")


def _add(context: Context, given: str) -> Reply:
    """Looks at an address, once, and keeps what is there as a source."""
    try:
        found = context.services.found_at(given, context.seconds)
    except Unreadable as error:
        return context.say("problem", error.problem.name, error.problem.values)
    known = context.services.state.sources.at(found.source.address)
    source = known or found.source
    name = "source_known" if known else "source_added"
    open_it = context.button(OpenFeed(NO_VIEW, context.language, source.id), "button_source")
    message = Message(context.notice(name, source, found.entries), ((open_it,),))
    return Reply(message, effects=() if known else (WatchSource(found.source),))


def _turn(context: Context, press: FeedPage) -> Reply:
    return Reply(_list(context, press.page), edit=True)


def _open(context: Context, press: OpenFeed) -> Reply:
    return edited(context, _one(context, _get(context, press.source)))


def _check(context: Context, press: CheckFeed) -> Reply:
    source = _get(context, press.source)
    if source is None:
        return context.refuse("stale")
    return Reply(notice=context.word("feeds_checking", 1), effects=(CheckSource(source.id),))


def _pause(context: Context, press: PauseFeed) -> Reply:
    return _changed(context, press.source, SetSourceState(press.source, "paused"))


def _resume(context: Context, press: ResumeFeed) -> Reply:
    return _changed(context, press.source, SetSourceState(press.source, "active"))


def _remove(context: Context, press: RemoveFeed) -> Reply:
    source = _get(context, press.source)
    if source is None:
        return context.refuse("stale")
    back = context.button(FeedPage(NO_VIEW, context.language, 0), "button_sources_back")
    message = Message(context.notice("source_removed", source), ((back,),))
    return Reply(message, edit=True, effects=(DropSource(source.id),))


def _add_starter(context: Context, _: AddStarterFeeds) -> Reply:
    from bot.intake.sources.opml import feeds_of, starter_feeds

    known = context.services.state.sources.at
    new = [one for one in feeds_of(starter_feeds(), context.seconds) if known(one.address) is None]
    message = context.message("feeds_imported", len(new))
    return Reply(message, edit=True, effects=tuple(WatchSource(one) for one in new))


def _changed(context: Context, source: str, effect: SetSourceState) -> Reply:
    """The source as it will be when the effect is kept."""
    from dataclasses import replace

    before = _get(context, source)
    if before is None:
        return context.refuse("stale")
    after = replace(before, state=effect.state, failures=0, next_check=context.seconds)
    return Reply(_one(context, after), edit=True, effects=(effect,))


# -- messages ----------------------------------------------------------------------------------------------


def _list(context: Context, page: int) -> Message:
    """A page of the sources; without any, what can be added."""
    sources = _all(context)
    page = min(page, HIGHEST_PAGE, max(0, (len(sources) - 1) // _PER_PAGE))
    shown = sources[page * _PER_PAGE : (page + 1) * _PER_PAGE]
    if not shown:
        return _offer(context)
    language, first = context.language, page * _PER_PAGE + 1
    rows = page_rows(
        context,
        page,
        lambda number: FeedPage(NO_VIEW, language, number),
        more=len(sources) > (page + 1) * _PER_PAGE,
    )

    def listed(count: int) -> Message:
        text = context.services.renderer.message(
            "feeds",
            language,
            sources=[(one, _moments(context, one)) for one in shown[:count]],
            first=first,
            total=len(sources),
            failing=sum(1 for one in sources if one.failures and one.state == "active"),
        )
        numbers = [
            Button(str(first + place), OpenFeed(NO_VIEW, language, one.id))
            for place, one in enumerate(shown[:count])
        ]
        return Message(text, (*rows_of(numbers, _PER_PAGE), *rows))

    return longest_fitting(listed, len(shown))


def _one(context: Context, source: Source | None) -> Message | None:
    """A source with what can be done with it; None where it is gone."""
    if source is None:
        return None
    language = context.language
    text = context.services.renderer.message(
        "feed", language, source=source, moments=_moments(context, source)
    )
    back = context.button(FeedPage(NO_VIEW, language, 0), "button_sources_back")
    return Message(text, (tuple(_actions(context, source)), (back,)))


def _actions(context: Context, source: Source) -> Iterable[Button]:
    language, own = context.language, source.id
    if source.state == "active":
        if source.kind != "channel":
            yield context.button(CheckFeed(NO_VIEW, language, own), "button_check")
        yield context.button(PauseFeed(NO_VIEW, language, own), "button_pause_source")
    else:
        name = "button_take_channel" if source.state == "offered" else "button_resume_source"
        yield context.button(ResumeFeed(NO_VIEW, language, own), name)
    yield context.button(RemoveFeed(NO_VIEW, language, own), "button_remove_source")


def _offer(context: Context) -> Message:
    """What can be added: an address, or the feeds that the bot ships with."""
    from bot.intake.sources.opml import starter_feeds

    names = [title for title, _ in starter_feeds()]
    button = context.button(AddStarterFeeds(NO_VIEW, context.language), "button_starter_feeds", len(names))
    return Message(context.notice("feeds_offer", names), ((button,),))


def _exported(context: Context) -> Message:
    """The feeds as a list for other programs; one that is too long for a message is written by the command line."""
    from bot.intake.sources.opml import Outline, write_opml

    feeds = [Outline(one.title, one.address) for one in _all(context) if one.kind == "feed"]
    message = Message(context.notice("feeds_exported", write_opml(feeds)))
    return message if fits(message) else context.message("feeds_export_long", len(feeds))


def _moments(context: Context, source: Source) -> tuple[datetime | None, datetime | None]:
    """When a source was last read, and when it will be next, where the bot is at home."""

    def local(at: int | None) -> datetime | None:
        return datetime.fromtimestamp(at, UTC).astimezone(context.services.profile.timezone) if at else None

    return local(source.succeeded), local(source.next_check)


def _all(context: Context) -> list[Source]:
    return context.services.state.sources.all()


def _get(context: Context, source: str) -> Source | None:
    return context.services.state.sources.get(source)


def _is_address(text: str) -> bool:
    return text.strip().lower().startswith(("http://", "https://", "rsshub://"))


def _takes_seconds(text: str) -> bool:
    return _is_address(text) or text.strip().partition(" ")[0].lower() in _ADD


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
