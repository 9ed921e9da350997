"""The subscription panel: its button types, and how each press changes the draft. Pure."""

from __future__ import annotations

import secrets
import string
from datetime import datetime
from typing import ClassVar, Literal

from msgspec import Struct
from msgspec.structs import replace

from bot.digests.schedule import EVERY_DAY, MONTHLY, month_day
from bot.languages import other_language
from bot.library.glossary import Glossary
from bot.messages import Place, Press, Rights
from bot.models import Language, Subscription, Topic
from bot.rendering.zones import zone_called
from bot.text.normalise import fold

Page = Literal["main", "topics", "time", "days", "zone"]

LIMIT = 20
"""Most subscriptions in one chat."""

MAX_QUERIES = 12
"""Most queries in one subscription."""

FIRST_OF_MONTH = MONTHLY
"""Value of `days` for the first of each month."""

_MINUTE = 8 * 60
# Callback data takes lower case only.
_ID_CHARACTERS = string.ascii_lowercase + string.digits


class StartSubscription(Press, frozen=True):
    """Button: opens a panel for the query of the message it stands under."""

    code: ClassVar[str] = "daily"
    rights: ClassVar[Rights] = Rights.ADMIN


class PanelPress(Press, frozen=True):
    """Base of the panel's buttons; `view` is the id of the draft."""

    rights: ClassVar[Rights] = Rights.ADMIN
    needs_view: ClassVar[bool] = False


class ShowPage(PanelPress, frozen=True):
    """Button: shows another page of the panel."""

    page: Page

    code: ClassVar[str] = "pp"


class ToggleTopic(PanelPress, frozen=True):
    """Button: adds or removes a topic."""

    topic: str

    code: ClassVar[str] = "pq"


class RemoveQuery(PanelPress, frozen=True):
    """Button: removes the query at an index."""

    place: int

    code: ClassVar[str] = "pr"


class SetTime(PanelPress, frozen=True):
    """Button: sets the time of day, in minutes from midnight."""

    minute: int

    code: ClassVar[str] = "pt"


class SetDays(PanelPress, frozen=True):
    """Button: sets the days, a bit mask of weekdays or FIRST_OF_MONTH."""

    days: int

    code: ClassVar[str] = "pd"


class ToggleDay(PanelPress, frozen=True):
    """Button: adds or removes one weekday; Monday is 0."""

    day: int

    code: ClassVar[str] = "pw"


class SetZone(PanelPress, frozen=True):
    """Button: sets the time zone, written in lower case with colons for slashes."""

    zone: str

    code: ClassVar[str] = "pz"


class SaveWithZone(PanelPress, frozen=True):
    """Button: sets the time zone and saves, for a draft that lacks nothing else."""

    zone: str

    code: ClassVar[str] = "py"


class SwitchLanguage(PanelPress, frozen=True):
    """Button: switches the digest's language."""

    code: ClassVar[str] = "pl"


class SwitchNews(PanelPress, frozen=True):
    """Button: switches between news only and news with older points."""

    code: ClassVar[str] = "pn"


class SwitchQuiet(PanelPress, frozen=True):
    """Button: turns the line after a week without news on or off."""

    code: ClassVar[str] = "pe"


class SaveDraft(PanelPress, frozen=True):
    """Button: saves the draft as a subscription."""

    code: ClassVar[str] = "ps"


class CancelDraft(PanelPress, frozen=True):
    """Button: discards the draft."""

    code: ClassVar[str] = "pc"


class Change(Struct, frozen=True):
    """A draft after a press, and the panel page to show next."""

    draft: Subscription
    page: Page


def changed(draft: Subscription, press: PanelPress, glossary: Glossary) -> Change | None:
    """Return the draft after a press, or None for a press that no button of the panel produces."""
    match press:
        case ShowPage():
            return Change(draft, press.page)
        case ToggleTopic() if press.topic in glossary.topics:
            return _toggled(draft, glossary.topics[press.topic], glossary)
        case RemoveQuery() if press.place < len(draft.queries):
            queries = draft.queries[: press.place] + draft.queries[press.place + 1 :]
            return Change(replace(draft, queries=queries), "topics")
        case SwitchLanguage():
            return Change(replace(draft, language=other_language(draft.language)), "main")
        case SwitchNews():
            return Change(replace(draft, news_only=not draft.news_only), "main")
        case SwitchQuiet():
            return Change(replace(draft, says_quiet=not draft.says_quiet), "main")
        case _:
            return _rescheduled(draft, press)


def _rescheduled(draft: Subscription, press: PanelPress) -> Change | None:
    match press:
        case SetTime() if press.minute < 24 * 60:
            return Change(replace(draft, minute=press.minute), "main")
        case SetDays() if 0 < press.days <= EVERY_DAY or press.days == FIRST_OF_MONTH:
            return Change(replace(draft, days=press.days), "main")
        case ToggleDay() if press.day < 7:
            # A digest without a day would never come: the last one stays. A monthly one has no day of the week yet.
            before = 0 if month_day(draft.days) else draft.days
            return Change(replace(draft, days=before ^ 1 << press.day or before), "days")
        case SetZone() | SaveWithZone():
            zone = zone_called(press.zone.replace(":", "/"))
            return Change(replace(draft, timezone=zone), "main") if zone else None
        case _:
            return None


def _toggled(draft: Subscription, topic: Topic, glossary: Glossary) -> Change:
    queries = tuple(query for query in draft.queries if glossary.forms.named(fold(query)) != topic.id)
    if queries == draft.queries and len(queries) < MAX_QUERIES:
        queries = (*queries, topic.names[draft.language])
    return Change(replace(draft, queries=queries), "topics")


def new_draft(place: Place, user_id: int, timezone: str, language: Language, now: datetime) -> Subscription:
    """Return an empty draft for a chat and forum topic: daily at 08:00, silent."""
    moment = int(now.timestamp())
    return Subscription(
        id="".join(secrets.choice(_ID_CHARACTERS) for _ in range(12)),
        chat_id=place.chat_id,
        thread_id=place.thread_id,
        user_id=user_id,
        queries=(),
        minute=_MINUTE,
        days=EVERY_DAY,
        timezone=timezone,
        language=language,
        news_only=False,
        silent=True,
        created=moment,
        since=moment,
    )
