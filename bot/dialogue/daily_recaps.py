"""Daily recaps of a group: parses "/recap daily …", and answers its panel and buttons. The caller checks rights."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import ClassVar

from msgspec.structs import replace

from bot.dialogue.context import Context, new_id
from bot.dialogue.effects import ChooseZone, OpenView, ScheduleRecap, UnscheduleRecaps
from bot.dialogue.panel_pages import zone_rows
from bot.dialogue.phrases import argument_meaning
from bot.dialogue.reply import Reply
from bot.messages import Button, Message, Press, Rights
from bot.rendering.moments import clock_of
from bot.rendering.zones import zone_called
from bot.state.recap_schedules import RecapSchedule

_OFFERED_TIMES = (9 * 60, 12 * 60, 18 * 60, 21 * 60)
_DAILY = re.compile(r"(?:daily|每天|每日)\s*(.*)", re.IGNORECASE | re.DOTALL)
_TIME = re.compile(r"(?<!\d)([01]?\d|2[0-3])[:：]([0-5]\d)(?!\d)")
_LEAST = re.compile(r"(?:min|least|至少)\s*(\d{1,4})", re.IGNORECASE)
_SILENT = re.compile(r"silent|quiet|静音|安静", re.IGNORECASE)
_USUAL_LEAST = 20
_MOST_TIMES = 4


class ScheduleDaily(Press, frozen=True):
    """Button: schedules a daily recap at `minute` (minutes from midnight)."""

    minute: int

    code: ClassVar[str] = "rd"
    rights: ClassVar[Rights] = Rights.ADMIN


class StopDaily(Press, frozen=True):
    """Button: ends daily recaps."""

    code: ClassVar[str] = "rd:off"
    rights: ClassVar[Rights] = Rights.ADMIN


class RecapZone(Press, frozen=True):
    """Button: sets the group's time zone, written in lower case with a colon for the slash."""

    zone: str

    code: ClassVar[str] = "rz"
    rights: ClassVar[Rights] = Rights.ADMIN


def daily_argument(text: str) -> str | None:
    """Return what follows "daily" in the argument of /recap, or None for any other argument."""
    match = _DAILY.fullmatch(text)
    return match[1].strip() if match else None


def answer_daily(context: Context, text: str) -> Reply:
    """Schedule recaps at the times in `text`, end daily recaps, or show the panel."""
    if argument_meaning(text) == "off":
        return _stopped(context, context.place)
    least = _LEAST.search(text)
    fewest = int(least[1]) if least else _USUAL_LEAST
    silent = bool(_SILENT.search(text))
    minutes = [int(hour) * 60 + int(minute) for hour, minute in _TIME.findall(text)][:_MOST_TIMES]
    rest = " ".join(_SILENT.sub(" ", _LEAST.sub(" ", _TIME.sub(" ", text) if minutes else text)).split())
    # With the grammar of /subscribe: 9am Shanghai, 早上九点 北京.
    request = context.services.parse_schedule(rest) if rest else None
    if request is not None and request.trouble:
        return context.say(request.trouble, request.troubling)
    if request is not None and (request.queries or request.days):
        return context.say("recap_daily_unclear", rest)
    if not minutes and request is not None and request.minute is not None:
        minutes = [request.minute]
    if not minutes:
        return _panel(context)
    zone = request.timezone if request else None
    return _scheduled(context, context.place, minutes, fewest, silent=silent, zone=zone)


def schedule(context: Context, press: ScheduleDaily) -> Reply:
    """Handle ScheduleDaily."""
    topic = _topic(context)
    if topic is None or press.minute not in _OFFERED_TIMES:
        return context.refuse("stale")
    return _scheduled(context, topic, [press.minute], _USUAL_LEAST, silent=True)


def stop(context: Context, _: StopDaily) -> Reply:
    """Handle StopDaily."""
    topic = _topic(context)
    return context.refuse("stale") if topic is None else _stopped(context, topic)


def choose_zone(context: Context, press: RecapZone) -> Reply:
    """Handle RecapZone: recaps keep their local hours in the new zone."""
    topic, zone = _topic(context), zone_called(press.zone.replace(":", "/"))
    if topic is None or zone is None:
        return context.refuse("stale")
    group, thread = topic
    schedules = [s for s in context.services.state.recaps.all(group) if s.thread_id == thread]
    if not schedules:
        return context.refuse("stale")
    times = [clock_of(s.minute) for s in schedules]
    message = context.message("recap_daily_set", times, zone, schedules[0].silent, schedules[0].least)
    return Reply(message, edit=True, effects=(ChooseZone(group, zone),))


def _topic(context: Context) -> tuple[int, int] | None:
    """Return the group and forum topic of the panel, or None if the view is not for this chat."""
    view = context.view
    if view is None or view.group_id is None or view.group_id != context.event.chat_id:
        return None
    return view.group_id, view.thread_id


def _stopped(context: Context, topic: tuple[int, int]) -> Reply:
    return Reply(context.message("recap_daily_off"), effects=(UnscheduleRecaps(*topic),))


def _scheduled(
    context: Context,
    topic: tuple[int, int],
    minutes: Sequence[int],
    least: int,
    *,
    silent: bool,
    zone: str | None = None,
) -> Reply:
    """Replace the daily recaps of a topic by new times.

    If the group's time zone is unknown, the reply asks for it: one more question is better than a recap at the wrong hour.
    """
    known = zone or context.services.state.chats.timezone(topic[0])
    chosen = (ChooseZone(topic[0], zone),) if zone else ()
    zone = known or context.services.profile.timezone.key
    user, language, made = context.event.user_id, context.language, context.seconds
    new = [
        ScheduleRecap(RecapSchedule(new_id(), *topic, user, minute, zone, language, silent, least, made))
        for minute in sorted(set(minutes))
    ]
    times = [clock_of(effect.schedule.minute) for effect in new]
    said = context.message("recap_daily_set", times, zone, silent, least)
    effects = (*chosen, UnscheduleRecaps(*topic), *new)
    if known:
        return Reply(said, effects=effects)
    view = replace(context.new_view(), group_id=topic[0], thread_id=topic[1])
    asked = f"{said.html}\n\n{context.notice('recap_daily_zone')}"
    rows = zone_rows(context, lambda value: RecapZone(view.id, context.language, value))
    return Reply(Message(asked, rows), effects=(*effects, OpenView(view)))


def _panel(context: Context) -> Reply:
    group, thread = context.place
    here = [s for s in context.services.state.recaps.all(group) if s.thread_id == thread]
    view = replace(context.new_view(), group_id=group, thread_id=thread)
    times = tuple(
        Button(clock_of(minute), ScheduleDaily(view.id, context.language, minute))
        for minute in _OFFERED_TIMES
    )
    rows = [times]
    if here:
        rows.append((context.button(StopDaily(view.id, context.language), "button_daily_off"),))
    zone = here[0].timezone if here else ""
    text = context.notice("recap_daily_panel", [clock_of(s.minute) for s in here], zone)
    return Reply(Message(text, tuple(rows)), effects=(OpenView(view),))
