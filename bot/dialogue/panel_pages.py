"""Messages of the subscription panel: one page per setting, and the saved subscription."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Literal
from zoneinfo import ZoneInfo

from bot.dialogue.context import Context
from bot.dialogue.panel import (
    FIRST_OF_MONTH,
    CancelDraft,
    Page,
    RemoveQuery,
    SaveDraft,
    SaveWithZone,
    SetDays,
    SetTime,
    SetZone,
    ShowPage,
    SwitchLanguage,
    SwitchNews,
    SwitchQuiet,
    ToggleDay,
    ToggleTopic,
)
from bot.digests.schedule import EVERY_DAY, WEEKDAYS, WEEKENDS, month_day, next_slot
from bot.languages import LANGUAGES
from bot.messages import Button, Message, Press, Rows
from bot.models import Subscription
from bot.rendering.callbacks import rows_of
from bot.rendering.moments import clock_of
from bot.rendering.renderer import clipped, fits
from bot.rendering.zones import city_of
from bot.text.normalise import fold
from bot.trends.topics import richest_topics

Kind = Literal["new", "change", "saved"]

_OFFERED = 12
_QUESTIONS: dict[Page, str] = {
    "topics": "choose_topics",
    "time": "choose_time",
    "days": "choose_days",
    "zone": "choose_zone",
}
_MINUTES = (6 * 60, 7 * 60, 8 * 60, 9 * 60, 12 * 60, 18 * 60, 20 * 60, 21 * 60, 22 * 60)
_SHOWN = 30
_PRESSABLE = re.compile(r"[a-z0-9:_-]{1,36}")


def panel_message(
    context: Context, draft: Subscription, panel: str, page: Page, *, last: bool = False
) -> Message:
    """Return a page of the panel for `draft`, whose id is `panel`; `last`: only the zone is missing, choosing one saves."""
    match page:
        case "topics":
            rows = _topic_rows(context, draft, panel)
        case "time":
            rows = _time_rows(context, draft, panel)
        case "days":
            rows = _day_rows(context, draft, panel)
        case "zone":
            rows = _zone_rows(context, draft, panel, last=last)
        case _:
            stored = context.services.state.subscriptions.get(draft.id) is not None
            rows = _main_rows(context, draft, panel, stored=stored)
            return subscription_message(context, draft, "change" if stored else "new", rows)
    return Message(context.notice(_QUESTIONS[page]), rows)


def subscription_message(context: Context, s: Subscription, kind: Kind, rows: Rows) -> Message:
    """Return a subscription's summary with a preview of its digest, shortened if the message would be too long."""
    services = context.services
    preview = services.digests.preview(s, context.now) if s.queries else None
    unknown = [query for query in s.queries if not services.search.evidence(services.understand(query))]
    if len(unknown) == len(s.queries):
        unknown = []  # the preview says so
    for whole in (True, False):
        text = services.renderer.message(
            "subscription",
            context.language,
            s=s,
            kind=kind,
            unknown=unknown,
            preview=preview,
            whole=whole,
            **run_times(context, s),
        )
        message = Message(text, rows)
        if fits(message):
            break
    return message


def run_times(context: Context, s: Subscription) -> dict[str, object]:
    """Return the template values for the next run and the end of a pause, in the subscription's time zone."""
    zone, now = ZoneInfo(s.timezone), context.now
    paused = None
    if s.paused_until is not None and s.paused_until > now.timestamp():
        paused = datetime.fromtimestamp(s.paused_until, UTC).astimezone(zone)
    newest: date | None = context.services.state.slots.newest(s.id)
    due = next_slot(s, now, newest)
    return {
        "due": due.astimezone(zone) if due else None,
        "paused": paused,
        "seconds": int((due - now).total_seconds()) if due else 0,
    }


# -- the rows of each page ---------------------------------------------------------------------------------


def _main_rows(context: Context, draft: Subscription, panel: str, *, stored: bool) -> Rows:
    """Return the buttons for every setting, and Save and Cancel."""
    language = context.language

    def page(word: str, name: Page) -> Button:
        return context.button(ShowPage(panel, language, name), word)

    save = context.button(SaveDraft(panel, language), "button_save" if stored else "button_subscribe")
    return (
        (page("button_topics", "topics"), page("button_time", "time"), page("button_days", "days")),
        (
            page("button_zone", "zone"),
            context.button(SwitchLanguage(panel, language), "button_digest_language", draft.language),
        ),
        (context.button(SwitchNews(panel, language), "button_news", draft.news_only),),
        (context.button(SwitchQuiet(panel, language), "button_quiet", draft.says_quiet),),
        (
            *((save,) if draft.queries else ()),
            context.button(CancelDraft(panel, language), "button_cancel"),
        ),
    )


def _topic_rows(context: Context, draft: Subscription, panel: str) -> Rows:
    """Return the buttons that remove chosen queries and add topics."""
    glossary, language = context.services.glossary, context.language
    had = {glossary.forms.named(fold(query)) for query in draft.queries}
    chosen = [
        Button(f"✓ {clipped(query, _SHOWN)}", RemoveQuery(panel, language, place))
        for place, query in enumerate(draft.queries)
    ]
    more = [
        Button(topic.names[language], ToggleTopic(panel, language, topic.id))
        for topic in richest_topics(context.services.library, glossary, _OFFERED)
        if topic.id not in had
    ]
    return (*rows_of(chosen, 2), *rows_of(more), _back(context, panel))


def _time_rows(context: Context, draft: Subscription, panel: str) -> Rows:
    """Return buttons for common times of day."""
    times = [
        Button(_ticked(clock_of(minute), minute == draft.minute), SetTime(panel, context.language, minute))
        for minute in _MINUTES
    ]
    return (*rows_of(times), _back(context, panel))


def _day_rows(context: Context, draft: Subscription, panel: str) -> Rows:
    """Return buttons for common sets of days and for each weekday."""
    language = context.language
    weekdays = 0 if month_day(draft.days) else draft.days
    common = tuple(
        Button(_ticked(context.word("days", mask), mask == draft.days), SetDays(panel, language, mask))
        for mask in (EVERY_DAY, WEEKDAYS, WEEKENDS)
    )
    each = [
        Button(
            _ticked(context.word("days", 1 << day), bool(weekdays >> day & 1)),
            ToggleDay(panel, language, day),
        )
        for day in range(7)
    ]
    monthly = Button(
        _ticked(context.word("days", FIRST_OF_MONTH), draft.days == FIRST_OF_MONTH),
        SetDays(panel, language, FIRST_OF_MONTH),
    )
    return (common, *rows_of(each, 4), (monthly,), _back(context, panel))


def _zone_rows(context: Context, draft: Subscription, panel: str, *, last: bool) -> Rows:
    """Return buttons for time zones, with Back once the chat has one."""
    chosen = context.services.state.chats.timezone(draft.chat_id) is not None
    kind = SaveWithZone if last else SetZone
    chosen_zone = draft.timezone if chosen else ""
    rows = zone_rows(context, lambda value: kind(panel, context.language, value), chosen_zone)
    return (*rows, _back(context, panel)) if chosen else rows


def zone_rows(context: Context, press: Callable[[str], Press], chosen: str = "") -> Rows:
    """Return buttons for time zones, each with its current time; `press` builds a press from an encoded zone name.

    The bot's own zone comes first if the chat uses the bot's language, otherwise the first zone of the chat's language.
    """
    profile, language = context.services.profile, context.language
    own = [profile.timezone.key] if profile.timezone.key != "UTC" else []
    usual = LANGUAGES[language].zones
    zones = (*own, *usual) if language == profile.language else (usual[0], *own, *usual)
    buttons = [
        Button(
            _ticked(
                f"{city_of(zone, language)} {context.now.astimezone(ZoneInfo(zone)):%H:%M}", zone == chosen
            ),
            press(value),
        )
        for zone in dict.fromkeys(zones)
        if _PRESSABLE.fullmatch(value := zone.lower().replace("/", ":"))
    ]
    return rows_of(buttons, 2)


def _back(context: Context, panel: str) -> tuple[Button, ...]:
    return (context.button(ShowPage(panel, context.language, "main"), "button_back"),)


def _ticked(text: str, chosen: bool) -> str:
    return f"✓ {text}" if chosen else text
