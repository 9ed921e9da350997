"""/alert: a message as soon as a new report matches all words, or a verdict changes; the list, quiet hours, buttons.

parse the argument: a query with the change to watch for, or the chat's quiet hours
-> for a verdict, take today's, so that only a change is reported
-> store the alert, and answer when it will write -> alerts/due checks it from then on
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import ClassVar

from msgspec import Struct

from bot.alerts.hours import MOST_A_DAY, NEVER, NIGHT
from bot.alerts.message import BriefOnAlert, RemoveAlert
from bot.dialogue.alert_pages import EndListedAlert, alert_listing, alerts_here
from bot.dialogue.commands import trend
from bot.dialogue.context import Command, Context
from bot.dialogue.effects import ChooseZone, EndAlert, SetAlert, SetQuietHours
from bot.dialogue.panel_pages import zone_rows
from bot.dialogue.phrases import argument_meaning
from bot.dialogue.reply import Reply
from bot.messages import Message, Press, Rights, Rows
from bot.rendering.callbacks import NO_VIEW
from bot.rendering.zones import zone_called
from bot.state.alerts import Alert, Quiet, Watch
from bot.text.rule_data import read_rows
from bot.trends.query_verdict import subject_to_judge, verdict_on_subject
from bot.trends.verdict import Verdict

_QUIET = re.compile(
    r"(?:quiet(?:\s+hours)?|do not disturb|免打扰|安静|勿扰)\s*[:：]?\s*(?P<hours>.*)", re.IGNORECASE
)
_SPAN = re.compile(
    r"(?P<first>\d{1,2})(?:[:：](?P<first_minute>\d\d))?\s*[点时]?\s*(?:-|–|—|~|to|until|到|至)\s*"
    r"(?P<last>\d{1,2})(?:[:：](?P<last_minute>\d\d))?\s*[点时]?",
    re.IGNORECASE,
)
_VERDICTS: tuple[Watch, ...] = ("rising", "steady", "fading", "change")
_DAY = 24 * 60
_SPACE_BEFORE, _SPACE_BEHIND = r"(?<=[\sA-Za-z0-9])(?<![A-Za-z](?=[A-Za-z]))", r"(?!\S)"


LIMIT = 20
"""Most alerts in one chat."""


class AlertRequest(Struct, frozen=True):
    """A parsed alert: a query as for /trend, and what to watch for."""

    query: str
    watch: Watch


def read_alert(text: str) -> AlertRequest:
    """Parse an alert. It watches a verdict if the last words name one, otherwise new reports."""
    words = " ".join(text.split())
    if opening := _pattern("opening").match(words):
        words = words[opening.end() :]
    for watch in _VERDICTS:
        if match := _pattern(watch).search(words):
            return AlertRequest(words[: match.start()].strip(" 的,，"), watch)
    return AlertRequest(words, "reports")


def quiet_part(text: str) -> str | None:
    """Return the hours after "quiet", or None if `text` is about something else, such as quiet rooms."""
    match = _QUIET.fullmatch(" ".join(text.split()))
    hours = match["hours"].strip() if match else ""
    return hours if match and (not hours or hours[0].isdigit() or argument_meaning(hours) == "off") else None


def read_hours(text: str) -> Quiet | None:
    """Return the quiet hours in `text`, NEVER for "off", or None if it states no valid hours."""
    if argument_meaning(text) == "off":
        return NEVER
    span = _SPAN.fullmatch(text)
    if span is None:
        return None
    start, end = (_minute(span[name], span[f"{name}_minute"]) for name in ("first", "last"))
    return Quiet(start, end) if start != end and max(start, end) < _DAY else None


def _minute(hour: str, minute: str | None) -> int:
    """Return minutes from midnight (0 for 24:00), or _DAY for an invalid time."""
    return (int(hour) * 60 + int(minute or 0)) % _DAY if int(hour) <= 24 and int(minute or 0) < 60 else _DAY


@cache
def _pattern(meaning: str) -> re.Pattern[str]:
    """Compile a pattern of all words with this meaning: openings match at the start of a text, others at its end."""
    rows = [
        (word, joined)
        for word, of, joined in read_rows(Path(__file__).with_name("alert_words.tsv"))
        if of == meaning
    ]
    rows.sort(key=lambda row: (-len(row[0]), row[0]))
    if meaning == "opening":
        words = (f"{word}{'' if joined == 'touches' else _SPACE_BEHIND}" for word, joined in rows)
        return re.compile(f"(?:{'|'.join(words)})\\s*", re.IGNORECASE)
    words = (f"{'' if joined == 'touches' else _SPACE_BEFORE}{word}" for word, joined in rows)
    return re.compile(f"(?:{'|'.join(words)})了?[.。!！?？]*$", re.IGNORECASE)


class AlertZone(Press, frozen=True):
    """Button: sets the chat's time zone, written in lower case with a colon for the slash."""

    zone: str

    code: ClassVar[str] = "az"
    rights: ClassVar[Rights] = Rights.ADMIN
    needs_view: ClassVar[bool] = False


def _answer(context: Context, text: str) -> Reply:
    alerts = alerts_here(context)
    if not text:
        return Reply(alert_listing(context, alerts)) if alerts else context.say("no_alerts")
    hours = quiet_part(text)
    if hours is not None:
        return _set_quiet(context, alerts, read_hours(hours))
    request = read_alert(text)
    services = context.services
    query = services.understand(request.query)
    verdict = None
    if request.watch != "reports":
        subject = subject_to_judge(query, services.library, services.glossary.topics)
        if subject is not None:
            verdict = verdict_on_subject(services.library, subject, context.today)
        else:  # No topic or name: its last word is one that a report must contain.
            request = AlertRequest(text, "reports")
            query = services.understand(text)
    if query.empty:
        return context.say("no_alerts")
    return _set(context, alerts, AlertRequest(query.text, request.watch), verdict)


def _set(context: Context, alerts: Sequence[Alert], request: AlertRequest, verdict: Verdict | None) -> Reply:
    known = next(
        (a for a in alerts if (a.query.casefold(), a.watch) == (request.query.casefold(), request.watch)),
        None,
    )
    event, state = context.event, context.services.state
    if known is None and len(state.alerts.of_chat(event.chat_id)) >= LIMIT:
        return context.say("too_many_alerts", LIMIT)
    alert = known or Alert(
        secrets.token_hex(6),
        *context.place,
        event.user_id,
        request.query,
        request.watch,
        verdict.name if verdict else "",
        alerts[0].quiet if alerts else NIGHT,
        context.language,
        context.seconds,
        context.seconds,
    )
    html = context.services.renderer.message(
        "alert_set",
        context.language,
        alert=alert,
        verdict=verdict,
        zone=context.zone_of(context.event.chat_id).key,
        zone_known=state.chats.timezone(event.chat_id) is not None,
        most=MOST_A_DAY,
    )
    end = context.button(RemoveAlert(NO_VIEW, context.language, alert.id), "button_end_alert", 0)
    rows = ((end,), *_zones(context))
    return Reply(Message(html, rows), effects=() if known else (SetAlert(alert),))


def _zones(context: Context) -> Rows:
    """Return buttons for time zones if the chat has none yet."""
    if context.services.state.chats.timezone(context.event.chat_id) is not None:
        return ()
    return zone_rows(context, lambda value: AlertZone(NO_VIEW, context.language, value))


def _set_quiet(context: Context, alerts: Sequence[Alert], quiet: Quiet | None) -> Reply:
    if not alerts:
        return context.say("no_alerts")
    if quiet is None:
        return context.say("quiet_hours_unclear")
    return Reply(alert_listing(context, alerts, quiet), effects=(SetQuietHours(context.place, quiet),))


# -- its buttons -------------------------------------------------------------------------------------------


def _end(context: Context, press: RemoveAlert) -> Reply:
    """Answer with a press notice, so that the alert above the button stays readable."""
    alert = _known(context, press.alert_id)
    if alert is None:
        return context.refuse("alert_has_ended")
    said = context.word("alert_ended", alert.query, alert.watch)
    return Reply(notice=said, effects=(EndAlert(alert.id),))


def _end_listed(context: Context, press: EndListedAlert) -> Reply:
    alert = _known(context, press.alert_id)
    if alert is None:
        return context.refuse("alert_has_ended")
    left = [other for other in context.services.state.alerts.of_place(alert.place) if other.id != alert.id]
    message = (
        alert_listing(context, left) if left else context.message("alert_ended", alert.query, alert.watch)
    )
    return Reply(message, edit=True, effects=(EndAlert(alert.id),))


def _brief(context: Context, press: BriefOnAlert) -> Reply:
    alert = _known(context, press.alert_id)
    return trend.answer(context, alert.query) if alert else context.refuse("alert_has_ended")


def _choose_zone(context: Context, press: AlertZone) -> Reply:
    zone, held = zone_called(press.zone.replace(":", "/")), alerts_here(context)
    if zone is None or not held:
        return context.refuse("stale")
    listed = alert_listing(context, held, zone=zone)
    message = Message(f"{context.notice('zone_chosen', zone)}\n\n{listed.html}", listed.buttons)
    return Reply(message, edit=True, effects=(ChooseZone(context.event.chat_id, zone),))


def _known(context: Context, alert_id: str) -> Alert | None:
    """Return this chat's alert with that id, or None."""
    alert = context.services.state.alerts.get(alert_id)
    return alert if alert is not None and alert.chat_id == context.event.chat_id else None


def _rights(text: str) -> Rights:
    """Everybody may list a group's alerts; only admins may change them."""
    return Rights.ADMIN if text else Rights.ANYONE


COMMAND = Command(
    name="alert",
    words=("提醒", "我的提醒"),
    handle=_answer,
    order=65,
    rights=Rights.ADMIN,
    takes=True,
    buttons={RemoveAlert: _end, EndListedAlert: _end_listed, BriefOnAlert: _brief, AlertZone: _choose_zone},
    rights_for=_rights,
)
