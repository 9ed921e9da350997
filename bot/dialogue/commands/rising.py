"""/rising: what rises today, this week or this month, each with the headline that says why, and a button to its briefing.

parse the period -> find the rises of its days (trends/rising_terms) -> find a headline for each -> render the list
-> a press carries the days: find the same rises again, and open one by the hash of its term
"""

from __future__ import annotations

import zlib
from datetime import date
from typing import ClassVar

from msgspec import Struct
from msgspec.structs import replace

from bot.dialogue.commands.trend import open_briefing
from bot.dialogue.context import Command, Context
from bot.dialogue.effects import OpenView
from bot.dialogue.pages import citation_buttons, edited, passage_message
from bot.dialogue.reply import Reply
from bot.languages import other_language
from bot.messages import Button, Message, Press, Rights, Rows
from bot.models import Language
from bot.rendering.callbacks import rows_of
from bot.rendering.renderer import deep_links, fits
from bot.rendering.timelines import bar_line
from bot.text.normalise import fold
from bot.text.periods import find_period
from bot.trends.headlines import Headline, HeadlineFinder
from bot.trends.rising import LEAST_HISTORY, Rise, Window
from bot.trends.rising_terms import Rising, RisingTerms
from bot.trends.spelling import topic_of

_FADING = 3
"""Fading terms shown at most."""

_DAY, _WEEK, _MONTH = 1, 7, 30


class ShowRising(Press, frozen=True):
    """Button: shows what rises in the `days` days up to `last` (a proleptic ordinal)."""

    days: int
    last: int

    code: ClassVar[str] = "rise"


class BriefOnRise(Press, frozen=True):
    """Button: shows the briefing on a rise, by the hash of its term."""

    days: int
    last: int
    term: int

    code: ClassVar[str] = "riseb"


class OpenRiseSource(Press, frozen=True):
    """Button: opens the passage behind a headline, by its citation number."""

    days: int
    last: int
    number: int

    code: ClassVar[str] = "risec"


class RisingLine(Struct, frozen=True):
    """A line of the list: a rise with its name; `source` is its headline's citation number, 0 for none."""

    rise: Rise
    name: str
    headline: str
    bars: str
    source: int


class FadingTerm(Struct, frozen=True):
    """A fading term with its count and the count expected."""

    name: str
    count: int
    usual: int


def _answer(context: Context, text: str) -> Reply:
    """Tell what rises in the window that is asked for; if nothing does on a day, what does in the week up to it."""
    view, window = context.new_view(), _window(context, text)
    rising, week = _rising(context, window), replace(window, days=_WEEK)
    quiet = window.days == _DAY and rising.enough and not rising.rises
    if quiet and _rising(context, week).rises:
        message = _message(context, week, view.id, _text(context, rising, []))
    else:
        message = _message(context, window, view.id)
    return Reply(message, effects=(OpenView(view),))


def _window(context: Context, text: str) -> Window:
    """Return the window that `text` names, by default the last week; it ends with the library's newest day if that is earlier."""
    period = find_period(fold(text))
    if period:
        first, last = period[0].days(context.today)
        whole = {"day": _DAY, "week": _WEEK, "month": _MONTH}.get(period[0].unit)
        days = whole or max(1, (last - first).days + 1)
    else:
        last, days = context.today, _WEEK
    return _terms(context).window(last, days)


def _window_of(press: ShowRising | BriefOnRise | OpenRiseSource) -> Window | None:
    """Return the window of a press, or None if a forged press claims an impossible one."""
    if not (1 <= press.days <= 366 and 366 * 11 < press.last <= date.max.toordinal()):
        return None
    return Window(date.fromordinal(press.last), press.days)


def _show(context: Context, press: ShowRising) -> Reply:
    window = _window_of(press)
    return edited(context, _message(context, window, press.view) if window else None)


def _brief(context: Context, press: BriefOnRise) -> Reply:
    window = _window_of(press)
    rises = _rising(context, window).rises if window else ()
    rise = next((rise for rise in rises if _hash(rise.term) == press.term), None)
    if rise is None:
        return context.refuse("stale")
    topic = topic_of(rise.term, context.services.glossary)
    return open_briefing(context, topic.id if topic else rise.term)


def _open(context: Context, press: OpenRiseSource) -> Reply:
    window = _window_of(press)
    cited = _cited(_headlines(context, _rising(context, window))) if window else {}
    if press.number not in cited:
        return context.refuse("stale")
    back = ShowRising(press.view, press.language, press.days, press.last)
    return edited(context, passage_message(context, cited[press.number], press.number, back))


def _rising(context: Context, window: Window) -> Rising:
    return _terms(context).rising(window)


def _terms(context: Context) -> RisingTerms:
    return RisingTerms(context.services.library, context.services.glossary)


def _headlines(context: Context, rising: Rising) -> list[tuple[Rise, Headline]]:
    """Return each rise with its headline, cached per state of the library."""
    services = context.services
    finder = HeadlineFinder(services.library, services.glossary)

    def find() -> list[tuple[Rise, Headline]]:
        with services.library.snapshot():
            return [(rise, finder.headline_of(rise, context.language)) for rise in rising.rises]

    known: list[tuple[Rise, Headline]] = services.library.remembered(
        ("headlines", rising.window, context.language), find
    )
    return known


def _fading(context: Context, rising: Rising) -> list[FadingTerm]:
    """Return the fading terms with their names, cached per state of the library."""
    services = context.services
    finder = HeadlineFinder(services.library, services.glossary)

    def find() -> list[FadingTerm]:
        with services.library.snapshot():
            return [
                FadingTerm(
                    finder.name(fall.term, fall.reports, context.language),
                    fall.count,
                    round(fall.expected.mean),
                )
                for fall in rising.falls[:_FADING]
            ]

    known: list[FadingTerm] = services.library.remembered(("fading", rising.window, context.language), find)
    return known


def _cited(headlines: list[tuple[Rise, Headline]]) -> dict[int, str]:
    """Return the headlines' passages by citation number; each passage has one number."""
    passages = dict.fromkeys(headline.passage for _, headline in headlines if headline.passage)
    return dict(enumerate(passages, 1))


# -- the message -------------------------------------------------------------------------------------------


def _message(context: Context, window: Window, view: str, before: str = "") -> Message:
    """Return the list of rises after the text `before`, shortened to fit in a message."""
    rising = _rising(context, window)
    headlines = _headlines(context, rising)
    while True:
        text = "\n\n".join(filter(None, (before, _text(context, rising, headlines))))
        message = Message(text, _rows(context, rising, headlines, view))
        if fits(message) or not headlines:
            return message
        headlines = headlines[:-1]


def _text(context: Context, rising: Rising, headlines: list[tuple[Rise, Headline]]) -> str:
    cited = _cited(headlines)
    numbers = {passage: number for number, passage in cited.items()}
    lines = [
        RisingLine(rise, headline.name, headline.text, bar_line(rise.bars), numbers.get(headline.passage, 0))
        for rise, headline in headlines
    ]
    return context.services.renderer.message(
        "rising",
        context.language,
        r=rising,
        lines=lines,
        fading=_fading(context, rising),
        links=deep_links(context.services.profile.username, list(cited.values())),
        least_history=LEAST_HISTORY,
    )


def _rows(context: Context, rising: Rising, headlines: list[tuple[Rise, Headline]], view: str) -> Rows:
    language, days, last = context.language, rising.window.days, rising.window.last.toordinal()
    names = [
        Button(f"{place} {headline.name}", BriefOnRise(view, language, days, last, _hash(rise.term)))
        for place, (rise, headline) in enumerate(headlines, 1)
    ]
    sources = citation_buttons(
        context, _cited(headlines), lambda n: OpenRiseSource(view, language, days, last, n)
    )
    ways = [
        context.button(ShowRising(view, language, other, last), f"button_{name}")
        for name, other in (("rising_day", _DAY), ("rising_week", _WEEK), ("rising_month", _MONTH))
        if other != days
    ]
    translated = _translated(context, days, last, view)
    return (*rows_of(sources, 5), *rows_of(names, 2), (*ways, translated))


def _translated(context: Context, days: int, last: int, view: str) -> Button:
    other: Language = other_language(context.language)
    return context.button(ShowRising(view, other, days, last), "button_other_language")


def _hash(term: str) -> int:
    """Return a hash that identifies a term in a button, which has no room for the term itself."""
    return zlib.crc32(term.encode())


COMMAND = Command(
    name="rising",
    words=("热点", "热门", "上升"),
    handle=_answer,
    order=12,
    rights=Rights.ANYONE,
    takes=True,
    buttons={ShowRising: _show, BriefOnRise: _brief, OpenRiseSource: _open},
)
