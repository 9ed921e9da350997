"""Messages and buttons of /feeds: the list of sources, one source, the starter feeds, the exported list."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import ClassVar

from bot.dialogue.context import Context
from bot.dialogue.pages import HIGHEST_PAGE, longest_fitting, page_rows
from bot.messages import Button, Message, Press, Rights
from bot.models import Language
from bot.rendering.callbacks import NO_VIEW, rows_of
from bot.rendering.renderer import Renderer, fits
from bot.state.sources import Source

_PER_PAGE = 8


class _FeedPress(Press, frozen=True):
    """Base of the buttons of /feeds: operators only, no stored view."""

    rights: ClassVar[Rights] = Rights.OPERATOR
    needs_view: ClassVar[bool] = False


class FeedPage(_FeedPress, frozen=True):
    """Button: shows a page of the sources, counted from 0."""

    page: int

    code: ClassVar[str] = "fp"


class OpenFeed(_FeedPress, frozen=True):
    """Button: shows one source and its actions."""

    source: str

    code: ClassVar[str] = "fo"


class CheckFeed(_FeedPress, frozen=True):
    """Button: checks a source now."""

    source: str

    code: ClassVar[str] = "fc"


class PauseFeed(_FeedPress, frozen=True):
    """Button: pauses a source."""

    source: str

    code: ClassVar[str] = "fz"


class ResumeFeed(_FeedPress, frozen=True):
    """Button: resumes a paused source, or accepts an offered channel."""

    source: str

    code: ClassVar[str] = "fr"


class RemoveFeed(_FeedPress, frozen=True):
    """Button: removes a source."""

    source: str

    code: ClassVar[str] = "fx"


class AddStarterFeeds(_FeedPress, frozen=True):
    """Button: adds all starter feeds shipped with the bot."""

    code: ClassVar[str] = "fs"


def list_page(context: Context, page: int) -> Message:
    """Return a page of the sources; if there are none, the page that offers starter feeds."""
    sources = context.services.state.sources.all()
    page = min(page, HIGHEST_PAGE, max(0, (len(sources) - 1) // _PER_PAGE))
    shown = sources[page * _PER_PAGE : (page + 1) * _PER_PAGE]
    if not shown:
        return starter_page(context)
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


def source_page(context: Context, source: Source | None) -> Message | None:
    """Return a source with its actions, or None if it no longer exists."""
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


def channel_offer(renderer: Renderer, language: Language, source: Source) -> Message:
    """Return the message that offers an operator a channel that made the bot an admin."""
    take = Button(renderer.word("button_take_channel", language), ResumeFeed(NO_VIEW, language, source.id))
    return Message(renderer.notice("channel_offer", language, source.title), ((take,),))


def starter_page(context: Context) -> Message:
    """Return the page shown without sources: how to add an address, and the starter feeds."""
    from bot.intake.sources.opml import starter_feeds

    names = [title for title, _ in starter_feeds()]
    button = context.button(AddStarterFeeds(NO_VIEW, context.language), "button_starter_feeds", len(names))
    return Message(context.notice("feeds_offer", names), ((button,),))


def export_page(context: Context) -> Message:
    """Return the feeds as OPML, or a pointer to the command line if they do not fit in a message.

    Without feeds it is the page that says how to add one.
    """
    from bot.intake.sources.opml import Outline, write_opml

    feeds = [
        Outline(one.title, one.address) for one in context.services.state.sources.all() if one.kind == "feed"
    ]
    if not feeds:
        return starter_page(context)
    message = Message(context.notice("feeds_exported", write_opml(feeds)))
    return message if fits(message) else context.message("feeds_export_long", len(feeds))


def _moments(context: Context, source: Source) -> tuple[datetime | None, datetime | None]:
    """Return when a source was last read and when it will be next, in the bot's time zone."""

    def local(moment: int | None) -> datetime | None:
        return (
            datetime.fromtimestamp(moment, UTC).astimezone(context.services.profile.timezone)
            if moment
            else None
        )

    return local(source.succeeded), local(source.next_check)
