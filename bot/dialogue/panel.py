"""The panel in which a subscription is made: what a press changes in a draft, and which buttons stand under it."""

from __future__ import annotations

import re
import secrets
import string
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal
from zoneinfo import ZoneInfo

from bot.dialogue.days_of_week import EVERY_DAY, WEEKDAYS, WEEKENDS
from bot.dialogue.schedule_text import MAX_QUERIES
from bot.library.glossary import Glossary
from bot.models import Button, Language, Press, Rows, Subscription, Topic
from bot.rendering.moments import clock_of
from bot.rendering.renderer import Renderer, clipped
from bot.rendering.zones import city_of, zone_called
from bot.text.normalise import fold

Page = Literal["main", "topics", "time", "days", "zone"]

LIMIT = 20
"""Subscriptions of one chat."""

_MINUTE = 8 * 60
# Callback data takes lower case only.
_ID_CHARACTERS = string.ascii_lowercase + string.digits
_PAGES: dict[str, Page] = {"main": "main", "topics": "topics", "time": "time", "days": "days", "zone": "zone"}
_MINUTES = (6 * 60, 7 * 60, 8 * 60, 9 * 60, 12 * 60, 18 * 60, 20 * 60, 21 * 60, 22 * 60)
_ZONES: dict[Language, tuple[str, ...]] = {
    "en": (
        "America/Los_Angeles",
        "America/New_York",
        "America/Sao_Paulo",
        "Europe/London",
        "Europe/Berlin",
        "Asia/Kolkata",
        "Asia/Singapore",
        "Asia/Shanghai",
        "Asia/Tokyo",
        "Australia/Sydney",
        "UTC",
    ),
    "zh": (
        "Asia/Shanghai",
        "Asia/Hong_Kong",
        "Asia/Taipei",
        "Asia/Singapore",
        "Asia/Tokyo",
        "Europe/London",
        "Europe/Berlin",
        "America/New_York",
        "America/Los_Angeles",
        "Australia/Sydney",
        "UTC",
    ),
}
_ACROSS = 3
_SHOWN = 30
_PRESSABLE = re.compile(r"[a-z0-9:_-]{1,36}")


@dataclass(frozen=True, slots=True)
class Change:
    """A draft after a press, and the page that its panel shows next."""

    draft: Subscription
    page: Page


def changed(draft: Subscription, name: str, glossary: Glossary) -> Change | None:
    """What the press `name` makes of a draft; None for a claim that no button of the panel makes."""
    kind, _, value = name.partition(":")
    number = int(value) if value.isdecimal() and len(value) <= 4 else -1
    match kind:
        case "pp" if value in _PAGES:
            return Change(draft, _PAGES[value])
        case "pq" if value in glossary.topics:
            return _toggled(draft, glossary.topics[value], glossary)
        case "pr" if 0 <= number < len(draft.queries):
            kept = draft.queries[:number] + draft.queries[number + 1 :]
            return Change(replace(draft, queries=kept), "topics")
        case "pt" if 0 <= number < 24 * 60:
            return Change(replace(draft, minute=number), "main")
        case "pd" if 0 < number <= EVERY_DAY:
            return Change(replace(draft, days=number), "main")
        case "pw" if 0 <= number < 7:
            # A digest without a day would never come: the last one stays.
            return Change(replace(draft, days=draft.days ^ 1 << number or draft.days), "days")
        case "pz" | "py":
            zone = zone_called(value.replace(":", "/"))
            return Change(replace(draft, timezone=zone), "main") if zone else None
        case "pl":
            return Change(replace(draft, language="en" if draft.language == "zh" else "zh"), "main")
        case "pn":
            return Change(replace(draft, news_only=not draft.news_only), "main")
        case _:
            return None


def _toggled(draft: Subscription, topic: Topic, glossary: Glossary) -> Change:
    kept = tuple(query for query in draft.queries if glossary.named(fold(query)) != topic.id)
    if kept == draft.queries and len(kept) < MAX_QUERIES:
        kept = (*kept, topic.names[draft.language])
    return Change(replace(draft, queries=kept), "topics")


def new_draft(
    place: tuple[int, int], user_id: int, timezone: str, language: Language, now: datetime
) -> Subscription:
    """A subscription without topics, each day at 08:00, for a chat and its forum topic; silent."""
    at = int(now.timestamp())
    return Subscription(
        id="".join(secrets.choice(_ID_CHARACTERS) for _ in range(12)),
        chat_id=place[0],
        thread_id=place[1],
        user_id=user_id,
        queries=(),
        minute=_MINUTE,
        days=EVERY_DAY,
        timezone=timezone,
        language=language,
        news_only=False,
        silent=True,
        created=at,
        since=at,
    )


class PanelButtons:
    """Builds the rows of each page; `panel` is the draft's id."""

    def __init__(self, renderer: Renderer, glossary: Glossary) -> None:
        self._renderer = renderer
        self._glossary = glossary

    def main(self, draft: Subscription, panel: str, language: Language, *, known: bool) -> Rows:
        """What can be changed, and the end: `known` says that the subscription exists already."""

        def press(word: str, name: str, *values: object) -> Button:
            return self._press(word, panel, language, name, *values)

        save = [press("button_save" if known else "button_subscribe", "ps")] if draft.queries else []
        return (
            (
                press("button_topics", "pp:topics"),
                press("button_time", "pp:time"),
                press("button_days", "pp:days"),
            ),
            (press("button_zone", "pp:zone"), press("button_digest_language", "pl", draft.language)),
            (press("button_news", "pn", draft.news_only),),
            (*save, press("button_cancel", "pc")),
        )

    def topics(self, draft: Subscription, offered: Sequence[Topic], panel: str, language: Language) -> Rows:
        """Topics to add, and what was chosen to take away."""
        had = {self._glossary.named(fold(query)) for query in draft.queries}
        chosen = [
            Button(f"✓ {clipped(query, _SHOWN)}", Press(panel, language, f"pr:{number}"))
            for number, query in enumerate(draft.queries)
        ]
        more = [
            Button(topic.names[language], Press(panel, language, f"pq:{topic.id}"))
            for topic in offered
            if topic.id not in had
        ]
        return (*_rows(chosen, 2), *_rows(more, _ACROSS), self._back(panel, language))

    def time(self, draft: Subscription, panel: str, language: Language) -> Rows:
        """Common times of day."""
        times = [
            Button(_ticked(clock_of(minute), minute == draft.minute), Press(panel, language, f"pt:{minute}"))
            for minute in _MINUTES
        ]
        return (*_rows(times, _ACROSS), self._back(panel, language))

    def days(self, draft: Subscription, panel: str, language: Language) -> Rows:
        """Common choices of days, and each day by itself."""

        def button(mask: int, name: str, chosen: bool) -> Button:
            text = self._renderer.word("days", language, mask)
            return Button(_ticked(text, chosen), Press(panel, language, name))

        common = [button(mask, f"pd:{mask}", mask == draft.days) for mask in (EVERY_DAY, WEEKDAYS, WEEKENDS)]
        each = [button(1 << day, f"pw:{day}", bool(draft.days >> day & 1)) for day in range(7)]
        return (tuple(common), *_rows(each, 4), self._back(panel, language))

    def zone(
        self,
        draft: Subscription,
        panel: str,
        language: Language,
        now: datetime,
        usual: str,
        *,
        asked: bool,
        last: bool,
    ) -> Rows:
        """Zones with the time there at `now`, so that one is known by its clock; `usual` is the bot's own.

        `asked`: one has been chosen before. `last`: nothing else is missing, so that a press saves.
        """
        kind = "py" if last else "pz"
        zones = dict.fromkeys((*([usual] if usual != "UTC" else ()), *_ZONES[language]))
        buttons = [
            Button(
                _ticked(
                    f"{city_of(zone, language)} {now.astimezone(ZoneInfo(zone)):%H:%M}",
                    asked and zone == draft.timezone,
                ),
                Press(panel, language, f"{kind}:{value}"),
            )
            for zone in zones
            if _PRESSABLE.fullmatch(value := zone.lower().replace("/", ":"))
        ]
        rows = _rows(buttons, 2)
        return (*rows, self._back(panel, language)) if asked else rows

    def _back(self, panel: str, language: Language) -> tuple[Button, ...]:
        return (self._press("button_back", panel, language, "pp:main"),)

    def _press(self, word: str, panel: str, language: Language, name: str, *values: object) -> Button:
        return Button(self._renderer.word(word, language, *values), Press(panel, language, name))


def _ticked(text: str, chosen: bool) -> str:
    return f"✓ {text}" if chosen else text


def _rows(buttons: Sequence[Button], across: int) -> Rows:
    return tuple(tuple(buttons[i : i + across]) for i in range(0, len(buttons), across))
