"""/figures: a topic's figures, newest first, those that reports state differently, and forecasts that have come due.

parse the text -> read its ledger -> render a page of one part with citations -> add buttons to other parts and pages
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar, Literal

from bot.dialogue.commands.trend import ShowBriefing
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
from bot.languages import other_language
from bot.library.query import Query
from bot.messages import Button, Message, Press, Rights, Rows
from bot.rendering.callbacks import rows_of
from bot.rendering.renderer import deep_links
from bot.trends.ledger import FigureLedger, FigureLedgers, Group, group_page

Part = Literal["all", "conflicts", "due"]
"""Parts of a ledger: all figures, those that reports state differently, forecasts that have come due."""

_BUTTONS: dict[Part, str] = {
    "all": "button_figures_all",
    "conflicts": "button_figures_conflicts",
    "due": "button_figures_due",
}
_GROUPS = 6
# Telegram shows eight buttons in a row and no more.
_PER_ROW = 8


class ShowFigures(Press, frozen=True):
    """Button: shows a page (from 0) of a part of the ledger on the view's question."""

    part: Part
    page: int

    code: ClassVar[str] = "nl"


class OpenFigure(Press, frozen=True):
    """Button: opens the passage that a ledger page cites as `number`."""

    part: Part
    page: int
    number: int

    code: ClassVar[str] = "no"


def _answer(context: Context, text: str) -> Reply:
    """Show the first page of the ledger, or topics to choose from."""
    query = context.services.understand(text)
    view = context.new_view(query.text)
    if query.empty:
        message = offered_topics(context, "ask_figures", view.id)
    else:
        first = ShowFigures(view.id, context.language, "all", 0)
        message = _page(context, query, first) or nothing_found(context, query, view.id)
    return Reply(message, effects=(OpenView(view),))


def _show(context: Context, press: ShowFigures) -> Reply:
    return edited(context, _page(context, context.viewed_query, press))


def _open(context: Context, press: OpenFigure) -> Reply:
    shown = ShowFigures(press.view, press.language, press.part, press.page)
    query = context.viewed_query
    groups = _groups(context, _ledger(context, query), shown) if press.page <= HIGHEST_PAGE else ()
    passages = _passages(groups)
    if not 0 < press.number <= len(passages):
        return context.refuse("stale")
    return edited(context, passage_message(context, passages[press.number - 1], press.number, shown))


def _ledger(context: Context, query: Query) -> FigureLedger:
    return _ledgers(context).ledger(query, context.language, context.today)


def _ledgers(context: Context) -> FigureLedgers:
    return FigureLedgers(context.services.library, context.services.search)


def _groups(context: Context, ledger: FigureLedger, press: ShowFigures) -> Sequence[Group]:
    start = press.page * _GROUPS
    return group_page(_ledgers(context), ledger, press.part, start, start + _GROUPS)


def _passages(groups: Sequence[Group]) -> list[str]:
    """Return the ids of the passages that groups cite, in citation order."""
    return list(dict.fromkeys(passage for group in groups for passage in group.passages))


def _page(context: Context, query: Query, press: ShowFigures) -> Message | None:
    """Return a page of a part of a ledger, or None if there is no such page."""
    if query.empty or press.page > HIGHEST_PAGE:
        return None
    ledger = _ledger(context, query)
    groups = _groups(context, ledger, press)
    if not groups:
        return None
    counts = {"all": len(ledger.sentences), "conflicts": len(ledger.conflicts), "due": len(ledger.due)}
    following = _following(context, press, counts)

    def shown(count: int) -> Message:
        passages = _passages(groups[:count])
        text = context.services.renderer.message(
            "ledger",
            context.language,
            heading=query.text,
            part=press.part,
            count=counts[press.part],
            first=press.page * _GROUPS,
            groups=groups[:count],
            numbers={passage: number for number, passage in enumerate(passages, 1)},
            links=deep_links(context.services.profile.username, passages),
        )
        numbers = citation_buttons(
            context,
            dict(enumerate(passages, 1)),
            lambda number: OpenFigure(press.view, press.language, press.part, press.page, number),
        )
        return Message(text, (*rows_of(numbers, _PER_ROW), *following))

    return longest_fitting(shown, len(groups))


def _following(context: Context, press: ShowFigures, counts: dict[str, int]) -> Rows:
    """Return the buttons to other pages and parts, to the other language, and to the briefing."""
    language = press.language
    pages = page_rows(
        context,
        press.page,
        lambda page: ShowFigures(press.view, language, press.part, page),
        more=counts[press.part] > (press.page + 1) * _GROUPS,
    )
    parts = tuple(
        context.button(ShowFigures(press.view, language, part, 0), label, counts[part])
        for part, label in _BUTTONS.items()
        if part != press.part and counts[part]
    )
    translated = ShowFigures(press.view, other_language(language), press.part, press.page)
    last: tuple[Button, ...] = (
        context.button(translated, "button_other_language"),
        context.button(ShowBriefing(press.view, language, "first"), "button_briefing"),
    )
    return tuple(row for row in (*pages, parts, last) if row)


COMMAND = Command(
    name="figures",
    words=("数据",),
    handle=_answer,
    order=18,
    rights=Rights.ANYONE,
    takes=True,
    buttons={ShowFigures: _show, OpenFigure: _open},
)
