"""/subscriptions: everything a chat gets unasked (digests, recaps, alerts), with buttons to change or end each."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from typing import Any, ClassVar
from zoneinfo import ZoneInfo

from msgspec.structs import replace

from bot.dialogue.alert_pages import alert_listing, alerts_here
from bot.dialogue.context import Command, Context, new_id
from bot.dialogue.daily_recaps import StopDaily
from bot.dialogue.effects import Mute, OpenView, Pause, StoreDraft, Unsubscribe
from bot.dialogue.panel_pages import panel_message, run_times, subscription_message
from bot.dialogue.reply import Reply
from bot.messages import Button, Message, Press, Rights
from bot.models import Subscription
from bot.rendering.callbacks import NO_VIEW
from bot.rendering.moments import clock_of
from bot.rendering.renderer import fits
from bot.state.recap_schedules import RecapSchedule

PAUSE = timedelta(days=7)
"""The default pause of a digest."""

# A keyboard takes 100 buttons: 3 for each of 20 digests, 1 for each of 20 alerts, and these.
_UNMUTED = 15


class SubscriptionPress(Press, frozen=True):
    """Base of the buttons about one subscription, which work under any message of its chat."""

    subscription_id: str

    rights: ClassVar[Rights] = Rights.ADMIN
    needs_view: ClassVar[bool] = False


class ChangeSubscription(SubscriptionPress, frozen=True):
    """Button: opens the panel to change a subscription."""

    code: ClassVar[str] = "se"


class EndSubscription(SubscriptionPress, frozen=True):
    """Button: ends a subscription."""

    code: ClassVar[str] = "sx"


class PauseSubscription(SubscriptionPress, frozen=True):
    """Button: pauses a subscription for a week."""

    code: ClassVar[str] = "sp"


class ResumeSubscription(SubscriptionPress, frozen=True):
    """Button: resumes a paused subscription."""

    code: ClassVar[str] = "sg"


class UnmuteQuery(SubscriptionPress, frozen=True):
    """Button: unmutes one of its queries, by index."""

    place: int

    code: ClassVar[str] = "su"


def subscriptions_here(context: Context) -> list[Subscription]:
    """Return the subscriptions of this chat and forum topic."""
    return context.services.state.subscriptions.of_reader(*context.place)


def saved_message(context: Context, subscription: Subscription) -> Message:
    """Return the confirmation of a saved subscription, with its preview."""
    own = subscription.id
    row = (
        context.button(ChangeSubscription(NO_VIEW, context.language, own), "button_change", 0),
        context.button(EndSubscription(NO_VIEW, context.language, own), "button_remove", 0),
    )
    return subscription_message(context, subscription, "saved", (row,))


def listing(context: Context, subscriptions: Sequence[Subscription], unmuted: str | None = None) -> Message:
    """List subscriptions with their last outcome, next run and muted queries, leaving out `unmuted`."""
    rows = []
    buttons: list[tuple[Button, ...]] = []
    unmute: list[tuple[Button, ...]] = []
    for number, s in enumerate(subscriptions, 1):
        times = run_times(context, s)
        last = datetime.fromtimestamp(s.outcome_at, ZoneInfo(s.timezone)) if s.outcome_at else None
        muted = _muted(context, s, unmuted)
        rows.append((s, last, times["paused"], times["due"], times["seconds"], muted))
        counted = number if len(subscriptions) > 1 else 0
        buttons.append(_row(context, s, counted, paused=times["paused"] is not None))
        unmute += [
            (context.button(UnmuteQuery(NO_VIEW, context.language, s.id, place), "button_unmute", query),)
            for query, _, place in muted
        ]
    buttons += unmute[:_UNMUTED]
    while True:
        text = context.services.renderer.message("subscriptions", context.language, rows=rows)
        message = Message(text, tuple(buttons))
        if fits(message) or len(rows) <= 1:
            return message
        rows.pop()


def _row(context: Context, s: Subscription, number: int, *, paused: bool) -> tuple[Button, ...]:
    kind, word = (ResumeSubscription, "button_resume") if paused else (PauseSubscription, "button_pause")
    language = context.language
    return (
        context.button(ChangeSubscription(NO_VIEW, language, s.id), "button_change", number),
        context.button(kind(NO_VIEW, language, s.id), word, number),
        context.button(EndSubscription(NO_VIEW, language, s.id), "button_remove", number),
    )


def _muted(context: Context, s: Subscription, unmuted: str | None) -> list[tuple[str, date, int]]:
    """Return a subscription's muted queries, each with its last muted day and its index."""
    muted = context.services.state.mutes.of_reader(s.reader, context.seconds)
    zone = ZoneInfo(s.timezone)
    return [
        (query, datetime.fromtimestamp(muted[query], zone).date(), place)
        for place, query in enumerate(s.queries)
        if query in muted and query != unmuted
    ]


def _answer(context: Context, _: str) -> Reply:
    """List digests, daily recaps and alerts, or say how to begin if there are none."""
    subscriptions, recaps, alerts = subscriptions_here(context), _recaps_here(context), alerts_here(context)
    view = replace(context.new_view(), group_id=context.event.chat_id, thread_id=context.event.thread_id)
    parts = [
        *((listing(context, subscriptions),) if subscriptions else ()),
        *((_recaps(context, recaps, view.id),) if recaps else ()),
        *((alert_listing(context, alerts, alone=False),) if alerts else ()),
    ]
    if not parts:
        return context.say("no_digests")
    rows = tuple(row for part in parts for row in part.buttons)
    message = Message("\n\n".join(part.html for part in parts), rows)
    # A full list does not fit in one message.
    messages = (message,) if fits(message) else parts
    return Reply(messages[0], more=tuple(messages[1:]), effects=(OpenView(view),) if recaps else ())


def _recaps(context: Context, recaps: Sequence[RecapSchedule], view: str) -> Message:
    """Return the chat's daily recaps with the button that ends them."""
    end = context.button(StopDaily(view, context.language), "button_end_recaps")
    times = [clock_of(schedule.minute) for schedule in recaps]
    return Message(context.notice("recaps_here", times, recaps[0].timezone), ((end,),))


def _recaps_here(context: Context) -> list[RecapSchedule]:
    """Return the daily recaps of this chat and forum topic."""
    schedules = context.services.state.recaps.all(context.event.chat_id)
    return [schedule for schedule in schedules if schedule.thread_id == context.event.thread_id]


# -- its buttons -------------------------------------------------------------------------------------------


def for_stored(act: Callable[[Context, Any, Subscription], Reply]) -> Callable[[Context, Any], Reply]:
    """Wrap `act` as a handler that loads the subscription, and refuses one that has ended or is another chat's."""

    def handle(context: Context, press: Any) -> Reply:
        s = context.services.state.subscriptions.get(press.subscription_id)
        if s is None or s.chat_id != context.event.chat_id:
            return context.refuse("digest_ended")
        return act(context, press, s)

    return handle


def _change(context: Context, _: ChangeSubscription, s: Subscription) -> Reply:
    panel, draft = new_id(), replace(s, user_id=context.event.user_id)
    message = panel_message(context, s, panel, "main")
    return Reply(message, edit=True, effects=(StoreDraft(panel, draft),))


def _end(context: Context, _: EndSubscription, s: Subscription) -> Reply:
    return Reply(context.message("ended", s.queries), edit=True, effects=(Unsubscribe(s.id),))


def _pause(context: Context, press: PauseSubscription | ResumeSubscription, s: Subscription) -> Reply:
    ends = isinstance(press, ResumeSubscription)
    until = None if ends else int((context.now + PAUSE).timestamp())
    subscriptions = [
        replace(other, paused_until=until) if other.id == s.id else other
        for other in context.services.state.subscriptions.of_reader(*s.reader)
    ]
    return Reply(listing(context, subscriptions), edit=True, effects=(Pause(s.id, until),))


def _unmute(context: Context, press: UnmuteQuery, s: Subscription) -> Reply:
    if press.place >= len(s.queries):
        return context.refuse("stale")
    query = s.queries[press.place]
    subscriptions = context.services.state.subscriptions.of_reader(*s.reader)
    message = listing(context, subscriptions, unmuted=query)
    return Reply(message, edit=True, effects=(Mute(s.reader, query, context.seconds),))


COMMAND = Command(
    name="subscriptions",
    words=("我的订阅",),
    handle=_answer,
    order=60,
    rights=Rights.ANYONE,
    buttons={
        ChangeSubscription: for_stored(_change),
        EndSubscription: for_stored(_end),
        PauseSubscription: for_stored(_pause),
        ResumeSubscription: for_stored(_pause),
        UnmuteQuery: for_stored(_unmute),
    },
)
