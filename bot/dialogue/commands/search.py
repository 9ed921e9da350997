"""/search: the best matching passages, a page at a time."""

from __future__ import annotations

from typing import ClassVar

from bot.dialogue.context import Command, Context
from bot.dialogue.effects import OpenView
from bot.dialogue.pages import (
    HIGHEST_PAGE,
    citation_buttons,
    edited,
    longest_fitting,
    nothing_found,
    offered_topics,
    page_rows,
    passage_message,
)
from bot.dialogue.reply import Reply
from bot.library.query import Query
from bot.messages import Message, Press, Rights
from bot.rendering.renderer import deep_links
from bot.trends.passages import RESULTS, Results, search_results


class ResultPage(Press, frozen=True):
    """Button: shows a page of results, counted from 0."""

    page: int

    code: ClassVar[str] = "s"


class OpenResult(Press, frozen=True):
    """Button: opens a result in its context; `place` counts from 0 over all pages."""

    place: int

    code: ClassVar[str] = "h"


def _answer(context: Context, text: str) -> Reply:
    """Show the first page of results, or topics to choose from."""
    query = context.services.understand(text)
    view = context.new_view(query.text)
    if query.empty:
        message = offered_topics(context, "ask_search", view.id)
    else:
        message = _page(context, query, 0, view.id) or nothing_found(context, query, view.id)
    return Reply(message, effects=(OpenView(view),))


def _turn(context: Context, press: ResultPage) -> Reply:
    return edited(context, _page(context, context.viewed_query, press.page, press.view))


def _open(context: Context, press: OpenResult) -> Reply:
    page, place = divmod(press.place, RESULTS)
    hits = _hits(context, context.viewed_query, page).hits if page <= HIGHEST_PAGE else []
    if place >= len(hits):
        return context.refuse("stale")
    back = ResultPage(press.view, press.language, page)
    return edited(context, passage_message(context, hits[place].passage_id, press.place + 1, back))


def _page(context: Context, query: Query, page: int, view: str) -> Message | None:
    """Return a page (from 0) of search results, or None if there is no such page."""
    results = _hits(context, query, page) if page <= HIGHEST_PAGE else None
    if results is None or not results.hits:
        return None
    ids = [hit.passage_id for hit in results.hits]
    language, first = context.language, page * RESULTS
    username = context.services.profile.username
    following = page_rows(context, page, lambda number: ResultPage(view, language, number), more=results.more)

    def shown(count: int) -> Message:
        text = context.services.renderer.message(
            "search",
            language,
            query=query.text,
            hits=results.hits[:count],
            first=first,
            links=deep_links(username, ids),
        )
        numbers = citation_buttons(
            context,
            dict(enumerate(ids[:count], first + 1)),
            lambda number: OpenResult(view, language, number - 1),
        )
        return Message(text, (tuple(numbers), *following))

    return longest_fitting(shown, len(ids))


def _hits(context: Context, query: Query, page: int) -> Results:
    services = context.services
    return search_results(services.search, services.library, query, page, context.language)


COMMAND = Command(
    name="search",
    words=("搜索", "查找", "搜寻"),
    handle=_answer,
    order=20,
    rights=Rights.ANYONE,
    takes=True,
    buttons={ResultPage: _turn, OpenResult: _open},
)
